"""Delimited text as sheets of text cells, and back. No cell is ever guessed to be a number here: '01' stays '01'."""

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from kithwork.formats.reading import Notes
from kithwork.formats.sources import Source
from kithwork.model.errors import FormatError

MOST_COLUMNS = 5_000
MOST_ROWS = 1_000_000
MOST_CELLS = 4_000_000
LONGEST_LINE = 2_000_000
_LINE = re.compile(r"[^\r\n]*(?:\r\n?|\n)|[^\r\n]+")  # not splitlines: U+2028 within a cell ends no line
_SEP = re.compile(r"sep=([,;\t|])(?:\r\n?|\n)", re.IGNORECASE)
_DEFUSED = re.compile(r"'+[=+\-@\t\r\0]")
FORMULA = r"^'*[=+\-@\t\r\x00]"
_FORMULA = re.compile(FORMULA)


def defuse(text: str) -> str:
    """Text that a spreadsheet would run as a formula, with a leading `'`; any other text as it is."""
    return "'" + text if _FORMULA.match(text) else text


def restore(text: str) -> str:
    """The text before `defuse`, exactly."""
    return text[1:] if _DEFUSED.match(text) else text


@dataclass(frozen=True)
class Coded:
    """What a file says of one of its columns: its words, labels by value, and which values say why there is none."""

    wording: str | None = None
    labels: Mapping[str, str] = field(default_factory=dict)
    missing: Mapping[str, str] = field(default_factory=dict)
    is_text: bool = False  # the file has it as words, whatever they look like
    is_name: bool = False  # an id made of what somebody is called, which another column has
    is_number: bool = False  # the file has it as numbers, however they are written


@dataclass
class Sheet:
    """One table of a file: column names and rows of text cells as long as the header, '' where empty."""

    name: str
    header: list[str]
    rows: list[list[str]]
    numbers: list[int]  # row number in the file, the header being 1
    delimiter: str
    coded: Mapping[str, Coded] = field(default_factory=dict)

    def column(self, name: str) -> list[str]:
        """One column's cells."""
        at = self.header.index(name)
        return [row[at] for row in self.rows]


def read_sheet(source: Source, notes: Notes) -> Sheet:
    """A CSV file as a sheet; the delimiter is whichever of `,` `;` TAB `|` the first line holds most often, or as Excel's `sep=;` says.

    Raises `FormatError` for a file that is not text, has an unclosed quote, or is beyond the limits.
    """
    text = decode(source, notes)
    _check_lines(text, source.name)
    told = _SEP.match(text)
    text = text[told.end() :] if told else text
    first = re.split(r"[\r\n]", text, maxsplit=1)[0]
    delimiter = told.group(1) if told else max(",;\t|", key=re.sub(r'"[^"]*"', "", first).count)
    reader = csv.reader((line.group() for line in _LINE.finditer(text)), delimiter=delimiter, strict=True)
    try:
        header = [restore(name.strip()) for name in next(reader, [])]
        if not any(header):
            raise FormatError(f"'{source.name}' has no header; its first line must name the columns.")
        if len(header) > MOST_COLUMNS:
            raise FormatError(f"'{source.name}' has more than {MOST_COLUMNS:,} columns; leave out those not needed.")
        return _fill(source.name, header, reader, delimiter, notes, 3 if told else 2)
    except csv.Error as error:
        if "field limit" in str(error):
            raise FormatError(
                f"'{source.name}' has a cell longer than {csv.field_size_limit():,} characters, near line {reader.line_num}."
            ) from None
        raise FormatError(f"'{source.name}' has a quote that is not closed or stands inside a cell, near line {reader.line_num}.") from None


def read_header(source: Source) -> Sheet:
    """The names of a file's columns, without its rows; raises as `read_sheet` does."""
    text = decode(Source(source.name, source.data[:200_000]), Notes())
    told = _SEP.match(text)
    start = told.end() if told else 0
    line = re.split(r"[\r\n]", text[start:], maxsplit=1)[0]
    return read_sheet(Source(source.name, (text[:start] + line).encode()), Notes())


