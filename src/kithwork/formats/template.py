"""Study templates: a YAML file that says how a study is designed, and the design tables of a study.

A template read, made into tables and taken from them again is the same template; what a study's design tables hold, a
template written from them brings back (ids are fresh, positions are counted anew).
"""

from collections.abc import Callable, Iterable
from importlib import resources
from pathlib import Path
from typing import Any

import pydantic
import yaml

from kithwork.formats.networkcanvas.template import protocol_template
from kithwork.formats.reading import Notes
from kithwork.formats.sources import gather
from kithwork.formats.template_parts import FIELDS, SECTIONS, CodePart, LensNodePart, Part, Template, broken_rules
from kithwork.formats.yaml_lines import Path as Place
from kithwork.formats.yaml_lines import read_yaml
from kithwork.model.errors import FormatError, SelectionError, near
from kithwork.model.ids import new_id
from kithwork.model.rows import Row
from kithwork.model.schema import KINDS
from kithwork.model.tables import StudyTables

BUILT_IN = "personal-support-network"
_OF_A_WAVE = ("label", "months", "circle_version", "basis")
DESIGN = ("studies", "waves", "circles", "roles", "support_types", "questions", "asked", "lenses", "codes")
"""The tables a template carries."""

_MESSAGES = {
    "missing": "is missing; add it",
    "string_type": "must be text; put it in quotes",
    "int_type": "must be a whole number",
    "float_type": "must be a number",
    "bool_type": "must be true or false",
    "list_type": "must be a list; begin each item with a dash",
    "dict_type": "must hold fields, each with a colon",
    "model_type": "must hold fields, each with a colon",
    "too_short": "has too few items",
    "too_long": "has too many items",
    "string_too_long": "is too long; shorten it",
    "greater_than_equal": "is too small",
    "less_than_equal": "is too large",
}


def built_in_templates() -> list[str]:
    """Names of the templates that come with Kithwork."""
    folder = resources.files("kithwork.formats") / "templates"
    return sorted(item.name.removesuffix(".yaml") for item in folder.iterdir() if item.name.endswith(".yaml"))


def find_template(name_or_path: str | Path = BUILT_IN, notes: Notes | None = None) -> Template:
    """The template of that name, or in that file: YAML, or a Network Canvas protocol, whose losses go to `notes`.

    Raises `SelectionError` where there is neither.
    """
    known = built_in_templates()
    if str(name_or_path) in known:
        text = (resources.files("kithwork.formats") / "templates" / f"{name_or_path}.yaml").read_text(encoding="utf-8")
        return read_template(text)
    path = Path(name_or_path)
    if not path.is_file():
        raise SelectionError(f"There is no template '{name_or_path}', and no file of that name.{near(str(name_or_path), known)}")
    if path.suffix.lower() == ".netcanvas":
        notes = notes or Notes()
        template = protocol_template(gather([path], notes)[0], notes)
        for place, message in broken_rules(template):
            raise FormatError(f"This protocol cannot be a template: {_sentence(place, message, {}).split(', ', 1)[1]}")
        return template
    return read_template(path)


def read_template(source: Path | str) -> Template:
    """A template from a file (`Path`) or from its text (`str`).

    Raises `FormatError` with the first line and field that is wrong, and how many more there are.
    """
    template, problems = check_template(source)
    if template is None:
        more = f" ({len(problems) - 1} more to mend after this one.)" if len(problems) > 1 else ""
        raise FormatError(problems[0] + more)
    return template


def check_template(source: Path | str) -> tuple[Template | None, list[str]]:
    """The template where it is sound, and otherwise every problem as one sentence: line, field, what to do."""
    try:
        content, lines = read_yaml(_text_of(source))
    except FormatError as error:
        return None, [str(error)]
    if not isinstance(content, dict):
        return None, ["line 1: a template begins with fields such as 'template:' and 'waves:'; see docs/template.md."]
    try:
        template = Template.model_validate(content)
    except pydantic.ValidationError as errors:
        found = [(error["loc"], _message(error)) for error in errors.errors(include_url=False, include_input=False)]
    else:
        found = broken_rules(template)
        if not found:
            return template, []
    told = sorted((_line(place, lines), _sentence(place, message, lines)) for place, message in found)
    return None, list(dict.fromkeys(sentence for _, sentence in told))


