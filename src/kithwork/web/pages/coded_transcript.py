"""One coded transcript as a file to read or print."""

from datetime import date

from flask import Response, request, session

from kithwork.actions.parallel import blind_documents
from kithwork.formats.coded_text import render, transcripts
from kithwork.model.errors import StudyError
from kithwork.model.rows import Row
from kithwork.model.tables import StudyTables
from kithwork.store import Study
from kithwork.web.desk import desk
from kithwork.web.pages.measures import attachment

TYPES = {
    ".html": "text/html",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".pdf": "application/pdf",
}


def download_transcript(document_id: str, ending: str) -> Response:
    """A text that was signed off, with its codes in the margin; coders by name only where that is asked for.

    While it is blind, only the codes that the one working put there.
    """
    study = desk().study
    document = study.row("documents", document_id)
    revisions = study.rows("revisions", document_id=document_id)
    segments = study.rows("segments", revision_id=[row["id"] for row in revisions])
    interview = study.rows("interviews", id=document["interview_id"]) if document["interview_id"] else []
    rows = {
        "documents": [document],
        "revisions": revisions,
        "segments": segments,
        "turns": study.rows("turns", revision_id=[row["id"] for row in revisions]),
        "codings": _seen(study, document_id, study.rows("codings", segment_id=[row["id"] for row in segments])),
        "interviews": interview,
        **{name: study.rows(name) for name in ("codes", "coders", "waves", "participants")},
    }
    found = transcripts(StudyTables.from_rows(rows), with_names=request.args.get("coders") == "yes")
    if not found:
        raise StudyError("Nobody signed off that this text may leave the study, so it is not written; sign it off first.")
    name = f"kithwork-transcript-{date.today():%Y-%m-%d}{ending}"  # noqa: DTZ011 - the day on this desk
    return attachment(render(found[0], ending), name, TYPES.get(ending, "application/octet-stream"))


def _seen(study: Study, document_id: str, codings: list[Row]) -> list[Row]:
    if document_id not in blind_documents(study, document_id):
        return codings
    return [row for row in codings if row["coder_id"] == session.get("coder_id")]
