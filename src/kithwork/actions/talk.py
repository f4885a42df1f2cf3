"""Verbs on transcripts: bring in, correct, put pseudonyms for names and back, sign off. A text is never edited in place.

Each new version of a text keeps, in `replacements`, exactly what stood where before; every passage moves with its words, or is marked
as having lost its place and stays on the earlier version.
"""

import hashlib
import re
from collections.abc import Sequence
from typing import Any, Literal

from kithwork.actions.people import interview_at
from kithwork.actions.roster import change_other_name, remember
from kithwork.actions.verbs import action
from kithwork.model.errors import ConflictError, SelectionError, StudyError
from kithwork.model.rows import Row, now
from kithwork.store import Change, Study
from kithwork.talk import Anchor, Edit, SpanMap, apply_edits, changes_between, move_all
from kithwork.talk.stand_ins import StandIn, standing

Role = Literal["participant", "interviewer", "other"]
_CHANGED = "This text was changed since; reload the page."

# -- bringing in --------------------------------------------------------------------------------------------------------------


@action
def bring_in_transcript(
    change: Change,
    title: str,
    text: str,
    turns: list[dict[str, Any]],
    participant_id: str | None = None,
    interview_id: str | None = None,
    wave_id: str | None = None,
    document_kind: str = "transcript",
    roles: dict[str, str] | None = None,
    source_key: str | None = None,
    id: str | None = None,  # noqa: A002 - the document made gets this id
) -> Row:
    """Keep a transcript as the first version of a document, with who speaks where; `roles` says who each speaker is to the study.

    With a wave it is of the participant's interview at that wave, which is then held.
    A turn is `start`, `stop` (code points of the text), `speaker`, `starts_at`, `stops_at` (seconds).
    """
    if not text.strip():
        raise StudyError("This transcript holds no words; choose another file.")
    if wave_id and participant_id and not interview_id:
        interview_id = _interview_held(change, participant_id, wave_id)
    if interview_id:
        owner = change.row("interviews", interview_id)["participant_id"]
        if participant_id not in (None, owner):
            raise StudyError("This interview is another participant's; choose one of the two.")
        participant_id = owner
    document = {
        "id": id,
        "title": title.strip(),
        "participant_id": participant_id,
        "interview_id": interview_id,
        "document_kind": document_kind,
        "source_key": source_key,
    }
    kept = change.insert("documents", document)
    revision = _revise(change, kept["id"], 1, text, None)
    _keep_turns(change, revision["id"], text, [{"speaker_role": (roles or {}).get(turn.get("speaker") or ""), **turn} for turn in turns])
    return kept


def _interview_held(change: Change, participant_id: str, wave_id: str) -> str:
    """The interview that was transcribed, made if nobody wrote it down; what is told of a missed one stays for a person to correct."""
    found = change.rows("interviews", participant_id=participant_id, wave_id=wave_id)
    if found and found[0]["status"] != "due":
        return found[0]["id"]
    return interview_at(change, participant_id, wave_id, {"status": "held"})["id"]


@action
def describe_document(change: Change, document_id: str, values: dict[str, Any]) -> Row:
    """Change a document's title or kind, or say whose it is and from which interview."""
    if set(values) - {"title", "document_kind", "participant_id", "interview_id"}:
        raise StudyError("Of a document only its title, its kind, its participant and its interview can be changed here.")
    merged = {**change.row("documents", document_id), **values}
    if merged["interview_id"]:
        owner = change.row("interviews", merged["interview_id"])["participant_id"]
        if "participant_id" in values and values["participant_id"] != owner:
            raise StudyError("This interview is another participant's; choose one of the two.")
        values = {**values, "participant_id": owner}
    return change.update("documents", document_id, values)


@action
def say_who_speaks(change: Change, revision_id: str, roles: dict[str, Role]) -> None:
    """Say who each speaker of a text is to the study: the participant, the interviewer, or someone else."""
    for turn in change.rows("turns", revision_id=revision_id):
        if turn["speaker"] in roles:
            change.update("turns", turn["id"], {"speaker_role": roles[turn["speaker"]]})


@action
def remove_document(change: Change, document_id: str) -> None:
    """Take a document out, with its versions and everything coded or noted in it; undo brings all of it back."""
    for revision in change.rows("revisions", document_id=document_id):
        for segment in change.rows("segments", revision_id=revision["id"]):
            _drop_passage(change, segment["id"])
        for table in ("turns", "replacements"):
            for row in change.rows(table, revision_id=revision["id"]):
                change.delete(table, row["id"])
        change.delete("revisions", revision["id"])
    for table in ("memos", "assignments", "kept_words"):
        for row in change.rows(table, document_id=document_id):
            change.delete(table, row["id"])
    change.delete("documents", document_id)


