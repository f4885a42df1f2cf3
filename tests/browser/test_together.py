"""Deciding differences by keyboard alone, as two people at one screen would."""

from playwright.sync_api import Page, expect

from tests.browser.test_pages import Site, demo_file, site  # noqa: F401 - fixtures


def test_differences_are_walked_and_decided_by_keyboard(site: Site, page: Page) -> None:  # noqa: F811
    document = site.coded_twice
    codings = site.study.rows("codings")
    before = len(site.study.rows("decisions"))
    site.enter(page, f"/disagreements/{document}")
    page.keyboard.press("Alt+ArrowDown")
    expect(page.locator(".difference:not(.is-decided)").first.locator("input[type=radio]").first).to_be_focused()
    page.keyboard.press("Alt+ArrowDown")
    second = page.locator(".difference:not(.is-decided)").nth(1)
    expect(second.locator("input[type=radio]").first).to_be_focused()
    key = second.get_attribute("id")
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.type("we talked")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**#d-*")
    expect(page.locator(f"[id='{key}']")).to_contain_text("we talked")
    expect(page.locator(".difference:not(.is-decided)").nth(1).locator("input[type=radio]").first).to_be_focused()
    assert len(site.study.rows("decisions")) > before
    assert site.study.rows("codings") == codings


def test_other_words_are_asked_for_only_when_they_are_meant(site: Site, page: Page) -> None:  # noqa: F811
    site.enter(page, f"/disagreements/{site.coded_twice}")
    card = page.locator(".difference:not(.is-decided)").first
    expect(card.get_by_label("Those words")).to_be_hidden()
    card.get_by_label("It holds for other words").check()
    expect(card.get_by_label("Those words")).to_be_visible()
