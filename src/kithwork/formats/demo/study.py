"""A whole study from a seed: participants followed through waves, their maps, and what was said around them."""

from kithwork.formats.demo.cast import Alter, Cast
from kithwork.formats.demo.chance import Chance
from kithwork.formats.demo.course import Fate, first_map, next_map
from kithwork.formats.demo.documents import add_talk
from kithwork.formats.demo.people import consent_rows, interview_rows, participant_rows
from kithwork.formats.demo.talk import answer_rows, event_rows, wish_rows
from kithwork.formats.demo.ties import alter_tie_rows, nomination_rows, support_rows, tie_rows
from kithwork.formats.demo.words import INTERVIEW_NOTES
from kithwork.formats.template import find_template, template_tables, with_waves
from kithwork.model.errors import SelectionError
from kithwork.model.rows import Row
from kithwork.model.tables import StudyTables, frame_of

SEED = 2029
FEWEST, MOST = 5, 25
_PET_SHARE = 25 / 54  # Brooks et al. 2016: 25 of 54 named a pet
_BOUNDARY = "Anyone or anything that matters in everyday life just now, people or not."
_TITLE = "Demo: personal support networks through time"
_INTERVIEWERS = {"First interviewer": "#2f6f7e", "Second interviewer": "#a4572e"}
_STAYING = {"person": 0.5, "group": 0.3, "activity": 0.35}
_NEARER_IN_A_CRISIS = {"professional", "peer", "place", "object"}
Rows = dict[str, list[Row]]


def demo_tables(seed: int = SEED, participants: int = 29, waves: int = 3, ties: int | None = None, talk: bool | None = None) -> StudyTables:
    """A synthetic study; the same seed and sizes give the same tables, ids included.

    As many `participants` and `waves` as asked for; about `ties` ties on each everyday map, or 5 to 25 where it is left
    out. With 29 participants and three waves 79 interviews are held and 8 missed, each for another reason, as many as in
    the source paper. With `talk` each interview held has a transcript, coded by two coders; left out, a study of up to 60
    participants and six waves has it and a larger one has not. Nothing in it comes from a person.
    Raises `SelectionError` for sizes below 1.
    """
    if participants < 1 or waves < 1 or (ties is not None and ties < 1):
        raise SelectionError("A demo study needs at least one participant, one wave and one tie; give larger numbers.")
    chance = Chance(seed)
    design = template_tables(with_waves(find_template(), waves), chance.id)
    rows: Rows = {name: design.rows(name) for name in design.frames}
    rows["studies"][0].update(title=_TITLE, is_synthetic=True, created_at="2024-01-01T00:00:00.000Z")
    rows["coders"] = [{"id": chance.id(), "name": name, "color": color} for name, color in _INTERVIEWERS.items()]
    rows["participants"] = participant_rows(participants, chance)
    rows["interviews"] = interview_rows(rows["participants"], rows["waves"], rows["coders"], chance)
    rows["consents"] = consent_rows(rows["participants"], chance)
    for name in ("alters", "identities", "maps", "ties", "nominations", "fates", "supports", "alter_ties", "events", "answers", "wishes"):
        rows[name] = []
    held: dict[str, list[Row]] = {}
    for interview in rows["interviews"]:
        if interview["status"] == "held":
            held.setdefault(interview["participant_id"], []).append(interview)
    asked = _asked(rows)
    pets = set(chance.sample(range(participants), round(participants * _PET_SHARE)))
    for number, person in enumerate(rows["participants"]):
        _Life(rows, asked, chance, ties, has_pet=number in pets).follow(person, held.get(person["id"], []))
    if talk if talk is not None else participants <= 60 and waves <= 6:
        add_talk(rows, chance)
    return StudyTables({name: frame_of(name, group) for name, group in rows.items()})


