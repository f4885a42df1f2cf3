"""Two waves from two exports: looked at, told who is who one by one, imported, and taken back; by mouse and by keyboard."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from formats.foreign import protocol, session
from playwright.sync_api import Page, expect

from kithwork.store import open_study
from tests.browser.conftest import designed_study
from tests.durability.server import Server

STAGE = {
    "id": "s",
    "type": "Sociogram",
    "label": "Map",
    "subject": {"entity": "node", "type": "t1"},
    "background": {"concentricCircles": 3, "skewedTowardCenter": True},
    "prompts": [{"id": "p", "text": "Place them.", "layout": {"layoutVariable": "map"}}],
}
ONE = ["Anna Berg,0.5,0.45", "Bo,0.6,0.3", "Kwame,0.4,0.5", "Kwame,0.7,0.6"]
TWO = ["Anna Burg,0.5,0.4", "Kwame,0.4,0.5", "Fatou,0.8,0.8"]


def wave(folder: Path, number: int, people: list[str]) -> list[Path]:
    lines = ["name,map_x,map_y", *(f"{at},{person}" for at, person in enumerate(people, 1))]
    session(folder, "P01", {"Person": lines}, {"Close": ["1,2"]}, key=f"w{number}", start=f"2026-0{number}-01T09:00:00Z")
    codebook = protocol(folder / "study.netcanvas", {"name": {"type": "text"}, "map": {"type": "layout"}}, [STAGE])
    return [*sorted(folder.glob("*.csv")), codebook]


def choose(page: Page, address: str, files: list[Path], label: str) -> None:
    page.goto(f"{address}/import")
    page.get_by_label("Files").set_input_files(files)
    page.get_by_label("Wave of the maps").select_option(label)
    page.get_by_role("button", name="Look at what it would add").click()
    expect(page.get_by_text("Nothing has been changed yet.")).to_be_visible()


@pytest.mark.parametrize("size", [(1440, 900), (768, 1024)], ids=["wide", "tablet"])
def test_a_second_wave_joins_the_first_as_a_person_says(
    tmp_path: Path, served: Callable[[Path], Server], new_page: Callable[..., Page], size: tuple[int, int]
) -> None:
    path = designed_study(tmp_path / "study.kith")
    server = served(path)
    page, address = new_page(*size), f"http://127.0.0.1:{server.port}"
    page.goto(server.link)
    choose(page, address, wave(tmp_path / "one", 1, ONE), "1")
    expect(page.get_by_text("stay marked as derived")).to_be_visible()
    page.get_by_role("button", name="Import it").click()
    expect(page.get_by_text("Imported. Saved")).to_be_visible()

    choose(page, address, wave(tmp_path / "two", 2, TWO), "2")
    assert "Anna" not in page.url + page.title()
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    anna, kwame = (page.get_by_role("group", name=name) for name in ("Anna Burg", "Kwame"))
    expect(anna.get_by_text(re.compile(r"names 9\d% alike"))).to_be_visible()
    expect(kwame.get_by_text("the same name")).to_have_count(2)
    anna.get_by_role("radio").first.focus()
    page.keyboard.press("Space")
    kwame.get_by_role("radio").nth(1).check()
    page.get_by_label("Shape of the canvas").fill("4:3")
    page.get_by_role("button", name="Import it").click()
    expect(page.get_by_text("so nothing was imported yet")).to_be_visible()
    expect(anna.get_by_role("radio").first).to_be_checked()
    expect(page.get_by_text("assuming a canvas of 4:3")).to_be_visible()
    page.get_by_role("button", name="Import it").click()
    expect(page.get_by_text("Imported. Saved")).to_be_visible()

    with open_study(path, is_read_only=True) as study:
        assert len(study.rows("alters")) == 5
        assert len(study.rows("ties")) == 7
        assert all("derived" in row["basis"].lower() for row in study.rows("circles") if row["version"] > 1)
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Imported. Saved")).to_have_count(0)
    with open_study(path, is_read_only=True) as study:
        assert len(study.rows("alters")) == 4
