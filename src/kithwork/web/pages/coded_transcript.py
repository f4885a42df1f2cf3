"""One coded transcript as a file to read or print."""

from datetime import date

from flask import Response, request

from kithwork.formats.coded_text import render, transcripts
from kithwork.model.errors import StudyError
from kithwork.model.tables import StudyTables
from kithwork.web.desk import desk
from kithwork.web.pages.measures import attachment

TYPES = {
    ".html": "text/html",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".pdf": "application/pdf",
}


def download_transcript(document_id: str, ending: str) -> Response:
    """A text that was signed off, with its codes in the margin; coders by name only where that is asked for."""
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
        "codings": study.rows("codings", segment_id=[row["id"] for row in segments]),
        "interviews": interview,
        **{name: study.rows(name) for name in ("codes", "coders", "waves", "participants")},
    }
    found = transcripts(StudyTables.from_rows(rows), with_names=request.args.get("coders") == "yes")
    if not found:
        raise StudyError("Nobody signed off that this text may leave the study, so it is not written; sign it off first.")
    name = f"kithwork-transcript-{date.today():%Y-%m-%d}{ending}"  # noqa: DTZ011 - the day on this desk
    return attachment(render(found[0], ending), name, TYPES.get(ending, "application/octet-stream"))
