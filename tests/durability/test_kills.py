"""The server is killed at random moments under eight clients drawing maps: nothing acknowledged is lost, half done or doubled.

KITH_KILLS sets how many times (default 6; 200 before a release). The test fails when too little happened to prove anything.
"""

import contextlib
import http.client
import json
import os
import random
import threading
import time

import pytest

from kithwork.actions import act
from kithwork.model.ids import new_id
from kithwork.store import create_study, open_study
from tests.durability.server import Server, enter

KILLS = int(os.environ.get("KITH_KILLS", "6"))
CLIENTS = 8
EDITS_PER_KILL = 25  # 200 kills: at least 5,000


class Client(threading.Thread):
    """Draws one map for as long as it may; remembers what the server said it had saved."""

    def __init__(self, port: int, cookie: str, token: str, map_id: str, seed: int) -> None:
        super().__init__(daemon=True)
        self.port = port
        self.headers = {"Cookie": cookie, "X-CSRFToken": token, "Content-Type": "application/json"}
        self.map_id = map_id
        self.choose = random.Random(seed)
        self.saved: dict[tuple[str, str], dict | None] = {}
        self.keys: list[str] = []
        self.problems: list[str] = []
        self.is_done = threading.Event()

    def run(self) -> None:
        ties: list[str] = []
        while not self.is_done.is_set():
            verb, arguments = self.next_edit(ties)
            self.send(verb, arguments)

    def next_edit(self, ties: list[str]) -> tuple[str, dict]:
        chance = self.choose.random()
        if not ties or (chance < 0.25 and len(ties) < 40):
            ties.append(new_id())
            return "name-alter", {"map_id": self.map_id, "name": "Someone", "kind": "person", "tie_id": ties[-1]}
        tie = self.choose.choice(ties)
        if chance < 0.7 or len(ties) < 2:
            return "place-tie", {
                "map_id": self.map_id,
                "tie_id": tie,
                "circle": self.choose.randint(1, 3),
                "angle": self.choose.random() * 359,
            }
        if chance < 0.85:
            return "describe-tie", {"map_id": self.map_id, "tie_id": tie, "values": {"reliability": self.choose.randint(0, 4)}}
        other = self.choose.choice([one for one in ties if one != tie])
        return "join-alters", {"map_id": self.map_id, "from_tie_id": tie, "to_tie_id": other, "weight": float(self.choose.randint(0, 3))}

    def send(self, verb: str, arguments: dict) -> None:
        key = new_id()
        body = json.dumps({"arguments": arguments, "request": key})
        while not self.is_done.is_set():
            try:
                with contextlib.closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)) as connection:
                    connection.request("POST", f"/api/actions/{verb}", body, self.headers)
                    response = connection.getresponse()
                    status, answer = response.status, json.loads(response.read())
            except (OSError, http.client.HTTPException, ValueError):
                time.sleep(0.05)
                continue
            if status != 200:
                self.problems.append(f"{verb}: {status} {answer}")
            elif answer["entry"]:  # an edit that changes nothing (the same answer again) writes no entry
                self.keys.append(key)
                for table, rows in answer["changed"].items():
                    for row_id, row in rows.items():
                        known = self.saved.get((table, row_id)) or {}
                        self.saved[table, row_id] = None if row is None else {**known, **row}
            return


def drawn_study(place: tuple[str, str | None]) -> list[str]:
    """A study with one begun map a client; returns their ids."""
    with create_study(*place) as study:
        with study.change("set up") as change:
            change.insert("studies", {"title": "Kill test", "is_synthetic": True})
            wave = change.insert("waves", {"position": 1, "label": "First", "circle_version": 1})
            for position in (1, 2, 3):
                change.insert("circles", {"version": 1, "position": position, "label": f"Circle {position}"})
        maps = []
        for number in range(CLIENTS):
            person = new_id()
            act(study, "enrol participant", {"pseudonym": f"P{number:02d}", "id": person})
            maps.append(new_id())
            act(study, "start map", {"participant_id": person, "wave_id": wave["id"], "id": maps[-1]})
        return maps


@pytest.mark.slow
def test_killing_the_server_loses_nothing_that_was_acknowledged(place: tuple[str, str | None], monkeypatch: pytest.MonkeyPatch) -> None:
    if place[1] is not None:
        monkeypatch.setenv("KITH_PASSPHRASE", place[1])
    maps = drawn_study(place)
    server = Server(place[0])
    clients: list[Client] = []
    choose = random.Random(1)
    try:
        cookie, token = enter(server.link, server.port)
        clients.extend(Client(server.port, cookie, token, map_id, seed) for seed, map_id in enumerate(maps))
        for client in clients:
            client.start()
        for _ in range(KILLS):
            before = sum(len(client.keys) for client in clients)
            deadline = time.monotonic() + 30
            while (
                sum(len(client.keys) for client in clients) < before + EDITS_PER_KILL
                and time.monotonic() < deadline
                and not any(c.problems for c in clients)
            ):
                time.sleep(0.01)
            time.sleep(choose.random() * 0.3)
            server.kill()
            with open_study(*place) as study:
                assert study.verify().damage == []
                held = {row["request"] for row in study.entries()}
                assert {key for client in clients for key in client.keys} <= held
            server.start()
    finally:
        for client in clients:
            client.is_done.set()
        for client in clients:
            client.join()
        server.kill()
    assert [client.problems for client in clients] == [[]] * CLIENTS
    acknowledged = sum(len(client.keys) for client in clients)
    assert acknowledged >= KILLS * EDITS_PER_KILL, "too few edits were acknowledged to prove anything"
    with open_study(*place) as study:
        check_state(study, clients)
    print(f"{KILLS} kills, {acknowledged} acknowledged edits, none lost")  # noqa: T201 - the denominator of the claim


def check_state(study, clients: list[Client]) -> None:
    entries = study.entries()
    requests = [row["request"] for row in entries if row["request"]]
    assert len(requests) == len(set(requests))
    for client in clients:
        in_doubt = {row["id"] for row in entries if row["map"] == client.map_id and row["request"] not in client.keys and row["request"]}
        if in_doubt:
            continue  # its very last edit was saved, but the answer never arrived; the rows may rightly be ahead
        for (table, row_id), row in client.saved.items():
            live = study.rows(table, id=row_id)
            assert (live[0] if live else None) == row or (live and row and {k: live[0][k] for k in row} == row)
    assert study.verify().damage == []
