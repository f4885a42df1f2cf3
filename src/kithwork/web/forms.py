"""Forms made from the schema: fields out of columns, clean values back in, and one way to act on a form and say so."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import abort, flash, request, session
from werkzeug.datastructures import MultiDict

from kithwork.actions import act
from kithwork.model.errors import StudyError
from kithwork.model.schema import TABLES, Column
from kithwork.store import Entry
from kithwork.web.desk import desk
from kithwork.web.words import clock

_LONG = {"note", "notes", "aims", "prompt", "wording", "meaning", "definition", "withdrawal_reason"}
_INPUTS = {"integer": "number", "number": "number", "date": "date", "choice": "select", "boolean": "select", "choices": "checks"}


@dataclass(frozen=True)
class Field:
    """One field of a form: what `parts.html` draws."""

    name: str
    label: str
    hint: str
    input: str = "text"  # text, long, number, date, select, checks, password
    value: Any = None
    choices: dict[str, str] = field(default_factory=dict)
    is_required: bool = False
    step: str = "1"
    low: float | None = None
    high: float | None = None


def fields(table: str, names: Iterable[str], values: Mapping[str, Any] | None = None, **labels: str) -> dict[str, Field]:
    """Fields for the columns named, filled from a row or from what was typed."""
    return {name: _field(TABLES[table][name], (values or {}).get(name), labels.get(name)) for name in names}


def _field(column: Column, value: Any, label: str | None) -> Field:
    kind = "select" if column.choices and column.kind == "integer" else _INPUTS.get(column.kind, "text")
    choices = {"yes": "Yes", "no": "No"} if column.kind == "boolean" else column.choices
    if isinstance(value, bool):
        value = "yes" if value else "no"
    return Field(
        column.name,
        label or column.name.removesuffix("_on").replace("_", " ").capitalize(),
        "" if label else column.meaning,
        "long" if column.name in _LONG else kind,
        value if value is None or isinstance(value, list) else f"{value:g}" if isinstance(value, float) else str(value),
        choices,
        column.is_required,
        "1" if column.kind == "integer" else "any",
        column.low,
        column.high,
    )


def given(table: str, names: Iterable[str]) -> dict[str, Any]:
    """The values a form sent for the columns named, as a row has them; an empty field is None."""
    return {name: _value(TABLES[table][name], request.form) for name in names}


def _value(column: Column, form: MultiDict[str, str]) -> Any:
    if column.kind == "choices":
        return form.getlist(column.name) or None
    text = form.get(column.name, "").replace("\r\n", "\n").strip()
    if not text:
        return None
    if column.kind == "boolean":
        return text == "yes"
    if column.kind in ("integer", "number"):
        try:
            return int(text) if column.kind == "integer" else float(text.replace(",", "."))
        except ValueError:
            raise StudyError(f"'{column.name.replace('_', ' ')}' must be a number.") from None
    return text


def text_of(name: str) -> str:
    """One text field of the form sent, without blanks at its ends; '' when left empty."""
    return request.form.get(name, "").replace("\r\n", "\n").strip()


def needed(name: str) -> str:
    """A field without which the form makes no sense: the page always sends it."""
    return request.form.get(name) or abort(400)


def way_back() -> str | None:
    """The page of ours that a form asks to come back to; None for none, or an address elsewhere."""
    back = request.form.get("back", "")
    return back if back.startswith("/") and not back.startswith(("//", "/\\")) else None


def request_key() -> str:
    """A fresh key for a form, so that sending it twice acts once."""
    return uuid.uuid4().hex


def carry_out(verb: str, said: str, **arguments: Any) -> Entry:
    """Act for a form; the next page says so with the time it was saved, and offers to undo it."""
    key = request.form.get("request")
    entry = act(
        desk().study, verb, arguments, origin="page", actor=session.get("coder_id"), request=key if key and len(key) == 32 else None
    )
    tell_saved(said, entry)
    return entry


def tell_saved(said: str, entry: Entry) -> None:
    """Have the next page say what was saved and when, with a way to undo it; never with a name in it, since it travels in the cookie."""
    if entry.id:
        flash(f"{said} Saved {clock(entry.at)}.", entry.id)
    else:
        tell("Nothing was different, so nothing changed.")


def tell(said: str) -> None:
    """Have the next page say something that cannot be undone; never with a name in it."""
    flash(said, "told")
