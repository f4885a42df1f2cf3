"""The analysis page by eye, by keyboard and on a tablet."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.test_pages import SIZES, Site, demo_file, site

__all__ = ["demo_file", "site"]
PICTURES = [
    "picture=measure_by_wave&measure=size",
    "picture=measure_change&measure=density",
    "picture=measure_against&measure=size&against=density",
    "picture=measure_by_category&measure=size_by_kind",
    "picture=measure_by_category&measure=density",
    "picture=measure_change&measure=turnover",
]


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_the_analysis_has_no_barrier_and_nothing_is_cut_off(site: Site, new_page: Callable[..., Page], width: int, height: int) -> None:
    page = site.enter(new_page(width, height))
    for choice in PICTURES:
        page.goto(f"{site.address}/analysis?{choice}")
        page.get_by_text("Kinds in scope").click()
        for code in page.get_by_text("The same again in Python").all():
            code.click()
        found = Axe().run(page)
        assert found.violations_count == 0, (choice, found.generate_report())
        assert page.evaluate("document.documentElement.scrollWidth") <= width, choice


def test_a_measure_is_found_by_what_it_tells_and_seen_with_the_keyboard_alone(site: Site, page: Page) -> None:
    site.enter(page, "/measures/list")
    rows = page.locator("#measure-list tbody tr")
    count = rows.count()
    page.get_by_label("Find").fill("again named")
    expect(page.get_by_text(f"of {count} shown")).to_be_visible()
    expect(page.locator("#returned")).to_be_visible()
    expect(page.locator("#density")).to_be_hidden()
    page.get_by_role("link", name="By person Returned").press("Enter")
    expect(page.locator(".beside svg[role=img]")).to_be_visible()
    expect(page.get_by_label("Measure", exact=True)).to_have_value("returned")
    expect(page.get_by_text("How many alters are named again after being left out at the wave before.")).to_be_visible()
    expect(page.get_by_role("heading", name="Pair by pair")).to_be_visible()


def test_a_view_is_chosen_saved_and_opened_with_the_keyboard_alone(site: Site, page: Page) -> None:
    site.enter(page, "/analysis")
    against = page.get_by_label("Set against")
    expect(against).to_be_hidden()
    page.get_by_label("Picture", exact=True).focus()
    page.get_by_label("Picture", exact=True).select_option("measure_against")
    expect(against).to_be_visible()
    page.get_by_role("button", name="Show").press("Enter")
    expect(page.locator(".beside svg[role=img]")).to_be_visible()
    page.get_by_label("Save as a view called").fill("Closeness")
    page.keyboard.press("Enter")
    expect(page.get_by_text("View saved.")).to_be_visible()
    page.get_by_role("link", name="Analysis", exact=True).press("Enter")
    page.get_by_role("link", name="Closeness").press("Enter")
    expect(page.get_by_role("heading", name="Closeness")).to_be_visible()
    expect(page.get_by_label("Picture", exact=True)).to_have_value("measure_against")
    page.get_by_role("button", name="Remove Closeness").press("Enter")
    expect(page.get_by_text("View removed.")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Taken back.")).to_be_visible()
    assert [row["name"] for row in site.study.rows("views")] == ["Closeness"]
