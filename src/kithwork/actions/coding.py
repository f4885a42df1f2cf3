"""Verbs of coding: codes on passages, mentions of alters, memos, and what was decided where coders differed."""

from typing import Any

from kithwork.actions.talk import anchor_values, latest_revision
from kithwork.actions.verbs import action
from kithwork.model.errors import ConflictError, StudyError
from kithwork.model.rows import Row, now
from kithwork.model.schema import TABLES
from kithwork.store import Change
from kithwork.talk import anchor_at

_USES = ("codings", "mentions", "decisions", "memos", "events")

# -- codes on passages ---------------------------------------------------------------------------------------------------------


@action
def code_segment(
    change: Change,
    revision_id: str,
    start: int,
    stop: int,
    code_ids: list[str],
    coder_id: str | None = None,
    segment_id: str | None = None,
) -> Row:
    """Put one code or several on a passage of the latest version of a text; a code that this coder put there already stays once."""
    if not code_ids:
        raise StudyError("No code was chosen; choose at least one.")
    segment = segment_at(change, revision_id, start, stop, segment_id)
    for code_id in dict.fromkeys(code_ids):
        put_code(change, segment["id"], code_id, coder_id)
    return segment


@action
def uncode(change: Change, coding_id: str) -> None:
    """Take a code off a passage; the passage goes with its last use."""
    coding = change.row("codings", coding_id)
    change.delete("codings", coding_id)
    drop_unused(change, coding["segment_id"])


@action
def move_coding(change: Change, coding_id: str, start: int, stop: int) -> Row:
    """Draw a coding longer or shorter; what others put on the same passage stays where it is."""
    coding = change.row("codings", coding_id)
    old = change.row("segments", coding["segment_id"])
    segment = segment_at(change, old["revision_id"], start, stop)
    if segment["id"] == old["id"]:
        return segment
    change.delete("codings", coding_id)
    put_code(change, segment["id"], coding["code_id"], coding["coder_id"])
    drop_unused(change, old["id"])
    return segment


@action
def recode(change: Change, coding_id: str, code_id: str) -> Row:
    """Give a coding another code."""
    coding = change.row("codings", coding_id)
    change.delete("codings", coding_id)
    return put_code(change, coding["segment_id"], code_id, coding["coder_id"])


@action
def put_segment_back(change: Change, segment_id: str, start: int, stop: int) -> Row:
    """Put a passage that lost its place on words of the latest version of its text."""
    segment = change.row("segments", segment_id)
    if not segment["is_lost"]:
        raise StudyError("This passage has its place; draw it longer or shorter instead.")
    revision = latest_revision(change, change.row("revisions", segment["revision_id"])["document_id"])
    anchor = anchor_at(revision["text"], start, stop)
    return change.update("segments", segment_id, {**anchor_values(anchor), "revision_id": revision["id"]})


def segment_at(change: Change, revision_id: str, start: int, stop: int, segment_id: str | None = None) -> Row:
    """The passage at a span of the latest version of a text, made if it is not there."""
    revision = latest_revision(change, change.row("revisions", revision_id)["document_id"], revision_id)
    anchor = anchor_at(revision["text"], start, stop)
    found = [row for row in change.rows("segments", revision_id=revision_id, start=start, stop=stop) if not row["is_lost"]]
    return found[0] if found else change.insert("segments", {**anchor_values(anchor), "id": segment_id, "revision_id": revision_id})


def put_code(change: Change, segment_id: str, code_id: str, coder_id: str | None) -> Row:
    """A coding, unless this coder has it there already; an unnamed coder counts as one."""
    found = change.rows("codings", segment_id=segment_id, code_id=code_id, coder_id=coder_id)
    if found:
        return found[0]
    change.row("codes", code_id)
    return change.insert("codings", {"segment_id": segment_id, "code_id": code_id, "coder_id": coder_id, "coded_at": now()})


def drop_unused(change: Change, segment_id: str) -> None:
    """Take a passage away that nothing rests on any more."""
    if not any(change.rows(table, segment_id=segment_id) for table in _USES):
        change.delete("segments", segment_id)


# -- mentions ------------------------------------------------------------------------------------------------------------------------


