"""The parts of a Network Canvas export: egos, nodes and edges as tables of text cells, whichever file they came from."""

from dataclasses import dataclass, field

from kithwork.formats.sheets import Sheet, restore

EGO, CASE, SESSION = "networkCanvasEgoUUID", "networkCanvasCaseID", "networkCanvasSessionID"
UUID, SOURCE, TARGET = "networkCanvasUUID", "networkCanvasSourceUUID", "networkCanvasTargetUUID"
OUR_PERSON, OUR_WAVE, OUR_STATE, OUR_ALTER = "kithworkPerson", "kithworkWave", "kithworkState", "kithworkAlter"
"""Columns of our own export, which has waves and alters that stay the same: whose map it is, and which alter a node."""
FIXED = {
    "ego": (
        *(EGO, CASE, SESSION, "networkCanvasProtocolName", "sessionStart", "sessionFinish", "sessionExported"),
        *("APP_VERSION", "COMMIT_HASH", "networkCanvasInterviewLocale", "networkCanvasFinishOutcome"),
        *(OUR_PERSON, OUR_WAVE, OUR_STATE),
    ),
    "node": ("nodeID", EGO, UUID, OUR_ALTER),
    "edge": ("edgeID", "from", "to", EGO, UUID, SOURCE, TARGET),
}


@dataclass
class Part:
    """Egos, or nodes or edges of one type, in one file of the export."""

    what: str
    type: str
    sheet: Sheet
    is_defused: bool = True  # GraphML has no leading ' to take off
    cells: dict[str, list[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for at, name in enumerate(self.sheet.header):
            column = [row[at] for row in self.sheet.rows]
            self.cells[name] = [restore(cell) for cell in column] if self.is_defused else column

    def cell(self, name: str, at: int) -> str:
        """One cell; '' where the part has no such column."""
        return self.cells[name][at] if name in self.cells else ""
