"""Which of egor's files is which, and the ids in them: columns known by their names, wide ones unfolded, waves told apart."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from kithwork.formats.attributes import clean_cell
from kithwork.formats.building import number_of
from kithwork.formats.egor.waves import WAVE, date_column, joined_by_name, told_apart
from kithwork.formats.egor.wide import Numbered, beside, ego_of_name, joined, narrowed, unfold_alters, unfold_ties, wide_columns
from kithwork.formats.reading import Notes
from kithwork.formats.sheets import Sheet
from kithwork.model.errors import FormatError

_IDS = {
    "ego": ("egoid", "puid", "ego", "respondentid", "respid", "caseid"),
    "alter": ("altid", "alterid", "alternumber", "alterno", "alternum", "nameid"),  # not 'alter': German for age
    "source": ("source", "srcid", "from", "alter1", "alter1number", "alterid1"),
    "target": ("target", "tgtid", "to", "alter2", "alter2number", "alterid2", "targetid"),
    "weight": ("weight",),
    "netsize": ("netsize",),
}
_FILES = {"egos": ("ego",), "alters": ("ego", "alter"), "alter_ties": ("ego", "source", "target", "weight")}


@dataclass
class File:
    """One of the three files: its sheet and the column names of its ids."""

    sheet: Sheet
    ids: dict[str, str]
    alike: dict[str, dict[str, str]] = field(default_factory=dict)  # role -> an id as a number -> how it is written first
    are_counted: bool = False  # alters are numbered anew at each wave, so that a number is somebody else there

    def id_cells(self, role: str, notes: Notes) -> list[str]:
        """The ids of one role, '' where there is none; of egos, with the wave where the file says it."""
        cells = [cell.strip() for cell in self.sheet.column(self.ids[role])]
        cells = ["" if cell == "NA" else cell for cell in cells]
        cells = self._alike(role, cells, notes)
        if WAVE in self.ids and (role == "ego" or self.are_counted):  # an ego at a wave is one map
            sign = "\x1f" if role == "ego" else " at wave "
            return [cell and f"{cell}{sign}{wave}" for cell, wave in zip(cells, self.sheet.column(self.ids[WAVE]), strict=True)]
        return cells

    def _alike(self, role: str, cells: list[str], notes: Notes) -> list[str]:
        if notes.options.choices.get("mixed_ids") == "as_number":
            return [_as_number(cell) for cell in cells]
        known = self.alike.get(role, {})
        return [known.get(_as_number(cell), cell) for cell in cells] if known else cells

    def cells(self, name: str) -> list[str]:
        """One column's cells without blanks, '' where empty."""
        return [clean_cell(cell) for cell in self.sheet.column(name)]

    @property
    def others(self) -> list[str]:
        """Columns that are no ids."""
        return [name for name in self.sheet.header if name not in self.ids.values()]


def _as_number(cell: str) -> str:
    value = number_of(cell)
    return cell if value is None else f"{value:.15g}"


def roles_of(header: list[str], told: dict[str, str]) -> dict[str, str]:
    """The columns of a header by the id they hold, those `told` first."""
    plain = {_plain(name): name for name in reversed(header)}
    found = {role: name for role, name in told.items() if name in header}
    for role, names in _IDS.items():
        for name in names:
            if role not in found and name in plain:
                found[role] = plain[name]
    if "target" in found and "source" not in found and "alter" in found:  # openeddi: nameid, targetid
        found["source"] = found["alter"]
    if not {"source", "target"} <= set(told) and (wide_columns(header, {}).ties or {"alterid1", "alterid2", "alterid3"} <= set(plain)):
        found = {role: name for role, name in found.items() if role not in ("source", "target")}  # alterID.1 … are alters side by side
    return found


