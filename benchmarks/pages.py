"""How long a person waits: opening the demo's register, and saving one edit while eight clients draw maps.

Both stand beside what the machine itself takes in the same run: an empty page, and a bare commit to disk.
"""

import contextlib
import http.client
import json
import statistics
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from sqlcipher3 import dbapi2
from tests.durability.server import Server, enter

from kithwork.actions import act
from kithwork.formats.demo import demo_tables
from kithwork.model.ids import new_id
from kithwork.store import create_study, open_study

CLIENTS, EDITS, OPENINGS = 8, 40, 15


def run() -> Iterator[dict[str, object]]:
    """The two waits, in milliseconds, and each as a ratio to the machine's own."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "demo.kith"
        with create_study(path) as study, study.change("make demo study") as change:
            for table, frame in demo_tables(seed=1).frames.items():
                change.insert_all(table, frame.to_dicts())
        server = Server(str(path))
        try:
            cookie, token = enter(server.link, server.port)
            headers = {"Cookie": cookie, "X-CSRFToken": token, "Content-Type": "application/json"}
            register = _median(_opening(server.port, headers, "/") for _ in range(OPENINGS))
            asset = _median(_opening(server.port, headers, "/assets/app.js") for _ in range(OPENINGS))
            edits = _edits(path, server.port, headers)
        finally:
            server.kill()
        commit = _median(_commits(Path(folder) / "bare.db"))
    yield {"name": "register_open", "value": round(register, 1), "unit": "ms", "against": "300 ms"}
    yield {"name": "register_vs_asset", "value": round(register / asset, 2), "unit": "ratio", "against": "a file of the bundle"}
    yield {"name": "edit_median", "value": round(statistics.median(edits), 1), "unit": "ms", "against": "50 ms with eight clients"}
    yield {
        "name": "edit_vs_commit",
        "value": round(statistics.median(edits) / commit, 2),
        "unit": "ratio",
        "against": "one bare commit to disk",
    }


def _median(times: Iterator[float]) -> float:
    return statistics.median(times)


def _opening(port: int, headers: dict[str, str], address: str) -> float:
    begun = time.perf_counter()
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", port, timeout=30)) as connection:
        connection.request("GET", address, headers=headers)
        connection.getresponse().read()
    return (time.perf_counter() - begun) * 1000


def _edits(path: Path, port: int, headers: dict[str, str]) -> list[float]:
    with open_study(path) as study:
        ties = []
        wave = study.rows("waves")[0]["id"]
        for number in range(CLIENTS):
            person, map_id, tie = new_id(), new_id(), new_id()
            act(study, "enrol participant", {"pseudonym": f"Bench {number}", "id": person})
            act(study, "start map", {"participant_id": person, "wave_id": wave, "id": map_id})
            act(study, "name alter", {"map_id": map_id, "name": "Someone", "tie_id": tie})
            ties.append((map_id, tie))
    times: list[float] = []

    def draw(map_id: str, tie: str) -> None:
        with contextlib.closing(http.client.HTTPConnection("127.0.0.1", port, timeout=30)) as connection:
            for step in range(EDITS):
                arguments = {"map_id": map_id, "tie_id": tie, "circle": step % 3 + 1, "angle": float(step * 7 % 360)}
                body = json.dumps({"arguments": arguments, "request": new_id()})
                begun = time.perf_counter()
                connection.request("POST", "/api/actions/place-tie", body, headers)
                answer = connection.getresponse()
                answer.read()
                if answer.status != 200:
                    raise RuntimeError(f"an edit was refused with status {answer.status}")
                times.append((time.perf_counter() - begun) * 1000)
                time.sleep(0.05)  # eight people drawing, not eight loops

    threads = [threading.Thread(target=draw, args=pair) for pair in ties]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return times


def _commits(path: Path) -> Iterator[float]:
    connection = dbapi2.connect(str(path))
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("CREATE TABLE t (x)")
    connection.commit()
    for number in range(50):
        begun = time.perf_counter()
        connection.execute("INSERT INTO t VALUES (?)", (number,))
        connection.commit()
        yield (time.perf_counter() - begun) * 1000
    connection.close()
