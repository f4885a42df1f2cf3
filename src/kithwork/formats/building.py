"""What every reader shares: rows put together table by table, and foreign columns turned into questions and answers."""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from kithwork.formats.reading import Notes, Options
from kithwork.model.errors import FormatError
from kithwork.model.ids import new_id
from kithwork.model.rows import Row
from kithwork.model.schema import KINDS
from kithwork.model.tables import StudyTables

MOST_ROWS = 1_500_000
MOST_ALTERS = 20_000  # on one map
_NUMBER = re.compile(r"-?(0|[1-9]\d*)(\.\d+)?")
_TRUTHS = {"true": True, "false": False, "yes": True, "no": False}
_KIND_WORDS = {
    "person": ("person", "people", "alter", "friend", "contact", "member", "partner", "human", "node"),
    "animal": ("animal", "pet", "dog", "cat"),
    "place": ("place", "venue", "location", "site"),
    "group": ("group", "organisation", "organization", "club", "team", "service", "agency", "family"),
    "activity": ("activity", "event", "hobby"),
    "digital": ("digital", "app", "online", "website"),
    "object": ("object", "thing", "item"),
}
_KNOWS = ("know", "close", "friend", "connect", "contact", "familiar", "relation")
_FROM_DATA = ("Column of an imported file", "Network Canvas import without", "Network Canvas import; not in", "EgoWeb import.", "easyNWK")
_NAME = re.compile(r"((alter|person|node|friend|contact|full|first|given|last|family|nick|sur)[ ._-]?)?names?", re.IGNORECASE)


def slug(*words: str) -> str:
    """Words as one short code: lower case, digits and underscores."""
    return re.sub(r"[^a-z0-9]+", "_", "_".join(words).lower()).strip("_")[:80] or "column"


def is_name_column(name: str) -> bool:
    """Whether a foreign column holds what someone is called."""
    return bool(_NAME.fullmatch(name))


def number_of(text: str, *, is_comma: bool = False) -> float | None:
    """A finite number, or None; `is_comma` reads 0,5 as a half."""
    try:
        value = float(text.replace(",", ".") if is_comma and "." not in text else text)
    except ValueError:
        return None
    return value if abs(value) < 1e300 and "_" not in text else None


def is_exact_number(text: str) -> bool:
    """Whether reading the text as a number and writing it again gives the same text: not so for '01' or '1e3'."""
    return bool(_NUMBER.fullmatch(text)) and text != "-0" and repr(float(text)).removesuffix(".0") == text.removesuffix(".0")


def is_choice(cells: Sequence[str]) -> bool:
    """Whether a column holds few different short words again and again, as the categories of a factor do."""
    filled = [cell for cell in cells if cell]
    words = set(filled)
    return 1 < len(words) <= 30 and len(filled) >= 2 * len(words) and max(map(len, words)) <= 60


def truth_of(text: str) -> bool | None:
    """True or false as the field's files write it."""
    return _TRUTHS.get(text.lower())


def kind_of(name: str, options: Options, notes: Notes, file: str | None = None) -> str:
    """Our kind for a foreign type, as told, as it is called, or with a problem line."""
    told = {key.lower(): kind for key, kind in options.kinds.items()}
    if name.lower() in told:
        return told[name.lower()]
    words = re.findall(r"[a-z]+", re.sub(r"([a-z])([A-Z])", r"\1 \2", name).lower())
    for kind, known in _KIND_WORDS.items():
        if any(word in (each, f"{each}s") or (len(each) > 4 and word.startswith(each)) for each in known for word in words):
            if name.lower() not in (kind, *known):
                notes.meet("kind_guessed", f"Type '{name[:60]}' is read as kind '{kind}'; say otherwise with --kind '{name[:60]}'=….", file)
            return kind
    notes.meet("kind_unknown", f"Type '{name[:60]}' is none of our kinds; say which with --kind '{name[:60]}'=….", file)
    return "person"


def relation_of(name: str, options: Options) -> str:
    """Our relation for a foreign alter tie type: as told, 'knows' when it is called so, else 'other'."""
    return options.relations.get(name) or ("knows" if any(word in name.lower() for word in _KNOWS) else "other")


