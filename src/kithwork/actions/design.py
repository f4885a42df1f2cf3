"""Verbs on the study's design: making it from a template, its waves, circles, questions, roles, support types and lens.

Words that were read to somebody are never changed under the answers: from a wave on, new words are a new version, and
earlier waves keep theirs.
"""

from collections.abc import Iterable
from typing import Any, Literal

from kithwork.actions.verbs import action
from kithwork.formats.template import DESIGN, template_of, template_tables
from kithwork.formats.template_parts import Template
from kithwork.model.errors import SelectionError, StudyError
from kithwork.model.rows import Row, now
from kithwork.model.schema import REFERRED_FIRST
from kithwork.model.tables import StudyTables
from kithwork.store import Change, Entry, Study

Subject = Literal["name_generator", "tie", "alter", "alter_tie", "map", "participant", "interview", "topic", "support", "event"]
_OURS = "the study's own"

# -- a whole study ---------------------------------------------------------------------------------------------------------


def make_study(study: Study, template: Template, title: str | None = None) -> Entry:
    """Give an empty study the design of a template, as one journal entry."""
    tables = template_tables(template)
    rows = {name: tables.rows(name) for name in DESIGN}
    rows["studies"][0].update(created_at=now(), **({"title": title.strip()} if title and title.strip() else {}))
    return keep_tables(study, StudyTables.from_rows(rows), "make study")


def keep_tables(study: Study, tables: StudyTables, verb: str) -> Entry:
    """Keep whole tables in an empty study, as one journal entry; unsound tables are refused whole."""
    problems = tables.problems()
    if problems:
        raise StudyError(problems[0])
    if study.rows("studies"):
        raise StudyError("This study has a design already; make a new study for another.")
    with study.change(verb) as change:
        for name in REFERRED_FIRST:
            change.insert_all(name, tables.rows(name))
    return change.entry


def study_template(study: Study) -> Template:
    """The template that the study's design amounts to; nothing that participants said is in it."""
    return template_of(study.tables(*DESIGN))


@action
def describe_study(change: Change, values: dict[str, Any]) -> Row:
    """Change the title, the aims, the analytic family or what nearness on the map means."""
    allowed = {"title", "aims", "analytic_family", "circle_meaning", "language", "sources"}
    if set(values) - allowed:
        raise StudyError(f"Of a study only {', '.join(sorted(allowed))} can be changed.")
    study = change.rows("studies")[0]
    if values.get("circle_meaning", study["circle_meaning"]) != study["circle_meaning"] and change.rows("maps"):
        raise StudyError("Maps were drawn under the present meaning of the circles; it can no longer change in this study.")
    return change.update("studies", study["id"], values)


# -- waves ---------------------------------------------------------------------------------------------------------------------


@action
def add_wave(change: Change, label: str, months: float | None = None) -> Row:
    """Plan one more wave after the last, with the circles and questions of the last."""
    waves = _waves(change)
    last = waves[-1] if waves else None
    row = {"position": (last["position"] if last else 0) + 1, "label": label.strip(), "months": months, "basis": _OURS}
    wave = change.insert("waves", {**row, "circle_version": last["circle_version"] if last else 1})
    if last:
        asked = [{"question_id": row["question_id"], "wave_id": wave["id"]} for row in change.rows("asked", wave_id=last["id"])]
        change.insert_all("asked", asked)
    return wave


@action
def describe_wave(change: Change, wave_id: str, values: dict[str, Any]) -> Row:
    """Rename a wave or move it to another month."""
    if set(values) - {"label", "months"}:
        raise StudyError("Of a wave only its label and its months can be changed here.")
    return change.update("waves", wave_id, values)


@action
def remove_wave(change: Change, wave_id: str) -> None:
    """Take the last wave out of the plan, as long as nobody was interviewed at it."""
    if change.rows("interviews", wave_id=wave_id):
        raise StudyError("This wave has interviews; it stays in the plan.")
    if _waves(change)[-1]["id"] != wave_id:
        raise StudyError("Only the last wave can be taken out of the plan.")
    for row in change.rows("asked", wave_id=wave_id):
        change.delete("asked", row["id"])
    change.delete("waves", wave_id)


# -- circles -----------------------------------------------------------------------------------------------------------------


@action
def change_circles(change: Change, wave_id: str, circles: list[dict[str, Any]]) -> list[Row]:
    """Draw other circles from this wave on: a new version, innermost first, each with `label` and `prompt`.

    Earlier waves keep theirs, and maps of different versions are never compared circle by circle.
    """
    if not circles:
        raise StudyError("A map needs at least one circle; give each a label.")
    waves = _from_wave_on(change, wave_id)
    version = max((row["version"] for row in change.rows("circles")), default=0) + 1
    basis = {"version": version, "basis": _OURS}
    rows = change.insert_all("circles", ({**basis, **circle, **basis, "position": place} for place, circle in enumerate(circles, 1)))
    for wave in waves:
        change.update("waves", wave["id"], {"circle_version": version})
    drawn = {wave["circle_version"] for wave in change.rows("waves")}
    for row in change.rows("circles"):
        if row["version"] not in drawn:  # no wave draws it, so no map was drawn on it
            change.delete("circles", row["id"])
    return rows


# -- questions -------------------------------------------------------------------------------------------------------------------


