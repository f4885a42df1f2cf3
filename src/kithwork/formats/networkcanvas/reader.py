"""Network Canvas exports, read: CSV or GraphML, one session or many, merged or not, old and new columns, with or without protocol.

Ids are read from the ego file, never from file names. Network Canvas stores no ring: circle, angle and distance are worked
out from where a node lay, for a canvas whose aspect ratio is assumed, and are said to be.
"""

import math
import re
from collections import Counter, defaultdict

from kithwork.formats.building import Builder, is_name_column, kind_of, number_of, relation_of
from kithwork.formats.networkcanvas.graphml import graphml_parts, is_graphml
from kithwork.formats.networkcanvas.parts import CASE, EGO, OUR_ALTER, SESSION, UUID, Part
from kithwork.formats.networkcanvas.protocol import Protocol, plain, read_protocol
from kithwork.formats.networkcanvas.questions import answer_cells, asked_columns, tell_answers
from kithwork.formats.networkcanvas.rings import Placing, layout_of, tell_placing
from kithwork.formats.networkcanvas.sessions import Session, read_sessions, waves_of
from kithwork.formats.reading import Notes
from kithwork.formats.sheets import read_sheet
from kithwork.formats.sources import Source
from kithwork.model.errors import FormatError
from kithwork.model.tables import StudyTables

_KNOWN_BY = {"ego": {EGO, CASE}, "edge": {"edgeID", EGO, "from", "to"}, "node": {"nodeID", EGO}}
_TYPE = re.compile(r"_(?:attributeList|edgeList)(?:_(.+))?\.csv$", re.IGNORECASE)


def recognises(sources: list[Source], notes: Notes) -> bool:
    """Whether a file's first line holds Network Canvas's own columns; the ego file may be missing, which reading tells."""
    return any(is_graphml(source) or _KNOWN_BY["ego"] <= (names := _first_names(source)) or {EGO, UUID} <= names for source in sources)


def _first_names(source: Source) -> set[str]:
    """The names in a file's first line, whatever stands between them."""
    line = source.data[:4000].split(b"\n", 1)[0].decode("utf-8", "replace").replace("\x00", "")
    return set(re.findall(r"\w+", line))


def read(sources: list[Source], notes: Notes) -> StudyTables:
    """Tables from an export: a session is a participant, an interview at the wave given, and a map."""
    protocol = _find_protocol(sources, notes)
    parts = _sort(sources, protocol, notes)
    builder = Builder(notes)
    sessions = read_sessions([part for part in parts if part.what == "ego"], parts, protocol, builder)
    _nodes([part for part in parts if part.what == "node"], sessions, protocol, builder)
    _edges([part for part in parts if part.what == "edge"], sessions, protocol, builder)
    notes.lose("Network Canvas does not export which prompt elicited whom; nominations keep only the order.")
    notes.lose("The time of export, the program's version and the language of the interview are not kept.")
    return builder.tables()


def _find_protocol(sources: list[Source], notes: Notes) -> Protocol | None:
    found = [source for source in sources if source.name.lower().endswith(".netcanvas")]
    if len(found) > 1:
        raise FormatError(f"{len(found)} protocols were given; give the one the sessions were made with.")
    if not found:
        notes.meet(
            "no_protocol",
            "No .netcanvas protocol was given: columns are understood by their values alone, an any-of question stays one yes-or-no "
            "question an option, and no circle is worked out.",
        )
        return None
    return read_protocol(found[0], notes)


