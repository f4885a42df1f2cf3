"""Transcripts: which there are, and bringing new ones in after a look at whose they are."""

from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from flask import abort, jsonify, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response as AnyResponse

from kithwork.actions import act
from kithwork.actions.parallel import blind_documents, open_to
from kithwork.cohort.order import natural
from kithwork.formats.transcripts import KINDS, Match, Transcript, guess_match, guess_roles, read_transcript, who_asks
from kithwork.model.errors import FormatError
from kithwork.model.rows import Row
from kithwork.model.schema import TABLES
from kithwork.model.terms import folded_words
from kithwork.store import Entry, Study
from kithwork.talk.words import around
from kithwork.web.desk import desk
from kithwork.web.forms import tell, tell_saved
from kithwork.web.pages.search import in_order
from kithwork.web.uploads import Upload, uploads

ROLES = TABLES["turns"]["speaker_role"].choices
_MARKS = {
    "revisions": ("id", "document_id"),
    "segments": ("id", "revision_id"),
    "codings": ("segment_id", "coder_id"),
    "decisions": ("segment_id", "coder_id"),
    "memos": ("segment_id", "document_id", "coder_id"),
    "mentions": ("segment_id",),
    "events": ("segment_id",),
}
BEGINNING = 600  # characters shown, so that a file can be told from another
SHOWN = 8  # problems told a file
MOST_TOLD = 12  # brought in together and told one by one; what is told travels in a cookie, which holds little
MOST_SPEAKERS = 12  # asked about; a table with more is not an interview


@dataclass
class Look:
    """One file looked at: what it holds and whose it seems to be, or the problem for which it cannot be read."""

    number: int
    name: str
    transcript: Transcript | None = None
    match: Match | None = None
    title: str = ""
    words: int = 0
    begins: str = ""
    is_there: bool = False
    is_double: bool = False  # another of the files looked at holds the same words
    roles: dict[str, str] = field(default_factory=dict)
    problem: str | None = None


def documents() -> str:
    """Every text by participant and wave, with how long it is and how far the work on it has come."""
    study = desk().study
    people = {row["id"]: row for row in study.rows("participants")}
    return render_template(
        "documents.html",
        lines=desk().remembered(("documents", session.get("coder_id")), lambda: _lines(study, people)),
        endings=",".join(KINDS),
        waves=sorted(study.rows("waves"), key=lambda row: row["position"]),
        participants=sorted(people.values(), key=lambda row: natural(row["pseudonym"])),
    )


def _lines(study: Study, people: dict[str, Row]) -> list[dict[str, Any]]:
    """One line a text, in the order of participants and waves; one query a table."""
    waves = {row["id"]: row for row in study.rows("waves")}
    interviews = {row["id"]: row for row in study.rows("interviews")}
    marked, sizes = _marked(study), study.sizes()
    latest: dict[str, Row] = {}
    heads = study.columns({"revisions": ("id", "document_id", "number", "is_pseudonymised", "signed_off_at")})["revisions"]
    for row in heads.to_dicts():
        if row["number"] > latest.get(row["document_id"], {"number": 0})["number"]:
            latest[row["document_id"]] = row
    lines = []
    for row in study.rows("documents"):
        revision = latest.get(row["id"])
        interview = interviews.get(row["interview_id"])
        lines.append(
            {
                **row,
                "person": people.get(row["participant_id"]),
                "wave": waves.get(interview["wave_id"]) if interview else None,
                "revision_id": revision["id"] if revision else "",
                "words": sizes.get(row["id"], 0),
                "passages": marked.get(revision["id"], 0) if revision else 0,
                "version": revision["number"] if revision else 0,
                "is_pseudonymised": bool(revision and revision["is_pseudonymised"]),
                "signed_off_at": revision["signed_off_at"] if revision else None,
            }
        )
    return sorted(lines, key=in_order)


def _marked(study: Study) -> dict[str | None, int]:
    """Passages of each revision; in texts still coded blind only those with something on them that whoever is working may see."""
    shut = blind_documents(study)
    if not shut:
        return study.count("segments", by="revision_id")
    seen = open_to(study.columns(_MARKS), shut, session.get("coder_id"))["segments"]
    return dict(seen.group_by("revision_id").len().iter_rows())


# -- bringing in -------------------------------------------------------------------------------------------------------------


def upload_transcripts() -> AnyResponse:
    """POST keeps the files chosen for a look; nothing is brought in yet."""
    kept = uploads().keep(file for file in request.files.getlist("files") if file.filename)
    return redirect(url_for("look_at_transcripts", upload_id=kept.id))


def begin_transcripts() -> AnyResponse:
    """POST makes room for files that a script sends one by one; tells where each goes, where to look at them, and how to drop them."""
    upload_id = uploads().begin().id
    return jsonify({name: url_for(f"{name}_transcripts", upload_id=upload_id) for name in ("add_to", "look_at", "drop")})


def add_to_transcripts(upload_id: str) -> AnyResponse:
    """POST keeps one more file and reads it; tells the problem for which it cannot be read."""
    file = request.files.get("file") or abort(400)
    number = uploads().add(upload_id, file)
    kept = uploads().get(upload_id)
    return jsonify(problem=_read(kept, number, kept.paths[number]).problem)


