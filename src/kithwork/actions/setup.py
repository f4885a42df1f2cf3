"""Verbs on who works on a study, on its codebook, and on saved views."""

from typing import Any

from kithwork.actions.verbs import action
from kithwork.model.errors import StudyError
from kithwork.model.rows import Row
from kithwork.store import Change


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
    return change.update("codes", code_id, {**values, "is_starter": False})


@action
def remove_code(change: Change, code_id: str) -> None:
    """Take a code out of the codebook, as long as nothing is coded with it and no code stands under it."""
    if change.rows("codings", code_id=code_id) or change.rows("codes", parent_id=code_id) or change.rows("memos", code_id=code_id):
        raise StudyError("This code is in use, or has codes under it; empty it first.")
    for table in ("theme_codes", "lens_links"):
        for row in change.rows(table, code_id=code_id):
            change.delete(table, row["id"])
    change.delete("codes", code_id)


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