def _sort(sources: list[Source], protocol: Protocol | None, notes: Notes) -> list[Part]:
    parts: list[Part] = []
    for source in sources:
        if source.name.lower().endswith((".netcanvas", ".graphml", ".xml")):
            continue
        sheet = read_sheet(source, notes)
        header = set(sheet.header)
        what = next((what for what, columns in _KNOWN_BY.items() if columns <= header), None)
        if what is None:
            notes.meet("not_read", "The file is not a list of egos, nodes or edges and is not read.", source.name)
            continue
        match = _TYPE.search(source.name)
        name = (match.group(1) if match else None) or ("" if what == "ego" else "Person" if what == "node" else "Edge")
        parts.append(Part(what, name, sheet))
    listed = {key for part in parts if part.what == "ego" for key in part.cells.get(SESSION, [])}
    entities = [*protocol.nodes.values(), *protocol.edges.values()] if protocol else []
    owners = {variable.id: entity.name for entity in entities for variable in entity.variables}
    for source in sources:
        if is_graphml(source):
            parts += graphml_parts(source, listed, owners, notes)
        elif source.name.lower().endswith((".graphml", ".xml")):
            notes.meet("not_read", "The file is no GraphML of Network Canvas and is not read.", source.name)
    for part in parts:
        known = {"node": protocol.nodes, "edge": protocol.edges}.get(part.what, {}) if protocol else {}
        part.type = known[plain(part.type)].name if plain(part.type) in known else part.type
    if not any(part.what == "ego" for part in parts):
        raise FormatError(f"No file lists the sessions: none has the columns {EGO} and {CASE}; export again with the ego file.")
    return parts


# -- nodes ------------------------------------------------------------------------------------------------------------------


def _by_type(parts: list[Part]) -> dict[str, list[Part]]:
    found: defaultdict[str, list[Part]] = defaultdict(list)
    for part in parts:
        found[part.type].append(part)
    return {name: each for name, each in found.items() if any(part.sheet.rows for part in each)}


def _nodes(parts: list[Part], sessions: dict[str, Session], protocol: Protocol | None, builder: Builder) -> None:
    notes, counts, order = builder.notes, Counter[str](), Counter[str]()
    for name, each in _by_type(parts).items():
        entity = protocol.nodes.get(plain(name)) if protocol else None
        kind = kind_of(name, builder.options, notes)
        columns = dict.fromkeys(column for part in each for column in part.sheet.header)
        names = [column for column in columns if is_name_column(column)]
        layout = layout_of(columns, entity, protocol)
        screens = {column for column in columns if column.endswith(("_screenSpaceX", "_screenSpaceY"))}
        if screens:
            notes.lose("Positions in screen pixels are left out; they follow from the position on the canvas.")
        skip = {*names, *screens, *((f"{layout}_x", f"{layout}_y") if layout else ())}
        asked = asked_columns(each, "node", name, entity, "tie", skip, waves_of(sessions), builder)
        place = Placing(layout, protocol if entity and layout == (protocol and protocol.layout) else None, builder, counts)
        rows = [(part, at) for part in each for at in range(len(part.sheet.rows))]
        for part, at in sorted(rows, key=lambda row: _order(row[0].cells["nodeID"][row[1]])):
            tie = _node(part, at, kind, names, place, sessions, order, builder)
            if tie:
                answer_cells(part, at, asked, tie, builder, counts)
    tell_answers(counts, builder)
    tell_placing(counts, protocol, builder)


def _order(cell: str) -> tuple[float, str]:
    number = number_of(cell)
    return (math.inf if number is None else number, cell)


def _node(
    part: Part,
    at: int,
    kind: str,
    names: list[str],
    place: Placing,
    sessions: dict[str, Session],
    order: Counter[str],
    builder: Builder,
) -> str | None:
    notes, file, number = builder.notes, part.sheet.name, part.sheet.numbers[at]
    ego, uuid, node = part.cells[EGO][at], part.cell("networkCanvasUUID", at), part.cells["nodeID"][at]
    session = sessions.get(ego)
    if session is None:
        notes.meet("unknown_ego", "The node belongs to a session that is in no ego file.", file, number)
        return None
    if not session.map:
        return None
    if not (uuid or node):
        notes.meet("no_id", "The node has no id.", file, number)
        return None
    if (uuid or f"#{node}") in session.ties:
        notes.meet("repeated_alter", "The node was in an earlier row.", file, number)
        return None
    own = f"#{part.cell(OUR_ALTER, at)}" if part.cell(OUR_ALTER, at) else uuid
    alter = session.alters.get(own) if own else None
    if alter is None:
        alter = _alter(part, at, kind, names, session, builder)
        session.alters[own or f"{session.map} {node}"] = alter
    tie = builder.add("ties", map_id=session.map, alter_id=alter, **place.of(lambda column: part.cell(column, at)))
    order[session.map] += 1
    builder.add("nominations", tie_id=tie, position=order[session.map], phase="recall")
    for key in (uuid, f"#{node}"):
        session.ties.setdefault(key, tie)
    return tie