def _drop_passage(change: Change, segment_id: str) -> None:
    for table in ("codings", "mentions", "decisions", "memos"):
        for row in change.rows(table, segment_id=segment_id):
            change.delete(table, row["id"])
    for event in change.rows("events", segment_id=segment_id):
        change.update("events", event["id"], {"segment_id": None})
    change.delete("segments", segment_id)


@action
def let_passage_go(change: Change, segment_id: str) -> None:
    """Take out a passage that lost its place, with what was coded and noted on it; undo brings it back."""
    if not change.row("segments", segment_id)["is_lost"]:
        raise StudyError("This passage has its place; take its codes off instead.")
    _drop_passage(change, segment_id)


# -- changing the text ------------------------------------------------------------------------------------------------------------


@action
def revise_text(
    change: Change,
    document_id: str,
    revision_id: str,
    text: str | None = None,
    edits: list[dict[str, Any]] | None = None,
    reason: str | None = None,
    coder_id: str | None = None,
) -> Row:
    """Correct a text: a new version, given whole as `text` or as `edits` (`start`, `stop`, `text`) of the version `revision_id`.

    Passages move with their words; one whose words are gone is marked as having lost its place and stays on the earlier version.
    """
    before = latest_revision(change, document_id, revision_id)
    if (text is None) == (edits is None):
        raise StudyError("A correction needs either the whole new text or the edits that make it.")
    steps = changes_between(before["text"], text) if text is not None else [_edit(one) for one in edits or []]
    rows = [{"what": "edit", "replacement": step.text, "coder_id": coder_id} for step in steps]
    return _move_to_new(change, before, steps, rows, reason, bool(before["is_pseudonymised"]))


@action
def apply_replacements(
    change: Change,
    documents: list[dict[str, Any]],
    reason: str | None = None,
    coder_id: str | None = None,
    pseudonyms: dict[str, str] | None = None,
    remembered: list[dict[str, Any]] | None = None,
) -> list[Row]:
    """Put pseudonyms for names in one text or many, as one action: a new version of each, every passage staying on its words.

    `pseudonyms`, alter to pseudonym, are what alters are called from now on, on their maps as well; names known besides the maps too.
    `remembered` are names of nobody on a map, as `remember names` takes them, each with an `id` that replacements call `other_name_id`.

    Each of `documents` is `document_id`, `revision_id` and `replacements`, each of these `start`, `stop`, `original`, `replacement`,
    `what`, and `alter_id` or `participant_id` where it names one. The words that stood there stay in the earlier version.
    """
    for row_id, pseudonym in (pseudonyms or {}).items():
        if change.rows("other_names", id=row_id):
            change_other_name(change, row_id, {"pseudonym": pseudonym})
        else:
            change.update("alters", row_id, {"pseudonym": pseudonym.strip()})
    kept_as = {str(given.get("id")): remember(change, given)["id"] for given in remembered or []}
    made = []
    for given in documents:
        rows = given.get("replacements") or []
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise StudyError("A replacement needs a start, a stop and words.")
        if not rows:
            continue
        before = latest_revision(change, given.get("document_id", ""), given.get("revision_id", ""))
        steps = [_edit({**row, "text": row.get("replacement") or ""}, is_stand_in=True) for row in rows]
        if not all(step.text for step in steps):
            raise StudyError("A replacement needs words to put in the place of a name.")
        if any(row.get("original") not in (None, before["text"][step.start : step.stop]) for row, step in zip(rows, steps, strict=True)):
            raise ConflictError(_CHANGED)
        kept = ("what", "replacement", "alter_id", "participant_id", "other_name_id")
        told = [{"what": "name", **{name: row[name] for name in kept if row.get(name)}, "coder_id": coder_id} for row in rows]
        for row in told:
            if "other_name_id" in row:
                row["other_name_id"] = kept_as.get(str(row["other_name_id"]), row["other_name_id"])
        made.append(_move_to_new(change, before, steps, told, reason or "Names replaced", is_pseudonymised=True))
    if not made:
        raise StudyError("No replacement was chosen; choose at least one.")
    return made


