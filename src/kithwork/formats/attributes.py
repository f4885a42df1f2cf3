"""Foreign columns without a codebook: a column of ours where name and every value fit, else a question of the study."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from kithwork.formats.building import Builder, Question, is_choice, is_exact_number, number_of, slug, truth_of
from kithwork.formats.reading import MISSING
from kithwork.formats.sheets import Coded, Sheet, restore
from kithwork.model.errors import StudyError
from kithwork.model.rows import clean_value
from kithwork.model.schema import TABLES

EMPTY = ("", ".", "NA", "NaN", "NULL", "N/A", "#N/A", "<NA>")  # as R, Stata and Excel write what is missing
_SENTINELS = {str(-value) for value in (7, 8, 9, 77, 88, 99, 777, 888, 999, 9999)}  # often a code for no answer
_OURS = {
    "participants": ("site", "gender", "age_band", "lives_alone", "housing", "education", "employment"),
    "alters": ("kind", "role", "pseudonym"),
    "ties": tuple(c.name for c in TABLES["ties"].columns if c.kind not in ("id", "reference") and not c.is_personal),
    "alter_ties": ("relation", "relation_label", "is_directed"),
}


@dataclass
class Attribute:
    """One foreign column: of ours, or a question."""

    column: str
    cells: list[str]
    table: str | None = None  # where it is a column of ours, with its values
    values: list[Any] | None = None
    question: Question | None = None
    reasons: list[str] | None = None  # why there is no value, '' where there is one


def clean_cell(cell: str) -> str:
    """A cell without blanks around it; '' where R wrote that it is missing."""
    cell = cell.strip()
    return "" if cell in EMPTY else restore(cell)


def attributes_of(sheet: Sheet, names: Iterable[str], tables: tuple[str, ...], subject: str, builder: Builder) -> list[Attribute]:
    """Each column of a sheet as an attribute; `tables` are those whose columns it may turn out to be."""
    found: list[Attribute] = []
    numbers: list[str] = []
    choices: list[str] = []
    sentinels = 0
    for name in names:
        raw = sheet.column(name)
        cells = [clean_cell(cell) for cell in raw]
        if any(cell.strip() and not clean for cell, clean in zip(raw, cells, strict=True)):
            builder.notes.lose("Cells that hold NA, a lone point or another sign for missing are read as not answered.")
        coded = sheet.coded.get(name)
        told = [builder.options.missing.get(cell, "") for cell in cells]
        reasons = told if any(told) else None
        cells = ["" if reason else cell for reason, cell in zip(told, cells, strict=True)]
        if not any((*cells, *told)) and any(name in _OURS[table] for table in tables):
            continue  # a column of ours in which nothing is recorded
        if coded and (coded.labels or coded.missing):
            found.append(_coded(name, cells, coded, tables, subject, builder))
            continue
        known = next(((table, values) for table in tables if (values := known_values(table, name, cells)) is not None), None)
        if known and not reasons:
            found.append(Attribute(name, cells, *known))
            continue
        kind = "number" if coded and coded.is_number and any(cells) else builder.infer(cells)
        if sheet.delimiter != "," and kind == "text" and any(cells) and all(_is_comma_number(cell) for cell in cells if cell):
            cells, kind = [cell.replace(",", ".") for cell in cells], "number"
        if kind == "number":
            sentinels += _may_be_missing(cells)
            numbers += [] if coded and coded.is_number else [name]
            kind = builder.options.choices.get("read_as_number", kind)
        if kind == "text" and is_choice(cells):
            choices.append(name)
            kind = builder.options.choices.get("read_as_choice", "choice")
        code = slug(name) if name.startswith(f"{subject}_") else slug(subject, name)
        options = [[cell, cell] for cell in sorted(set(cells) - {""})] if kind == "choice" else []
        wording = (coded.wording if coded else None) or name
        question = Question(code, subject, wording, kind, f"Column of an imported file about the {subject}.", options)
        found.append(Attribute(name, cells, question=builder.question(question), reasons=reasons))
    if sentinels:
        sentence = f"{sentinels} value(s) below zero, in columns that have none besides, look like codes for no answer (-9, -99 …)."
        builder.notes.meet("may_be_missing", f"{sentence[:-1]}; if so, say it with --missing -9=refused.", sheet.name)
    if choices:
        builder.notes.meet("read_as_choice", f"{len(choices)} column(s) repeat a few words.", sheet.name)
    if numbers:
        builder.notes.meet("read_as_number", f"{len(numbers)} column(s) hold nothing but numbers.", sheet.name)
    return found


def _coded(name: str, cells: list[str], coded: Coded, tables: tuple[str, ...], subject: str, builder: Builder) -> Attribute:
    """A column whose values have labels in the file: ours by its labels, else a question with these options."""
    reasons = [coded.missing.get(cell, "") for cell in cells]
    plain = ["" if reason else cell for cell, reason in zip(cells, reasons, strict=True)]
    labels = {value: label for value, label in coded.labels.items() if value not in coded.missing}
    for table in tables:
        values = known_values(table, name, [labels.get(cell, cell) for cell in plain]) if not any(reasons) else None
        if values is not None:
            return Attribute(name, cells, table, values)
    code = slug(name) if name.startswith(f"{subject}_") else slug(subject, name)
    is_choice = bool(labels) and {cell for cell in plain if cell} <= set(labels)
    kind = "choice" if is_choice else "text" if coded.is_text and not labels else builder.infer(plain)
    options = [[value, label] for value, label in labels.items()] if is_choice else []
    if kind == "choice" and [value for value, _ in options] in (["0", "1"], ["1", "0"]) and {labels["0"], labels["1"]} == {"No", "Yes"}:
        kind, options, plain = "boolean", [], [{"0": "false", "1": "true"}.get(cell, cell) for cell in plain]
    question = Question(code, subject, coded.wording or name, kind, f"Column of an imported file about the {subject}.", options)
    return Attribute(name, plain, question=builder.question(question), reasons=reasons)


def _may_be_missing(cells: list[str]) -> int:
    """How many numbers look like codes for no answer: below zero, such as -9, where nothing else is."""
    below = [cell for cell in cells if cell.startswith("-")]
    return len(below) if below and set(below) <= _SENTINELS and len(set(below)) < len({*cells} - {""}) else 0


def _is_comma_number(cell: str) -> bool:
    return cell.count(",") <= 1 and "." not in cell and is_exact_number(cell.replace(",", "."))


def known_values(table: str, name: str, cells: list[str]) -> list[Any] | None:
    """The cells as values of our column of that name, or None unless every cell is one."""
    if name not in _OURS[table] or not any(cells):
        return None
    column = TABLES[table][name]
    by_label = {label.lower(): code for code, label in column.choices.items()}

    def value(cell: str) -> object:
        if cell == "":
            return None
        if column.kind == "boolean":
            truth = truth_of(cell)
            return cell if truth is None else truth
        if column.kind == "choices":
            return [by_label.get(part.lower(), part) for part in cell.split(";")]
        code = by_label.get(cell.lower(), cell)
        return number_of(code) if column.kind in ("integer", "number") and number_of(code) is not None else code

    try:
        return [clean_value(table, column, value(cell)) for cell in cells]
    except (StudyError, ValueError):
        return None


def values_at(attributes: Iterable[Attribute], table: str, at: int) -> dict[str, Any]:
    """The values of one row that belong to columns of a table of ours."""
    return {a.column: a.values[at] for a in attributes if a.table == table and a.values is not None and a.values[at] is not None}


def answer_row(attributes: Iterable[Attribute], at: int, owner: str, builder: Builder) -> None:
    """The answers of one row."""
    for attribute in attributes:
        if attribute.question and attribute.reasons and attribute.reasons[at]:
            reference = {f"{attribute.question.subject}_id": owner}
            builder.add("answers", question_id=attribute.question.id, codes=[MISSING + attribute.reasons[at]], **reference)
        elif attribute.question:
            builder.answer(attribute.question, owner, attribute.cells[at])
