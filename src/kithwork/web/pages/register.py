"""The register: participants × waves, who has been interviewed and how far each interview has come."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse

from kithwork.cohort.order import natural
from kithwork.model.rows import Row
from kithwork.model.schema import MAP_STATES, MISSED, TABLES
from kithwork.model.tables import StudyTables
from kithwork.store import Study
from kithwork.web.desk import desk
from kithwork.web.pictures import picture

STATES = TABLES["interviews"]["status"].choices
STATUSES = TABLES["participants"]["status"].choices


@dataclass
class Cell:
    """One participant at one wave, as the grid shows it."""

    wave_id: str
    state: str
    words: str
    on: str | None = None
    marks: list[str] = field(default_factory=list)
    talk: tuple[str, str] | None = None  # the transcript and how far it is


def register() -> str | AnyResponse:
    """Who is in the study and how far each interview has come."""
    if desk().is_empty:
        return redirect(url_for("start"))
    study = desk().study
    waves = sorted(study.rows("waves"), key=lambda wave: wave["position"])
    participants = sorted(study.rows("participants"), key=lambda person: natural(person["pseudonym"]))
    grid = cells(study, participants, waves)
    held = Counter(cell.state for row in grid.values() for cell in row)
    return render_template(
        "register.html",
        waves=waves,
        participants=participants,
        grid=grid,
        held=held["held"],
        possible=len(participants) * len(waves),
        standing=Counter(person["status"] for person in participants),
        statuses=STATUSES,
        states=STATES,
        flow=picture("attrition_flow", study.tables("studies", "waves", "participants", "interviews")) if participants and waves else None,
    )


def cells(study: Study, participants: list[Row], waves: list[Row], of: StudyTables | None = None) -> dict[str, list[Cell]]:
    """Participant id → one cell a wave; one query a table, however many there are. `of` holds the rows where they are at hand."""
    rows = study.rows if of is None else lambda table: of[table].to_dicts()
    interviews = {(row["participant_id"], row["wave_id"]): row for row in rows("interviews")}
    marks = _marks(rows, study.count("ties", by="map_id"))
    talk = _talk(rows, coded_documents(study))
    return {
        person["id"]: [_cell(person, wave, interviews.get((person["id"], wave["id"])), marks, talk) for wave in waves]
        for person in participants
    }


def _cell(person: Row, wave: Row, interview: Row | None, marks: dict[str, list[str]], talk: dict[str, tuple[str, str]]) -> Cell:
    if interview is None:
        state = "withdrawn" if person["status"] in ("withdrawn", "died") else "due"
        return Cell(wave["id"], state, "Withdrawn before it" if state == "withdrawn" else "Due")
    state = interview["status"]
    words = STATES[state]
    if state == "missed" and interview["missed_reason"]:
        words = f"Missed: {MISSED[interview['missed_reason']].lower()}"
    on = interview["held_on"] if state == "held" else None
    return Cell(wave["id"], state, words, on, marks.get(interview["id"], []), talk.get(interview["id"]))


def _marks(rows: Callable[[str], list[Row]], ties: dict[str, int]) -> dict[str, list[str]]:
    """Interview id → its maps, in words."""
    found: dict[str, list[str]] = {}
    for row in sorted(rows("maps"), key=lambda row: list(MAP_STATES).index(row["state"])):
        number = ties.get(row["id"], 0)
        label = "map" if row["state"] == "everyday" else f"map ({MAP_STATES[row['state']].lower()})"
        found.setdefault(row["interview_id"], []).append(f"{label}: {number} {'tie' if number == 1 else 'ties'}")
    return found


def _talk(rows: Callable[[str], list[Row]], coded: set[str]) -> dict[str, tuple[str, str]]:
    """Interview id → its transcript, a coded one first, and how far it is."""
    found: dict[str, tuple[str, str]] = {}
    for document in rows("documents"):
        interview_id = document["interview_id"]
        if interview_id and document["document_kind"] in (None, "transcript") and (document["id"] in coded or interview_id not in found):
            found[interview_id] = (document["id"], "transcript, coded" if document["id"] in coded else "transcript")
    return found


def coded_documents(study: Study) -> set[str]:
    """Ids of documents in which at least one segment is marked; texts are not loaded."""
    revisions = study.count("segments", by="revision_id")
    return set(study.count("revisions", by="document_id", id=list(revisions))) if revisions else set()
