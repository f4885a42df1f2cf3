"""The data dictionary: every table and column of a study as a page to read."""

from kithwork.model.schema import TABLES, Column, Table

_DOMAINS = {
    "research": "What the study learns.",
    "identity": "Who people are; kept apart from research data.",
    "house": "Kithwork's own records.",
}


def data_model() -> str:
    """The whole schema as Markdown, one section a table in schema order, ending in a newline."""
    parts = [
        "# Data model",
        "",
        "Made by `make docs` from `src/kithwork/model/schema/`, the one place where a study's tables are declared.",
        "",
        "An empty value is never zero: it was not asked, or asked and not answered. Dates are `YYYY-MM-DD`, times ISO 8601 in UTC.",
        "*Personal* columns may hold words that point to a living person.",
        "",
        "| table | one row is | kept as |",
        "|---|---|---|",
        *(f"| [`{table.name}`](#{table.name}) | {_cell(table.meaning)} | {table.domain} |" for table in TABLES.values()),
        "",
        *(f"*{domain}*: {meaning}" + ("  " if domain != "house" else "") for domain, meaning in _DOMAINS.items()),
        "",
    ]
    for table in TABLES.values():
        parts += _section(table)
    return "\n".join(parts)


def _section(table: Table) -> list[str]:
    rules = [f"{' + '.join(f'`{name}`' for name in group)} stands only once." for group in table.unique]
    if table.exactly_one:
        rules.append(f"Exactly one of {', '.join(f'`{name}`' for name in table.exactly_one)} is filled.")
    return [
        f"## {table.name}",
        "",
        table.meaning,
        "",
        *([*rules, ""] if rules else []),
        "| column | kind | meaning | values | |",
        "|---|---|---|---|---|",
        *(
            f"| `{column.name}` | {_kind(column)} | {_cell(column.meaning)} | {_values(column)} | {_marks(column)} |"
            for column in table.columns
        ),
        "",
    ]


def _kind(column: Column) -> str:
    return f"[`{column.table}`](#{column.table})" if column.table else column.kind


def _values(column: Column) -> str:
    said = [f"`{code}` {_cell(label)}" for code, label in column.choices.items()]
    if column.unit:
        said.append(column.unit)
    if not column.choices and (column.low is not None or column.high is not None):
        said.append(f"{'…' if column.low is None else f'{column.low:g}'} to {'…' if column.high is None else f'{column.high:g}'}")
    return "; ".join(said)


def _marks(column: Column) -> str:
    return ", ".join(mark for mark, holds in (("needed", column.is_required), ("personal", column.is_personal)) if holds)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
