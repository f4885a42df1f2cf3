"""Long files of several waves: a column that says at which wave an ego named an alter, or a number in the names of the files.

An ego at a wave is one map. A file without such a column is told apart by what the others say of its egos.
"""

import datetime
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from kithwork.formats.building import number_of
from kithwork.formats.reading import Notes
from kithwork.formats.sheets import MOST_CELLS, Sheet
from kithwork.formats.sources import WAVE_IN_NAME
from kithwork.model.errors import FormatError

WAVE = "wave"
MOST_WAVES = 200
_DATES = ("date", "surveydate", "interviewdate", "dateofinterview", "helddate", "heldon", "completiondate", "startdate")
_SURE = ("wave", "waveno", "wavenr", "wavenum", "wavenumber", "waveid", "surveywave", "panelwave")
_PERHAPS = ("time", "timepoint", "t", "round", "occasion", "visit", "session", "year", "period", "interview")
_NUMBER = re.compile(r"(?:wave|w|time ?point|time|t|round|r|occasion|visit|interview|year|y)?[ _.-]*0*(\d{1,3})(?:\.0+)?", re.IGNORECASE)


def wave_column(header: Sequence[str], told: str | None) -> tuple[str | None, bool]:
    """The column that says the wave, or may say it, and whether its name leaves no doubt."""
    if told is not None and told in header:
        return told, True
    plain = {"".join(filter(str.isalnum, name.lower())): name for name in reversed(header)}
    for names, is_sure in ((_SURE, True), (_PERHAPS, False)):
        for name in names:
            if name in plain:
                return plain[name], is_sure
    return None, False


def tells_apart(sheet: Sheet, columns: Sequence[str], wave: str) -> bool:
    """Whether rows that repeat an ego's alter differ in the column: what a column that only may be the wave has to show."""
    without = [tuple(row) for row in zip(*(sheet.column(name) for name in columns), strict=True)]
    within = set(zip(without, sheet.column(wave), strict=True))
    return len(set(without)) < len(without) and len(within) > len(set(without)) and len(without) - len(within) < len(within) / 10


def positions(cells: Iterable[str]) -> tuple[dict[str, int], bool]:
    """The wave of each value: its number where all are small numbers (0, 1, 2 … from 1 on), else its place among numbers, dates or words
    as they come; and whether it was counted so. Empty where there are too many to be waves."""
    values = list(dict.fromkeys(cell for cell in cells if cell))
    matches = [_NUMBER.fullmatch(value) for value in values]
    if all(matches):
        numbers = [int(match.group(1)) for match in matches if match]
        if max(numbers, default=0) <= MOST_WAVES:
            shift = 1 if 0 in numbers else 0
            return {value: number + shift for value, number in zip(values, numbers, strict=True)}, bool(shift)
    if len(values) > MOST_WAVES:
        return {}, False
    as_numbers = [number_of(value) for value in values]
    if all(number is not None for number in as_numbers):
        order = sorted({number for number in as_numbers if number is not None})
        return {value: order.index(number) + 1 for value, number in zip(values, as_numbers, strict=True) if number is not None}, True
    in_order = sorted(values) if all(_is_date(value) for value in values) else values
    return {value: at for at, value in enumerate(in_order, 1)}, True


def _is_date(text: str) -> bool:
    try:
        datetime.date.fromisoformat(text[:10])
    except ValueError:
        return False
    return True


def with_waves(sheet: Sheet, column: str, of_value: Mapping[str, int], notes: Notes) -> Sheet:
    """The sheet with wave numbers in the column; a row that says none is told and left out."""
    at = sheet.header.index(column)
    rows, numbers = [], []
    for row, number in zip(sheet.rows, sheet.numbers, strict=True):
        wave = of_value.get(_clean(row[at]))
        if wave is None:
            notes.meet("no_wave", "The row does not say its wave.", sheet.name, number)
        else:
            rows.append([*row[:at], str(wave), *row[at + 1 :]])
            numbers.append(number)
    return Sheet(sheet.name, sheet.header, rows, numbers, sheet.delimiter, sheet.coded)


