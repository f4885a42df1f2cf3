"""A real Chromium, a real server, and a study to draw in."""

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect, sync_playwright

from kithwork.actions import act
from kithwork.actions.design import keep_tables
from kithwork.formats.template import find_template, template_tables
from kithwork.store import create_study, open_study
from tests.durability.server import Server

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
]
NAMES = ("Christopher", "ex_libris", "names", "the allotment", "Bluebell", "an old bicycle", "night radio")
KINDS = ("person", "group", "animal", "place", "animal", "object", "digital")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for all tests."""
    program = os.environ.get("KITH_TEST_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if not program:
        pytest.skip("KITH_TEST_CHROMIUM names no Chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def served() -> Iterator[Callable[[Path], Server]]:
    """Serve a study in a process of its own until the test is over."""
    servers: list[Server] = []

    def serve(study_path: Path) -> Server:
        servers.append(Server(str(study_path)))
        return servers[-1]

    yield serve
    for server in servers:
        if server.process.poll() is None:
            server.kill()


@pytest.fixture
def new_page(chromium: Browser) -> Iterator[Callable[..., Page]]:
    """Open a page in a fresh context; at the end no script may have failed and no policy been broken."""
    contexts: list[BrowserContext] = []
    problems: list[str] = []

    def open_page(width: int = 1440, height: int = 900, **options: Any) -> Page:
        contexts.append(chromium.new_context(viewport={"width": width, "height": height}, **options))
        page = contexts[-1].new_page()
        page.set_default_timeout(10_000)
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("dialog", lambda dialog: (problems.append("a dialog opened"), dialog.dismiss()))
        page.on("console", lambda m: problems.append(m.text) if m.type == "error" and "Failed to load resource" not in m.text else None)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert problems == []


@pytest.fixture
def page(new_page: Callable[..., Page]) -> Page:
    """A page on a wide screen."""
    return new_page()


def designed_study(path: Path) -> Path:
    """A study with the built-in design and one participant, nothing drawn yet."""
    with create_study(path) as study:
        keep_tables(study, template_tables(find_template()), "make study")
        act(study, "enrol participant", {"pseudonym": "P01"})
    return path


def begin_map(path: Path, wave: int = 1, named: int = 0) -> str:
    """Begin the map of the participant at a wave, with some already named and placed; finishing those before."""
    with open_study(path) as study:
        waves = {row["position"]: row["id"] for row in study.rows("waves")}
        participant_id = study.rows("participants")[0]["id"]
        for drawn in study.rows("maps"):
            act(study, "describe map", {"map_id": drawn["id"], "values": {"stage": "finished"}})
        before = {row["id"] for row in study.rows("maps")}
        act(study, "start map", {"participant_id": participant_id, "wave_id": waves[wave]})
        map_id = next(row["id"] for row in study.rows("maps") if row["id"] not in before)
        for number in range(named):
            name = NAMES[number % len(NAMES)] + (f" {number // len(NAMES) + 1}" if number >= len(NAMES) else "")
            act(study, "name alter", {"map_id": map_id, "name": name, "kind": KINDS[number % len(KINDS)]})
        for number, tie in enumerate(study.rows("ties", map_id=map_id)):
            place = {"circle": number % 3 + 1, "angle": number * 137.5 % 360, "distance": (number % 3 + 0.6) / 3}
            act(study, "place tie", {"map_id": map_id, "tie_id": tie["id"], **place})
    return map_id


@dataclass
class Drawing:
    """A map open on a page, and what the server holds of it."""

    page: Page
    server: Server
    map_id: str

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server.port}/maps/{self.map_id}"

    def open(self, step: str = "") -> "Drawing":
        self.saved()
        self.page.goto(f"{self.address}#{step}")
        self.saved()
        self.page.reload()
        self.page.wait_for_selector(".mp-body")
        return self

    def state(self) -> dict[str, Any]:
        """What the server would show now."""
        return self.page.request.get(self.address.replace("/maps/", "/api/maps/")).json()

    def saved(self) -> dict[str, Any]:
        """What the server holds once everything is saved."""
        expect(self.page.locator(".saving")).to_have_attribute("data-busy", "false", timeout=15_000)
        return self.state()

    def named(self, state: dict[str, Any] | None = None) -> dict[str, dict[str, Any]]:
        """Name → tie, as the server holds it."""
        tables = (state or self.saved())["tables"]
        names = {row["alter_id"]: row["name"] for row in tables["identities"].values()}
        return {names[tie["alter_id"]]: tie for tie in tables["ties"].values()}

    def name(self, *names: str) -> None:
        for name in names:
            self.page.fill("#new-name", name)
            self.page.keyboard.press("Enter")

    def chip(self, name: str) -> Locator:
        return self.page.locator(".mp-tray .mp-chip", has_text=name).first

    def node(self, name: str) -> Locator:
        return self.page.locator(f'.mp-node[aria-label^="{name},"]')

    def spot(self, angle: float, distance: float) -> tuple[float, float]:
        """Where on the screen a place of the map is."""
        script = """([angle, distance]) => {
            const svg = document.querySelector('#the-map');
            const turn = (angle - 90) * Math.PI / 180;
            const outer = document.querySelector('.mp-ring').r.baseVal.value * distance;
            const at = new DOMPoint(Math.cos(turn) * outer, Math.sin(turn) * outer).matrixTransform(svg.getScreenCTM());
            return [at.x, at.y];
        }"""
        x, y = self.page.evaluate(script, [angle, distance])
        return x, y

    def spoken(self, words: str) -> None:
        """Wait until these words were spoken."""
        expect(self.page.locator("#map-spoken")).to_contain_text(words)


@pytest.fixture
def draw(tmp_path: Path, served: Callable[[Path], Server], new_page: Callable[..., Page]) -> Callable[..., Drawing]:
    """Open a map to be drawn: `draw(wave=2, named=5, width=768)`; with `before` so many were named at the wave before."""

    def start(wave: int = 1, named: int = 0, before: int = 0, **options: Any) -> Drawing:
        path = designed_study(tmp_path / "study.kith")
        if before:
            begin_map(path, wave - 1, before)
        map_id = begin_map(path, wave, named)
        server = served(path)
        page = new_page(**options)
        page.goto(server.link)
        drawing = Drawing(page, server, map_id)
        page.goto(drawing.address)
        page.wait_for_selector(".mp-body")
        return drawing

    return start
