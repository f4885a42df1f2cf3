"""Sessions of a Network Canvas export: whose they are, and at which wave."""

import datetime
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from kithwork.formats.building import Builder
from kithwork.formats.networkcanvas.parts import CASE, EGO, OUR_PERSON, OUR_STATE, OUR_WAVE, SESSION, Part
from kithwork.formats.networkcanvas.protocol import Protocol
from kithwork.formats.networkcanvas.questions import answer_cells, asked_columns, tell_answers
from kithwork.model.rows import utc_text
from kithwork.model.schema import MAP_STATES


@dataclass
class Session:
    """One session: its map (empty where the session was left out), and the alters of its participant, whichever session named them."""

    map: str
    participant: str
    interview: str
    wave: int
    alters: dict[str, str]
    ties: dict[str, str] = field(default_factory=dict)  # node uuid or id -> our tie


@dataclass
class _Place:
    """Where a session goes."""

    part: Part
    at: int
    pseudonym: str
    wave: int
    state: str
    key: str
    is_unfinished: bool


def waves_of(sessions: Mapping[str, Session]) -> dict[str, int]:
    """The wave of each session that is kept, by its ego's id."""
    return {ego: session.wave for ego, session in sessions.items() if session.map}


def read_sessions(egos: list[Part], parts: list[Part], protocol: Protocol | None, builder: Builder) -> dict[str, Session]:
    """Participants, interviews and maps, and ego's answers; returns sessions by their ego's id."""
    drawn = {ego for part in parts if part.what == "node" for ego in part.cells[EGO]}
    are_asked = bool(protocol and protocol.elicited) or any(part.sheet.rows for part in parts if part.what == "edge")
    if not are_asked:
        builder.notes.meet("alter_ties_not_asked", "Nothing shows that ties between alters were asked about; the maps say 'not asked'.")
    places, left_out = _places(egos, drawn, builder)
    waves = {ego: place.wave for ego, place in places.items()}
    asked = asked_columns(egos, "ego", "", protocol.ego if protocol else None, "interview", set(), waves, builder)
    sessions = {ego: Session("", "", "", 0, {}) for ego in left_out}
    people: dict[str, tuple[str, dict[str, str]]] = {}
    interviews: dict[tuple[str, int], str] = {}
    counts = Counter[str]()
    for ego, place in places.items():
        if place.pseudonym not in people:
            row = {"pseudonym": place.pseudonym, "status": "enrolled", "source_key": f"networkcanvas:{place.pseudonym}"}
            people[place.pseudonym] = builder.add("participants", **row), {}
        participant, alters = people[place.pseudonym]
        if (participant, place.wave) not in interviews:
            interviews[participant, place.wave] = _interview(place, participant, builder)
            answer_cells(place.part, place.at, asked, interviews[participant, place.wave], builder, counts)
        drawn_map = builder.add(
            "maps",
            interview_id=interviews[participant, place.wave],
            state=place.state,
            stage="recall" if place.is_unfinished else "finished",
            alter_ties_asked="yes" if are_asked else "no",
            source_key=f"networkcanvas:{place.key}",
        )
        sessions[ego] = Session(drawn_map, participant, interviews[participant, place.wave], place.wave, alters)
    tell_answers(counts, builder)
    return sessions


def _places(egos: list[Part], drawn: set[str], builder: Builder) -> tuple[dict[str, _Place], set[str]]:
    """Where each session goes, the earliest first, by its ego's id; and the sessions left out as chosen."""
    notes, places, left_out = builder.notes, dict[str, _Place](), set[str]()
    keys, taken, cases = set[str](), set[tuple[str, int, str]](), Counter[str]()
    rows = [(part, at) for part in egos for at in range(len(part.sheet.rows))]
    for part, at in sorted(rows, key=lambda row: (row[0].cell("sessionStart", row[1]), row[0].cell(SESSION, row[1]))):
        file, number = part.sheet.name, part.sheet.numbers[at]
        ego, case = part.cells[EGO][at], part.cells[CASE][at].strip()
        key = part.cell(SESSION, at) or ego
        if not ego or not case:
            notes.meet("no_id", "The session has no id of its ego or case.", file, number)
        elif ego in places or ego in left_out or key in keys:
            notes.meet("repeated_session", "The session was in an earlier row.", file, number)
        elif (is_unfinished := not part.cell("sessionFinish", at)) and notes.meet(
            "unfinished_session", f"The session was not finished{'' if ego in drawn else ' and names nobody'}.", file, number
        ) == "drop":
            left_out.add(ego)
        else:
            told = _told(part, at)
            place = told or _next(case, cases, file, number, builder)
            if place in taken:
                notes.meet("repeated_session", "The session is of the wave and state of an earlier one.", file, number)
                left_out.add(ego)
                continue
            taken.add(place)
            keys.add(key)
            places[ego] = _Place(part, at, *place, key, is_unfinished)
    return places, left_out


def _told(part: Part, at: int) -> tuple[str, int, str] | None:
    """Whose map it is, its wave and state, where our own export says so."""
    person, wave, state = (part.cell(name, at) for name in (OUR_PERSON, OUR_WAVE, OUR_STATE))
    is_whole = bool(person) and wave.isascii() and wave.isdigit() and len(wave) < 4 and int(wave) > 0 and state in MAP_STATES
    return (person, int(wave), state) if is_whole else None


def _next(case: str, cases: Counter[str], file: str, number: int, builder: Builder) -> tuple[str, int, str]:
    """The place of a session by its case id: a later one of the same case is someone else, or that person's next wave."""
    options = builder.options
    cases[case] += 1
    if cases[case] == 1:
        return case, options.wave, options.state
    if builder.notes.meet("repeated_case", "An earlier session has the same case id.", file, number) == "waves":
        return case, options.wave + cases[case] - 1, options.state
    return f"{case} ({cases[case]})", options.wave, options.state


def _interview(place: _Place, participant: str, builder: Builder) -> str:
    start, finish = (_moment(place.part.cell(name, place.at)) for name in ("sessionStart", "sessionFinish"))
    outcome = place.part.cell("networkCanvasFinishOutcome", place.at)
    return builder.add(
        "interviews",
        participant_id=participant,
        wave_id=builder.wave(place.wave),
        status="held",
        held_on=start.date().isoformat() if start else None,
        started_at=utc_text(start) if start else None,
        minutes=(finish - start).total_seconds() / 60 if start and finish and finish >= start else None,
        notes=f"Network Canvas ended this session as: {outcome}." if outcome not in ("", "completed") else None,
    )


def _moment(text: str) -> datetime.datetime | None:
    try:
        moment = datetime.datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=datetime.UTC)