@action
def take_back_replacements(
    change: Change,
    document_id: str,
    revision_id: str,
    replacement_ids: list[str],
    reason: str | None = None,
    coder_id: str | None = None,
) -> Row:
    """Put the words back that a replacement took out, in a new version; passages stay where they are."""
    before = latest_revision(change, document_id, revision_id)
    steps, rows = [], []
    places = {one.row["id"]: one for one in stand_ins(change, document_id)}
    for row_id in replacement_ids:
        row = change.row("replacements", row_id)
        if change.row("revisions", row["revision_id"])["document_id"] != document_id:
            raise SelectionError("This replacement belongs to another text; reload the page.")
        if row_id not in places:
            raise ConflictError("These words were changed again since; correct the text instead.")
        steps.append(Edit(places[row_id].start, places[row_id].stop, row["original"] or "", is_stand_in=True))
        told = {name: row[name] for name in ("what", "alter_id", "participant_id", "other_name_id")}
        rows.append({**told, "replacement": row["original"], "coder_id": coder_id})
    return _move_to_new(change, before, steps, rows, reason or "Names put back", bool(before["is_pseudonymised"]))


@action
def put_names_back(change: Change, documents: list[dict[str, Any]], reason: str | None = None, coder_id: str | None = None) -> None:
    """Put words back in many texts at once; each of `documents` is `document_id`, `revision_id` and `replacement_ids`."""
    for given in documents:
        take_back_replacements(
            change, given.get("document_id", ""), given.get("revision_id", ""), given.get("replacement_ids", []), reason, coder_id
        )


@action
def keep_words(change: Change, words: list[str], document_id: str | None = None, coder_id: str | None = None) -> None:
    """Say that words which look like a name may stay as they are, in one text or, without one, in all; they are not proposed again."""
    there = {row["words"] for row in change.rows("kept_words", document_id=document_id)}
    if not words:
        raise StudyError("No words were chosen; choose at least one.")
    told = {"document_id": document_id, "coder_id": coder_id, "decided_at": now()}
    change.insert_all("kept_words", [{**told, "words": one} for one in dict.fromkeys(words) if one not in there])


@action
def no_longer_keep_words(change: Change, kept_ids: list[str]) -> None:
    """Have words proposed again that somebody said may stay."""
    for row_id in kept_ids:
        change.delete("kept_words", row_id)


@action
def sign_off_transcript(change: Change, revision_id: str, coder_id: str | None = None, is_signed_off: bool = True) -> Row:
    """Sign off that the latest version of a text may leave the study, or take that back; what is not signed off is not exported."""
    revision = change.row("revisions", revision_id)
    latest_revision(change, revision["document_id"], revision_id)
    signed = {"signed_off_at": now(), "coder_id": coder_id} if is_signed_off else {"signed_off_at": None, "coder_id": None}
    return change.update("revisions", revision_id, signed)


@action
def sign_off_transcripts(change: Change, revision_ids: list[str], coder_id: str | None = None, is_signed_off: bool = True) -> None:
    """Sign off the latest versions of many texts at once, or take that back."""
    if not revision_ids:
        raise StudyError("No text was chosen; choose at least one.")
    for revision_id in revision_ids:
        sign_off_transcript(change, revision_id, coder_id, is_signed_off)


# -- parts other verbs use ----------------------------------------------------------------------------------------------------------


def latest_revision(change: Change, document_id: str, revision_id: str | None = None) -> Row:
    """The latest version of a document; `ConflictError` when the one named is not it."""
    found = change.last("revisions", "number", document_id=document_id)
    if found is None:
        raise SelectionError("This document is not there any more; reload the page.")
    if revision_id not in (None, found["id"]):
        raise ConflictError(_CHANGED)
    return found


def digest(text: str) -> str:
    """SHA-256 of a text as UTF-8."""
    return hashlib.sha256(text.encode()).hexdigest()


def _edit(given: dict[str, Any], *, is_stand_in: bool = False) -> Edit:
    try:
        return Edit(int(given["start"]), int(given["stop"]), str(given["text"]), is_stand_in)
    except (KeyError, TypeError, ValueError):
        raise StudyError("A change of a text needs a start, a stop and words.") from None


def _revise(change: Change, document_id: str, number: int, text: str, reason: str | None, is_pseudonymised: bool = False) -> Row:
    row = {"document_id": document_id, "number": number, "text": text, "digest": digest(text), "made_at": now(), "reason": reason}
    return change.insert("revisions", {**row, "is_pseudonymised": is_pseudonymised})


