"""Each map as a graph: ego in the middle, a vertex an alter by kind, an edge a tie."""

import math
from collections import defaultdict
from collections.abc import Iterable

from lxml import etree  # pyright: ignore[reportAttributeAccessIssue] - its types come apart from it

from kithwork.formats.guids import derived
from kithwork.formats.offsets import said
from kithwork.formats.refi.xml import element, guid
from kithwork.model.rows import Row
from kithwork.model.schema import MAP_STATES, TABLES

_SHAPES = {"person": "Person", "animal": "Oval", "group": "RoundedRectangle", "place": "Rectangle", "object": "Star"}
_SHAPES |= {"activity": "UpTriangle", "digital": "DownTriangle"}
_SIZE, _BOX = 1000, 40


def graph_elements(rows: dict[str, list[Row]], by_id: dict[str, dict[str, Row]]) -> Iterable[etree._Element]:
    """One graph a map. Where a tie has no place of its own, alters stand evenly around, by circle."""
    ties, pairs = defaultdict(list), defaultdict(list)
    for row in rows["ties"]:
        ties[row["map_id"]].append(row)
    for row in rows["alter_ties"]:
        pairs[row["map_id"]].append(row)
    for drawn in rows["maps"]:
        interview = by_id["interviews"][drawn["interview_id"]]
        person, wave = by_id["participants"][interview["participant_id"]], by_id["waves"][interview["wave_id"]]
        name = f"{person['pseudonym']} · {wave['label']} · {MAP_STATES[drawn['state']]}"
        graph = element("Graph", guid=guid(drawn["id"]), name=said(name))
        ego = derived("ego of", drawn["id"])
        graph.append(_vertex(ego, person["id"], person["pseudonym"], "Person", 0.0, 0.0))
        for at, tie in enumerate(ties[drawn["id"]]):
            alter = by_id["alters"][tie["alter_id"]]
            graph.append(
                _vertex(tie["id"], alter["id"], alter["pseudonym"], _SHAPES[alter["kind"]], *_place(tie, at, len(ties[drawn["id"]])))
            )
        for tie in ties[drawn["id"]]:
            graph.append(_edge(derived("edge", tie["id"]), "tie", ego, tie["id"], "Associative"))
        for pair in pairs[drawn["id"]]:
            label = pair.get("relation_label") or TABLES["alter_ties"]["relation"].choices[pair["relation"]]
            direction = "OneWay" if pair.get("is_directed") else "Associative"
            if pair.get("weight") != 0:  # asked, and there is none
                graph.append(_edge(pair["id"], label, pair["from_tie_id"], pair["to_tie_id"], direction))
        yield graph


def _place(tie: Row, at: int, count: int) -> tuple[float, float]:
    angle = math.radians(tie["angle"] if tie.get("angle") is not None else 360 * at / max(1, count))
    distance = tie["distance"] if tie.get("distance") is not None else min(1.0, (tie.get("circle") or 4) / 4)
    return distance * math.sin(angle), -distance * math.cos(angle)


def _vertex(row_id: str, stands_for: str, name: str, shape: str, x: float, y: float) -> etree._Element:
    left, top = round(_SIZE * (1 + x)), round(_SIZE * (1 + y))
    corner = {"firstX": str(left), "firstY": str(top), "secondX": str(left + _BOX), "secondY": str(top + _BOX)}
    return element("Vertex", guid=guid(row_id), representedGUID=guid(stands_for), name=said(name), **corner, shape=shape)


def _edge(row_id: str, name: str, source: str, target: str, direction: str) -> etree._Element:
    return element("Edge", guid=guid(row_id), name=said(name), sourceVertex=guid(source), targetVertex=guid(target), direction=direction)
