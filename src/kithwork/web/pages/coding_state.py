"""Everything the coding page needs, in one answer: one query a table, however many codings there are."""

from typing import Any

from kithwork.actions.parallel import blind_documents
from kithwork.model.errors import SelectionError
from kithwork.model.rows import Row
from kithwork.model.schema import TABLES
from kithwork.store import Study
from kithwork.talk import find_mentions
from kithwork.web.passages import around

_TURN = ("id", "position", "start", "stop", "speaker", "speaker_role", "starts_at")
_SEGMENT = ("id", "start", "stop")
_LOST = (*_SEGMENT, "quotation")


def coding_state(study: Study, document_id: str, *, with_names: bool = False, coder_id: str | None = None) -> dict[str, Any]:
    """The latest version of a text with its turns, and every row that stands on it; passages that lost their place apart.

    Alters go by their pseudonyms, or by their names where `with_names`. While a document is blind, codings and memos of others
    than the one coding, and the passages only those stand on, are not given out.
    """
    document = study.row("documents", document_id)
    revisions = sorted(study.rows("revisions", document_id=document_id), key=lambda row: row["number"])
    if not revisions:
        raise SelectionError("This text has no words yet; bring it in again.")
    latest = revisions[-1]
    segments = study.rows("segments", revision_id=[row["id"] for row in revisions])
    marks = _marks(study, document_id, [row["id"] for row in segments])
    is_blind = document_id in blind_documents(study, document_id)
    if is_blind:
        segments, marks = _own(segments, marks, coder_id)
    here = [row for row in segments if row["revision_id"] == latest["id"] and not row["is_lost"]]
    lost = [row for row in segments if row["is_lost"]]
    ids = {row["id"] for row in (*here, *lost)}
    alters = study.rows("alters", participant_id=document["participant_id"]) if document["participant_id"] else []
    finished = study.rows("assignments", document_id=document_id, coder_id=coder_id) if coder_id else []
    return {
        "document": document,
        "revision": {name: latest[name] for name in ("id", "number", "text", "is_pseudonymised", "signed_off_at")},
        "turns": [_only(row, _TURN) for row in sorted(study.rows("turns", revision_id=latest["id"]), key=lambda row: row["position"])],
        "lost": [_only(row, _LOST) for row in lost],
        "about": _about(study, document),
        "alters": [{"id": row["id"], "pseudonym": row["pseudonym"], "kind": row["kind"]} for row in alters],
        "names": _names(study, alters) if with_names else {},
        "coders": {row["id"]: row["name"] for row in study.rows("coders")},
        "is_blind": is_blind,
        "is_named": bool(finished),
        "finished_at": finished[0]["finished_at"] if finished else None,
        "tables": {
            "segments": {row["id"]: _only(row, _LOST) for row in here},
            **{
                name: {row["id"]: row for row in rows if row["segment_id"] is None or row["segment_id"] in ids}
                for name, rows in marks.items()
            },
            "codes": {row["id"]: row for row in study.rows("codes")},
        },
    }


def _marks(study: Study, document_id: str, segment_ids: list[str]) -> dict[str, list[Row]]:
    """What stands on passages, and memos on the document itself."""
    found = {name: study.rows(name, segment_id=segment_ids) for name in ("codings", "mentions", "memos")}
    return {**found, "memos": [*found["memos"], *study.rows("memos", document_id=document_id)]}


def _own(segments: list[Row], marks: dict[str, list[Row]], coder_id: str | None) -> tuple[list[Row], dict[str, list[Row]]]:
    """One coder's own codings and memos, and the passages with something of theirs on them. Of whom a passage speaks all may see."""
    own = {name: [row for row in rows if name == "mentions" or row["coder_id"] == coder_id] for name, rows in marks.items()}
    ids = {row["segment_id"] for rows in own.values() for row in rows}
    return [row for row in segments if row["id"] in ids], own