def sorted_out(sheets: Iterable[Sheet], notes: Notes) -> dict[str, File]:
    """The sheets by the part they play; many files of one ego each are one, and wide ones are unfolded."""
    told = dict(notes.options.columns)
    files: dict[str, File] = {}
    by_ego: defaultdict[str, list[Sheet]] = defaultdict(list)
    for sheet in _one_a_part(sheets, told, notes):
        ids = roles_of(sheet.header, told)
        which = part_of(ids)
        if ego_of_name(sheet.name) and which != "egos":
            by_ego[which].append(sheet)
        elif "ego" not in ids:
            notes.meet("not_read", "The file names no ego in a column such as egoID and is not read.", sheet.name)
        else:
            _take(files, which, sheet, ids, notes)
    for which, sheets in by_ego.items():
        sheets.sort(key=lambda sheet: int(ego_of_name(sheet.name) or 0))
        sheet = joined(sheets, roles_of(sheets[0].header, told).get("ego"))
        _take(files, which, sheet, roles_of(sheet.header, told), notes)
    _unfold(files, notes)
    if "alters" not in files:
        raise FormatError("No file lists alters: none has columns such as egoID and alterID; name them with --column.")
    parts = told_apart({which: (file.sheet, file.ids) for which, file in files.items()}, notes)
    files = {which: File(*part) for which, part in parts.items()}
    if WAVE in files["alters"].ids and _are_counted_anew(files["alters"], notes):
        sentence = "Alters are numbered 1, 2 … at each wave, and a number may be somebody else at another wave."
        if notes.meet("alter_numbers", sentence, files["alters"].sheet.name) == "apart":
            for file in files.values():
                file.are_counted = True
    for file in (files["alters"], files.get("egos", files["alters"])):
        column = date_column(file.sheet, file.id_cells("ego", notes))
        if column is not None:
            file.ids["held_on"] = column
    return files


def _are_counted_anew(alters: File, notes: Notes) -> bool:
    """Whether each map's alters are numbered from 1 on without a gap, and anybody has several maps of several alters."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for ego, alter in zip(alters.id_cells("ego", notes), alters.id_cells("alter", notes), strict=True):
        if ego and alter:
            found[ego].add(_as_number(alter))
    people = {ego.split("\x1f")[0] for ego in found}
    counted = all(ids == {str(number) for number in range(1, len(ids) + 1)} for ids in found.values())
    return counted and len(people) < len(found) and len({len(ids) for ids in found.values()}) > 1


def _one_a_part(sheets: Iterable[Sheet], told: dict[str, str], notes: Notes) -> list[Sheet]:
    """The sheets, those of one part joined where their names say that they are its waves."""
    found: defaultdict[str, list[Sheet]] = defaultdict(list)
    for sheet in sheets:
        ids = roles_of(sheet.header, told)
        found[part_of(ids) if "ego" in ids else ""].append(sheet)
    kept: list[Sheet] = []
    for which, group in found.items():
        whole = joined_by_name(group) if which and len(group) > 1 else None
        sentence = f"The names of {len(group)} files say at which wave an ego named an alter."
        kept += [whole] if whole and notes.meet("wave_column", sentence, whole.name) == "waves" else group
    return kept


def part_of(ids: dict[str, str]) -> str:
    return "alter_ties" if "source" in ids and "target" in ids else "alters" if "alter" in ids else "egos"


def _take(files: dict[str, File], which: str, sheet: Sheet, ids: dict[str, str], notes: Notes) -> None:
    if which == "egos" and which in files:
        both = sorted(
            ((files[which].sheet, files[which].ids), (sheet, ids)), key=lambda each: bool(wide_columns(each[0].header, each[1]).columns)
        )
        (plain, own), (wide, theirs) = both
        names = set(plain.header) & set(wide.header) - {own["ego"], theirs["ego"]}
        if wide_columns(wide.header, theirs).columns and not names:  # alters or pairs side by side, in a file of their own
            files[which] = File(beside(plain, own["ego"], wide, theirs["ego"], notes), files[which].ids | {"ego": own["ego"]})
            return
    if which in files:
        raise FormatError(
            f"'{files[which].sheet.name}' and '{sheet.name}' both look like egor's {which.replace('_', ' ')}; give one of them."
        )
    files[which] = File(sheet, {role: name for role, name in ids.items() if role in _FILES[which]})


def _unfold(files: dict[str, File], notes: Notes) -> None:
    """Alters and alter ties that are columns of the egos' file become files of their own."""
    if "egos" not in files:
        return
    sheet, ids = files["egos"].sheet, files["egos"].ids
    wide = wide_columns(sheet.header, ids)
    alters_are_columns = "alters" not in files and wide.alters
    ties_are_columns = "alter_ties" not in files and wide.ties
    if not (alters_are_columns or ties_are_columns):
        return
    columns = (wide.alters if alters_are_columns else {}) | (wide.ties if ties_are_columns else {})
    if not alters_are_columns:
        wide.alters = {}
    sentence = f"{len(columns)} variable(s) have a column for each of {wide.count} alters, or for each pair of them."
    if notes.meet("wide_columns", sentence, sheet.name) == "egos":
        return
    numbered: Numbered | None = None
    if alters_are_columns:
        id_stem = next((stem for stem in wide.alters if _plain(stem) in _IDS["alter"]), None)
        netsize = roles_of(sheet.header, dict(notes.options.columns)).get("netsize")
        unfolded, numbered = unfold_alters(sheet, ids["ego"], wide, id_stem, netsize, notes)
        files["alters"] = File(unfolded, {"ego": "egoID", "alter": "alterID"})
    if ties_are_columns and "alters" in files:
        unfolded = unfold_ties(sheet, ids["ego"], wide, numbered or _in_order(files["alters"], notes), notes)
        files["alter_ties"] = File(unfolded, {"ego": "egoID", "source": "Source", "target": "Target", "weight": "weight"})
    files["egos"] = File(narrowed(sheet, wide.columns), ids)