def _alter(part: Part, at: int, kind: str, names: list[str], session: Session, builder: Builder) -> str:
    said = [part.cell(column, at) for column in names]
    name = " ".join(dict.fromkeys(words for words in said if words not in ("", "ENCRYPTED")))
    uuid, is_ours = part.cell("networkCanvasUUID", at), bool(part.cell(OUR_ALTER, at)) and bool(name)
    label = name if is_ours else builder.label(session.participant, kind)  # our own export has pseudonyms where names stand
    values = {"participant_id": session.participant, "kind": kind, "pseudonym": label}
    alter = builder.add("alters", source_key=f"networkcanvas:{uuid}" if uuid else None, **values)
    if name and not is_ours:
        builder.add("identities", alter_id=alter, name=name)
    return alter


# -- edges ------------------------------------------------------------------------------------------------------------------


def _edges(parts: list[Part], sessions: dict[str, Session], protocol: Protocol | None, builder: Builder) -> None:
    notes, counts, chosen = builder.notes, Counter[str](), builder.options.relations
    types = _by_type(parts)
    missing = [name for name in chosen if name not in types]
    if missing:
        there = ", ".join(sorted(types)) or "none"
        notes.meet("relation_not_there", f"{len(missing)} of the alter tie types chosen are in no file; there are {there}.")
    for name, each in types.items():
        if chosen and name not in chosen:
            notes.lose(f"Alter ties of type '{name[:60]}' were not chosen and are left out.")
            continue
        entity = protocol.edges.get(plain(name)) if protocol else None
        asked = asked_columns(each, "edge", name, entity, "alter_tie", set(), waves_of(sessions), builder)
        seen: set[tuple[str, ...]] = set()
        for part in each:
            for at in range(len(part.sheet.rows)):
                made = _edge(part, at, sessions, seen, builder)
                if made:
                    answer_cells(part, at, asked, made, builder, counts)
    tell_answers(counts, builder)


def _edge(part: Part, at: int, sessions: dict[str, Session], seen: set[tuple[str, ...]], builder: Builder) -> str | None:
    notes, file, number = builder.notes, part.sheet.name, part.sheet.numbers[at]
    session = sessions.get(part.cells[EGO][at])
    if session is None:
        notes.meet("unknown_ego", "The edge belongs to a session that is in no ego file.", file, number)
        return None
    if not session.map:
        return None
    source = session.ties.get(part.cell("networkCanvasSourceUUID", at) or f"#{part.cells['from'][at]}")
    target = session.ties.get(part.cell("networkCanvasTargetUUID", at) or f"#{part.cells['to'][at]}")
    if source is None or target is None:
        notes.meet("dangling_alter_tie", "The edge names a node that is not in the session.", file, number)
        return None
    pair = (session.map, *sorted((source, target)))
    if source == target and notes.meet("loop", "The edge joins a node to itself.", file, number) == "drop":
        return None
    if pair in seen and notes.meet("repeated_pair", "The same two nodes were joined in an earlier row.", file, number) == "keep_first":
        return None
    seen.add(pair)
    relation = {"relation": relation_of(part.type, builder.options), "relation_label": part.type}
    return builder.add("alter_ties", map_id=session.map, from_tie_id=source, to_tie_id=target, **relation)
