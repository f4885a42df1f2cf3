"""Drawing a map by mouse, by touch, by keyboard alone, and in the list."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Drawing

pytestmark = pytest.mark.browser


def near(tie: dict, circle: int, angle: float, distance: float) -> None:
    assert tie["circle"] == circle
    assert abs((tie["angle"] - angle + 180) % 360 - 180) < 4
    assert abs(tie["distance"] - distance) < 0.03


def test_a_map_is_drawn_with_the_mouse_and_kept_as_it_was_drawn(draw: Callable[..., Drawing]) -> None:
    drawing = draw()
    page = drawing.page
    drawing.name("Ana", "Corner shop", "Left out")
    chip = drawing.chip("Ana").bounding_box()
    assert chip
    page.mouse.move(chip["x"] + 20, chip["y"] + 20)
    page.mouse.down()
    page.mouse.move(*drawing.spot(60, 0.9), steps=4)
    expect(page.locator(".mp-caption")).to_contain_text("In the outer circle")
    page.mouse.move(*drawing.spot(60, 0.2), steps=4)
    page.mouse.up()
    drawing.spoken("Ana, Person; first circle, Most important; towards 2 o’clock")
    drawing.chip("Corner shop").click()
    page.mouse.click(*drawing.spot(200, 0.5))
    named = drawing.named()
    near(named["Ana"], 1, 60, 0.2)
    near(named["Corner shop"], 2, 200, 0.5)
    assert named["Left out"]["circle"] is None
    page.mouse.move(*drawing.spot(60, 0.2))
    page.mouse.down()
    page.mouse.move(*drawing.spot(300, 0.85), steps=6)
    page.mouse.up()
    near(drawing.named()["Ana"], 3, 300, 0.85)
    page.reload()
    expect(drawing.node("Ana")).to_have_count(1)
    near(drawing.named()["Ana"], 3, 300, 0.85)


def test_dropping_beside_the_circles_leaves_a_name_in_no_circle(draw: Callable[..., Drawing]) -> None:
    drawing = draw(named=1)
    tie = drawing.named()["Christopher"]
    page = drawing.page
    page.mouse.move(*drawing.spot(tie["angle"], tie["distance"]))
    page.mouse.down()
    page.mouse.move(*drawing.spot(45, 1.3), steps=5)
    page.mouse.up()
    assert drawing.named()["Christopher"]["circle"] is None
    expect(drawing.chip("Christopher")).to_be_visible()


def test_a_map_is_drawn_with_a_finger(draw: Callable[..., Drawing]) -> None:
    drawing = draw(width=768, height=1024, has_touch=True)
    page = drawing.page
    drawing.name("Ana", "Ben")
    touch = page.context.new_cdp_session(page)

    def finger(kind: str, *points: tuple[float, float]) -> None:
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y} for x, y in points]})

    chip = drawing.chip("Ana").bounding_box()
    assert chip
    start = (chip["x"] + 30, chip["y"] + 20)
    goal = drawing.spot(120, 0.5)
    finger("touchStart", start)
    for step in range(1, 7):
        finger("touchMove", tuple(a + (b - a) * step / 6 for a, b in zip(start, goal, strict=True)))  # type: ignore[arg-type]
    finger("touchEnd")
    near(drawing.named()["Ana"], 2, 120, 0.5)
    drawing.chip("Ben").tap()
    page.touchscreen.tap(*drawing.spot(0, 0.9))
    near(drawing.named()["Ben"], 3, 0, 0.9)
    middle = drawing.spot(0, 0)
    finger("touchStart", (middle[0] - 40, middle[1]), (middle[0] + 40, middle[1]))
    finger("touchMove", (middle[0] - 120, middle[1]), (middle[0] + 120, middle[1]))
    finger("touchEnd")
    assert float(page.locator("#the-map").get_attribute("viewBox").split()[2]) < 500  # type: ignore[union-attr]


def test_a_map_is_drawn_with_the_keyboard_alone(draw: Callable[..., Drawing]) -> None:
    drawing = draw()
    page = drawing.page
    keys = page.keyboard
    page.focus("#new-name")
    keys.type("Ana")
    keys.press("Enter")
    keys.press("Alt+4")
    keys.type("Library")
    keys.press("Enter")
    for _ in range(12):
        keys.press("Tab")
        if page.evaluate("document.activeElement.matches('.mp-tray .mp-chip')"):
            break
    keys.press("2")
    drawing.spoken("Ana, Person; second circle, Important")
    keys.press("ArrowRight")
    keys.press("ArrowUp")
    drawing.spoken("Ana, Person; first circle, Most important")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')").startswith("Ana, Person; first circle")
    for _ in range(3):
        keys.press("ArrowDown")
    drawing.spoken("Ana, Person; in no circle")
    keys.press("ArrowUp")
    drawing.spoken("Ana, Person; third circle, Also there")
    named = drawing.named()
    assert named["Ana"]["circle"] == 3
    assert drawing.saved()["tables"]["alters"][named["Library"]["alter_id"]]["kind"] == "place"
    keys.press("?")
    expect(page.locator("dialog")).to_contain_text("Keys on the map")
    keys.press("Escape")
    drawing.node("Ana").focus()
    keys.press("Delete")
    expect(page.locator("dialog")).to_contain_text("Take it off the map?")
    page.get_by_role("button", name="Take it off").press("Enter")
    assert set(drawing.named()) == {"Library"}
    keys.press("Control+z")
    page.wait_for_selector('.mp-node[aria-label^="Ana,"]')
    assert set(drawing.named()) == {"Ana", "Library"}
    keys.press("Control+Shift+Z")
    expect(drawing.node("Ana")).to_have_count(0)
    assert set(drawing.named()) == {"Library"}


def test_the_arrow_keys_go_from_one_alter_to_the_next_and_enter_opens_its_questions(draw: Callable[..., Drawing]) -> None:
    drawing = draw(named=3)
    page = drawing.page
    drawing.node("Christopher").focus()
    page.keyboard.press("PageDown")
    page.keyboard.press("PageDown")
    page.keyboard.press("Home")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')").startswith("Christopher")
    page.keyboard.press("End")
    page.keyboard.press("Enter")
    expect(page.locator(".mp-panel h2")).to_contain_text("names")


def test_the_list_holds_and_edits_all_that_the_map_holds(draw: Callable[..., Drawing]) -> None:
    drawing = draw(named=2)
    page = drawing.page
    page.get_by_role("button", name="List", exact=True).click()
    line = page.get_by_role("group", name="Christopher")
    line.get_by_label("Circle").select_option(label="Also there")
    line.get_by_label("Towards").select_option(label="3 o’clock")
    line.get_by_label("Role").select_option(label="Friend")
    page.locator(".mp-lines > li").first.locator("summary").click()
    page.get_by_label("Tie Christopher to").select_option(label="ex_libris")
    line.get_by_label("Name").fill("Chris")
    line.get_by_label("Name").press("Tab")
    state = drawing.saved()
    tie = drawing.named(state)["Chris"]
    near(tie, 3, 90, 5 / 6)
    assert state["tables"]["alters"][tie["alter_id"]]["role"] == "friend"
    assert [row["relation"] for row in state["tables"]["alter_ties"].values()] == ["knows"]
    page.get_by_role("group", name="Chris").get_by_label("Circle").select_option(label="in no circle")
    assert drawing.named()["Chris"]["circle"] is None


def test_names_that_look_like_code_stay_words(draw: Callable[..., Drawing]) -> None:
    drawing = draw()
    hostile = [
        '<img src=x onerror="alert(1)">',
        "{{7*7}} ${7*7}",
        '"><script>alert(1)</script>',
        "اسم\u202egnp.exe",
        "'; DROP TABLE ties; --",
    ]
    drawing.name(*hostile)
    assert set(drawing.named()) == set(hostile)
    drawing.chip("<img").focus()
    drawing.page.keyboard.press("1")
    drawing.page.get_by_role("button", name="Map and list").click()
    drawing.page.locator(".mp-steps").get_by_text("About each").click()
    expect(drawing.page.locator(".mp-panel h2")).to_have_text(hostile[0])
    assert drawing.page.locator(".mp-body img, .mp-body script").count() == 0
    assert drawing.page.title() == "Map · Kithwork"


def test_put_away_hides_everything_at_once_and_brings_it_back(draw: Callable[..., Drawing]) -> None:
    drawing = draw(named=3)
    page = drawing.page
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(page.locator(".mp-away")).to_be_visible()
    assert "Christopher" not in page.locator("body").inner_text()
    expect(page.locator("#the-map")).to_have_count(0)
    page.get_by_role("button", name="Bring it back").click()
    expect(drawing.node("Christopher")).to_be_visible()


def test_pseudonyms_take_the_place_of_all_names(draw: Callable[..., Drawing]) -> None:
    drawing = draw(named=4)
    page = drawing.page
    page.get_by_role("button", name="Map and list").click()
    page.get_by_role("button", name="Pseudonyms").click()
    shown = page.locator(".mp-body").inner_text()
    assert "Christopher" not in shown
    assert "Person 1" in shown