@action
def note_mentions(change: Change, revision_id: str, mentions: list[dict[str, Any]], coder_id: str | None = None) -> list[Row]:
    """Tie passages to whom or what they speak of: each `start`, `stop`, `alter_id`, and `tie_id` or `event_id` where one is meant.

    A mention that is there already keeps what is not given; an event or tie given as empty is taken off it.
    """
    document = change.row("documents", change.row("revisions", revision_id)["document_id"])
    text = latest_revision(change, document["id"], revision_id)["text"]
    passages = {(row["start"], row["stop"]): row for row in change.rows("segments", revision_id=revision_id) if not row["is_lost"]}
    places = [_place(given) for given in mentions]
    anchors = [anchor_at(text, *place) for place in dict.fromkeys(places) if place not in passages]
    added = change.insert_all("segments", [{**anchor_values(anchor), "revision_id": revision_id} for anchor in anchors])
    passages |= {(row["start"], row["stop"]): row for row in added}
    untouched = {row["id"] for row in added}
    alters: dict[str, Row] = {}
    made = []
    for given, place in zip(mentions, places, strict=True):
        alter_id = str(given.get("alter_id", ""))
        alter = alters[alter_id] if alter_id in alters else alters.setdefault(alter_id, change.row("alters", alter_id))
        if document["participant_id"] not in (None, alter["participant_id"]):
            raise StudyError("This alter belongs to another participant than the text.")
        for name in ("tie_id", "event_id"):
            if given.get(name) and change.row(f"{name[:-3]}s", given[name])["alter_id"] != alter["id"]:
                raise StudyError("This tie or event is another alter's; choose one of the alter spoken of.")
        segment = passages[place]
        values: Row = {name: given[name] or None for name in ("tie_id", "event_id") if name in given}
        values |= {"coder_id": coder_id} if coder_id else {}
        is_first = segment["id"] in untouched
        untouched.discard(segment["id"])
        found = [] if is_first else change.rows("mentions", segment_id=segment["id"], alter_id=alter["id"])
        if found:
            made.append(change.update("mentions", found[0]["id"], values))
        else:
            made.append(change.insert("mentions", {**values, "segment_id": segment["id"], "alter_id": alter["id"]}))
    if not made:
        raise StudyError("No mention was chosen; choose at least one.")
    return made


def _place(given: dict[str, Any]) -> tuple[int, int]:
    start, stop = given.get("start"), given.get("stop")
    if not isinstance(start, int) or not isinstance(stop, int):
        raise StudyError("A mention needs the places at which its words begin and end, as whole numbers; select them again.")
    return start, stop


@action
def forget_mention(change: Change, mention_id: str) -> None:
    """Take a mention away; the passage goes with its last use."""
    mention = change.row("mentions", mention_id)
    change.delete("mentions", mention_id)
    drop_unused(change, mention["segment_id"])


# -- memos --------------------------------------------------------------------------------------------------------------------------


@action
def write_memo(
    change: Change,
    text: str,
    about: str,
    about_id: str,
    memo_kind: str | None = None,
    coder_id: str | None = None,
    id: str | None = None,  # noqa: A002
) -> Row:
    """Write a memo on one thing: `about` is participant, map, alter, document, segment, code, theme or study; with an id, change it."""
    columns = {name.removesuffix("_id"): name for name in TABLES["memos"].exactly_one}
    if about not in columns:
        raise StudyError(f"A memo is on one of {', '.join(columns)}.")
    if not text.strip():
        raise StudyError("A memo needs words; remove it if it is not wanted.")
    if id is not None and (found := change.rows("memos", id=id)):
        if found[0][columns[about]] != about_id:
            raise StudyError("A memo stays with what it is on; write another.")
        return change.update("memos", id, {"text": text, "memo_kind": memo_kind or found[0]["memo_kind"]})
    row = {"id": id, "text": text, "memo_kind": memo_kind, "coder_id": coder_id, "written_at": now(), columns[about]: about_id}
    change.row(str(TABLES["memos"][columns[about]].table), about_id)
    return change.insert("memos", row)


@action
def remove_memo(change: Change, memo_id: str) -> None:
    """Take a memo away."""
    memo = change.row("memos", memo_id)
    change.delete("memos", memo_id)
    if memo["segment_id"]:
        drop_unused(change, memo["segment_id"])


