"""Network Canvas exports, read: CSV or GraphML, one session or many, merged or not, old and new columns, with or without protocol.

Ids are read from the ego file, never from file names. Network Canvas stores no ring: circle, angle and distance are worked
out from where a node lay, for a canvas whose aspect ratio is assumed, and are said to be.
"""

import datetime
import math
import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field

from kithwork.formats.building import Builder, Question, is_name_column, kind_of, number_of, relation_of, slug
from kithwork.formats.networkcanvas_graphml import graphml_parts, is_graphml
from kithwork.formats.networkcanvas_parts import CASE, EGO, FIXED, SESSION, Part
from kithwork.formats.networkcanvas_protocol import Entity, Protocol, Variable, plain, read_protocol
from kithwork.formats.networkcanvas_rings import Placing, layout_of, tell_placing
from kithwork.formats.reading import Notes
from kithwork.formats.sheets import read_sheet
from kithwork.formats.sources import Source
from kithwork.model.errors import FormatError
from kithwork.model.rows import utc_text
from kithwork.model.tables import StudyTables

_KNOWN_BY = {"ego": {EGO, CASE}, "edge": {"edgeID", EGO, "from", "to"}, "node": {"nodeID", EGO}}
_TYPE = re.compile(r"_(?:attributeList|edgeList)(?:_(.+))?\.csv$", re.IGNORECASE)


@dataclass
class _Session:
    map: str
    participant: str
    interview: str
    is_empty: bool = True
    ties: dict[str, str] = field(default_factory=dict)  # node uuid or id -> our tie


def recognises(sources: list[Source], notes: Notes) -> bool:
    """Whether a file's first line holds Network Canvas's own columns."""
    return any(is_graphml(source) or (CASE in _first_line(source) and EGO in _first_line(source)) for source in sources)


def _first_line(source: Source) -> str:
    return source.data[:4000].split(b"\n", 1)[0].decode("utf-8", "replace").replace("\x00", "")


def read(sources: list[Source], notes: Notes) -> StudyTables:
    """Tables from an export: a session is a participant, an interview at the wave given, and a map."""
    protocol = _find_protocol(sources, notes)
    parts = _sort(sources, protocol, notes)
    builder = Builder(notes)
    sessions = _sessions([part for part in parts if part.what == "ego"], parts, protocol, builder)
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


# -- columns as questions -------------------------------------------------------------------------------------------------


@dataclass
class _Asked:
    """A variable, the question it became, and its columns: the one cell, or one an option."""

    question: Question
    column: str = ""
    by_option: dict[str, str] = field(default_factory=dict)  # column -> option


def _asked(parts: list[Part], what: str, name: str, entity: Entity | None, subject: str, skip: set[str], builder: Builder) -> list[_Asked]:
    """Questions for the columns that all parts of one type have between them."""
    columns = dict.fromkeys(column for part in parts for column in part.sheet.header if column not in FIXED[what])
    if "null" in columns and not any(part.cell("null", at) for part in parts for at in range(len(part.sheet.rows))):
        del columns["null"]  # a stray last column of older exports
    left = {column: None for column in columns if column not in skip}
    found = []
    for variable in sorted(entity.variables if entity else (), key=lambda each: each.type == "categorical"):
        asked = _of_codebook(variable, left, name, subject, builder)
        if asked:
            found.append(asked)
    for column in left:
        kind = builder.infer([part.cell(column, at) for part in parts for at in range(len(part.sheet.rows))])
        kind = builder.options.choices.get("read_as_number", kind) if kind == "number" else kind
        basis = "Network Canvas import; not in the codebook." if entity else "Network Canvas import without protocol."
        question = builder.question(Question(slug(name or "ego", column), subject, column, kind, basis))
        found.append(_Asked(question, column))
    return found


def _of_codebook(variable: Variable, left: dict[str, None], name: str, subject: str, builder: Builder) -> _Asked | None:
    """The question of one codebook variable that the files have columns for; takes its columns from `left`."""
    question = question_of(variable, name, subject)
    if variable.type != "categorical":
        if variable.name not in left:
            return None
        del left[variable.name]
        return _Asked(builder.question(question), variable.name)
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
    return _Asked(builder.question(question), by_option=columns)


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


def _answer(part: Part, at: int, asked: list[_Asked], owner: str, builder: Builder, counts: Counter[str]) -> None:
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


def _tell(counts: Counter[str], builder: Builder) -> None:
    if counts["all_false"]:
        builder.notes.meet(
            "all_false",
            f"{counts['all_false']} any-of answer(s) have every option false: Network Canvas writes a skipped question so, and 'none of "
            "these' too. They are kept as asked and not answered; empty ones as not reached.",
        )
    if counts["encrypted"]:
        builder.notes.meet("encrypted", f"{counts['encrypted']} cell(s) were encrypted by Network Canvas and are left out.")


# -- sessions ---------------------------------------------------------------------------------------------------------------


