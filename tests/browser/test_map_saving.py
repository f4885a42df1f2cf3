"""Nothing that was typed or drawn is lost or doubled, whatever becomes of the server."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Route, expect

from kithwork.store import open_study
from tests.browser.conftest import Drawing

pytestmark = pytest.mark.browser


def test_edits_made_while_the_server_is_down_are_saved_once_when_it_is_back(draw: Callable[..., Drawing]) -> None:
    drawing = draw(named=2)
    page = drawing.page
    drawing.name("Before")
    drawing.saved()
    drawing.server.kill()
    drawing.name("During")
    drawing.chip("During").focus()
    page.keyboard.press("2")
    drawing.node("Christopher").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".alarm")).to_contain_text("not saved yet")
    expect(page.locator(".saving")).to_have_text("Not saved")
    expect(drawing.node("During")).to_be_visible()
    drawing.server.start()
    expect(page.locator(".alarm")).to_have_count(0, timeout=20_000)
    expect(page.locator(".saving")).to_contain_text("Saved")
    named = drawing.named()
    assert sorted(named) == ["Before", "Christopher", "During", "ex_libris"]
    assert named["During"]["circle"] == 2
    drawing.server.kill()
    with open_study(drawing.server.study) as study:
        assert study.verify().is_sound
        assert len(study.rows("alters")) == 4


def test_an_edit_that_was_saved_but_not_answered_is_not_made_twice(draw: Callable[..., Drawing]) -> None:
    drawing = draw()
    page = drawing.page
    answers = iter([True, True, False])

    def lose(route: Route) -> None:
        if next(answers, False):
            route.fetch()
            route.abort()
        else:
            route.continue_()

    page.route("**/api/actions/name-alter", lose)
    drawing.name("Once")
    expect(page.locator(".alarm")).to_be_visible()
    expect(page.locator(".alarm")).to_have_count(0, timeout=20_000)
    assert list(drawing.named()) == ["Once"]
    drawing.server.kill()
    with open_study(drawing.server.study) as study:
        assert len(study.rows("alters")) == 1


def test_a_page_whose_cookie_is_gone_says_so_and_saves_after_a_new_link(draw: Callable[..., Drawing]) -> None:
    drawing = draw()
    page = drawing.page
    page.context.clear_cookies()
    drawing.name("Ana")
    expect(page.locator(".alarm")).to_contain_text("new link")
    drawing.server.kill()
    link = drawing.server.start()
    other = page.context.new_page()
    other.goto(link)
    expect(page.locator(".alarm")).to_have_count(0, timeout=20_000)
    assert list(drawing.named()) == ["Ana"]


def test_what_the_study_refuses_is_told_and_taken_back(draw: Callable[..., Drawing]) -> None:
    drawing = draw(named=2)
    page = drawing.page
    page.route("**/api/actions/place-tie", lambda route: route.fulfill(status=422, json={"error": "This wave's map has circles 1 to 3."}))
    before = drawing.node("Christopher").get_attribute("aria-label")
    drawing.node("Christopher").focus()
    page.keyboard.press("3")
    expect(page.locator(".refusal")).to_contain_text("circles 1 to 3")
    expect(drawing.node("Christopher")).to_have_attribute("aria-label", before or "")


def test_words_being_typed_are_saved_before_the_field_is_left(draw: Callable[..., Drawing]) -> None:
    drawing = draw(named=1)
    page = drawing.page
    drawing.open("about")
    page.get_by_label("What makes it part of your map?").type("because of the laughter")
    expect(page.locator(".saving")).to_contain_text("Saved ")
    assert drawing.named()["Christopher"]["meaning"] == "because of the laughter"


def test_the_saved_time_is_the_time_the_server_committed(draw: Callable[..., Drawing]) -> None:
    drawing = draw()
    with drawing.page.expect_response("**/api/actions/name-alter") as answer:
        drawing.name("Ana")
    moment = answer.value.json()["saved_at"]
    local = drawing.page.evaluate("iso => new Date(iso).toTimeString().slice(0, 8)", moment)
    expect(drawing.page.locator(".saving")).to_have_text(f"Saved {local}")


def test_what_is_not_saved_is_told_in_red_even_while_the_map_is_put_away(draw: Callable[..., Drawing]) -> None:
    drawing = draw()
    page = drawing.page
    drawing.server.kill()
    drawing.name("Ana")
    page.get_by_role("button", name="Put the map away").click()
    expect(page.locator(".alarm")).to_contain_text("not saved yet")
    expect(page.locator("body")).not_to_contain_text("Ana")
    drawing.server.start()
    expect(page.locator(".alarm")).to_have_count(0, timeout=20_000)


def test_what_was_drawn_in_another_tab_is_there_when_this_one_is_looked_at_again(draw: Callable[..., Drawing]) -> None:
    drawing = draw()
    other = drawing.page.context.new_page()
    other.goto(drawing.address)
    other.fill("#new-name", "Ana")
    other.keyboard.press("Enter")
    expect(other.locator(".saving")).to_contain_text("Saved")
    other.close()
    drawing.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(drawing.chip("Ana")).to_be_visible()