def _keep_turns(change: Change, revision_id: str, text: str, turns: Sequence[dict[str, Any]]) -> None:
    names = ("start", "stop", "speaker", "speaker_role", "starts_at", "stops_at")
    rows: list[Row] = [{name: turn.get(name) for name in names} for turn in turns]
    for row in rows:
        start, stop = row["start"], row["stop"]
        if not isinstance(start, int) or not isinstance(stop, int) or not 0 <= start <= stop <= len(text):
            raise StudyError("A turn lies outside the text; read the file again.")
    rows.sort(key=lambda row: row["start"])
    change.insert_all("turns", ({"position": place, "revision_id": revision_id, **row} for place, row in enumerate(rows, 1)))


def _move_to_new(change: Change, before: Row, steps: list[Edit], rows: list[Row], reason: str | None, is_pseudonymised: bool) -> Row:
    """The next version of a text, with what it replaced, its turns, and the passages that keep their place."""
    old = before["text"]
    new, moved = apply_edits(old, steps)
    if new == old:
        raise StudyError("Nothing in the text would change.")
    if not new.strip():
        raise StudyError("Nothing would be left of the text; take the document out instead.")
    after = _revise(change, before["document_id"], before["number"] + 1, new, reason, is_pseudonymised)
    replaced = [
        {**row, "revision_id": after["id"], "start": step.start, "stop": step.stop, "original": old[step.start : step.stop]}
        for step, row in zip(steps, rows, strict=True)
    ]
    change.insert_all("replacements", replaced)
    _keep_turns(change, after["id"], new, _moved_turns(change.rows("turns", revision_id=before["id"]), moved, new, replaced))
    move_passages(change, [row for row in change.rows("segments", revision_id=before["id"]) if not row["is_lost"]], moved, before, after)
    return after


def move_passages(change: Change, segments: list[Row], moved: SpanMap, before: Row, after: Row) -> None:
    """Passages of one version of a text on their words in the next, or listed as having lost their place."""
    anchors = [_with_surroundings(Anchor(row["start"], row["stop"], row["quotation"] or ""), before["text"]) for row in segments]
    results = zip(segments, move_all(anchors, moved, before["text"], after["text"]), strict=True)
    placed = {
        segment["id"]: {"is_lost": True} if result.is_lost else {**anchor_values(result.anchor), "revision_id": after["id"]}
        for segment, result in results
    }
    change.update_all("segments", placed)


def anchor_values(anchor: Anchor) -> Row:
    """The columns of a segment that say where it is."""
    return {
        "start": anchor.start,
        "stop": anchor.stop,
        "quotation": anchor.quotation,
        "before": anchor.before,
        "after": anchor.after,
        "is_lost": False,
    }


def _with_surroundings(anchor: Anchor, text: str) -> Anchor:
    """What stands around it now, whatever was kept of that before."""
    around = 32
    before, after = text[max(0, anchor.start - around) : anchor.start], text[anchor.stop : anchor.stop + around]
    return Anchor(anchor.start, anchor.stop, anchor.quotation, before, after)


def _moved_turns(turns: list[Row], moved: SpanMap, new: str, replaced: list[Row]) -> list[Row]:
    """Turns in the new text; words written at the edge of a turn are in it, up to the line's end. Labels lose names that were replaced."""
    back = moved.inverse()
    found = []
    for turn in sorted(turns, key=lambda turn: turn["position"]):
        span = moved.move(turn["start"], turn["stop"])
        if span is None:
            continue
        start, stop = span
        while start > 0 and new[start - 1] != "\n" and not back.within(start - 1, start):
            start -= 1
        start += len(new[start:stop]) - len(new[start:stop].lstrip())
        while stop < len(new) and new[stop] != "\n" and not back.within(stop, stop + 1):
            stop += 1
        if not found or found[-1]["stop"] <= start:
            found.append({**turn, "start": start, "stop": stop, "speaker": _label(turn["speaker"], replaced)})
    return found


def _label(speaker: str | None, replaced: list[Row]) -> str | None:
    for row in replaced:
        if speaker and row["what"] not in ("edit", "date") and row["original"]:
            speaker = re.sub(rf"(?<!\w){re.escape(row['original'])}(?!\w)", lambda _, put=row["replacement"]: put or "", speaker)
    return speaker


def stand_ins(source: Change | Study, document_id: str) -> list[StandIn]:
    """What stands for names in the latest version of a text."""
    revisions = source.rows("revisions", document_id=document_id)
    return standing(revisions, {row["id"]: source.rows("replacements", revision_id=row["id"]) for row in revisions})