def spread(sheet: Sheet, ego: str, waves: Mapping[str, Sequence[str]], first: str, *, is_whole: bool = False) -> Sheet:
    """Rows without a wave at each wave others tell of their ego; what a row says stands at the first alone, unless `is_whole`."""
    at, width = sheet.header.index(ego), len(sheet.header)
    rows, numbers = [], []
    for row, number in zip(sheet.rows, sheet.numbers, strict=True):
        for place, wave in enumerate(waves.get(row[at].strip()) or (first,)):
            rest = row if is_whole or place == 0 else ["" if column != at else row[at] for column in range(width)]
            rows.append([*rest, wave])
            numbers.append(number)
    _within_limits(sheet, len(rows))
    return Sheet(sheet.name, [*sheet.header, WAVE], rows, numbers, sheet.delimiter, sheet.coded)


def spread_ties(sheet: Sheet, columns: tuple[str, str, str], named: Mapping[tuple[str, str], Sequence[str]]) -> Sheet:
    """Alter ties without a wave at each wave at which their ego named both ends; `named` holds the waves of (ego, alter)."""
    ego, source, target = (sheet.header.index(name) for name in columns)
    rows, numbers = [], []
    for row, number in zip(sheet.rows, sheet.numbers, strict=True):
        ends = [named.get((row[ego].strip(), row[end].strip()), ()) for end in (source, target)]
        for wave in [wave for wave in ends[0] if wave in set(ends[1])] or [""]:
            rows.append([*row, wave])
            numbers.append(number)
    _within_limits(sheet, len(rows))
    return Sheet(sheet.name, [*sheet.header, WAVE], rows, numbers, sheet.delimiter, sheet.coded)


def joined_by_name(sheets: Sequence[Sheet]) -> Sheet | None:
    """Sheets of one part whose names differ in the number of their wave, as one with a column of it; None where they do not."""
    found = {match.group(1): sheet for sheet in sheets if (match := WAVE_IN_NAME.search(sheet.name))}
    if len(found) < len(sheets) or len({WAVE_IN_NAME.sub("", sheet.name.lower()) for sheet in sheets}) > 1:
        return None
    header = list(dict.fromkeys(name for sheet in found.values() for name in sheet.header if name != WAVE))
    rows: list[list[str]] = []
    numbers: list[int] = []
    for wave, sheet in sorted(found.items(), key=lambda each: int(each[0])):
        at = {name: place for place, name in enumerate(sheet.header)}
        rows += [[*(row[at[name]] if name in at else "" for name in header), wave] for row in sheet.rows]
        numbers += sheet.numbers
    first = sheets[0]
    whole = Sheet(f"{first.name} … {sheets[-1].name}", [*header, WAVE], rows, numbers, first.delimiter, first.coded)
    _within_limits(whole, len(rows))
    return whole


def waves_of(sheet: Sheet, columns: Sequence[str], wave: str) -> dict[tuple[str, ...], list[str]]:
    """The waves at which each ego, or each ego's alter, is in the sheet, in order."""
    found: defaultdict[tuple[str, ...], set[str]] = defaultdict(set)
    for key, at in zip(zip(*(map(str.strip, sheet.column(name)) for name in columns), strict=True), sheet.column(wave), strict=True):
        found[key].add(at)
    return {key: sorted(each, key=int) for key, each in found.items()}


def date_column(sheet: Sheet, keys: Sequence[str]) -> str | None:
    """The column that says when each ego's interview was: dates as YYYY-MM-DD, one an ego (at a wave)."""
    for name in sheet.header:
        if "".join(filter(str.isalnum, name.lower())) in _DATES:
            of_key: dict[str, set[str]] = defaultdict(set)
            for key, cell in zip(keys, clean_cells(sheet, name), strict=True):
                if cell:
                    of_key[key].add(cell[:10])
            if of_key and all(len(dates) == 1 and all(map(_is_date, dates)) for dates in of_key.values()):
                return name
    return None