def _text_of(source: Path | str) -> str:
    if isinstance(source, str):
        return source
    try:
        with source.open("rb") as file:
            return file.read(10_000_000).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise FormatError(f"'{source.name}' is not UTF-8 text; save it again as UTF-8.") from None
    except OSError as error:
        raise FormatError(f"'{source.name}' cannot be read ({error.strerror}); check the path.") from None


def _message(error: Any) -> str:
    kind, place = error["type"], error["loc"]
    if kind == "extra_forbidden":
        word = str(place[-1])[:40]
        return f"is not a field here; remove it.{near(word, [name for name in FIELDS if name != word])}"
    if kind == "value_error":
        return str(error["ctx"]["error"])
    return _MESSAGES.get(kind) or str(error["msg"])


def _line(place: Place, lines: dict[Place, int]) -> int:
    while place not in lines and place:
        place = place[:-1]
    return lines.get(place, 1)


def _sentence(place: Place, message: str, lines: dict[Place, int]) -> str:
    steps = [step for step in place if step != "[key]"]
    field = "".join(f"[{step + 1}]" if isinstance(step, int) else f".{step[:60]}" for step in steps).removeprefix(".")
    return f"line {_line(tuple(steps), lines)}, {field}: {message}" + ("" if message.endswith((".", "?")) else ".")


# -- template → tables ---------------------------------------------------------------------------------------------------


def template_tables(template: Template, make_id: Callable[[], str] = new_id) -> StudyTables:
    """The design tables of a new study: studies, waves, circles, roles, support types, questions, asked, lenses, codes."""
    heading, study = template.template, template.study
    rows: dict[str, list[Row]] = {name: [] for name in DESIGN}
    rows["studies"].append(
        {
            "id": make_id(),
            "title": study.title or heading.title or heading.name,
            "aims": study.aims,
            "analytic_family": study.analytic_family,
            "circle_meaning": study.circle_meaning,
            "is_synthetic": False,
            "template_name": heading.name,
            "template_version": heading.version,
            "language": heading.language,
            "sources": heading.sources,
        }
    )
    rows["waves"] = [{"id": make_id(), "position": place, **wave.model_dump()} for place, wave in enumerate(template.waves, 1)]
    without = max([circle.version for circle in template.circles], default=0) + 1
    for wave in rows["waves"]:
        wave["circle_version"] = wave["circle_version"] or without
    counts: dict[Any, int] = {}
    for circle in template.circles:
        rows["circles"].append({"id": make_id(), "position": _next(counts, circle.version), **circle.model_dump()})
    for kind, group in template.roles.items():
        for place, role in enumerate(group, 1):
            values = role.model_dump()
            rows["roles"].append({"id": make_id(), "kind": kind, "position": place, "role_group": values.pop("group"), **values})
    for place, support in enumerate(template.support_types, 1):
        rows["support_types"].append({"id": make_id(), "position": place, **support.model_dump()})
    _question_rows(template, rows, make_id)
    for lens in template.lenses:
        _lens_rows(lens.nodes, {"lens": lens.lens, "is_on": lens.is_on}, None, rows["lenses"], make_id)
    _code_rows(template.codes, None, rows["codes"], make_id)
    return StudyTables.from_rows(rows)


def _next(counts: dict[Any, int], key: Any) -> int:
    counts[key] = counts.get(key, 0) + 1
    return counts[key]


