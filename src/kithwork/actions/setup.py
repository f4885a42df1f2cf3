"""Verbs on the study's own house: who works on it."""

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
