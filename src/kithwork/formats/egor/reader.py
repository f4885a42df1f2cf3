"""egor's files, read: egos, alters and alter–alter ties, in three files, two, one, or one an ego; known by their id columns.

egor refuses a whole data set for one tie that names an unknown alter; here each such row is one line and a choice.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from kithwork.formats.attributes import Attribute, answer_row, attributes_of, values_at
from kithwork.formats.building import Builder, is_name_column, number_of, relation_of
from kithwork.formats.egor.files import File, check_ids, roles_of, sorted_out
from kithwork.formats.egor.waves import WAVE
from kithwork.formats.egor.wide import ego_of_name, wide_columns
from kithwork.formats.reading import Notes
from kithwork.formats.sheets import Sheet, read_header, read_sheet
from kithwork.formats.sources import Source
from kithwork.model.errors import FormatError
from kithwork.model.schema import MAP_STATES, TABLES
from kithwork.model.tables import StudyTables

_ENDINGS = (".csv", ".tsv", ".txt")
_NO_PSEUDONYM = "\x00id"  # among the columns of names: an id is, or is made of, what somebody is called


@dataclass
class _Person:
    """One participant and its alters by foreign id, shared by all its maps."""

    id: str
    alters: dict[str, str] = field(default_factory=dict)


@dataclass
class _Map:
    """One ego of the files: one map of one participant."""

    id: str
    person: _Person


def _digest(*words: str) -> str:
    """Recognises the same row on another day without keeping what may be a name."""
    return hashlib.sha256("\x1f".join(words).encode()).hexdigest()[:24]


def recognises(sources: list[Source], notes: Notes) -> bool:
    """Whether a file names an ego and an alter in each row."""
    for source in sources:
        if source.name.lower().endswith(_ENDINGS):
            try:
                sheet = read_header(source)
                roles = roles_of(sheet.header, dict(notes.options.columns))
            except FormatError:
                continue
            wide = wide_columns(sheet.header, roles)
            if "ego" in roles and ("alter" in roles or wide.ties or wide.alters):
                return True
            if ego_of_name(source.name) and ("alter" in roles or ("source" in roles and "target" in roles)):
                return True
    return False


def read(sources: list[Source], notes: Notes) -> StudyTables:
    """Tables from egor's files: an ego is a participant, or one map of it where a column says the wave.

    Raises `FormatError` where no file lists alters, two files play the same part, or a choice is to stop.
    """
    return read_tables(_sheets(sources, notes), notes)


def read_tables(sheets: Iterable[Sheet], notes: Notes) -> StudyTables:
    """The same from tables already in memory, whichever program wrote them."""
    files = sorted_out(sheets, notes)
    builder = Builder(notes)
    check_ids(files, notes)
    maps = _egos(files, builder)
    ties = _alters(files["alters"], maps, builder)
    if "alter_ties" in files:
        _alter_ties(files["alter_ties"], maps, ties, builder)
    return builder.tables()


def _sheets(sources: list[Source], notes: Notes) -> Iterator[Sheet]:
    for source in sources:
        if source.name.lower().endswith(_ENDINGS):
            yield read_sheet(source, notes)
        else:
            notes.lose("Files that are no CSV are not part of egor's format and are not read.")


def _egos(files: dict[str, File], builder: Builder) -> dict[str, _Map]:
    """One map an ego; egos with the same `pseudonym` are one participant at several waves."""
    notes, file = builder.notes, files.get("egos", files["alters"])
    house = _at_waves(file, notes) if WAVE in file.ids else _house_columns(files["egos"]) if "egos" in files else {}
    builder.asked_at = tuple(sorted({int(cell) for cell in house.get("wave", []) if cell})) or (builder.options.wave,)
    names = [name for name in file.others if name not in house] if "egos" in files else []
    attributes = attributes_of(file.sheet, names, ("participants",), "interview", builder)
    named: defaultdict[str, list[str]] = defaultdict(list)
    for ego, alter in zip(*(files["alters"].id_cells(role, notes) for role in ("ego", "alter")), strict=True):
        named[ego].append(alter)
    held = {
        ego: cell[:10]
        for each in (files["alters"], file)
        if "held_on" in each.ids
        for ego, cell in zip(each.id_cells("ego", notes), each.cells(each.ids["held_on"]), strict=True)
        if cell
    }
    maps: dict[str, _Map] = {}
    people: dict[str, _Person] = {}
    interviews: dict[tuple[str, int], str] = {}
    for at, ego in enumerate(file.id_cells("ego", notes)):
        number = file.sheet.numbers[at]
        if not ego:
            notes.meet("no_id", "The row names no ego.", file.sheet.name, number)
        elif ego not in maps:
            own = {name: cells[at] for name, cells in house.items() if cells[at]}
            key = own.get("pseudonym", ego)
            if key not in people:
                values = values_at(attributes, "participants", at)
                values |= {"pseudonym": key, "status": "enrolled", "source_key": f"egor:{_digest(key)}"}
                people[key] = _Person(builder.add("participants", **values))
            person, wave = people[key], int(own.get("wave", builder.options.wave))
            if (person.id, wave) not in interviews:
                interview = builder.add(
                    "interviews", participant_id=person.id, wave_id=builder.wave(wave), status="held", held_on=held.get(ego)
                )
                interviews[person.id, wave] = interview
                answer_row(attributes, at, interview, builder)
            state = own.get("state", builder.options.state)
            drawn = builder.add(
                "maps",
                interview_id=interviews[person.id, wave],
                state=state,
                stage="finished",
                alter_ties_asked=own.get("alter_ties_asked", "yes" if "alter_ties" in files else "no"),
                source_key=f"egor:{_digest(key, str(wave), state, *sorted(named[ego]))}",
            )
            maps[ego] = _Map(drawn, person)
        elif "egos" in files:
            notes.meet("repeated_ego", "The ego was in an earlier row.", file.sheet.name, number)
    return maps


def _at_waves(file: File, notes: Notes) -> dict[str, list[str]]:
    """Whose map each row is, and at which wave."""
    places = [ego.split("\x1f") for ego in file.id_cells("ego", notes)]
    return {"pseudonym": [place[0] for place in places], "wave": file.sheet.column(file.ids[WAVE])}


def _house_columns(file: File) -> dict[str, list[str]]:
    """Columns that say which map of which participant an ego is, as our own export writes them; only where all values fit."""
    cells = {name: file.cells(name) for name in ("pseudonym", "wave", "state", "alter_ties_asked") if name in file.others}
    fits = {
        "wave": lambda cell: cell.isascii() and cell.isdigit() and 0 < int(cell) < 1000,
        "state": lambda cell: cell in MAP_STATES,
        "alter_ties_asked": lambda cell: cell in TABLES["maps"]["alter_ties_asked"].choices,
        "pseudonym": lambda _: "wave" in cells,
    }
    kept = {name: column for name, column in cells.items() if all(not cell or fits[name](cell) for cell in column)}
    places = list(zip(*(kept.get(name, cells.get(name, [])) for name in ("pseudonym", "wave", "state") if name in kept), strict=True))
    if "pseudonym" in kept and len(set(places)) < len(places):  # not our export: two maps would fall on one place
        return {}
    return kept


# -- alters and alter ties ------------------------------------------------------------------------------------------------


def _alters(file: File, maps: dict[str, _Map], builder: Builder) -> dict[tuple[str, str], str]:
    """Alters, ties and nominations; returns the tie by (ego, foreign alter id)."""
    notes = builder.notes
    names = {name: file.cells(name) for name in file.others if is_name_column(name)}
    others = [name for name in file.others if name not in names]
    attributes = attributes_of(file.sheet, others, ("alters", "ties"), "tie", builder)
    ids = file.id_cells("alter", notes)
    told = file.sheet.coded.get(file.ids["alter"])
    has_pseudonyms = any(a.table == "alters" and a.column == "pseudonym" for a in attributes)
    if told and told.is_name:
        names[_NO_PSEUDONYM] = [""] * len(ids)
    elif _are_names(ids, notes, file.sheet.name) and not has_pseudonyms:
        names[_NO_PSEUDONYM] = ids
    ties: dict[tuple[str, str], str] = {}
    order: defaultdict[str, int] = defaultdict(int)
    for at, (ego, alter) in enumerate(zip(file.id_cells("ego", notes), ids, strict=True)):
        number = file.sheet.numbers[at]
        if ego not in maps:
            notes.meet("unknown_ego", "The alter belongs to an ego that is in no row of the egos.", file.sheet.name, number)
        elif not alter:
            notes.meet("no_id", "The row names no alter.", file.sheet.name, number)
        elif (ego, alter) in ties:
            notes.meet("repeated_alter", "The ego named this alter in an earlier row.", file.sheet.name, number)
        else:
            person = maps[ego].person
            if alter not in person.alters:
                person.alters[alter] = _alter(alter, person, at, attributes, names, builder)
            tie = builder.add("ties", map_id=maps[ego].id, alter_id=person.alters[alter], **values_at(attributes, "ties", at))
            ties[ego, alter] = tie
            order[ego] += 1
            builder.add("nominations", tie_id=tie, position=order[ego], phase="recall")
            answer_row(attributes, at, tie, builder)
    _rings(attributes, builder)
    return ties


def _alter(alter: str, person: _Person, at: int, attributes: list[Attribute], names: dict[str, list[str]], builder: Builder) -> str:
    values = {"kind": "person"} | values_at(attributes, "alters", at)
    if "pseudonym" not in values:
        values["pseudonym"] = builder.label(person.id, values["kind"]) if _NO_PSEUDONYM in names else alter
    made = builder.add("alters", participant_id=person.id, source_key=f"egor:{_digest(alter)}", **values)
    name = " ".join(dict.fromkeys(cells[at] for cells in names.values() if cells[at]))
    if name:
        builder.add("identities", alter_id=made, name=name)
    return made


def _are_names(ids: list[str], notes: Notes, file: str) -> bool:
    """Whether alter ids may be what people are called: words of letters alone, and not only initials."""
    words = [cell for cell in ids if len(cell) > 3 and not any(letter.isdigit() for letter in cell)]
    if not words:
        return False
    return notes.meet("names_as_ids", f"{len(words)} alter id(s) may be names of people.", file) == "identities"


def _rings(attributes: list[Attribute], builder: Builder) -> None:
    """Rings for the circle column, where there is one."""
    for attribute in attributes:
        if attribute.column == "circle" and attribute.values:
            builder.notes.are_circles_counted = False
            builder.circles(max(value for value in attribute.values if value), None, "Read from the column 'circle' of an imported file.")


def _alter_ties(file: File, maps: dict[str, _Map], ties: dict[tuple[str, str], str], builder: Builder) -> None:
    notes, name = builder.notes, file.sheet.name
    types = file.cells("type") if "type" in file.others else [""] * len(file.sheet.rows)
    recorded = file.cells("recorded_weight") if "recorded_weight" in file.others else None
    others = [column for column in file.others if column not in ("type", "recorded_weight")]
    attributes = attributes_of(file.sheet, others, ("alter_ties",), "alter_tie", builder)
    weights = recorded or (file.cells(file.ids["weight"]) if "weight" in file.ids else [""] * len(types))
    ends = zip(file.id_cells("ego", notes), file.id_cells("source", notes), file.id_cells("target", notes), strict=True)
    seen: set[tuple[str, ...]] = set()
    for at, (ego, source, target) in enumerate(ends):
        number, values = file.sheet.numbers[at], values_at(attributes, "alter_ties", at)
        if ego not in maps:
            notes.meet("unknown_ego", "The alter tie belongs to an ego that is in no row of the egos.", name, number)
            continue
        if (ego, source) not in ties or (ego, target) not in ties:
            notes.meet("dangling_alter_tie", "The alter tie names an alter that its ego did not name.", name, number)
            continue
        if types[at]:
            values = {"relation": relation_of(types[at], builder.options), "relation_label": types[at]} | values
            if builder.options.relations and types[at] not in builder.options.relations:
                notes.lose("Alter ties of types that were not chosen are left out.")
                continue
        ends_of = (source, target) if values.get("is_directed") else sorted((source, target))
        pair = (ego, *ends_of, values.get("relation", ""), values.get("relation_label", ""))
        if _is_left_out(source == target, pair in seen, name, number, notes):
            continue
        seen.add(pair)
        weight, is_kept = weight_of(weights[at], file.sheet.delimiter != ",", name, number, notes)
        if is_kept:
            row = {"relation": "knows", "weight": weight} | values
            made = builder.add("alter_ties", map_id=maps[ego].id, from_tie_id=ties[ego, source], to_tie_id=ties[ego, target], **row)
            answer_row(attributes, at, made, builder)


def _is_left_out(is_loop: bool, is_repeat: bool, file: str, number: int, notes: Notes) -> bool:
    if is_loop and notes.meet("loop", "The alter tie joins an alter to itself.", file, number) == "drop":
        return True
    return is_repeat and notes.meet("repeated_pair", "The same two alters were joined in an earlier row.", file, number) == "keep_first"


def weight_of(cell: str, is_comma: bool, file: str, number: int, notes: Notes) -> tuple[float | None, bool]:
    """The recorded weight, empty where there is none, and whether the alter tie is kept."""
    if cell == "":
        return None, True
    weight = number_of(cell, is_comma=is_comma)
    if weight is None:
        notes.meet("weight_not_read", "The weight is not a number and is left empty.", file, number)
    elif weight < 0:
        return None, notes.meet("negative_weight", "The weight is below zero.", file, number) == "keep"
    elif weight == 0:
        return weight, notes.meet("zero_weight", "The weight is zero.", file, number) == "keep"
    return weight, True