def _question_rows(template: Template, rows: dict[str, list[Row]], make_id: Callable[[], str]) -> None:
    places: dict[tuple[str, str], int] = {}
    counts: dict[Any, int] = {}
    for section, _, question in template.questions():
        place = places.get((section, question.code)) or _next(counts, section)
        places[section, question.code] = place
        values = question.model_dump(exclude={"waves"})
        row = {"id": make_id(), "subject": SECTIONS[section], "position": place, "column_name": values.pop("column"), **values}
        rows["questions"].append(row)
        for wave in rows["waves"]:
            if question.waves is None or wave["position"] in question.waves:
                rows["asked"].append({"id": make_id(), "question_id": row["id"], "wave_id": wave["id"]})


def _lens_rows(nodes: list[LensNodePart], shared: Row, parent: str | None, rows: list[Row], make_id: Callable[[], str]) -> None:
    for place, node in enumerate(nodes, 1):
        row = {"id": make_id(), "parent_id": parent, "position": place, **shared, **node.model_dump(exclude={"nodes"})}
        rows.append(row)
        _lens_rows(node.nodes, shared, row["id"], rows, make_id)


def _code_rows(codes: list[CodePart], parent: str | None, rows: list[Row], make_id: Callable[[], str]) -> None:
    for place, code in enumerate(codes, 1):
        row = {"id": make_id(), "parent_id": parent, "position": place, **code.model_dump(exclude={"codes"})}
        rows.append(row)
        _code_rows(code.codes, row["id"], rows, make_id)


# -- tables → template ---------------------------------------------------------------------------------------------------


def template_of(tables: StudyTables) -> Template:
    """The template that a study's design tables amount to.

    Left out, because a template travels: participants and everything they said, and the examples of codes that the study
    made itself, which may quote a person. Raises `FormatError` where the design cannot be a template.
    """
    studies = tables.rows("studies")
    if not studies:
        raise FormatError("The tables hold no study, so there is no template in them.")
    study = studies[0]
    waves = _in_order(tables.rows("waves"))
    drawn = {row["version"] for row in tables.rows("circles")}
    content: dict[str, Any] = {
        "template": {
            "name": study.get("template_name", "study"),
            "title": study["title"],
            "version": study.get("template_version"),
            "language": study.get("language"),
            "sources": study.get("sources"),
        },
        "study": {key: study.get(key) for key in ("title", "aims", "analytic_family", "circle_meaning")},
        "waves": [
            _fields(row | {"circle_version": row["circle_version"] if row["circle_version"] in drawn else 0}, *_OF_A_WAVE) for row in waves
        ],
        "circles": [
            _fields(row, "label", "prompt", "version", "basis")
            for row in sorted(tables.rows("circles"), key=lambda row: (row["version"], row["position"]))
        ],
        "roles": _roles(tables),
        "support_types": [
            _fields(row, "code", "label", "meaning", "is_retired", "basis") for row in _in_order(tables.rows("support_types"))
        ],
        **_questions(tables, waves),
        "lenses": _lenses(tables.rows("lenses")),
        "codes": _codes(_children(tables.rows("codes")), None),
    }
    try:
        template = Template.model_validate(content)
    except pydantic.ValidationError as errors:
        error = errors.errors(include_url=False, include_input=False)[0]
        raise FormatError(
            f"This study's design cannot be a template: {_sentence(error['loc'], _message(error), {}).split(', ', 1)[1]}"
        ) from None
    for place, message in broken_rules(template):
        raise FormatError(f"This study's design cannot be a template: {_sentence(place, message, {}).split(', ', 1)[1]}")
    return template


def write_template(template: Template) -> str:
    """The template as YAML; fields that are as they would be anyway are left out."""
    content = {name: _written(getattr(template, name)) for name in Template.model_fields}
    return yaml.dump({k: v for k, v in content.items() if v}, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=110)


class _Dumper(yaml.SafeDumper):
    """Writes rare line breaks as escapes, as unescaped ones would be folded away on reading."""


def _text_node(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = '"' if any(letter in text for letter in "\x85\u2028\u2029") else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _text_node)


def _written(value: Any) -> Any:
    if isinstance(value, Part):
        return {name: _written(part) for name, part in value if part != type(value).model_fields[name].default}
    if isinstance(value, list):
        return [_written(part) for part in value]
    if isinstance(value, dict):
        return {key: _written(part) for key, part in value.items()}
    return value