def look_at_transcripts(upload_id: str) -> str:
    """Each file with whose it seems to be, its speakers, problems and losses; changes nothing."""
    study, kept = desk().study, uploads().get(upload_id)
    looks = _look(study, kept)
    return render_template(
        "documents_look.html",
        upload_id=upload_id,
        looks=looks,
        is_any=any(look.transcript for look in looks),
        participants=sorted(study.rows("participants"), key=lambda row: natural(row["pseudonym"])),
        waves=sorted(study.rows("waves"), key=lambda row: row["position"]),
        roles=ROLES,
        shown=SHOWN,
    )


def _look(study: Study, kept: Upload) -> list[Look]:
    people, waves = study.rows("participants"), study.rows("waves")
    pseudonyms = {row["id"]: row["pseudonym"] for row in people}
    labels = {row["id"]: row["label"] for row in waves}
    looks, seen = [], set[str]()
    for number, path in enumerate(kept.paths):
        look = _read(kept, number, path)
        if look.transcript:
            look.match = guess_match(look.transcript, people, waves)
            speakers = look.transcript.speakers[:MOST_SPEAKERS]
            look.roles = guess_roles(speakers, pseudonyms.values(), who_asks(look.transcript))
            told = [pseudonyms.get(look.match.participant_id or ""), labels.get(look.match.wave_id or "")]
            look.title = ", ".join(filter(None, told)) if told[0] else path.stem
            digest = sha256(look.transcript.text.encode()).hexdigest()
            look.is_there = bool(study.count("revisions", by="document_id", digest=digest))
            look.is_double = digest in seen
            seen.add(digest)
            look.words = _words(look.transcript)
            look.begins = "".join(around(look.transcript.text.lstrip(), 0, 0, BEGINNING))
        looks.append(look)
    return looks


def _words(transcript: Transcript) -> int:
    """How many words are said in it, counted as the list of texts does."""
    said = [transcript.text[turn.start : turn.stop] for turn in transcript.turns] or [transcript.text]
    return sum(1 for stretch in said for _ in folded_words(stretch))


def _read(kept: Upload, number: int, path: Path) -> Look:
    """What the file holds, read once; whose it seems to be is worked out anew each time."""
    if number not in kept.read:
        try:
            kept.read[number] = read_transcript(path)
        except FormatError as error:
            kept.read[number] = str(error)
    found = kept.read[number]
    return Look(number, path.name, problem=found) if isinstance(found, str) else Look(number, path.name, found)


def bring_in_transcripts(upload_id: str) -> AnyResponse:
    """POST brings in each file that was not left out, as an entry of its own that can be undone."""
    study, kept = desk().study, uploads().get(upload_id)
    made = []
    for number, path in enumerate(kept.paths):
        if request.form.get(f"take-{number}") == "yes" and (transcript := _read(kept, number, path).transcript):
            made.append(_bring_in(study, upload_id, number, _arguments(number, path, transcript)))
    if not made:
        tell("No file was chosen to be brought in.")
        return redirect(url_for("look_at_transcripts", upload_id=upload_id))
    uploads().drop(upload_id)
    if len(made) > MOST_TOLD:
        tell(f"{len(made)} transcripts were brought in. Each can be undone in the journal.")
        return redirect(url_for("documents"))
    for number, entry in enumerate(made, 1):
        tell_saved(f"Transcript {number} of {len(made)} brought in." if len(made) > 1 else "The transcript was brought in.", entry)
    return redirect(url_for("documents"))


def bring_in_one(upload_id: str, file: str) -> AnyResponse:
    """POST brings in one of the files as its part of the form says; a script sends them one by one, then the form, which tells of all."""
    study, kept = desk().study, uploads().get(upload_id)
    number, path = next((one for one in enumerate(kept.paths) if str(one[0]) == file), None) or abort(404)
    transcript = _read(kept, number, path).transcript or abort(404)
    entry = _bring_in(study, upload_id, number, _arguments(number, path, transcript))
    return jsonify(entry=entry.id)


def _bring_in(study: Study, upload_id: str, number: int, arguments: dict[str, Any]) -> Entry:
    key = f"{upload_id}-{number}"  # sent twice, each is brought in once
    return act(study, "bring in transcript", arguments, origin="page", actor=session.get("coder_id"), request=key)


def _arguments(number: int, path: Path, transcript: Transcript) -> dict[str, Any]:
    said = request.form
    participant_id = said.get(f"participant-{number}") or None
    roles = {name: said.get(f"role-{number}-{place}", "") for place, name in enumerate(transcript.speakers[:MOST_SPEAKERS])}
    return {
        "title": said.get(f"title-{number}", "").strip() or path.stem,
        "text": transcript.text,
        "turns": [dict(vars(turn)) for turn in transcript.turns],
        "participant_id": participant_id,
        "wave_id": (said.get(f"wave-{number}") or None) if participant_id else None,
        "roles": {name: role for name, role in roles.items() if role in ROLES},
    }


def drop_transcripts(upload_id: str) -> AnyResponse:
    """POST throws the files looked at away."""
    uploads().drop(upload_id)
    return redirect(url_for("documents"))
