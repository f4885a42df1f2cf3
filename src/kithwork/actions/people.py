"""Verbs on participants and their interviews: enrol, describe, hold, miss, withdraw."""

import unicodedata
from typing import Any

from kithwork.actions.verbs import action
from kithwork.model.errors import StudyError
from kithwork.model.rows import Row, now
from kithwork.store import Change
from kithwork.talk.names import spellings


@action
def enrol_participant(
    change: Change,
    pseudonym: str,
    values: dict[str, Any] | None = None,
    name: str | None = None,
    id: str | None = None,  # noqa: A002 - the row made gets this id
) -> Row:
    """Add a participant under a pseudonym; a name, where given, is kept apart."""
    row = {"status": "enrolled", "enrolled_on": now()[:10], **(values or {}), "pseudonym": plain_pseudonym(pseudonym), "id": id}
    if change.rows("participants", pseudonym=row["pseudonym"]):
        raise StudyError("There is already a participant with this pseudonym; choose another.")
    participant = change.insert("participants", row)
    change.participant = participant["id"]
    if name:
        change.insert("identities", {"participant_id": participant["id"], "name": name})
    return participant


def plain_pseudonym(given: str) -> str:
    """A pseudonym as it is kept: what is seen on the page is what is there."""
    plain = given.strip()
    joined = plain.replace("\u200c", "").replace("\u200d", "")  # Persian, Indic scripts and emoji join signs with these
    if plain and not (joined.isprintable() and any(unicodedata.category(sign)[0] in "LNPS" for sign in joined)):
        raise StudyError("A pseudonym holds a sign that cannot be seen, or nothing that can; type it with letters and digits.")
    return plain


@action
def describe_participant(change: Change, participant_id: str, values: dict[str, Any]) -> Row:
    """Change what is recorded about a participant."""
    if isinstance(values.get("pseudonym"), str):
        values = {**values, "pseudonym": plain_pseudonym(values["pseudonym"])}
    return change.update("participants", participant_id, values)


@action
def name_participant(change: Change, participant_id: str, name: str | None = None, contact: str | None = None) -> None:
    """Keep a participant's name and contact, apart from the research data."""
    keep_identity(change, "participant_id", participant_id, {"name": name, "contact": contact})


@action
def withdraw_participant(change: Change, participant_id: str, withdrawn_on: str | None = None, reason: str | None = None) -> Row:
    """Record that a participant withdrew: interviews still due are marked; what was given stays."""
    values = {"status": "withdrawn", "withdrawn_on": withdrawn_on or now()[:10], "withdrawal_reason": reason}
    for interview in change.rows("interviews", participant_id=participant_id, status="due"):
        change.update("interviews", interview["id"], {"status": "withdrawn"})
    return change.update("participants", participant_id, values)


@action
def describe_interview(change: Change, participant_id: str, wave_id: str, values: dict[str, Any]) -> Row:
    """Record an interview of a participant at a wave: held, missed and why, date, mode, who was there, notes."""
    return interview_at(change, participant_id, wave_id, values)


def interview_at(change: Change, participant_id: str, wave_id: str, values: dict[str, Any]) -> Row:
    """The interview of this participant at this wave, made if it is not there, with these values."""
    found = change.rows("interviews", participant_id=participant_id, wave_id=wave_id)
    if values.get("status") == "missed" and not values.get("missed_reason") and not (found and found[0]["missed_reason"]):
        raise StudyError("A missed interview needs its reason; choose one, 'other' if none fits.")
    if values.get("status") not in (None, "missed"):
        values = {**values, "missed_reason": None}
    if found and values.get("status", "held") != "held" and change.rows("maps", interview_id=found[0]["id"]):
        raise StudyError("This interview has a map, so it was held; remove the map first.")
    if found:
        return change.update("interviews", found[0]["id"], values)
    row = {"status": "due", **values, "participant_id": participant_id, "wave_id": wave_id}
    return change.insert("interviews", row)


def keep_identity(change: Change, of: str, row_id: str, values: dict[str, Any]) -> None:
    """Set, change or clear the identity of a participant or an alter."""
    found = change.rows("identities", **{of: row_id})
    if found and not any(values.values()) and not any(found[0][key] for key in ("name", "contact") if key not in values):
        change.delete("identities", found[0]["id"])
    elif found:
        change.update("identities", found[0]["id"], values)
    elif any(values.values()):
        change.insert("identities", {of: row_id, **values})


def with_words(name: str | None, words: str | None) -> str:
    """A name and further words that somebody goes by; as it was where it says them already."""
    if not name or not words:
        return name or words or ""
    return name if {whole for whole, _ in spellings(words)} <= {whole for whole, _ in spellings(name)} else f"{name} / {words}"