@action
def add_question(change: Change, subject: Subject, code: str, wave_id: str, values: dict[str, Any]) -> Row:
    """Ask a new question from this wave on; `values` holds its wording and how it is answered."""
    code = code.strip()
    if change.rows("questions", code=code):
        raise StudyError("There is already a question with this code; choose another code.")
    waves = _from_wave_on(change, wave_id)
    last = max((row["position"] or 0 for row in change.rows("questions", subject=subject)), default=0)
    row = {"position": last + 1, "basis": _OURS, **values, "code": code, "subject": subject, "version": 1}
    question = change.insert("questions", _sound(row))
    change.insert_all("asked", ({"question_id": question["id"], "wave_id": wave["id"]} for wave in waves))
    return question


@action
def change_question(change: Change, code: str, wave_id: str, values: dict[str, Any]) -> Row:
    """Ask a question in other words, or of other kinds, from this wave on: a new version; earlier waves keep theirs."""
    allowed = {"wording", "answer_kind", "options", "kinds", "basis"}
    if set(values) - allowed:
        raise StudyError(f"Of a question only {', '.join(sorted(allowed))} can be changed; for anything else add a new question.")
    versions = sorted(change.rows("questions", code=code), key=lambda row: row["version"])
    if not versions:
        raise SelectionError("There is no question with this code; reload the page.")
    waves = _from_wave_on(change, wave_id)
    old = versions[-1]
    if all((values[name] or None) == old[name] for name in values):
        return old
    row = {**old, "basis": _OURS, **values, "version": old["version"] + 1}
    row.pop("id")
    question = change.insert("questions", _sound(row))
    _stop(change, versions, waves)
    change.insert_all("asked", ({"question_id": question["id"], "wave_id": wave["id"]} for wave in waves))
    return question


@action
def stop_asking(change: Change, code: str, wave_id: str) -> None:
    """Leave a question out from this wave on; what was answered stays."""
    _stop(change, change.rows("questions", code=code), _from_wave_on(change, wave_id))


@action
def ask_again(change: Change, code: str, wave_id: str) -> None:
    """Ask a question that was left out, in its latest words, from this wave on."""
    versions = sorted(change.rows("questions", code=code), key=lambda row: row["version"])
    if not versions:
        raise SelectionError("There is no question with this code; reload the page.")
    waves = _from_wave_on(change, wave_id)
    _stop(change, versions, waves)
    change.insert_all("asked", ({"question_id": versions[-1]["id"], "wave_id": wave["id"]} for wave in waves))


def _stop(change: Change, versions: Iterable[Row], waves: Iterable[Row]) -> None:
    for version in versions:
        for wave in waves:
            for row in change.rows("asked", question_id=version["id"], wave_id=wave["id"]):
                change.delete("asked", row["id"])


def _sound(row: Row) -> Row:
    if row.get("answer_kind") in ("choice", "choices") and not row.get("options"):
        raise StudyError("A question with a choice needs its options: a list of [code, label].")
    for option in row.get("options") or []:
        if not isinstance(option, (list, tuple)) or len(option) != 2 or not all(isinstance(part, str) and part for part in option):
            raise StudyError("Each option is a pair of code and label, such as [yes, Yes].")
    return row


# -- lists that a study edits ----------------------------------------------------------------------------------------------------


@action
def add_role(change: Change, kind: str, code: str, label: str, role_group: str | None = None) -> Row:
    """Offer one more role for a kind of alter."""
    return _add_to_list(change, "roles", code, {"kind": kind, "label": label, "role_group": role_group})


@action
def describe_role(change: Change, role_id: str, values: dict[str, Any]) -> Row:
    """Change a role's words or group, or retire it; what was recorded keeps its code."""
    return _describe_in_list(change, "roles", role_id, values, {"label", "role_group", "position", "is_retired"})


@action
def add_support_type(change: Change, code: str, label: str, meaning: str | None = None) -> Row:
    """Ask about one more kind of support."""
    return _add_to_list(change, "support_types", code, {"label": label, "meaning": meaning})


@action
def describe_support_type(change: Change, support_type_id: str, values: dict[str, Any]) -> Row:
    """Change the words for a kind of support, or retire it; what was recorded keeps its code."""
    return _describe_in_list(change, "support_types", support_type_id, values, {"label", "meaning", "position", "is_retired"})


@action
def show_lens(change: Change, lens: str, is_on: bool) -> None:
    """Show a theory's nodes beside the codes, or put them away."""
    for row in change.rows("lenses", lens=lens):
        change.update("lenses", row["id"], {"is_on": is_on})


def _add_to_list(change: Change, table: str, code: str, values: Row) -> Row:
    if change.rows(table, code=code.strip()):
        raise StudyError("There is already one with this code; choose another code.")
    last = max((row["position"] or 0 for row in change.rows(table)), default=0)
    return change.insert(table, {**values, "code": code.strip(), "position": last + 1, "is_retired": False, "basis": _OURS})


def _describe_in_list(change: Change, table: str, row_id: str, values: Row, allowed: set[str]) -> Row:
    if set(values) - allowed:
        raise StudyError(f"Only {', '.join(sorted(allowed))} can be changed here; add a new one for anything else.")
    return change.update(table, row_id, values)


# -- shared ---------------------------------------------------------------------------------------------------------------------


def _waves(change: Change) -> list[Row]:
    return sorted(change.rows("waves"), key=lambda row: row["position"])


def _from_wave_on(change: Change, wave_id: str) -> list[Row]:
    """This wave and the later ones; refused when one of them has begun, as its words were read out already."""
    position = change.row("waves", wave_id)["position"]
    waves = [wave for wave in _waves(change) if wave["position"] >= position]
    begun = [wave for wave in waves if change.rows("interviews", wave_id=wave["id"], status="held")]
    if begun:
        raise StudyError(f"Wave {begun[-1]['position']} has begun, and its words were read out; make the change from a later wave on.")
    return waves
