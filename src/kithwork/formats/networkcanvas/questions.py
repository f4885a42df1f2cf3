"""Columns of a Network Canvas export as questions of the study, with the protocol's codebook or without."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from kithwork.formats.building import Builder, Question, slug
from kithwork.formats.networkcanvas.parts import EGO, FIXED, Part
from kithwork.formats.networkcanvas.protocol import Entity, Variable


@dataclass
class Asked:
    """A variable, the question it became, and its columns: the one cell, or one an option."""

    question: Question
    column: str = ""
    by_option: dict[str, str] = field(default_factory=dict)  # column -> option


def asked_columns(
    parts: list[Part],
    what: str,
    name: str,
    entity: Entity | None,
    subject: str,
    skip: set[str],
    waves: Mapping[str, int],
    builder: Builder,
) -> list[Asked]:
    """Questions for the columns that all parts of one type have between them.

    `waves` tells the wave of a session by its ego: a question was asked at the waves whose sessions have a column for it.
    """
    at_waves: defaultdict[str, set[int]] = defaultdict(set)
    for part in parts:
        own = {waves[ego] for ego in part.cells[EGO] if ego in waves}
        for column in part.sheet.header:
            at_waves[column] |= own
    columns = dict.fromkeys(column for part in parts for column in part.sheet.header if column not in FIXED[what])
    if "null" in columns and not any(part.cell("null", at) for part in parts for at in range(len(part.sheet.rows))):
        del columns["null"]  # a stray last column of older exports
    left = {column: None for column in columns if column not in skip}
    found = []
    for variable in sorted(entity.variables if entity else (), key=lambda each: each.type == "categorical"):
        asked = _of_codebook(variable, left, name, subject, at_waves, builder)
        if asked:
            found.append(asked)
    for column in left:
        kind = builder.infer([part.cell(column, at) for part in parts for at in range(len(part.sheet.rows))])
        kind = builder.options.choices.get("read_as_number", kind) if kind == "number" else kind
        basis = "Network Canvas import; not in the codebook." if entity else "Network Canvas import without protocol."
        question = _ask(Question(slug(name or "ego", column), subject, column, kind, basis), [column], at_waves, builder)
        found.append(Asked(question, column))
    return found


def _ask(question: Question, columns: Iterable[str], at_waves: Mapping[str, set[int]], builder: Builder) -> Question:
    builder.asked_at = tuple(sorted({wave for column in columns for wave in at_waves[column]})) or (builder.options.wave,)
    return builder.question(question)


def _of_codebook(
    variable: Variable, left: dict[str, None], name: str, subject: str, at_waves: Mapping[str, set[int]], builder: Builder
) -> Asked | None:
    """The question of one codebook variable that the files have columns for; takes its columns from `left`."""
    question = question_of(variable, name, subject)
    if variable.type != "categorical":
        if variable.name not in left:
            return None
        del left[variable.name]
        return Asked(_ask(question, [variable.name], at_waves, builder), variable.name)
    columns = {f"{variable.name}_{code}": code for code, _ in variable.options}
    clashing = [column for column in columns if column not in left]
    columns = {column: code for column, code in columns.items() if column in left}
    if not columns:
        return None
    if clashing:
        sentence = f"{len(clashing)} option(s) of '{variable.name}' have no column of their own: another variable wrote over them."
        builder.notes.meet("column_clash", sentence)
    for column in columns:
        del left[column]
    return Asked(_ask(question, columns, at_waves, builder), by_option=columns)


def question_of(variable: Variable, name: str, subject: str) -> Question:
    """The question a variable of type `name` ('' for ego) becomes, in an import and in a study template alike."""
    return Question(
        slug(name or "ego", variable.name),
        subject,
        variable.prompt or variable.name,
        variable.answer_kind,
        f"Network Canvas import; variable '{variable.name}', type {variable.type}.",
        [list(option) for option in variable.options] if variable.answer_kind in ("choice", "choices") else [],
    )


def answer_cells(part: Part, at: int, asked: list[Asked], owner: str, builder: Builder, counts: Counter[str]) -> None:
    for each in asked:
        if not each.by_option:
            cell = part.cell(each.column, at)
            if cell == "ENCRYPTED":
                counts["encrypted"] += 1
                continue
            builder.answer(each.question, owner, cell)
            continue
        cells = {code: part.cell(column, at) for column, code in each.by_option.items()}
        chosen = [code for code, cell in cells.items() if cell.lower() == "true"]
        reference = {f"{each.question.subject}_id": owner}
        if chosen:
            builder.add("answers", question_id=each.question.id, codes=chosen, **reference)
        elif any(cells.values()):  # all false: reached, and nothing chosen
            counts["all_false"] += 1
            builder.add("answers", question_id=each.question.id, **reference)


def tell_answers(counts: Counter[str], builder: Builder) -> None:
    if counts["all_false"]:
        builder.notes.meet(
            "all_false",
            f"{counts['all_false']} any-of answer(s) have every option false: Network Canvas writes a skipped question so, and 'none of "
            "these' too. They are kept as asked and not answered; empty ones as not reached.",
        )
    if counts["encrypted"]:
        builder.notes.meet("encrypted", f"{counts['encrypted']} cell(s) were encrypted by Network Canvas and are left out.")