def offers(study: Study, document_id: str) -> list[dict[str, Any]]:
    """Stretches of the latest text that seem to speak of an alter and are not tied to it yet; nothing is decided."""
    document = study.row("documents", document_id)
    if not document["participant_id"]:
        return []
    revision = max(study.rows("revisions", document_id=document_id), key=lambda row: row["number"])
    alters = study.rows("alters", participant_id=document["participant_id"])
    turns = study.rows("turns", revision_id=revision["id"])
    spoken = [turn for turn in turns if turn["speaker_role"] != "interviewer"] or turns
    found = find_mentions(revision["text"], alters, _names(study, alters), spoken)
    return [{"start": one.start, "stop": one.stop, "alter_ids": list(one.alter_ids), "how": one.how} for one in found]


def passages_about(study: Study, alter_id: str) -> list[dict[str, Any]]:
    """What is said about an alter, passage by passage, in the order of waves and of the talk; the words of the latest texts."""
    study.row("alters", alter_id)
    mentions = {row["segment_id"]: row for row in study.rows("mentions", alter_id=alter_id)}
    segments = study.rows("segments", id=list(mentions))
    revisions = {row["id"]: row for row in study.rows("revisions", id=[row["revision_id"] for row in segments])}
    documents = {row["id"]: row for row in study.rows("documents", id=[row["document_id"] for row in revisions.values()])}
    interviews = {row["id"]: row for row in study.rows("interviews", id=[row["interview_id"] for row in documents.values()])}
    waves = {row["id"]: row for row in study.rows("waves")}
    found = []
    for row in segments:
        document = documents[revisions[row["revision_id"]]["document_id"]]
        interview = interviews.get(document["interview_id"])
        wave = waves[interview["wave_id"]] if interview else None
        start, stop = around(revisions[row["revision_id"]]["text"], row["start"], row["stop"])
        found.append(
            {
                "segment_id": row["id"],
                "document_id": document["id"],
                "wave": wave["label"] if wave else None,
                "position": wave["position"] if wave else 0,
                "start": row["start"],
                "before": revisions[row["revision_id"]]["text"][start : row["start"]],
                "words": row["quotation"],
                "after": revisions[row["revision_id"]]["text"][row["stop"] : stop],
                "is_lost": bool(row["is_lost"]),
            }
        )
    return sorted(found, key=lambda one: (one["position"], one["document_id"], one["start"]))


def _about(study: Study, document: Row) -> dict[str, Any]:
    """Whose talk it is and from which wave, and the map of that wave."""
    interview = study.row("interviews", document["interview_id"]) if document["interview_id"] else None
    maps = study.rows("maps", interview_id=interview["id"]) if interview else []
    first = min(maps, key=lambda row: (row["state"] != "everyday", row["id"]), default=None)
    person = study.row("participants", document["participant_id"]) if document["participant_id"] else None
    return {
        "participant_id": document["participant_id"],
        "pseudonym": person["pseudonym"] if person else None,
        "wave": study.row("waves", interview["wave_id"])["label"] if interview else None,
        "map_id": first["id"] if first else None,
        "events": _events(study, interview["id"]) if interview else {},
        "ties": {row["alter_id"]: row["id"] for row in study.rows("ties", map_id=first["id"])} if first else {},
    }


def _events(study: Study, interview_id: str) -> dict[str, list[Row]]:
    """Alter → the events told of it in this interview."""
    labels = TABLES["events"]["event"].choices
    found: dict[str, list[Row]] = {}
    for row in study.rows("events", interview_id=interview_id):
        if row["alter_id"]:
            found.setdefault(row["alter_id"], []).append({"id": row["id"], "label": labels.get(row["event"], row["event"])})
    return found


def _names(study: Study, alters: list[Row]) -> dict[str, str]:
    rows = study.rows("identities", alter_id=[row["id"] for row in alters]) if alters else []
    return {row["alter_id"]: row["name"] for row in rows if row["name"]}


def _only(row: Row, names: tuple[str, ...]) -> Row:
    return {name: row[name] for name in names}