def _in_order(file: File, notes: Notes) -> Numbered:
    """Foreign alter ids by ego, numbered in the order of the file; where a column says who was selected to be rated, those alone."""
    chosen = next((file.cells(name) for name in file.others if _plain(name) in ("selected", "selection")), None)
    found: defaultdict[str, dict[int, str]] = defaultdict(dict)
    for at, (ego, alter) in enumerate(zip(file.id_cells("ego", notes), file.id_cells("alter", notes), strict=True)):
        if chosen is None or chosen[at] in ("1", "TRUE", "true"):
            found[ego][len(found[ego]) + 1] = alter
    return found


def _plain(name: str) -> str:
    return "".join(filter(str.isalnum, name.lower()))


def check_ids(files: dict[str, File], notes: Notes) -> None:
    """One line where the same ids are written as numbers in one place and otherwise in another: 1.0 and 1, 01 and 1."""
    for what, roles in (("egos", ("ego",)), ("alters", ("alter", "source", "target"))):
        # the file that lists them first, whose writing stays
        order = sorted(files, key=("egos", "alters", "alter_ties").index)
        columns = [(files[name], role) for name in order for role in roles if role in files[name].ids]
        written = [{cell.strip() for cell in file.sheet.column(file.ids[role])} - {"", "NA"} for file, role in columns]
        cells = set().union(*written)
        numbers = [{cell for cell in group if number_of(cell) is not None} for group in written]
        are_twice = len({_as_number(cell) for cell in cells}) < len(cells)
        if not are_twice and len({number_of(cell) is not None for cell in cells}) < 2:
            continue
        choice = notes.meet("mixed_ids", f"Ids of {what} are partly numbers and partly not, or one is written in two ways.")
        if choice == "alike" and are_twice and all(len({_as_number(cell) for cell in group}) == len(group) for group in numbers):
            first = {_as_number(cell): cell for group in reversed(numbers) for cell in group}
            for file, role in columns:
                file.alike[role] = first