def _sessions(egos: list[Part], parts: list[Part], protocol: Protocol | None, builder: Builder) -> dict[str, _Session]:
    notes, counts = builder.notes, Counter[str]()
    asked = _asked(egos, "ego", "", protocol.ego if protocol else None, "interview", set(), builder)
    drawn = {part.cells[EGO][at] for part in parts if part.what == "node" for at in range(len(part.sheet.rows))}
    tied = {part.cells[EGO][at] for part in parts if part.what == "edge" for at in range(len(part.sheet.rows))}
    are_asked = bool(protocol and protocol.elicited) or bool(tied)
    if not are_asked:
        notes.meet("alter_ties_not_asked", "Nothing shows that ties between alters were asked about; the maps say 'not asked'.")
    sessions: dict[str, _Session] = {}
    keys: set[str] = set()
    rows = [(part, at) for part in egos for at in range(len(part.sheet.rows))]
    cases: Counter[str] = Counter()
    for part, at in sorted(rows, key=lambda row: (row[0].cell("sessionStart", row[1]), row[0].cell(SESSION, row[1]))):
        file, number = part.sheet.name, part.sheet.numbers[at]
        ego, case = part.cells[EGO][at], part.cells[CASE][at].strip()
        key = part.cell(SESSION, at) or ego
        if not ego or not case:
            notes.meet("no_id", "The session has no id of its ego or case.", file, number)
        elif ego in sessions or key in keys:
            notes.meet("repeated_session", "The session was in an earlier row.", file, number)
        elif (is_unfinished := not part.cell("sessionFinish", at)) and notes.meet(
            "unfinished_session", f"The session was not finished{'' if ego in drawn else ' and names nobody'}.", file, number
        ) == "drop":
            sessions[ego] = _Session("", "", "")
        else:
            keys.add(key)
            cases[case] += 1
            if cases[case] > 1:
                notes.meet("repeated_case", "An earlier session has the same case id.", file, number)
            pseudonym = case if cases[case] == 1 else f"{case} ({cases[case]})"
            sessions[ego] = _session(part, at, pseudonym, key, "yes" if are_asked else "no", is_unfinished, builder)
            _answer(part, at, asked, sessions[ego].interview, builder, counts)
    _tell(counts, builder)
    return sessions


def _session(part: Part, at: int, pseudonym: str, key: str, asked: str, is_unfinished: bool, builder: Builder) -> _Session:
    participant = builder.add("participants", pseudonym=pseudonym, status="enrolled", source_key=f"networkcanvas:{pseudonym}")
    start, finish = _moment(part.cell("sessionStart", at)), _moment(part.cell("sessionFinish", at))
    minutes = (finish - start).total_seconds() / 60 if start and finish and finish >= start else None
    outcome = part.cell("networkCanvasFinishOutcome", at)
    interview = builder.add(
        "interviews",
        participant_id=participant,
        wave_id=builder.wave(),
        status="held",
        held_on=start.date().isoformat() if start else None,
        started_at=utc_text(start) if start else None,
        minutes=minutes,
        notes=f"Network Canvas ended this session as: {outcome}." if outcome not in ("", "completed") else None,
    )
    stage = "recall" if is_unfinished else "finished"
    values = {"state": builder.options.state, "stage": stage, "alter_ties_asked": asked, "source_key": f"networkcanvas:{key}"}
    return _Session(builder.add("maps", interview_id=interview, **values), participant, interview)


def _moment(text: str) -> datetime.datetime | None:
    try:
        moment = datetime.datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=datetime.UTC)


# -- nodes ------------------------------------------------------------------------------------------------------------------


def _by_type(parts: list[Part]) -> dict[str, list[Part]]:
    found: defaultdict[str, list[Part]] = defaultdict(list)
    for part in parts:
        found[part.type].append(part)
    return {name: each for name, each in found.items() if any(part.sheet.rows for part in each)}


def _nodes(parts: list[Part], sessions: dict[str, _Session], protocol: Protocol | None, builder: Builder) -> None:
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
        asked = _asked(each, "node", name, entity, "tie", skip, builder)
        place = Placing(layout, protocol if entity and layout == (protocol and protocol.layout) else None, builder, counts)
        rows = [(part, at) for part in each for at in range(len(part.sheet.rows))]
        for part, at in sorted(rows, key=lambda row: _order(row[0].cells["nodeID"][row[1]])):
            tie = _node(part, at, kind, names, place, sessions, order, builder)
            if tie:
                _answer(part, at, asked, tie, builder, counts)
    _tell(counts, builder)
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
    sessions: dict[str, _Session],
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
    label = builder.label(session.participant, kind)
    source_key = f"networkcanvas:{uuid}" if uuid else None
    alter = builder.add("alters", participant_id=session.participant, kind=kind, pseudonym=label, source_key=source_key)
    said = [part.cell(column, at) for column in names]
    name = " ".join(dict.fromkeys(words for words in said if words not in ("", "ENCRYPTED")))
    if name:
        builder.add("identities", alter_id=alter, name=name)
    tie = builder.add("ties", map_id=session.map, alter_id=alter, **place.of(lambda column: part.cell(column, at)))
    order[session.map] += 1
    builder.add("nominations", tie_id=tie, position=order[session.map], phase="recall")
    for key in (uuid, f"#{node}"):
        session.ties.setdefault(key, tie)
    return tie


# -- edges ------------------------------------------------------------------------------------------------------------------


def _edges(parts: list[Part], sessions: dict[str, _Session], protocol: Protocol | None, builder: Builder) -> None:
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
        asked = _asked(each, "edge", name, protocol.edges.get(plain(name)) if protocol else None, "alter_tie", set(), builder)
        seen: set[tuple[str, ...]] = set()
        for part in each:
            for at in range(len(part.sheet.rows)):
                made = _edge(part, at, sessions, seen, builder)
                if made:
                    _answer(part, at, asked, made, builder, counts)
    _tell(counts, builder)


def _edge(part: Part, at: int, sessions: dict[str, _Session], seen: set[tuple[str, ...]], builder: Builder) -> str | None:
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