# -- where coders differ -----------------------------------------------------------------------------------------------------------


@action
def decide_coding(
    change: Change,
    revision_id: str,
    start: int,
    stop: int,
    code_id: str,
    is_kept: bool,
    reason: str,
    coder_id: str | None = None,
) -> Row:
    """Decide whether a code holds for a passage on which coders differ, and why; both codings stay as they are."""
    _check_reason(reason)
    change.row("codes", code_id)
    segment = segment_at(change, revision_id, start, stop)
    return _decide(change, segment["id"], code_id, {"is_kept": is_kept, "reason": reason, "coder_id": coder_id, "decided_at": now()})


@action
def settle_difference(
    change: Change,
    revision_id: str,
    code_id: str,
    kept: list[str],
    dropped: list[str],
    reason: str,
    instead: list[int] | None = None,
    coder_id: str | None = None,
) -> list[Row]:
    """Decide a difference between coders as a whole: the passages that hold, those that do not, and other words `instead` (start, stop).

    Every coding stays as it is, whatever is decided. What was decided on the same passages before is replaced; the journal keeps it.
    """
    _check_reason(reason)
    change.row("codes", code_id)
    passages = _passages_of(change, revision_id, [*kept, *dropped])
    _take_back(change, passages, code_id)
    values: Row = {"reason": reason, "coder_id": coder_id, "decided_at": now()}
    made = [_decide(change, row["id"], code_id, {**values, "is_kept": row["id"] in kept}) for row in passages]
    if instead is not None:
        start, stop = [*instead, 0, 0][:2]
        if not any(row["start"] < stop and start < row["stop"] for row in passages):
            raise StudyError("The other words must overlap a passage that is decided on; code a passage elsewhere as usual.")
        segment = segment_at(change, revision_id, start, stop)
        made.append(_decide(change, segment["id"], code_id, {**values, "is_kept": True}))
    return made


@action
def open_difference_again(change: Change, revision_id: str, code_id: str, segment_ids: list[str]) -> None:
    """Take back all that was decided on a difference; its codings are as they were all along."""
    _take_back(change, _passages_of(change, revision_id, segment_ids), code_id)


@action
def take_back_decision(change: Change, decision_id: str) -> None:
    """Open a decided difference again."""
    decision = change.rows("decisions", id=decision_id)
    if not decision:
        raise ConflictError("This decision was taken back already; reload the page.")
    change.delete("decisions", decision_id)
    drop_unused(change, decision[0]["segment_id"])


def _check_reason(reason: str) -> None:
    if not reason.strip():
        raise StudyError("A decision needs its reason; a few words are enough.")


def _decide(change: Change, segment_id: str, code_id: str, values: Row) -> Row:
    found = change.rows("decisions", segment_id=segment_id, code_id=code_id)
    if found:
        return change.update("decisions", found[0]["id"], values)
    return change.insert("decisions", {**values, "segment_id": segment_id, "code_id": code_id})


def _passages_of(change: Change, revision_id: str, segment_ids: list[str]) -> list[Row]:
    """The passages named, which must all lie on the newest version of the text."""
    latest_revision(change, change.row("revisions", revision_id)["document_id"], revision_id)
    passages = [change.row("segments", segment_id) for segment_id in dict.fromkeys(segment_ids)]
    if not passages or any(row["revision_id"] != revision_id or row["is_lost"] for row in passages):
        raise ConflictError("A passage of this difference moved since; reload the page.")
    return passages


def _take_back(change: Change, passages: list[Row], code_id: str) -> None:
    """Take away what was decided on passages, and on words chosen in place of them."""
    ids = {row["id"] for row in passages}
    for segment in change.rows("segments", revision_id=passages[0]["revision_id"]):
        if not any(row["start"] < segment["stop"] and segment["start"] < row["stop"] for row in passages):
            continue
        is_instead = segment["id"] not in ids and not change.rows("codings", segment_id=segment["id"], code_id=code_id)
        for decision in change.rows("decisions", segment_id=segment["id"], code_id=code_id):
            if is_instead or segment["id"] in ids:
                change.delete("decisions", decision["id"])
                drop_unused(change, segment["id"])
