"""Graphs of any program as maps: whose each is, which wave it shows, who is on it; then as egor's three tables, which are read on.

What Kithwork wrote says all of it in its nodes (`ours`). Any other graph is asked (`others`): which node is ego, if one is, and what
the alters are known by.
"""

from collections.abc import Iterable, Mapping

from kithwork.formats import egor
from kithwork.formats.building import MOST_ALTERS, number_of
from kithwork.formats.graphs.drawn import Drawn, Map, truth
from kithwork.formats.graphs.others import maps_of_others
from kithwork.formats.graphs.ours import each_once, is_ours, maps_of_ours
from kithwork.formats.reading import Notes
from kithwork.formats.sheets import MOST_CELLS, Coded, Sheet, defuse
from kithwork.model.errors import FormatError
from kithwork.model.tables import StudyTables

_NUMBERS = ("int", "integer", "long", "short", "byte", "float", "double", "biginteger", "bigdecimal")
_IDS = ("egoID", "alterID", "Source", "Target")
_HOUSE = ("pseudonym", "wave", "state", "alter_ties_asked")


def read_graphs(graphs: list[Drawn], notes: Notes) -> StudyTables:
    """Tables from graphs, whichever format they came in; `FormatError` where there is none, or one is too large to be a map."""
    if not graphs:
        raise FormatError("The files hold no graph; export them again.")
    ours = [graph for graph in graphs if is_ours(graph)]
    maps = each_once(maps_of_ours(ours, notes), notes)
    maps += maps_of_others(
        [graph for graph in graphs if not is_ours(graph)], {(each.person, each.wave, each.state) for each in maps}, notes
    )
    for each in maps:
        if len(each.alters) > MOST_ALTERS:
            raise FormatError(
                f"'{each.file}' has a graph of {len(each.alters):,} nodes, and a map holds {MOST_ALTERS:,}; "
                "where they are several people's alters, name the column that says whose with --column ego=NAME."
            )
    types = {name: kind for graph in graphs for name, kind in graph.types.items()}
    return egor.read_tables(_sheets(maps, types, notes), notes)


# -- as egor's tables -----------------------------------------------------------------------------------------------------------


def _sheets(maps: list[Map], types: Mapping[tuple[str, str], str], notes: Notes) -> list[Sheet]:
    egos: list[tuple[dict[str, str], int]] = []
    alters: list[tuple[dict[str, str], int]] = []
    ties: list[tuple[dict[str, str], int]] = []
    # of two maps of one interview the everyday one speaks for it
    for at, each in enumerate(sorted(maps, key=lambda each: each.state != "everyday"), 1):
        ego = {"egoID": f"{at}", "pseudonym": each.person, "wave": str(each.wave), "state": each.state}
        egos.append((ego | _apart(each.ego, _HOUSE[:3], "ego"), at))
        for alter, vertex in each.alters:
            alters.append(({"egoID": f"{at}", "alterID": alter} | _apart(vertex.values, ("egoID", "alterID"), "node"), vertex.number))
        for source, target, link in each.ties:
            values = _apart(link.values, ("egoID", "Source", "Target"), "edge")
            ties.append(({"egoID": f"{at}", "Source": source, "Target": target} | values, link.number))
    files = {each.file for each in maps}
    name = next(iter(files)) if len(files) == 1 else f"{len(files)} files"
    of = {scope: {name: kind for (each, name), kind in types.items() if each == scope} for scope in ("graph", "node", "edge")}
    found = [
        _sheet(name, ["egoID", *_HOUSE[:3]], egos, of["graph"] | of["node"], notes),
        _sheet(name, ["egoID", "alterID"], alters, of["edge"] | of["node"], notes),
    ]
    if any(each.are_names for each in maps):
        found[1].coded = {**found[1].coded, "alterID": Coded(is_name=True)}
    # without any, whether ties between alters were asked about is what each map says of itself, or nothing
    if ties or any("alter_ties_asked" in each.ego for each in maps):
        found.append(_sheet(name, ["egoID", "Source", "Target", "weight"], ties, of["edge"], notes))
    return found


def _apart(values: dict[str, str], taken: Iterable[str], what: str) -> dict[str, str]:
    """Attributes under names that the table does not use itself."""
    return {f"{what}_{name}" if name in taken else name: value for name, value in values.items()}


def _sheet(name: str, fixed: list[str], rows: list[tuple[dict[str, str], int]], types: Mapping[str, str], notes: Notes) -> Sheet:
    """Rows as a sheet of text cells, as long as its header; what begins like a formula is led by `'`, as `attributes` takes it off."""
    header = list(dict.fromkeys((*fixed, *(column for values, _ in rows for column, value in values.items() if value))))
    if len(header) * len(rows) > MOST_CELLS:
        raise FormatError(f"'{name}' has more than {MOST_CELLS:,} cells; import it in parts.")
    columns: list[list[str]] = []
    coded: dict[str, Coded] = {}
    for column in header:
        cells = [values.get(column, "") for values, _ in rows]
        kind = types.get(column, "")
        if kind == "boolean":
            cells = [{True: "true", False: "false", None: cell}[truth(cell)] for cell in cells]
        elif kind in _NUMBERS:
            coded[column] = Coded(is_number=True)
            finite = ["" if number_of(cell) is None else cell.strip() for cell in cells]
            if any(was.strip() and not cell for was, cell in zip(cells, finite, strict=True)):
                notes.lose("Numbers that are not finite (NaN, Infinity), or are none, are read as not answered.")
            cells = finite
        columns.append(cells if column in _IDS or kind in _NUMBERS else [defuse(cell) for cell in cells])
    lines = [list(line) for line in zip(*columns, strict=True)]
    return Sheet(name, header, lines, [number for _, number in rows], ",", coded)
