"""egor's three files, written: `egos.csv`, `alters.csv`, `aaties.csv`, ready for `egor::threefiles_to_egor`.

One ego is one map. `egoID` is the pseudonym; where anyone has several maps it is pseudonym, wave and state, such as `P01.w2`
or `P01.w2.crisis`. `alterID` is a number within the participant, the same at each wave.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import Any

from kithwork.formats.reading import MISSING, Writing
from kithwork.formats.sheets import write_sheet
from kithwork.model.rows import Row
from kithwork.model.schema import TABLES, Table
from kithwork.model.tables import StudyTables

EGO_SUBJECTS = ("participant", "interview", "map", "topic")
_TABLES = ("waves", "participants", "interviews", "maps", "alters", "ties", "nominations", "alter_ties")
PERSON = ("site", "gender", "age_band", "lives_alone", "housing", "education", "employment")


@dataclass
class Three:
    """The three tables as values: by name, column names and rows; what they cannot carry; which question a column answers."""

    tables: dict[str, tuple[list[str], list[list[Any]]]]
    losses: list[str]
    questions: dict[str, Row]


def write(tables: StudyTables, *, with_personal_text: bool = False) -> Writing:
    """The three files and what they cannot carry; identities and the journal never leave."""
    three = three_tables(tables, with_personal_text=with_personal_text)
    return Writing({f"{name}.csv": write_sheet(header, rows) for name, (header, rows) in three.tables.items()}, three.losses)


def three_tables(tables: StudyTables, *, with_personal_text: bool, keep_reasons: bool = False) -> Three:
    """Egos, alters and alter ties; `keep_reasons` writes why an answer is missing (`missing:refused`) in its place."""
    rows = {name: tables.rows(name) for name in _TABLES}
    answers, withheld = answers_of(tables, with_personal_text, keep_reasons=keep_reasons)
    losses = ["Supports, events, fates, interviews without a map and all talk are not in these tables; the 'csv' format holds them."]
    if answers.missing:
        losses.append(f"{answers.missing} answer(s) say only why there is none; they are empty cells, as R's NA has no reasons.")
    if withheld:
        losses.append(f"{withheld} answer(s) in free words are left out; --with-personal-text keeps them.")
    if not with_personal_text:
        losses.append("Free text about people is left out.")
    egos = ego_ids(rows)
    numbers = alter_numbers(rows)
    alter_of_tie = {tie["id"]: numbers[tie["alter_id"]] for tie in rows["ties"]}
    ego_of_tie = {tie["id"]: egos[tie["map_id"]] for tie in rows["ties"]}
    ties = [tie for tie in rows["alter_ties"] if tie.get("weight") != 0]
    if len(ties) < len(rows["alter_ties"]):
        losses.append(f"{len(rows['alter_ties']) - len(ties)} recorded non-tie(s) are left out: egor would count them as ties.")
    found = {
        "egos": _egos(rows, egos, answers),
        "alters": _alters(rows, ego_of_tie, alter_of_tie, answers, with_personal_text),
        "aaties": _aaties(ties, ego_of_tie, alter_of_tie, answers),
    }
    return Three(found, losses, answers.asked)


def ego_ids(rows: dict[str, list[Row]]) -> dict[str, str]:
    """A unique `egoID` by map id."""
    waves = {row["id"]: row["position"] for row in rows["waves"]}
    people = {row["id"]: row["pseudonym"] for row in rows["participants"]}
    interviews = {row["id"]: row for row in rows["interviews"]}
    several = max(Counter(interviews[row["interview_id"]]["participant_id"] for row in rows["maps"]).values(), default=0) > 1
    ids = {}
    for row in rows["maps"]:
        interview = interviews[row["interview_id"]]
        state = "" if row["state"] == "everyday" else f".{row['state']}"
        ids[row["id"]] = people[interview["participant_id"]] + (f".w{waves[interview['wave_id']]}{state}" if several else "")
    return ids


def alter_numbers(rows: dict[str, list[Row]]) -> dict[str, int]:
    """Alters numbered within their participant, in the order they were named."""
    waves = {row["id"]: row["position"] for row in rows["waves"]}
    wave_of = {row["id"]: waves[row["wave_id"]] for row in rows["interviews"]}
    map_wave = {row["id"]: wave_of[row["interview_id"]] for row in rows["maps"]}
    position = {row["tie_id"]: row.get("position", 10**9) for row in rows["nominations"]}
    owner = {row["id"]: row["participant_id"] for row in rows["alters"]}
    numbers: dict[str, int] = {}
    counts: Counter[str] = Counter()
    for tie in sorted(rows["ties"], key=lambda tie: (map_wave[tie["map_id"]], position.get(tie["id"], 10**9), tie["id"])):
        if tie["alter_id"] not in numbers:
            counts[owner[tie["alter_id"]]] += 1
            numbers[tie["alter_id"]] = counts[owner[tie["alter_id"]]]
    return numbers


class Columns:
    """Answers as columns: a column a question (and version, where several were asked), values by what was asked."""

    def __init__(self) -> None:
        self.names: dict[str, list[str]] = defaultdict(list)
        self.values: dict[str, dict[str, Any]] = defaultdict(dict)
        self.question: dict[str, Row] = {}
        self.asked: dict[str, Row] = {}  # by the name a column got
        self.missing = 0  # answers that say only why there is none

    def of(self, subjects: tuple[str, ...], taken: list[str]) -> list[tuple[str, dict[str, Any]]]:
        """Column names, none of them in `taken`, and their values."""
        found = []
        for subject in subjects:
            for name in self.names[subject]:
                unique = name if name not in taken else f"{name}_answer"
                found.append((unique, self.values[name]))
                self.asked[unique] = self.question[name]
        return found


def answers_of(tables: StudyTables, with_personal_text: bool, *, keep_reasons: bool = False) -> tuple[Columns, int]:
    """Answers to questions the study invented as columns, and how many in free words were withheld."""
    questions = {row["id"]: row for row in tables.rows("questions")}
    answers = tables.rows("answers")
    versions: defaultdict[str, set[int]] = defaultdict(set)
    for row in answers:
        question = questions[row["question_id"]]
        versions[question["code"]].add(question["version"])
    columns, withheld = Columns(), 0
    references = [f"{subject}_id" for subject in ("participant", "interview", "map", "alter", "tie", "alter_tie")]
    for row in answers:
        question = questions[row["question_id"]]
        is_reason = str((row.get("codes") or [""])[0]).startswith(MISSING)
        if is_reason and not keep_reasons:
            columns.missing += 1
            continue
        is_free = "text" in row and question.get("answer_kind", "text") == "text"
        if is_free and not with_personal_text:
            withheld += 1
            continue
        code = question["code"] if len(versions[question["code"]]) == 1 else f"{question['code']}_v{question['version']}"
        owner = next(row[name] for name in references if name in row)
        value = row["codes"][0] if is_reason else row.get("number", row.get("codes", row.get("text")))
        columns.values[code][owner] = value
        columns.question[code] = question
        if code not in columns.names[question["subject"]]:
            columns.names[question["subject"]].append(code)
    return columns, withheld


def _egos(rows: dict[str, list[Row]], egos: dict[str, str], answers: Columns) -> tuple[list[str], list[list[Any]]]:
    waves = {row["id"]: row["position"] for row in rows["waves"]}
    people = {row["id"]: row for row in rows["participants"]}
    interviews = {row["id"]: row for row in rows["interviews"]}
    header = ["egoID", "pseudonym", "wave", "state", "alter_ties_asked", *PERSON]
    columns = answers.of(EGO_SUBJECTS, header)
    lines = []
    for row in rows["maps"]:
        interview = interviews[row["interview_id"]]
        person = people[interview["participant_id"]]
        values = [egos[row["id"]], person["pseudonym"], waves[interview["wave_id"]], row["state"], row["alter_ties_asked"]]
        values += [person.get(name) for name in PERSON]
        owners = (row["id"], interview["id"], person["id"])
        lines.append(values + [next((column[owner] for owner in owners if owner in column), None) for _, column in columns])
    return [*header, *(name for name, _ in columns)], sorted(lines, key=lambda line: line[0])


def plain_columns(table: Table, *, with_personal_text: bool) -> list[str]:
    """Columns of a table that hold values: no ids, and no words about people unless they are asked for."""
    columns = [c for c in table.columns if c.kind not in ("id", "reference") and c.name != "source_key"]
    return [column.name for column in columns if with_personal_text or not column.is_personal]


def _alters(
    rows: dict[str, list[Row]], egos: dict[str, str], numbers: dict[str, int], answers: Columns, with_personal_text: bool
) -> tuple[list[str], list[list[Any]]]:
    alters = {row["id"]: row for row in rows["alters"]}
    of_alter, of_tie = (plain_columns(TABLES[name], with_personal_text=with_personal_text) for name in ("alters", "ties"))
    header = ["egoID", "alterID", *of_alter, *of_tie]
    columns = answers.of(("tie", "alter"), header)
    lines = []
    for tie in rows["ties"]:
        alter = alters[tie["alter_id"]]
        values = [egos[tie["id"]], numbers[tie["id"]], *(alter.get(name) for name in of_alter), *(tie.get(name) for name in of_tie)]
        lines.append(values + [column.get(tie["id"], column.get(alter["id"])) for _, column in columns])
    return [*header, *(name for name, _ in columns)], sorted(lines, key=lambda line: (line[0], line[1]))


def _aaties(ties: list[Row], egos: dict[str, str], numbers: dict[str, int], answers: Columns) -> tuple[list[str], list[list[Any]]]:
    """`weight` is 1 where none was recorded, since egor wants one; `recorded_weight` keeps the difference."""
    header = ["egoID", "Source", "Target", "weight", "recorded_weight", "relation", "relation_label", "is_directed"]
    columns = answers.of(("alter_tie",), header)
    lines = []
    for row in ties:
        ends = [egos[row["from_tie_id"]], numbers[row["from_tie_id"]], numbers[row["to_tie_id"]]]
        values = [row.get("weight", 1.0), *(row.get(name) for name in ("weight", "relation", "relation_label", "is_directed"))]
        lines.append(ends + values + [column.get(row["id"]) for _, column in columns])
    return [*header, *(name for name, _ in columns)], sorted(lines, key=lambda line: tuple(line[:3]))
