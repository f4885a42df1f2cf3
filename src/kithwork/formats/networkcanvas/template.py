"""A `.netcanvas` protocol of schema 1 to 8 as a study template; what a template has no place for is listed.

Questions get the codes and words that an import of the protocol's sessions gives them, so that answers find their questions.
"""

from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any

import pydantic

from kithwork.formats.building import Question, is_name_column, kind_of, slug
from kithwork.formats.networkcanvas.protocol import Entity, Protocol, dict_of, list_of, open_protocol, plain, protocol_of, text_of, words_of
from kithwork.formats.networkcanvas.questions import question_of
from kithwork.formats.reading import Notes
from kithwork.formats.sources import Source
from kithwork.formats.template_parts import CirclePart, Heading, QuestionPart, RolePart, StudyPart, Template, WavePart
from kithwork.model.errors import FormatError
from kithwork.model.schema import KINDS

DEFAULT_CIRCLES = 4  # as Network Canvas draws where a sociogram says nothing
MOST_QUESTIONS = 5_000
_NO_WAVES = "our default; Network Canvas has no waves"
_LOST = {
    "skipLogic": "Rules that skip a stage are left out.",
    "filter": "Rules that show only some nodes are left out.",
    "panels": "Side panels of names are left out.",
    "dataSource": "Rosters of names are left out; names are recalled freely here.",
    "introductionPanel": "Introductions to forms are left out.",
    "items": "Information pages are left out.",
    "interviewScript": "Notes for the interviewer are left out.",
    "presets": "Presets of the narrative stage are left out.",
    "behaviours": "Least and greatest numbers of names are left out.",
}


def protocol_template(source: Source, notes: Notes) -> Template:
    """The template that a protocol amounts to; `FormatError` where it is no protocol.

    Circles come from the first sociogram; node types become kinds (and a role where the type says more than the kind); prompts
    of name generators become name generators; variables of nodes, edges and ego become questions on ties, alter ties and the
    interview; edge types become questions on alter ties.
    """
    try:
        return _template(open_protocol(source, notes), source, notes)
    except pydantic.ValidationError:
        raise FormatError(f"The protocol in '{source.name}' holds words that cannot be kept; save it again from Architect.") from None


def _template(whole: dict[str, Any], source: Source, notes: Notes) -> Template:
    protocol, stages = protocol_of(whole), list_of(whole["stages"])
    types = {key: words_of(dict_of(spec).get("name")) or key for key, spec in dict_of(whole["codebook"].get("node")).items()}
    kinds = {name: kind_of(name, notes.options, notes) for name in dict.fromkeys(types.values())}
    codes: set[str] = set()
    parts: dict[str, Any] = {
        "name_generators": list(_generators(stages, types, kinds, codes)),
        "tie_questions": [part for name, kind in kinds.items() for part in _variables(protocol.nodes, name, kind, codes, notes)],
        "alter_tie_questions": list(_edges(whole, stages, protocol, codes, notes)),
        "interview_questions": list(_questions(protocol.ego, "", "interview", None, codes, notes)),
    }
    if sum(map(len, parts.values())) > MOST_QUESTIONS:
        raise FormatError(f"'{source.name}' would make more than {MOST_QUESTIONS:,} questions; leave out those not needed.")
    _tell_losses(whole, stages, notes)
    title = words_of(whole.get("name")) or PurePosixPath(source.name).stem
    return Template(
        template=Heading(
            name=(slug(title) or "protocol")[:200],
            title=title[:20_000],
            version=str(whole.get("schemaVersion", 1))[:200],
            sources="Made from a Network Canvas protocol; its version here is the protocol's schema.",
        ),
        study=StudyPart(title=title[:20_000], aims=words_of(whole.get("description"))[:20_000] or None),
        waves=[WavePart(label=f"Wave {n}", months=6.0 * (n - 1), basis=_NO_WAVES) for n in (1, 2, 3)],
        circles=_circles(stages, protocol, notes),
        roles=_roles(kinds),
        **parts,
    )


def _circles(stages: list[dict[str, Any]], protocol: Protocol, notes: Notes) -> list[CirclePart]:
    has_blank = any(text_of(stage.get("type")) == "Sociogram" and not dict_of(stage.get("background")) for stage in stages)
    count = protocol.circles or DEFAULT_CIRCLES
    basis = "the protocol's first sociogram with circles" if protocol.circles else "our default; the protocol has no circles"
    if not protocol.circles and has_blank:
        basis = "Network Canvas's default for a sociogram without a background"
    elif not protocol.circles:
        notes.lose(f"The protocol has no circles; {DEFAULT_CIRCLES} are taken, to be changed.")
    prompt = protocol.circle_prompt[:20_000] if protocol.circle_prompt else None
    return [CirclePart(label=f"Circle {n} of {count}", prompt=prompt if n == 1 else None, basis=basis) for n in range(1, count + 1)]


