"""Verbs on who works on a study, on its codebook, and on saved views."""

import re
from typing import Any

from kithwork.actions.verbs import action
from kithwork.model.errors import StudyError
from kithwork.model.rows import Row
from kithwork.store import Change

_COLOR = re.compile(r"#[0-9a-fA-F]{6}")


@action
def add_coder(change: Change, name: str) -> Row:
    """Add someone who works on the study."""
    if not name.strip():
        raise StudyError("A name is needed; initials are enough.")
    if change.rows("coders", name=name.strip()):
        raise StudyError("There is already someone with this name; choose them, or add an initial.")
    return change.insert("coders", {"name": name.strip()})


@action
def add_code(change: Change, name: str, parent_id: str | None = None, definition: str | None = None) -> Row:
    """Add a code to the codebook, under another one or at its top."""
    if not name.strip():
        raise StudyError("A code needs a name.")
    if code_named(change, name, parent_id):
        raise StudyError("There is a code of this name there already; choose another name.")
    siblings = change.rows("codes", parent_id=parent_id)
    last = max((row["position"] or 0 for row in siblings), default=0)
    row = {"name": name.strip(), "parent_id": parent_id, "definition": definition, "position": last + 1, "is_starter": False}
    return change.insert("codes", {**row, "basis": "the study's own"})


@action
def describe_code(change: Change, code_id: str, values: dict[str, Any]) -> Row:
    """Change a code's name, definition, example or limits; it is then the study's own and no longer a starter."""
    if set(values) - {"name", "definition", "example", "limits", "color"}:
        raise StudyError("Of a code only its name, definition, example, limits and colour can be changed here.")
    before = change.row("codes", code_id)
    if all((values[name] or None) == before[name] for name in values):
        return before
    if values.get("name") and code_named(change, values["name"], before["parent_id"], but=code_id):
        raise StudyError("There is a code of this name there already; merge the two or choose another name.")
    if values.get("color") and not _COLOR.fullmatch(values["color"]):
        raise StudyError("A colour is written as # and six digits, such as #1f4b82.")
    return change.update("codes", code_id, {**values, "is_starter": False})


def code_named(change: Change, name: str, parent_id: str | None, but: str | None = None) -> Row | None:
    """The code of a name in a place of the tree, other than `but`; None where there is none."""
    found = (row for row in change.rows("codes", parent_id=parent_id) if row["name"].casefold() == name.strip().casefold())
    return next((row for row in found if row["id"] != but), None)


@action
def save_view(change: Change, name: str, view_kind: str, definition: dict[str, Any]) -> Row:
    """Save what was chosen on a page under a name, so that it can be repeated there and on the command line."""
    if not name.strip():
        raise StudyError("A view needs a name.")
    if change.rows("views", name=name.strip()):
        raise StudyError("There is already a view with this name; choose another, or remove that one first.")
    return change.insert("views", {"name": name.strip(), "view_kind": view_kind, "definition": definition})


@action
def remove_view(change: Change, view_id: str) -> None:
    """Take a saved view away; what it shows is not touched."""
    change.delete("views", view_id)