def _fields(row: Row, *names: str) -> Row:
    return {name: row[name] for name in names if name in row}


def _in_order(rows: Iterable[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: (row.get("position") or 0, row["id"]))


def _roles(tables: StudyTables) -> dict[str, list[Row]]:
    rows = _in_order(tables.rows("roles"))
    by_kind: dict[str, list[Row]] = {}
    for kind in KINDS:
        for row in rows:
            if row["kind"] == kind:
                part = _fields(row, "code", "label", "is_retired", "basis")
                by_kind.setdefault(kind, []).append({**part, "group": row.get("role_group")})
    return by_kind


def _questions(tables: StudyTables, waves: list[Row]) -> dict[str, list[Row]]:
    places = {wave["id"]: place for place, wave in enumerate(waves, 1)}
    asked: dict[str, list[int]] = {}
    for row in tables.rows("asked"):
        asked.setdefault(row["question_id"], []).append(places[row["wave_id"]])
    sections: dict[str, list[Row]] = {section: [] for section in SECTIONS}
    section_of = {subject: section for section, subject in SECTIONS.items()}
    for row in sorted(tables.rows("questions"), key=lambda row: (row.get("position") or 0, row["code"], row["version"])):
        at = sorted(asked.get(row["id"], []))
        part = _fields(row, "code", "wording", "version", "answer_kind", "options", "kinds", "basis")
        part["options"] = [list(option) for option in row["options"]] if row.get("options") else None
        sections[section_of[row["subject"]]].append(
            {**part, "column": row.get("column_name"), "waves": None if len(at) == len(waves) else at}
        )
    return sections


def _children(rows: Iterable[Row]) -> dict[str | None, list[Row]]:
    children: dict[str | None, list[Row]] = {}
    for row in _in_order(rows):
        children.setdefault(row.get("parent_id"), []).append(row)
    return children


def _lenses(rows: list[Row]) -> list[Row]:
    children = _children(rows)

    def nodes(group: list[Row]) -> list[Row]:
        return [{**_fields(row, "code", "label", "meaning", "basis"), "nodes": nodes(children.get(row["id"], []))} for row in group]

    names = list(dict.fromkeys(row["lens"] for row in rows))
    roots = {name: [row for row in children.get(None, []) if row["lens"] == name] for name in names}
    return [{"lens": name, "is_on": any(row.get("is_on", True) for row in roots[name]), "nodes": nodes(roots[name])} for name in names]


def _codes(children: dict[str | None, list[Row]], parent: str | None) -> list[Row]:
    parts = []
    for row in children.get(parent, []):
        part = _fields(row, "name", "definition", "example", "limits", "color", "basis")
        if not row.get("is_starter"):
            part.pop("example", None)
        parts.append({**part, "is_starter": bool(row.get("is_starter")), "codes": _codes(children, row["id"])})
    return parts


def with_waves(template: Template, number: int) -> Template:
    """The template with this many waves: the first ones, or more at the same distance, asked what the last one was asked."""
    if number < 1 or number > 200:
        raise FormatError("A study has between 1 and 200 waves; give a number in between.")
    waves = list(template.waves[:number])
    last = len(template.waves)
    while len(waves) < number:
        before = waves[-1].months
        gap = 6.0 if len(waves) < 2 or before is None or waves[-2].months is None else before - waves[-2].months
        months = None if before is None else before + gap
        waves.append(waves[-1].model_copy(update={"label": f"Wave {len(waves) + 1}", "months": months, "basis": "our default"}))
    changed: dict[str, Any] = {"waves": waves}
    for section in SECTIONS:
        questions = []
        for question in getattr(template, section):
            if question.waves is not None:
                added = range(last + 1, number + 1) if last in question.waves else ()
                question = question.model_copy(update={"waves": [wave for wave in (*question.waves, *added) if wave <= number]})
            questions.append(question)
        changed[section] = questions
    return template.model_copy(update=changed)
