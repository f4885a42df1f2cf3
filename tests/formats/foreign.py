"""Small foreign files, made by the tests: egor's three files and Network Canvas sessions."""

import io
import json
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

EGOS = "egoID,sex\n1,f\n2,m\n3,f\n"
ALTERS = "egoID,alterID,age\n1,1,30\n1,2,40\n1,3,50\n2,1,60\n"
AATIES = "egoID,Source,Target,weight\n1,1,2,1\n1,2,3,0.5\n"

_EGO_HEADER = (
    "networkCanvasEgoUUID,networkCanvasCaseID,networkCanvasSessionID,networkCanvasProtocolName,sessionStart,sessionFinish,sessionExported"
)
_EDGE_HEADER = "edgeID,from,to,networkCanvasEgoUUID,networkCanvasUUID,networkCanvasSourceUUID,networkCanvasTargetUUID"


def egor_files(folder: Path, egos: str | None = EGOS, alters: str | None = ALTERS, aaties: str | None = AATIES) -> list[Path]:
    """The three files, those given."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for name, text in (("egos.csv", egos), ("alters.csv", alters), ("aaties.csv", aaties)):
        if text is not None:
            paths.append(folder / name)
            paths[-1].write_text(text, encoding="utf-8", newline="")
    return paths


def session(folder: Path, case: str, nodes: Mapping[str, Iterable[str]], edges: Mapping[str, Iterable[str]], **more: Any) -> None:
    """One Network Canvas session as the peer writes it: `nodes` and `edges` hold CSV lines by type, the header first.

    Node lines begin with the nodeID, edge lines with from and to; their ids are added here. `more`: key, ego (header, line),
    start, finish.
    """
    folder.mkdir(parents=True, exist_ok=True)
    key = more.get("key", case)
    ego, start, finish = f"ego-{key}", more.get("start", "2026-01-01T09:00:00.000Z"), more.get("finish", "2026-01-01T09:30:00.000Z")
    header, line = more.get("ego", ("", ""))
    own = [
        f"{_EGO_HEADER}{',' if header else ''}{header}",
        f"{ego},{case},session-{key},P,{start},{finish},{finish}{',' if header else ''}{line}",
    ]
    stem = f"{''.join(c for c in case if c.isalnum())}_session-{key}"
    _write(folder / f"{stem}_ego.csv", own)
    for name, (head, *lines) in nodes.items():
        rows = [f"{node},{ego},{key}-n{node},{rest}" for node, _, rest in (each.partition(",") for each in lines)]
        _write(folder / f"{stem}_attributeList_{name}.csv", [f"nodeID,networkCanvasEgoUUID,networkCanvasUUID,{head}", *rows])
    number = 0
    for name, lines in edges.items():
        rows = []
        for each in lines:
            number += 1
            source, target = each.split(",")
            rows.append(f"{number},{source},{target},{ego},{key}-e{number},{key}-n{source},{key}-n{target}")
        _write(folder / f"{stem}_edgeList_{name}.csv", [_EDGE_HEADER, *rows])


def _write(path: Path, lines: Iterable[str]) -> None:
    path.write_text("\r\n".join(lines) + "\r\n", encoding="utf-8", newline="")


def protocol(path: Path, node: Mapping[str, Any], stages: Iterable[Mapping[str, Any]] = (), edge: Mapping[str, Any] | None = None) -> Path:
    """A `.netcanvas` file: `node` maps a variable's name (its id too) to its codebook entry, for type Person."""
    variables = {name: {"name": name, **spec} for name, spec in node.items()}
    codebook = {"node": {"t1": {"name": "Person", "variables": variables}}, "edge": edge or {}, "ego": {"variables": {}}}
    path.write_bytes(zip_of({"protocol.json": json.dumps({"codebook": codebook, "stages": list(stages), "schemaVersion": 7})}))
    return path


def zip_of(members: Mapping[str, str | bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip with these members."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", compression) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return stream.getvalue()
