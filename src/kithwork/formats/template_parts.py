"""What a study template may hold: its parts, their fields, and the rules between them."""

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from kithwork.model.errors import near
from kithwork.model.schema import FAMILIES, KINDS, TABLES

Path = tuple[str | int, ...]

SECTIONS = {
    "name_generators": "name_generator",
    "alter_questions": "alter",
    "tie_questions": "tie",
    "support_questions": "support",
    "event_questions": "event",
    "alter_tie_questions": "alter_tie",
    "map_questions": "map",
    "participant_questions": "participant",
    "interview_questions": "interview",
    "topic_guide": "topic",
}
"""Section of a template → subject of its questions."""

SUBJECT_TABLES = {
    "tie": "ties",
    "alter": "alters",
    "support": "supports",
    "event": "events",
    "alter_tie": "alter_ties",
    "map": "maps",
    "participant": "participants",
    "interview": "interviews",
}
"""Subject of a question → the table whose columns it may fill."""


def _whole(text: str) -> str:
    if not text:
        raise ValueError("is empty; write something or leave the field out")
    if "\x00" in text or any("\ud800" <= letter <= "\udfff" for letter in text):
        raise ValueError("holds a broken character; type it again")
    return text


def _one_of(choices: dict[str, str]) -> Callable[[str], str]:
    def check(value: str) -> str:
        if value not in choices:
            raise ValueError(f"must be one of {', '.join(choices)}{near(value[:40], choices)}")
        return value

    return check


Text = Annotated[str, Field(max_length=20_000), AfterValidator(_whole)]
Code = Annotated[str, Field(max_length=200), AfterValidator(_whole)]
Kind = Annotated[str, AfterValidator(_one_of(KINDS))]
Version = Annotated[int, Field(ge=1, le=10_000)]
_ANSWERS = TABLES["questions"]["answer_kind"].choices
_MEANINGS = TABLES["studies"]["circle_meaning"].choices