class _Life:
    """One participant's network through the interviews that were held."""

    def __init__(self, rows: Rows, asked: dict[str, dict[str, str]], chance: Chance, ties: int | None, *, has_pet: bool) -> None:
        self.rows = rows
        self.asked = asked
        self.chance = chance
        self.cast = Cast(chance, rows["roles"])
        self.has_pet = has_pet
        self.fixed = ties
        self.size = ties or min(MOST, max(FEWEST, round(chance.normal(11.5, 4.6))))
        self.known: dict[tuple[str, str], bool] = {}

    def follow(self, person: Row, interviews: list[Row]) -> None:
        """Add every row about this participant."""
        for number, interview in enumerate(interviews):
            fates: list[Fate] = []
            if number == 0:
                alters = first_map(self.cast, self.size, self.chance, has_pet=self.has_pet)
            else:
                size = self.fixed or min(MOST, max(FEWEST, self.size + self.chance.whole(-2, 2)))
                alters, fates = next_map(self.cast, size, self.chance)
            self._interview(interview, alters, fates)
        for alter in self.cast.members:
            row: Row = {
                "id": alter.id,
                "participant_id": person["id"],
                "kind": alter.kind,
                "role": alter.role,
                "pseudonym": alter.pseudonym,
            }
            row["known_since"] = "for many years" if alter.is_old else None
            self.rows["alters"].append(row)
            self.rows["identities"].append({"id": self.chance.id(), "alter_id": alter.id, "name": alter.name})
        if interviews:
            self.rows["wishes"] += wish_rows(person, interviews, self.chance)

    def _interview(self, interview: Row, alters: list[Alter], fates: list[Fate]) -> None:
        chance, rows = self.chance, self.rows
        if chance.is_so(0.5):
            interview["notes"] = chance.one(INTERVIEW_NOTES)
        everyday = self._map(interview, "everyday")
        ties = tie_rows(everyday["id"], alters, chance)
        late = {fate.alter.id for fate in fates if fate.fate == "forgotten"}
        questions = self.asked[interview["wave_id"]]
        rows["ties"] += ties
        rows["nominations"] += nomination_rows(alters, ties, questions, late, chance)
        rows["fates"] += [fate.row(chance, everyday["id"]) for fate in fates]
        rows["supports"] += support_rows(alters, ties, chance)
        if everyday["alter_ties_asked"] != "no":
            seen = len(alters) if everyday["alter_ties_asked"] == "yes" else len(alters) // 2
            rows["alter_ties"] += alter_tie_rows(everyday["id"], alters[:seen], ties[:seen], self.known, chance)
        rows["events"] += event_rows(interview, everyday["id"], alters, fates, chance)
        rows["answers"] += answer_rows(interview, everyday["id"], questions, chance)
        if chance.is_so(0.25):
            self._crisis(interview, alters)

    def _crisis(self, interview: Row, alters: list[Alter]) -> None:
        """The same network in a crisis: some ties set aside, some nearer; things, places and animals mostly stay."""
        chance = self.chance
        crisis = self._map(interview, "crisis")
        staying = [alter for alter in alters if chance.is_so(_STAYING.get(alter.kind, 0.85))] or alters[:1]
        usual = {alter.id: alter.circle for alter in staying}
        for alter in staying:
            if alter.circle is not None and chance.is_so(0.35):
                step = -1 if alter.sort in _NEARER_IN_A_CRISIS else chance.one((-1, 1))
                alter.circle = min(3, max(1, alter.circle + step))
        ties = tie_rows(crisis["id"], staying, chance)
        self.rows["ties"] += ties
        self.rows["nominations"] += nomination_rows(staying, ties, self.asked[interview["wave_id"]], set(), chance)
        self.rows["supports"] += support_rows(staying, ties, chance)
        for alter in staying:
            alter.circle = usual[alter.id]

    def _map(self, interview: Row, state: str) -> Row:
        asked = self.chance.weighted({"yes": 0.84, "partly": 0.08, "no": 0.08}) if state == "everyday" else "no"
        row: Row = {"id": self.chance.id(), "interview_id": interview["id"], "state": state, "stage": "finished", "alter_ties_asked": asked}
        row["boundary_rule"] = _BOUNDARY
        row["recall_finished_at"] = f"{interview['started_at'][:14]}59:00.000Z"
        self.rows["maps"].append(row)
        return row


def _asked(rows: Rows) -> dict[str, dict[str, str]]:
    """Wave → code → id of the questions asked at it."""
    codes = {row["id"]: row["code"] for row in rows["questions"]}
    asked: dict[str, dict[str, str]] = {row["id"]: {} for row in rows["waves"]}
    for row in rows["asked"]:
        asked[row["wave_id"]][codes[row["question_id"]]] = row["question_id"]
    return asked
