"""What the scripts of pages call: carry out one action, undo, redo."""

from typing import Any

from flask import abort, jsonify, request, session
from werkzeug.wrappers import Response as AnyResponse

from kithwork.actions import act, take_back
from kithwork.model.errors import StudyError
from kithwork.model.rows import Row
from kithwork.store import Entry
from kithwork.web.desk import desk

Changed = dict[str, dict[str, Row | None]]


def do_action(verb: str) -> AnyResponse:
    """POST {arguments, request} → {entry, saved_at, changed: {table: {id: columns | null}}}; the same request key acts once."""
    body = _body()
    entry = act(
        desk().study,
        verb.replace("-", " "),
        body.get("arguments") or {},
        origin="page",
        actor=session.get("coder_id"),
        request=_request_key(body),
    )
    return _saved(entry)


def undo(map_id: str) -> AnyResponse:
    """Take back the last action on a map that still stands."""
    return _step(map_id, is_redo=False)


def redo(map_id: str) -> AnyResponse:
    """Bring back the last action on a map that was undone."""
    return _step(map_id, is_redo=True)


def undo_one(entry_id: str) -> AnyResponse:
    """Take back one entry (or, given an undo, bring it again); `ConflictError` when its rows were changed since."""
    entry = take_back(desk().study, entry_id, origin="page", actor=session.get("coder_id"), request=_request_key(_body()))
    return _saved(entry)


def _step(map_id: str, *, is_redo: bool) -> AnyResponse:
    study, key = desk().study, _request_key(_body())
    repeated = study.entries(request=key) if key else []
    if repeated:
        return _saved(study.entry(repeated[0]["id"], is_repeat=True))
    done, undone = study.undoable(map=map_id)
    stack = undone if is_redo else done
    if not stack:
        raise StudyError(f"There is nothing to {'redo' if is_redo else 'undo'} on this map.")
    return _saved(take_back(study, stack[-1], origin="page", actor=session.get("coder_id"), request=key))


def _body() -> dict[str, Any]:
    try:
        body = request.get_json(silent=True)
    except RecursionError:  # lists in lists without end
        body = None
    if not isinstance(body, dict):
        abort(400)
    return body


def _request_key(body: dict[str, Any]) -> str | None:
    key = body.get("request")
    if key is not None and (not isinstance(key, str) or not 8 <= len(key) <= 64):
        raise StudyError("The request key must be 8 to 64 characters.")
    return key


def _saved(entry: Entry) -> AnyResponse:
    changed = _with_passages(entry.changed)
    return jsonify(entry=entry.id, saved_at=entry.at, verb=entry.verb, changed=changed, is_repeat=entry.is_repeat)


def _with_passages(changed: Changed) -> Changed:
    """Also the passages that changed rows stand on: another coder may have made them, where this page does not know them."""
    there = changed.get("segments", {})
    rows = (row for name in ("codings", "mentions", "memos") for row in changed.get(name, {}).values())
    missing = {row["segment_id"] for row in rows if row and row.get("segment_id")} - there.keys()
    if not missing:
        return changed
    return {**changed, "segments": {**there, **{row["id"]: row for row in desk().study.rows("segments", id=missing)}}}