class Part(BaseModel):
    """A part of a template: known fields only, of the right type."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Heading(Part):
    """What the template is."""

    name: Code
    title: Text | None = None
    version: Code | None = None
    language: Code | None = None
    sources: Text | None = None


class StudyPart(Part):
    """What a new study begins with."""

    title: Text | None = None
    aims: Text | None = None
    analytic_family: Annotated[str, AfterValidator(_one_of(FAMILIES))] | None = None
    circle_meaning: Annotated[str, AfterValidator(_one_of(_MEANINGS))] | None = None


class WavePart(Part):
    """A planned wave."""

    label: Text
    months: Annotated[float, Field(ge=0, le=1200)] | None = None
    circle_version: Annotated[int, Field(ge=0, le=10_000)] = 1  # 0: drawn without circles
    basis: Text | None = None


class CirclePart(Part):
    """A circle, innermost first."""

    label: Text
    prompt: Text | None = None
    version: Version = 1
    basis: Text | None = None


class RolePart(Part):
    """What an alter of a kind can be to ego."""

    code: Code
    label: Text
    group: Code | None = None
    is_retired: bool = False
    basis: Text | None = None


class SupportTypePart(Part):
    """A kind of support."""

    code: Code
    label: Text
    meaning: Text | None = None
    is_retired: bool = False
    basis: Text | None = None


class QuestionPart(Part):
    """One wording of one question; `waves` are the positions of the waves it is asked at, all when left out."""

    code: Code
    wording: Text
    column: Code | None = None
    version: Version = 1
    answer_kind: Annotated[str, AfterValidator(_one_of(_ANSWERS))] | None = None
    options: Annotated[list[Annotated[list[Text], Field(min_length=2, max_length=2)]], Field(min_length=1)] | None = None
    kinds: Annotated[list[Kind], Field(min_length=1)] | None = None
    waves: list[Annotated[int, Field(ge=1)]] | None = None
    basis: Text | None = None


class LensNodePart(Part):
    """A node of a lens."""

    code: Code
    label: Text
    meaning: Text | None = None
    basis: Text | None = None
    nodes: list["LensNodePart"] = []


class LensPart(Part):
    """A theory held over the codes; it can be switched off."""

    lens: Code
    is_on: bool = True
    nodes: list[LensNodePart] = []


class CodePart(Part):
    """A code to start from, with the codes under it."""

    name: Text
    definition: Text | None = None
    example: Text | None = None
    limits: Text | None = None
    color: Code | None = None
    is_starter: bool = True
    basis: Text | None = None
    codes: list["CodePart"] = []


class Template(Part):
    """A study template: everything about a study that is settled before the first participant."""

    template: Heading
    study: StudyPart = StudyPart()
    waves: Annotated[list[WavePart], Field(min_length=1, max_length=200)]
    circles: Annotated[list[CirclePart], Field(max_length=200)]
    roles: dict[Kind, list[RolePart]] = {}
    name_generators: list[QuestionPart] = []
    alter_questions: list[QuestionPart] = []
    tie_questions: list[QuestionPart] = []
    support_types: list[SupportTypePart] = []
    support_questions: list[QuestionPart] = []
    event_questions: list[QuestionPart] = []
    alter_tie_questions: list[QuestionPart] = []
    map_questions: list[QuestionPart] = []
    participant_questions: list[QuestionPart] = []
    interview_questions: list[QuestionPart] = []
    topic_guide: list[QuestionPart] = []
    lenses: list[LensPart] = []
    codes: list[CodePart] = []

    def questions(self) -> Iterator[tuple[str, int, QuestionPart]]:
        """Section, place in it, and question, in order."""
        for section in SECTIONS:
            for index, question in enumerate(getattr(self, section)):
                yield section, index, question


FIELDS = sorted({name for part in [Template, *Part.__subclasses__()] for name in part.model_fields})
"""Every field name, to offer a near one."""


def broken_rules(template: Template) -> list[tuple[Path, str]]:
    """What is wrong between the parts: where, and what to do."""
    return [*_circle_rules(template), *_repeats(template), *_question_rules(template)]


def _circle_rules(template: Template) -> Iterator[tuple[Path, str]]:
    versions = {circle.version for circle in template.circles}
    for index, wave in enumerate(template.waves):
        if wave.circle_version and wave.circle_version not in versions:
            yield (
                ("waves", index, "circle_version"),
                f"there are no circles of version {wave.circle_version}; add them or change the number",
            )


def _repeats(template: Template) -> Iterator[tuple[Path, str]]:
    roles = [(("roles", kind, i, "code"), r.code) for kind, group in template.roles.items() for i, r in enumerate(group)]
    supports = [(("support_types", i, "code"), s.code) for i, s in enumerate(template.support_types)]
    questions = [((section, i, "code"), (q.code, q.version)) for section, i, q in template.questions()]
    lenses = [
        (("lenses", i, *path, "code"), (lens.lens, code))
        for i, lens in enumerate(template.lenses)
        for path, code in _node_codes(lens.nodes)
    ]
    lists: list[list[tuple[Path, Any]]] = [
        roles,
        supports,
        questions,
        lenses,
        [(("lenses", i, "lens"), x.lens) for i, x in enumerate(template.lenses)],
    ]
    for group in lists:
        counts = Counter(code for _, code in group)
        seen = set()
        for path, code in group:
            if counts[code] > 1 and code in seen:
                yield path, "this code is used above already; choose another, or another version"
            seen.add(code)


def _node_codes(nodes: list[LensNodePart], path: Path = ()) -> Iterator[tuple[Path, str]]:
    for index, node in enumerate(nodes):
        here = (*path, "nodes", index)
        yield here, node.code
        yield from _node_codes(node.nodes, here)


def _question_rules(template: Template) -> Iterator[tuple[Path, str]]:
    sections: dict[str, str] = {}
    for section, index, question in template.questions():
        here: Path = (section, index)
        if sections.setdefault(question.code, section) != section:
            yield (*here, "code"), f"this code is used in {sections[question.code]} already; choose another"
        if question.waves and max(question.waves) > len(template.waves):
            yield (*here, "waves"), f"there are only {len(template.waves)} waves; leave out the others"
        if question.answer_kind in ("choice", "choices") and not question.options:
            yield (*here, "options"), "a question with a choice needs its options; add them as a list of [code, label]"
        if question.options and len({code for code, _ in question.options}) < len(question.options):
            yield (*here, "options"), "two options have the same code; make each different"
        if question.column is not None:
            yield from _column_rules(SECTIONS[section], here, question)


def _column_rules(subject: str, here: Path, question: QuestionPart) -> Iterator[tuple[Path, str]]:
    assert question.column is not None
    table = TABLES.get(SUBJECT_TABLES.get(subject, ""))
    if table is None:
        yield (*here, "column"), "a question of this section fills no column; leave 'column' out"
        return
    if question.column not in table or question.column == "id":
        yield (*here, "column"), f"there is no such column in '{table.name}'{near(question.column[:40], table.names)}"
        return
    choices = table[question.column].choices
    for place, (code, _) in enumerate(question.options or []):
        if code not in choices:
            yield (*here, "options", place), f"'{question.column}' knows {', '.join(choices) or 'no options'}; use one of these codes"
