"""One participant's course through the waves, as the pictures read it: what was seen, and where there is a gap and why."""

from dataclasses import dataclass, field
from typing import Any

from kithwork.figures.svg import tidy
from kithwork.model.errors import SelectionError
from kithwork.model.schema import MAP_STATES, MISSED
from kithwork.model.tables import StudyTables

Row = dict[str, Any]


@dataclass(frozen=True)
class Occasion:
    """One wave of one participant. `map` is empty where nothing was seen; then `gap` says why."""

    wave: Row
    interview: Row | None
    map: Row | None
    gap: str
    circles: list[str]  # labels, innermost first
    ties: dict[str, Row] = field(default_factory=dict)  # by alter id
    fates: dict[str, Row] = field(default_factory=dict)  # by alter id

    @property
    def is_seen(self) -> bool:
        return self.map is not None

    @property
    def is_finished(self) -> bool:
        return self.map is not None and self.map["stage"] == "finished"

    @property
    def version(self) -> int:
        return self.wave["circle_version"]


@dataclass(frozen=True)
class Course:
    """A participant, all waves in order, and what each alter is called."""

    participant: Row
    occasions: list[Occasion]
    alters: dict[str, Row]
    labels: dict[str, str]
    is_synthetic: bool

    @property
    def seen(self) -> list[Occasion]:
        return [occasion for occasion in self.occasions if occasion.is_seen]

    @property
    def numbers(self) -> dict[str, str]:
        """A short local number for each alter; row ids tell their time and stay in the house."""
        return {alter: str(place) for place, alter in enumerate(self.alters, start=1)}


def course(tables: StudyTables, participant_id: str, *, state: str = "everyday", names: bool = False) -> Course:
    """The participant's maps of one state through all waves.

    Raises      SelectionError when there is no such participant.
    """
    participant = _one(tables, "participants", participant_id)
    alters = {row["id"]: row for row in sorted(_where(tables, "alters", participant_id=participant_id), key=lambda row: row["id"])}
    interviews = {row["wave_id"]: row for row in _where(tables, "interviews", participant_id=participant_id)}
    occasions = []
    for wave in waves(tables):
        interview = interviews.get(wave["id"])
        maps = _where(tables, "maps", interview_id=interview["id"]) if interview else []
        drawn = next((row for row in maps if row["state"] == state), None)
        occasions.append(occasion(tables, wave, interview, drawn, gap_reason(participant, interview, bool(maps), state)))
    return Course(participant, occasions, alters, alter_labels(tables, participant_id, names=names), is_synthetic(tables))


def occasion(tables: StudyTables, wave: Row, interview: Row | None, drawn: Row | None, gap: str) -> Occasion:
    """A wave with the map drawn at it, or with the reason why there is none."""
    circles = [row["label"] for row in sorted(_where(tables, "circles", version=wave["circle_version"]), key=lambda row: row["position"])]
    if drawn is None:
        return Occasion(wave, interview, None, gap, circles)
    ties = {row["alter_id"]: row for row in _where(tables, "ties", map_id=drawn["id"])}
    # an import may carry more circles than the study declares: draw them all, unnamed
    circles += [f"Circle {place + 1}" for place in range(len(circles), max((row["circle"] or 0 for row in ties.values()), default=0))]
    return Occasion(
        wave, interview, drawn, "", circles, ties, {row["alter_id"]: row for row in _where(tables, "fates", map_id=drawn["id"])}
    )


def gap_reason(participant: Row, interview: Row | None, has_maps: bool, state: str) -> str:
    """Why there is no map, in a few kind words; never a loss of ties."""
    status = interview["status"] if interview else None
    if status == "held":
        return f"No map of this state ({MAP_STATES[state].lower()})" if has_maps else "Interview held, no map drawn"
    if status == "missed":
        reason = MISSED.get(interview["missed_reason"] or "", "") if interview else ""
        return f"No interview: {reason[0].lower()}{reason[1:]}" if reason else "No interview; reason not recorded"
    if status == "withdrawn" or (status is None and participant["status"] == "withdrawn"):
        return "Left the study before this"
    if status is None and participant["status"] == "died":
        return "Died before this"
    return "Not held yet"


def alter_labels(tables: StudyTables, participant_id: str, *, names: bool = False) -> dict[str, str]:
    """What each alter is called: the pseudonym, or the name as said where there is one and `names` asks for it."""
    found = {row["id"]: tidy(row["pseudonym"]) or "(no name)" for row in _where(tables, "alters", participant_id=participant_id)}
    if names:
        for row in tables["identities"].iter_rows(named=True):
            if row["alter_id"] in found and row["name"] and tidy(row["name"]):
                found[row["alter_id"]] = tidy(row["name"])
    return found


def ego_label(tables: StudyTables, participant_id: str, *, names: bool = False) -> str:
    """What the participant is called: the pseudonym, or the name where `names` asks for it."""
    if names:
        for row in _where(tables, "identities", participant_id=participant_id):
            if row["name"] and tidy(row["name"]):
                return tidy(row["name"])
    return tidy(_one(tables, "participants", participant_id)["pseudonym"])


def waves(tables: StudyTables) -> list[Row]:
    """The study's waves in order."""
    return sorted(tables["waves"].to_dicts(), key=lambda row: row["position"])


def is_synthetic(tables: StudyTables) -> bool:
    """Whether the study is made up."""
    return any(tables["studies"]["is_synthetic"].to_list())


def map_of(tables: StudyTables, map_id: str) -> tuple[Occasion, Row]:
    """A map with its wave, and the participant who drew it."""
    drawn = _one(tables, "maps", map_id)
    interview = _one(tables, "interviews", drawn["interview_id"])
    wave = _one(tables, "waves", interview["wave_id"])
    return occasion(tables, wave, interview, drawn, ""), _one(tables, "participants", interview["participant_id"])


def _where(tables: StudyTables, table: str, **values: Any) -> list[Row]:
    frame = tables[table]
    for column, value in values.items():
        frame = frame.filter(frame[column] == value)
    return frame.to_dicts()


def _one(tables: StudyTables, table: str, row_id: str) -> Row:
    found = _where(tables, table, id=row_id)
    if not found:
        raise SelectionError(f"There is no such row in '{table}'; choose one that is in the study.")
    return found[0]
