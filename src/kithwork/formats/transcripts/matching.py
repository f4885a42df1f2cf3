"""A guess at whose interview a transcript is and from which wave, to be shown and corrected."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from kithwork.formats.transcripts.shape import Transcript

_WAVE = re.compile(r"(?<![a-z])(?:wave|w|t|time|round|interview|int|phase|visit)[ _.-]?0*(\d{1,2})(?!\d)", re.IGNORECASE)
_MONTHS = re.compile(
    r"(?<![a-z0-9])(?:(\d{1,2})[ _-]?(?:months?|mths?|mo|m)(?![a-z])|(?:months?|mths?|mo|m)[ _-]?0*(\d{1,2})(?!\d))", re.IGNORECASE
)
_OPENING = 600  # characters of the text in which a heading may say whose interview it is
_INTERVIEWER = re.compile(r"(?i)i\d{0,2}|int(?:erviewer)?\.?\s?\d*|interviewer.*|researcher.*|moderator.*|facilitator.*|q|iv\d?")
_PARTICIPANT = re.compile(r"(?i)p\d{0,4}|participant.*|respondent.*|interviewee.*|b\d?|a\d?")
_QUESTIONS = ("?", "\u061f", "\uff1f", "\u037e", "\u055e", "\u1367")  # also Arabic, Chinese, Greek, Armenian, Ethiopic
_CLOSING = " \t\n\"'”“’»«)"


@dataclass(frozen=True)
class Match:
    """A guess: ids or None, and why, in words to be shown."""

    participant_id: str | None
    wave_id: str | None
    reason: str


def guess_match(
    transcript: Transcript, participants: Iterable[Mapping[str, Any]], waves: Iterable[Mapping[str, Any]], name: str | None = None
) -> Match:
    """Participant by pseudonym (or `source_key`) and wave by label, number or months; file name first, then the opening words.

    No guess is made where two fit equally well.
    """
    stem = re.sub(r"\.[^.]{1,5}$", "", name or transcript.name)
    opening = transcript.text[:_OPENING]
    people, planned = list(participants), list(waves)
    reasons = []
    participant = wave = None
    for where, words in (("the file's name", stem), ("the speakers", "\n".join(transcript.speakers)), ("the opening words", opening)):
        if participant is None and (found := _person(words, people)):
            participant = found
            reasons.append(f"participant by {where}")
        if wave is None and where != "the speakers" and (found := _wave(words, planned, is_name=where == "the file's name")):
            wave = found
            reasons.append(f"wave by {where}")
    return Match(participant, wave, "; ".join(reasons) or "nothing in the file says whose it is")


def _person(words: str, people: list[Mapping[str, Any]]) -> str | None:
    found: dict[str, int] = {}
    for row in people:
        for key in (row.get("pseudonym"), row.get("source_key")):
            if key and (length := _stands_in(key, words)):
                found[row["id"]] = max(found.get(row["id"], 0), length)
    best = [row_id for row_id, length in found.items() if length == max(found.values())]
    return best[0] if len(best) == 1 else None


def _stands_in(key: str, words: str) -> int:
    """Length of a key that stands in the words on its own: `P1` does not stand in `P12`; `P01` and `p-1` are the same."""
    pieces = [re.escape(piece.lstrip("0") or "0") if piece.isdecimal() else re.escape(piece) for piece in re.findall(r"\d+|[^\W\d_]+", key)]
    if not pieces:
        return 0
    joined = r"[\s_.-]*".join(("0*" if piece.isdecimal() else "") + piece for piece in pieces)
    return len(key) if re.search(rf"(?<![^\W_]){joined}(?![^\W_])", words, re.IGNORECASE) else 0


def _wave(words: str, waves: list[Mapping[str, Any]], *, is_name: bool) -> str | None:
    labelled = [row for row in waves if row.get("label") and _stands_in(row["label"], words)]
    if len(labelled) == 1:
        return labelled[0]["id"]
    if is_name or _WAVE.search(words):
        numbers = {int(match.group(1)) for match in _WAVE.finditer(words.replace("_", " "))}
        numbered = [row for row in waves if row["position"] in numbers]
        if len(numbered) == 1:
            return numbered[0]["id"]
    months = {int(match.group(1) or match.group(2)) for match in _MONTHS.finditer(words.replace("_", " "))}
    timed = [row for row in waves if row.get("months") is not None and row["months"] in months]
    if len(timed) == 1:
        return timed[0]["id"]
    first = min(waves, key=lambda row: row["position"], default=None)
    return first["id"] if first and re.search(r"(?i)(?<![a-z])baseline(?![a-z])", words) else None


def who_asks(transcript: Transcript) -> str | None:
    """The speaker most of whose turns end in a question, in whatever language; nobody where several do, or none."""
    turns: dict[str, list[bool]] = {}
    for turn in transcript.turns:
        if turn.speaker:
            said = transcript.text[turn.start : turn.stop].rstrip(_CLOSING)
            turns.setdefault(turn.speaker, []).append(said.endswith(_QUESTIONS))
    asking = [speaker for speaker, ends in turns.items() if 2 * sum(ends) > len(ends)]
    return asking[0] if len(asking) == 1 else None


def guess_roles(speakers: Iterable[str], pseudonyms: Iterable[str] = (), asks: str | None = None) -> dict[str, str]:
    """Speaker label → `participant`, `interviewer` or `other`, to be shown and corrected.

    With two speakers of whom one is known, the other is the other; where neither is, the one who `asks` is the interviewer.
    """
    labels = list(speakers)
    known = {pseudonym.casefold() for pseudonym in pseudonyms}
    roles = {}
    for label in labels:
        if label.casefold() in known or (_PARTICIPANT.fullmatch(label) and not _INTERVIEWER.fullmatch(label)):
            roles[label] = "participant"
        elif _INTERVIEWER.fullmatch(label):
            roles[label] = "interviewer"
    if len(labels) == 2 and not roles and asks in labels:
        roles[asks] = "interviewer"
    if len(labels) == 2 and len(roles) == 1:
        (only, role), *_ = roles.items()
        other = next(label for label in labels if label != only)
        roles[other] = "interviewer" if role == "participant" else "participant"
    return {label: roles.get(label, "other") for label in labels}
