"""Axe finds nothing on any part of the map page, and everything fits wide screens and tablets."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.conftest import Drawing

pytestmark = pytest.mark.browser
STEPS = ("name", "place", "back", "about", "ties", "finish")


def violations(page: Page, where: str) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [f"{where}: {one['id']} {[node['html'][:120] for node in one['nodes'][:2]]}" for one in found]


def overflow(page: Page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth > innerWidth + 1")


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (768, 1024)])
def test_axe_finds_nothing_in_any_step_view_or_dialog(draw: Callable[..., Drawing], width: int, height: int) -> None:
    drawing = draw(wave=2, before=6, named=4, width=width, height=height)
    page = drawing.page
    found = []
    for step in STEPS:
        drawing.open(step)
        found += violations(page, step)
        assert not overflow(page), step
    drawing.open("back")
    page.get_by_role("button", name="Free recall is finished").click()
    page.wait_for_selector(".mp-card >> text=/same as|last time/")
    found += violations(page, "looking back")
    drawing.open("about")
    for part in ("Support", "Events", "Details"):
        page.locator(".mp-sections").get_by_text(part).click()
        found += violations(page, part)
    for view in ("Map and list", "List"):
        page.get_by_role("button", name=view, exact=True).click()
        found += violations(page, view)
    page.get_by_role("button", name="Guide").click()
    found += violations(page, "guide")
    page.get_by_role("button", name="Everyday").click()
    found += violations(page, "states")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Put the map away").click()
    found += violations(page, "put away")
    assert found == []


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (1024, 768), (768, 1024)])
def test_sixty_alters_stay_legible_at_every_size(draw: Callable[..., Drawing], width: int, height: int) -> None:
    drawing = draw(named=60, width=width, height=height)
    script = """() => {
        const boxes = [...document.querySelectorAll('.mp-label')].map((label) => label.getBoundingClientRect());
        let overlaps = 0;
        for (const [i, a] of boxes.entries()) for (const b of boxes.slice(i + 1)) {
            const w = Math.min(a.right, b.right) - Math.max(a.left, b.left), h = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
            if (w > 4 && h > 5) overlaps++;
        }
        return {count: boxes.length, overlaps, smallest: Math.min(...boxes.map((box) => box.height))};
    }"""
    seen = drawing.page.evaluate(script)
    assert seen["count"] == 60
    assert seen["overlaps"] <= 3
    assert seen["smallest"] >= 12
    assert not overflow(drawing.page)


@pytest.mark.parametrize(("width", "height"), [(320, 256), (360, 225), (360, 640)])
def test_enlarged_fourfold_or_on_a_phone_everything_is_within_the_screen_and_nothing_lies_over_another(
    draw: Callable[..., Drawing], width: int, height: int
) -> None:
    drawing = draw(named=8, width=width, height=height)
    script = """() => {
        const out = [...document.querySelectorAll('.mp-bar *, .mp-steps *, .mp-rail button, .mp-zoom button')]
            .filter((one) => one.getClientRects().length && one.getBoundingClientRect().right > innerWidth + 1)
            .map((one) => one.outerHTML.slice(0, 80));
        const [map, rail] = ['.mp-map', '.mp-rail'].map((part) => document.querySelector(part).getBoundingClientRect());
        return { out, isApart: map.bottom <= rail.top + 1, map: map.height };
    }"""
    for step in ("name", "about", "ties"):
        drawing.open(step)
        seen = drawing.page.evaluate(script)
        assert seen["out"] == [], step
        assert seen["isApart"], step
        assert seen["map"] >= 200
        assert not overflow(drawing.page), step