def _clean(cell: str) -> str:
    cell = cell.strip()
    return "" if cell == "NA" else cell


def clean_cells(sheet: Sheet, column: str) -> list[str]:
    """A column's values, '' where there is none."""
    return [_clean(cell) for cell in sheet.column(column)]


def _within_limits(sheet: Sheet, rows: int) -> None:
    if rows * (len(sheet.header) + 1) > MOST_CELLS:
        raise FormatError(f"'{sheet.name}' would have more than {MOST_CELLS:,} cells over all waves; import it in parts.")


Part = tuple[Sheet, dict[str, str]]  # a sheet and the columns of its ids


def told_apart(files: dict[str, Part], notes: Notes) -> dict[str, Part]:
    """The parts with the wave among their ids, where one of them says it and it is to be read so; else as they are."""
    found = {name: column for name, (sheet, ids) in files.items() if (column := _wave_of(sheet, ids, notes))}
    if not found or _is_our_own(files):
        return files
    of_value, is_counted = positions(cell for name, column in found.items() for cell in clean_cells(files[name][0], column))
    if not of_value:
        return files
    count, file = len(set(of_value.values())), files[next(iter(found))][0].name
    how = ", counted in their order" if is_counted else ""
    if notes.meet("wave_column", f"A column says at which of {count} wave(s){how} an ego named an alter.", file) == "question":
        return files
    made = {name: (with_waves(files[name][0], column, of_value, notes), files[name][1] | {WAVE: column}) for name, column in found.items()}
    _spread_others(files, made, str(min(of_value.values())))
    return {name: made.get(name, part) for name, part in files.items()}


def _wave_of(sheet: Sheet, ids: dict[str, str], notes: Notes) -> str | None:
    column, is_sure = wave_column(sheet.header, notes.options.columns.get(WAVE))
    if column is None or column in ids.values():
        return None
    key = [ids[role] for role in ("ego", "alter", "source", "target") if role in ids]
    return column if is_sure or tells_apart(sheet, key, column) else None


def _is_our_own(files: dict[str, Part]) -> bool:
    """Egos that are one map each and say whose and when, as our own export writes them."""
    if "egos" not in files:
        return False
    sheet, ids = files["egos"]
    egos = sheet.column(ids["ego"])
    return {"pseudonym", WAVE} <= set(sheet.header) and len(set(egos)) == len(egos)


def _spread_others(files: dict[str, Part], made: dict[str, Part], first: str) -> None:
    """Parts that say no wave, at the waves the others tell of their egos."""
    if "alters" not in made:  # only the egos or the ties say it
        teller = made.get("egos") or made["alter_ties"]
        sheet, ids = files["alters"]
        of_ego = {key[0]: waves for key, waves in waves_of(teller[0], [teller[1]["ego"]], teller[1][WAVE]).items()}
        made["alters"] = (spread(sheet, ids["ego"], of_ego, first, is_whole=True), ids | {WAVE: WAVE})
    sheet, ids = made["alters"]
    if "egos" in files and "egos" not in made:
        of_ego = {key[0]: waves for key, waves in waves_of(sheet, [ids["ego"]], ids[WAVE]).items()}
        egos, own = files["egos"]
        made["egos"] = (spread(egos, own["ego"], of_ego, first), own | {WAVE: WAVE})
    if "alter_ties" in files and "alter_ties" not in made:
        named = waves_of(sheet, [ids["ego"], ids["alter"]], ids[WAVE])
        ties, own = files["alter_ties"]
        pair = (own["ego"], own["source"], own["target"])
        made["alter_ties"] = (spread_ties(ties, pair, {(ego, alter): waves for (ego, alter), waves in named.items()}), own | {WAVE: WAVE})
