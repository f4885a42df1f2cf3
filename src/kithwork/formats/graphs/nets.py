"""What graph files share: each map as nodes and edges under fresh ids, and writing XML."""

import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from kithwork.formats.egor.writer import EGO_SUBJECTS, PERSON, alter_numbers, answers_of, ego_ids, plain_columns
from kithwork.model.rows import Row
from kithwork.model.schema import TABLES
from kithwork.model.tables import StudyTables

_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_TABLES = ("waves", "participants", "interviews", "maps", "alters", "ties", "nominations", "alter_ties")
NON_TIES = "{} recorded non-tie(s) are left out: a graph would show them as ties."
RESERVED = ("is_ego", "label", "participant", "alter", "map", "wave", "state", "seen", "sort", "alter_ties_asked")
EGO_TIE, ALTER_TIE = "ego_tie", "alter_tie"


@dataclass
class Node:
    """Ego (number 0) or an alter on one map."""

    number: int
    label: str
    values: dict[str, Any]


@dataclass
class Edge:
    """Two nodes by number, what joins them, and its values."""

    source: int
    target: int
    sort: str  # ego_tie or alter_tie
    values: dict[str, Any]


@dataclass
class Net:
    """One map as a graph."""

    key: str  # as egor's egoID: pseudonym, and wave and state where anyone has several maps
    pseudonym: str
    wave: int
    state: str
    is_asked: bool
    nodes: list[Node] = field(default_factory=list)
    edges: list[Edge] = field(default_factory=list)


@dataclass
class Nets:
    """All maps of a study, with the waves each participant was interviewed at and what graphs cannot carry."""

    nets: list[Net]
    losses: list[str]


def nets_of(tables: StudyTables, *, with_personal_text: bool) -> Nets:
    """Every map as a graph with ego in it; identities and ids of ours never leave."""
    rows = {name: tables.rows(name) for name in _TABLES}
    answers, withheld = answers_of(tables, with_personal_text)
    of_egos = answers.of(EGO_SUBJECTS, [*RESERVED, *PERSON])
    losses = ["Supports, events, fates and all talk are not part of a graph; the 'csv' format holds them."]
    if withheld:
        losses.append(f"{withheld} answer(s) in free words are left out; --with-personal-text keeps them.")
    if answers.missing:
        losses.append(f"{answers.missing} answer(s) say only why there is none; they are left out, as a missing value has no reason here.")
    keys, numbers = ego_ids(rows), alter_numbers(rows)
    waves = {row["id"]: row["position"] for row in rows["waves"]}
    persons = {row["id"]: row for row in rows["participants"]}
    interviews = {row["id"]: row for row in rows["interviews"]}
    nets: dict[str, Net] = {}
    for row in rows["maps"]:
        interview = interviews[row["interview_id"]]
        pseudonym = persons[interview["participant_id"]]["pseudonym"]
        net = Net(keys[row["id"]], pseudonym, waves[interview["wave_id"]], row["state"], row["alter_ties_asked"] == "yes")
        person, owners = persons[interview["participant_id"]], (row["id"], interview["id"], interview["participant_id"])
        values = {"is_ego": True, "alter_ties_asked": row["alter_ties_asked"]}
        values |= {name: person[name] for name in PERSON if name in person}
        for name, column in of_egos:
            said = next((column[owner] for owner in owners if column.get(owner) is not None), None)
            values |= {} if said is None else {name: said}
        net.nodes.append(Node(0, pseudonym, values))
        nets[row["id"]] = net
    number_of = _add_ties(rows, nets, numbers, answers, with_personal_text)
    non_ties = _add_alter_ties(rows, nets, number_of, answers)
    if non_ties:
        losses.append(NON_TIES.format(non_ties))
    ordered = sorted(nets.values(), key=lambda net: (net.pseudonym, net.wave, net.state))
    return Nets(ordered, losses)


def _add_ties(
    rows: dict[str, list[Row]], nets: dict[str, Net], numbers: dict[str, int], answers: Any, with_personal_text: bool
) -> dict[str, int]:
    alters = {row["id"]: row for row in rows["alters"]}
    of_alter, of_tie = (plain_columns(TABLES[name], with_personal_text=with_personal_text) for name in ("alters", "ties"))
    columns = answers.of(("tie", "alter"), [*RESERVED, *of_alter, *of_tie])
    number_of: dict[str, int] = {}
    for tie in sorted(rows["ties"], key=lambda tie: numbers[tie["alter_id"]]):
        alter, number = alters[tie["alter_id"]], numbers[tie["alter_id"]]
        number_of[tie["id"]] = number
        values = {"is_ego": False}
        values |= {name: alter[name] for name in of_alter if name in alter and name != "pseudonym"}
        values |= {name: tie[name] for name in of_tie if name in tie}
        for name, column in columns:
            value = column.get(tie["id"], column.get(alter["id"]))
            if value is not None:
                values[name] = value
        nets[tie["map_id"]].nodes.append(Node(number, alter["pseudonym"], values))
        nets[tie["map_id"]].edges.append(Edge(0, number, EGO_TIE, {}))
    return number_of


def _add_alter_ties(rows: dict[str, list[Row]], nets: dict[str, Net], number_of: dict[str, int], answers: Any) -> int:
    columns = answers.of(("alter_tie",), [*RESERVED, "weight", "relation", "relation_label", "is_directed"])
    non_ties = 0
    for row in rows["alter_ties"]:
        if row.get("weight") == 0:
            non_ties += 1
            continue
        values = {name: row[name] for name in ("weight", "relation", "relation_label", "is_directed") if name in row}
        values |= {name: column[row["id"]] for name, column in columns if row["id"] in column}
        nets[row["map_id"]].edges.append(Edge(number_of[row["from_tie_id"]], number_of[row["to_tie_id"]], ALTER_TIE, values))
    return non_ties


# -- typed columns and XML --------------------------------------------------------------------------------------------------


def kinds_of(groups: list[dict[str, Any]]) -> dict[str, str]:
    """Column → boolean, int, double or string, as all its values allow."""
    seen: defaultdict[str, set[str]] = defaultdict(set)
    for values in groups:
        for name, value in values.items():
            if value is not None:
                seen[name].add("boolean" if isinstance(value, bool) else "int" if _is_int(value) else _wide(value))
    return {
        name: next(iter(kinds)) if len(kinds) == 1 else "double" if kinds <= {"int", "double"} else "string" for name, kinds in seen.items()
    }


def _is_int(value: Any) -> bool:
    return isinstance(value, int) and abs(value) < 2**31


def _wide(value: Any) -> str:
    return "double" if isinstance(value, (int, float)) else "string"


def value_text(value: Any, kind: str) -> str:
    """A value as the files write it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (list, tuple)):
        return ";".join(map(str, value))
    if kind == "double":
        return repr(float(value) if abs(value) > 1e-300 else 0.0)  # igraph refuses a file for a number smaller still
    return str(value)


def xml_text(text: str) -> str:
    """Text between tags; characters that XML cannot hold become �."""
    return escape(_ILLEGAL.sub("\ufffd", text), {"\r": "&#13;"})


def xml_attribute(text: str) -> str:
    """Text in quotes, as an attribute."""
    return quoteattr(_ILLEGAL.sub("\ufffd", text), {"\n": "&#10;", "\r": "&#13;", "\t": "&#9;"})