@dataclass
class Question:
    """A foreign column (or several) that becomes a question of the study."""

    code: str
    subject: str
    wording: str
    answer_kind: str
    basis: str
    options: list[list[str]] = field(default_factory=list)
    id: str = field(default_factory=new_id)


def is_from_data(question: Row) -> bool:
    """Whether a question was made of a column of imported files alone, without a codebook that says how it is answered."""
    return str(question.get("basis") or "").startswith(_FROM_DATA)


class Builder:
    """Rows of one reading. Everything read belongs to one wave."""

    def __init__(self, notes: Notes) -> None:
        self.notes = notes
        self.options = notes.options
        self.rows: dict[str, list[Row]] = defaultdict(list)
        self._waves: dict[int, str] = {}
        self._count = 0
        self._codes: set[str] = set()
        self._labels: defaultdict[str, int] = defaultdict(int)
        self._alters_of: defaultdict[str, int] = defaultdict(int)
        self.asked_at: tuple[int, ...] = (self.options.wave,)  # waves whose questions are being read

    def add(self, table: str, **values: Any) -> str:
        """One row; empty values are left out. Returns its id."""
        self._count += 1
        if self._count > MOST_ROWS:
            raise FormatError(f"The files would add more than {MOST_ROWS:,} rows; import them in parts.")
        if table == "ties":
            self._alters_of[values["map_id"]] += 1
            if self._alters_of[values["map_id"]] > MOST_ALTERS:
                raise FormatError(f"One map would have more than {MOST_ALTERS:,} alters; check which column says whose alters they are.")
        row = {"id": values.pop("id", None) or new_id()} | {key: value for key, value in values.items() if value not in (None, "")}
        self.rows[table].append(row)
        return row["id"]

    def wave(self, position: int | None = None) -> str:
        """The id of a wave, made when first asked for."""
        position = position or self.options.wave
        if position not in self._waves:
            self._waves[position] = self.add("waves", position=position, label=f"Wave {position}", circle_version=1)
        return self._waves[position]

    def circles(self, count: int, prompt: str | None, basis: str) -> None:
        """The rings of the map, innermost first, in version 1 of this reading."""
        for position in range(1, count + 1):
            self.add("circles", version=1, position=position, label=f"Circle {position} of {count}", prompt=prompt, basis=basis)

    def label(self, participant: str, kind: str) -> str:
        """A pseudonym for an alter of a participant: 'Person 1', 'Person 2', 'Place 1' …"""
        self._labels[participant + kind] += 1
        return f"{KINDS[kind]} {self._labels[participant + kind]}"

    def question(self, question: Question) -> Question:
        """Keep a question, its code made unique, as asked at the waves being read."""
        code, number = question.code, 2
        while question.code in self._codes:
            question.code, number = f"{code}_{number}", number + 1
        self._codes.add(question.code)
        self.add(
            "questions",
            id=question.id,
            code=question.code,
            version=1,
            subject=question.subject,
            wording=question.wording,
            answer_kind=question.answer_kind,
            options=question.options or None,
            position=len(self.rows["questions"]) + 1,
            basis=question.basis,
        )
        for wave in self.asked_at:
            self.add("asked", question_id=question.id, wave_id=self.wave(wave))
        return question

    def answer(self, question: Question, owner: str, cell: str) -> None:
        """One answer of a question to what it is asked of; an empty cell is no answer."""
        if cell == "":
            return
        reference = f"{question.subject}_id"
        if question.answer_kind == "number":
            value = number_of(cell)
            if value is not None:
                self.add("answers", question_id=question.id, **{reference: owner}, number=value)
                return
            self.notes.meet("not_a_number", f"An answer to '{question.code}' is not a number.")
        if question.answer_kind == "boolean":
            truth = truth_of(cell)
            cell = cell if truth is None else ("yes" if truth else "no")
        self.add("answers", question_id=question.id, **{reference: owner}, text=cell)

    def infer(self, cells: Sequence[str]) -> str:
        """How a column without a codebook is answered: yes or no, number where writing it again gives the same text, words."""
        filled = {cell for cell in cells if cell}
        if filled and all(cell in ("true", "false", "TRUE", "FALSE") for cell in filled):
            return "boolean"
        if filled and all(map(is_exact_number, filled)):
            return "number"
        return "text"

    def tables(self) -> StudyTables:
        """Everything added, checked row by row."""
        return StudyTables.from_rows(self.rows)