def _roles(kinds: dict[str, str]) -> dict[str, list[RolePart]]:
    roles: dict[str, list[RolePart]] = {}
    taken: set[str] = set()
    for name, kind in kinds.items():
        code = slug(name)
        if code not in (kind, slug(KINDS[kind])) and code not in taken:
            taken.add(code)
            roles.setdefault(kind, []).append(RolePart(code=code, label=name[:20_000], basis="a node type of the protocol"))
    return roles


def _generators(stages: list[dict[str, Any]], types: dict[str, str], kinds: dict[str, str], codes: set[str]) -> Iterator[QuestionPart]:
    for stage in stages:
        if text_of(stage.get("type")).startswith(("NameGenerator", "NetworkComposer")):
            name = types.get(str(dict_of(stage.get("subject")).get("type")), "")
            for prompt in list_of(stage.get("prompts")):
                words = words_of(prompt.get("text"))
                if words:
                    own = [kinds[name]] if name in kinds else None
                    code = _free("names", codes)
                    yield QuestionPart(code=code, wording=words[:20_000], kinds=own, basis="a name generator of the protocol")


def _free(code: str, codes: set[str]) -> str:
    found, number = code, 2
    while found in codes:
        found, number = f"{code}_{number}", number + 1
    codes.add(found)
    return found


def _variables(nodes: dict[str, Entity], name: str, kind: str, codes: set[str], notes: Notes) -> Iterator[QuestionPart]:
    entity = nodes.get(plain(name))
    if entity:
        yield from _questions(entity, entity.name, "tie", kind, codes, notes)


def _questions(entity: Entity, name: str, subject: str, kind: str | None, codes: set[str], notes: Notes) -> Iterator[QuestionPart]:
    for variable in sorted(entity.variables, key=lambda each: each.type == "categorical"):  # in the order of an import
        if variable.type in ("layout", "location"):
            notes.lose("Places on the canvas are not questions here: a tie has its circle, angle and distance.")
        elif subject == "tie" and is_name_column(variable.name):
            notes.lose("The variable with the name is not a question here: names are kept apart.")
        else:
            yield _part(question_of(variable, name, subject), kind, codes)


def _part(question: Question, kind: str | None, codes: set[str]) -> QuestionPart:
    options = list({code: [code[:20_000], label[:20_000]] for code, label in question.options if code and label}.values())
    answer = question.answer_kind if options or question.answer_kind not in ("choice", "choices") else "text"
    return QuestionPart(
        code=_free(question.code, codes),
        wording=question.wording[:20_000],
        answer_kind=answer,
        options=options or None,
        kinds=[kind] if kind else None,
        basis=question.basis[:20_000],
    )


def _edges(
    whole: dict[str, Any], stages: list[dict[str, Any]], protocol: Protocol, codes: set[str], notes: Notes
) -> Iterator[QuestionPart]:
    """An edge type with the words that elicit it, then its variables."""
    words: dict[str, str] = {}
    for stage in stages:
        for prompt in list_of(stage.get("prompts")):
            for key in (dict_of(prompt.get("edges")).get("create"), prompt.get("createEdge")):
                if isinstance(key, str) and words_of(prompt.get("text")):
                    words.setdefault(key, words_of(prompt.get("text")))
    for key, spec in dict_of(whole["codebook"].get("edge")).items():
        name = words_of(dict_of(spec).get("name")) or key
        code = _free(slug(name), codes)
        wording = words.get(key, name)[:20_000]
        yield QuestionPart(code=code, wording=wording, column="relation", basis=f"edge type '{name[:200]}' of the protocol")
        entity = protocol.edges.get(plain(name))
        if entity:
            yield from _questions(entity, entity.name, "alter_tie", None, codes, notes)


def _tell_losses(whole: dict[str, Any], stages: list[dict[str, Any]], notes: Notes) -> None:
    for key, sentence in _LOST.items():
        if any(stage.get(key) for stage in stages):
            notes.lose(sentence)
    if any(prompt.get("additionalAttributes") for stage in stages for prompt in list_of(stage.get("prompts"))):
        notes.lose("Answers that a prompt gives by itself are left out; which generator named whom is kept instead.")
    if sum(bool(dict_of(stage.get("background")).get("concentricCircles")) for stage in stages) > 1:
        notes.lose("The protocol has several sociograms; the circles of the first are taken.")
    if any(dict_of(stage.get("background")).get("skewedTowardCenter") for stage in stages):
        notes.lose("Circles that are narrower outside are drawn evenly here.")
    if whole.get("assetManifest"):
        notes.lose("Pictures, rosters and other files in the protocol are left out.")
    if any("validation" in variable for variable in _raw_variables(whole)):
        notes.lose("Rules on answers (required, least, greatest) are left out.")


def _raw_variables(whole: dict[str, Any]) -> Iterator[dict[str, Any]]:
    codebook = whole["codebook"]
    entities = [*dict_of(codebook.get("node")).values(), *dict_of(codebook.get("edge")).values(), codebook.get("ego")]
    for entity in entities:
        yield from (dict_of(variable) for variable in dict_of(dict_of(entity).get("variables")).values())
