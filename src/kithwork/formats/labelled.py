"""The three tables (people's maps, alters, alter ties) as columns with labels, for SPSS and Stata; and back."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from kithwork.formats.egor.writer import Three, three_tables
from kithwork.formats.reading import MISSING
from kithwork.model.rows import Row
from kithwork.model.schema import TABLES, Column
from kithwork.model.tables import StudyTables

_OURS = {"egos": ("maps", "participants"), "alters": ("alters", "ties"), "aaties": ("alter_ties",)}
_AS_WORDS = ("state", "alter_ties_asked", "role")
FIRST_REASON = -91  # values that say why there is no answer: −91, −92 …
LOWEST_REASON = -99


@dataclass
class Variable:
    """One column: its name in the file, its values (numbers or texts), and what they mean."""

    name: str
    wording: str
    is_text: bool
    cells: list[Any]
    labels: dict[int, str] = field(default_factory=dict)
    reasons: dict[int, str] = field(default_factory=dict)  # value -> why there is none


def labelled_tables(
    tables: StudyTables, name_of: Callable[[str], str], longest: int, *, with_personal_text: bool
) -> tuple[dict[str, list[Variable]], list[str]]:
    """The three tables column by column, and what was lost; `name_of` fits a name to the program, `longest` text in bytes."""
    three = three_tables(tables, with_personal_text=with_personal_text, keep_reasons=True)
    losses = list(three.losses)
    found: dict[str, list[Variable]] = {}
    cut = unsaid = 0
    for table, (header, rows) in three.tables.items():
        taken: set[str] = set()
        found[table] = []
        for at, name in enumerate(header):
            variable = _variable(table, name, [row[at] for row in rows], three)
            variable.name = _unique(name_of(name), taken, name_of)
            if variable.is_text:
                unsaid += sum(str(cell).startswith(MISSING) for cell in variable.cells)
                cells = ["" if str(cell).startswith(MISSING) else _cut(cell, longest) for cell in variable.cells]
                cut += sum(
                    mine != theirs for mine, theirs in zip(cells, variable.cells, strict=True) if not str(theirs).startswith(MISSING)
                )
                variable.cells = cells
            found[table].append(variable)
    if cut:
        losses.append(f"{cut} text(s) are longer than {longest:,} bytes and are cut there.")
    if unsaid:
        losses.append(f"{unsaid} answer(s) in words say only why there is none; they are empty, as texts have no user-missing values.")
    return found, losses


def _unique(name: str, taken: set[str], name_of: Callable[[str], str]) -> str:
    found, number = name, 2
    while found.lower() in taken:
        # cut so that the name with its number fits wherever the name alone would
        found = next(each for cut in range(len(name), 0, -1) if name_of(each := f"{name[:cut]}_{number}") == each)
        number += 1
    taken.add(found.lower())
    return found


def _cut(text: str, longest: int) -> str:
    data = text.encode("utf-8")
    return text if len(data) <= longest else data[:longest].decode("utf-8", "ignore")


def _variable(table: str, name: str, cells: list[Any], three: Three) -> Variable:
    question = three.questions.get(name)
    column = None if question else _column(table, name)
    if column is not None and name not in _AS_WORDS:
        return _of_column(column, cells)
    if question is not None:
        return _of_question(name, question, cells)
    return _plain(name, name, cells)


def _column(table: str, name: str) -> Column | None:
    return next((TABLES[own][name] for own in _OURS[table] if name in TABLES[own]), None)


def _of_column(column: Column, cells: list[Any]) -> Variable:
    if column.kind == "choice":
        codes = {code: at for at, code in enumerate(column.choices, 1)}
        labels = dict(enumerate(column.choices.values(), 1))
        return Variable(column.name, column.meaning, False, [codes.get(cell) for cell in cells], labels)
    if column.kind == "boolean":
        return _plain(column.name, column.meaning, cells)
    if column.kind == "integer" and column.choices:
        return Variable(column.name, column.meaning, False, cells, {int(code): label for code, label in column.choices.items()})
    return _plain(column.name, column.meaning, cells, is_text=column.kind in ("text", "choices", "date", "time", "json"))


def _of_question(name: str, question: Row, cells: list[Any]) -> Variable:
    kind, options = question.get("answer_kind", "text"), question.get("options") or []
    if kind == "boolean":
        return _plain(name, question["wording"], [{"yes": True, "no": False}.get(cell, cell) for cell in cells])
    if kind == "choice" and options and all(re.fullmatch(r"-?\d{1,6}", code) and str(int(code)) == code for code, _ in options):
        known = {code for code, _ in options}
        if all(cell is None or cell in known or str(cell).startswith(MISSING) for cell in cells):
            numbers = [int(cell) if cell in known else cell for cell in cells]
            return _with_reasons(Variable(name, question["wording"], False, numbers, {int(code): label for code, label in options}))
    return _plain(name, question["wording"], cells, is_text=kind != "number")


def _plain(name: str, wording: str, cells: list[Any], *, is_text: bool | None = None) -> Variable:
    """A column as its values are: numbers where all are, yes and no as 0 and 1, else words."""
    filled = [cell for cell in cells if cell is not None and not str(cell).startswith(MISSING)]
    if is_text is not True and filled and all(isinstance(cell, bool) for cell in filled):
        numbers = [int(cell) if isinstance(cell, bool) else cell for cell in cells]
        return _with_reasons(Variable(name, wording, False, numbers, {0: "No", 1: "Yes"}))
    if is_text is not True and all(isinstance(cell, (int, float)) for cell in filled) and (filled or is_text is False):
        return _with_reasons(Variable(name, wording, False, cells))
    return Variable(name, wording, True, ["" if cell is None else _words(cell) for cell in cells])


def _words(cell: Any) -> str:
    return ";".join(map(str, cell)) if isinstance(cell, (list, tuple)) else str(cell)


def _with_reasons(variable: Variable) -> Variable:
    """Reasons as values below every answer; where the column has answers there, the reasons stay words and the column too."""
    words = sorted({cell for cell in variable.cells if isinstance(cell, str)})
    numbers = [cell for cell in variable.cells if isinstance(cell, (int, float))]
    if len(words) > FIRST_REASON - LOWEST_REASON + 1 or any(
        LOWEST_REASON <= number <= FIRST_REASON for number in (*numbers, *variable.labels)
    ):
        words = []
    value_of = {word: FIRST_REASON - at for at, word in enumerate(words)}
    variable.cells = [value_of.get(cell) if isinstance(cell, str) else cell for cell in variable.cells]
    variable.reasons = {value: word.removeprefix(MISSING) for word, value in value_of.items()}
    return variable