def _check_lines(text: str, name: str) -> None:
    """Refuse a line that would become millions of cells before it does."""
    start = 0
    while len(text) - start > LONGEST_LINE:
        end = max(text.rfind(mark, start, start + LONGEST_LINE) for mark in "\n\r")
        if end < 0:
            raise FormatError(f"'{name}' has a line longer than {LONGEST_LINE:,} characters; check that it is a table.")
        start = end + 1


def _fill(name: str, header: list[str], reader: Iterable[list[str]], delimiter: str, notes: Notes, first: int) -> Sheet:
    kept = _columns(name, header, notes)
    sheet = Sheet(name, [header[at] for at in kept], [], [], delimiter)
    width = len(header)
    is_whole = kept == list(range(width))
    for number, row in enumerate(reader, first):
        if number > MOST_ROWS:
            raise FormatError(f"'{name}' has more than {MOST_ROWS:,} rows; import it in parts.")
        if not any(row):
            continue
        if len(row) < width:
            if notes.meet("short_row", f"The row has {len(row)} cells where the header has {width}.", name, number) == "drop":
                continue
            row += [""] * (width - len(row))
        elif len(row) > width:
            if any(row[width:]) and notes.meet("long_row", f"The row has {len(row)} cells where the header has {width}.", name, number):
                continue
            row = row[:width]
        sheet.rows.append(row if is_whole else [row[at] for at in kept])
        sheet.numbers.append(number)
        if len(sheet.rows) * width > MOST_CELLS:
            raise FormatError(f"'{name}' has more than {MOST_CELLS:,} cells; import it in parts.")
    return sheet


def _columns(name: str, header: list[str], notes: Notes) -> list[int]:
    """Places of the columns kept: named ones (R writes its row names under an empty name), each name once."""
    kept: dict[str, int] = {}
    for at, column in enumerate(header):
        if not column:
            continue
        if column in kept:
            notes.meet("repeated_column", f"Two columns have the same name (columns {kept[column] + 1} and {at + 1}).", name, 1)
            continue
        kept[column] = at
    return list(kept.values())


def decode(source: Source, notes: Notes) -> str:
    """The file's text: UTF-8, UTF-16 where it says so, else Windows-1252 with a problem line."""
    data = source.data
    encoding = "utf-8-sig"
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        encoding = "utf-16"
    elif len(data) > 3 and data[:200][1::2].count(0) > len(data[:200]) // 3:
        encoding = "utf-16-le"
    elif len(data) > 3 and data[:200][::2].count(0) > len(data[:200]) // 3:
        encoding = "utf-16-be"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        if encoding != "utf-8-sig":
            raise FormatError(f"'{source.name}' is not whole UTF-16 text; save it as CSV in UTF-8.") from None
        try:
            text = data.decode("cp1252")
        except UnicodeDecodeError:
            raise FormatError(f"'{source.name}' is not text in a known encoding; save it as CSV in UTF-8.") from None
        notes.meet("encoding", "The file is not UTF-8 and is read as Windows-1252; check letters with accents.", source.name)
    if "\x00" in text:
        raise FormatError(f"'{source.name}' holds NUL characters and is not a text file; save it as CSV in UTF-8.")
    return text


def write_sheet(header: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """UTF-8 CSV (RFC 4180). Text is defused; None is an empty cell; true and false in lower case; numbers exactly."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow([defuse(name) for name in header])
    writer.writerows([cell_text(value) for value in row] for row in rows)
    return stream.getvalue().encode("utf-8")


def cell_text(value: object) -> str:
    """A value as the text of a cell."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return repr(int(value)) if float(value).is_integer() and abs(value) < 2**53 else repr(value)
    if isinstance(value, (list, tuple)):
        return defuse(";".join(str(item) for item in value))
    return defuse(str(value))
