"""What a reader hands back: tables, the problems it met with the choice taken for each, and what it could not carry."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from kithwork.model.errors import FormatError, SelectionError, near
from kithwork.model.schema import KINDS, MAP_STATES, TABLES
from kithwork.model.tables import StudyTables

COLUMN_ROLES = ("ego", "alter", "source", "target", "weight", "netsize", "wave")
MISSING = "missing:"  # in an answer's codes, before the reason why there is no answer, such as missing:refused
LINES_PER_CODE = 500  # a file with a million flaws must not fill the memory with sentences about them

CHOICES: dict[str, dict[str, str]] = {
    "dangling_alter_tie": {"drop": "leave the alter tie out", "stop": "refuse the file"},
    "repeated_pair": {"keep_first": "keep the first row of the pair", "keep_all": "keep every row", "stop": "refuse the file"},
    "loop": {"drop": "leave it out", "keep": "keep it", "stop": "refuse the file"},
    "zero_weight": {"keep": "keep it as a recorded non-tie", "drop": "leave it out", "stop": "refuse the file"},
    "negative_weight": {"keep": "keep the alter tie without its weight", "drop": "leave it out", "stop": "refuse the file"},
    "unknown_ego": {"drop": "leave the row out", "stop": "refuse the file"},
    "repeated_ego": {"keep_first": "keep the first row", "stop": "refuse the file"},
    "repeated_alter": {"keep_first": "keep the first row", "stop": "refuse the file"},
    "repeated_session": {"keep_first": "keep the first", "stop": "refuse the file"},
    "repeated_case": {
        "separate": "read as another participant",
        "waves": "read as the next wave of the same participant",
        "stop": "refuse the file",
    },
    "unfinished_session": {"keep": "keep it as a map still in recall", "drop": "leave it out", "stop": "refuse the file"},
    "mixed_ids": {
        "alike": "1.0 is 1, unless one file has both",
        "as_text": "compare ids as text",
        "as_number": "compare ids as numbers where they are",
        "stop": "refuse the file",
    },
    "people_alike": {"apart": "read as another participant", "same": "read as that participant"},
    "names_as_ids": {"identities": "keep them apart as names", "pseudonyms": "use them as pseudonyms", "stop": "refuse the file"},
    "read_as_number": {"number": "read as numbers", "text": "read as words"},
    "read_as_choice": {"choice": "read as one-of questions", "text": "read as words"},
    "not_a_number": {"text": "keep it as words", "stop": "refuse the file"},
    "no_id": {"drop": "leave the row out", "stop": "refuse the file"},
    "short_row": {"pad": "read the missing cells as empty", "drop": "leave the row out", "stop": "refuse the file"},
    "long_row": {"stop": "refuse the file", "drop": "leave the row out"},
    "circles_differ": {"follow_files": "the wave takes the circles of the files", "keep_plan": "leave the ties in no circle"},
    "repeated_column": {"stop": "refuse the file", "keep_first": "read the first of them"},
    "wide_columns": {
        "alters": "read them as columns of the alters and their ties",
        "egos": "leave them columns of the ego",
        "stop": "refuse the file",
    },
    "wave_column": {
        "waves": "read an ego at each wave as a map of its own",
        "question": "read it as a question, all in one wave",
        "stop": "refuse the file",
    },
    "no_wave": {"drop": "leave the row out", "stop": "refuse the file"},
    "ego_likely": {"ego": "read it as ego", "alter": "read it as an alter like the others"},
    "ego_unsure": {"alter": "read it as an alter like the others", "ego": "read it as ego"},
    "alter_numbers": {
        "apart": "alters of their own on each map",
        "same": "the same number is the same alter on each map of a participant",
    },
    "wave_in_name": {"waves": "read as waves of the same participant", "names": "read as names of participants"},
    "kind_unknown": {"person": "read as a person", "stop": "refuse the file"},
    "selection_differs": {"lost": "keep it, listed as having lost its place", "stop": "refuse the file"},
    "selection_outside": {"lost": "keep it, listed as having lost its place", "stop": "refuse the file"},
    "path_in_name": {"keep": "keep the name as it is", "split": "make it a tree", "stop": "refuse the file"},
}
"""What may be chosen for each problem that allows a choice; the first is taken unless another is named."""


@dataclass(frozen=True)
class Problem:
    """One thing met in a file, in one sentence that repeats no value of it; `row` counts from 1, the header being 1."""

    code: str
    sentence: str
    file: str | None = None
    row: int | None = None
    choice: str | None = None

    @property
    def choices(self) -> tuple[str, ...]:
        """What could have been chosen instead, the default first."""
        return tuple(CHOICES.get(self.code, ()))

    @property
    def line(self) -> str:
        """The problem as one printed line."""
        where = ", row ".join(str(part) for part in (self.file, self.row) if part is not None)
        taken = f" [{self.code}={self.choice}: {CHOICES[self.code][self.choice]}]" if self.choice else ""
        return f"{where}: {self.sentence}{taken}" if where else f"{self.sentence}{taken}"

    def as_dict(self) -> dict[str, object]:
        """For `--json` and pages."""
        return {
            "code": self.code,
            "sentence": self.sentence,
            "file": self.file,
            "row": self.row,
            "choice": self.choice,
            "choices": list(self.choices),
        }


def named_pairs(values: Iterable[str], what: str, example: str) -> dict[str, str]:
    """Words such as `Venue=place` as a dict; `SelectionError` where one is not two words joined by =."""
    pairs = {}
    for value in values:
        name, sign, word = value.rpartition("=")
        if not (name.strip() and sign and word.strip()):
            raise SelectionError(f"{what} needs two words joined by =, such as {example}.")
        pairs[name.strip()] = word.strip()
    return pairs


def sides(text: str, what: str) -> tuple[float, float]:
    """An aspect ratio such as `16:9` as width and height; `SelectionError` where it is none."""
    try:
        width, height = (float(side) for side in text.split(":"))
    except ValueError:
        raise SelectionError(f"{what} needs two numbers joined by a colon, such as 16:9.") from None
    return width, height


@dataclass
class Options:
    """How to read: the wave and state the maps belong to, the canvas, and choices by problem code.

    `relations` names the foreign alter tie types to bring in (all when empty) and what each is called here, if said.
    `kinds` maps foreign types to our kinds; `columns` foreign roles (`COLUMN_ROLES`) to column names.
    `missing` says which values mean that there is no answer, and why; `non_ties` which answers to a pair question mean no tie.
    """

    wave: int = 1
    state: str = "everyday"
    aspect: tuple[float, float] = (16.0, 9.0)
    relations: Mapping[str, str | None] = field(default_factory=dict)
    kinds: Mapping[str, str] = field(default_factory=dict)
    choices: Mapping[str, str] = field(default_factory=dict)
    columns: Mapping[str, str] = field(default_factory=dict)
    missing: Mapping[str, str] = field(default_factory=dict)
    non_ties: Sequence[str] = ()

    def __post_init__(self) -> None:
        if self.wave < 1:
            raise SelectionError("A wave is counted from 1; give a whole number from 1.")
        if not all(0 < side < 100_000 for side in self.aspect):
            raise SelectionError("The aspect ratio must be two positive numbers, such as 16:9.")
        relations = [name for name in self.relations.values() if name]
        for words, known, what in (
            ([self.state], MAP_STATES, "state of a map"),
            (self.kinds.values(), KINDS, "kind"),
            (relations, TABLES["alter_ties"]["relation"].choices, "relation between alters"),
            (self.choices, CHOICES, "problem with a choice"),
            (self.columns, COLUMN_ROLES, "id column"),
        ):
            for word in words:
                if word not in known:
                    raise SelectionError(f"There is no {what} '{word}'; there are {', '.join(known)}.{near(word, known)}")
        for reason in self.missing.values():
            if not re.fullmatch(r"[a-z][a-z0-9_]{0,39}", reason):
                raise SelectionError("A reason why an answer is missing is one word in lower case, such as refused.")
        for code, choice in self.choices.items():
            if choice not in CHOICES[code]:
                raise SelectionError(f"'{choice}' is no choice for '{code}'; choose among {', '.join(CHOICES[code])}.")


RowsOf = Callable[[bytes, str, Mapping[str, tuple[str, ...]]], dict[str, list[dict[str, object]]]]
"""Reads tables of a foreign database: its bytes, its name, and the columns wanted by table. SQL lives in the store, so it is handed in."""


@dataclass
class Notes:
    """What a reader writes down while reading; `meet` also decides."""

    options: Options = field(default_factory=Options)
    problems: list[Problem] = field(default_factory=list)
    losses: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    are_circles_counted: bool = True
    rows_of: "RowsOf | None" = None

    def meet(self, code: str, sentence: str, file: str | None = None, row: int | None = None) -> str:
        """Write a problem down and return the choice taken for it; `FormatError` where the choice is to stop."""
        choices = CHOICES.get(code)
        choice = self.options.choices.get(code, next(iter(choices))) if choices else None
        problem = Problem(code, sentence, file, row, choice)
        if choice == "stop":
            raise FormatError(Problem(code, f"{sentence[:-1]}; mend the file or choose otherwise for '{code}'.", file, row).line)
        self.counts[code] += 1
        if self.counts[code] <= LINES_PER_CODE:
            self.problems.append(problem)
        return choice or ""

    def lose(self, sentence: str) -> None:
        """Write down, once, what the tables cannot carry."""
        if sentence not in self.losses:
            self.losses.append(sentence)

    def finish(self) -> None:
        """Say how many lines were left out."""
        for code, count in self.counts.items():
            if count > LINES_PER_CODE:
                self.problems.append(Problem(code, f"{count - LINES_PER_CODE} more of the same are not listed."))


@dataclass
class Reading:
    """Tables read from foreign files, not yet part of a study, with what was met on the way."""

    tables: StudyTables
    problems: list[Problem] = field(default_factory=list)
    losses: list[str] = field(default_factory=list)
    format: str = ""
    files: list[str] = field(default_factory=list)
    options: Options = field(default_factory=Options)
    are_circles_counted: bool = True  # False: the rings are those that occur, and there may be more
    matches: dict[str, str] = field(default_factory=dict)  # alter here -> the alter of the study that it is, as somebody said


@dataclass
class Writing:
    """Files to be written, by name, and what they cannot carry."""

    files: dict[str, bytes]
    losses: list[str] = field(default_factory=list)
