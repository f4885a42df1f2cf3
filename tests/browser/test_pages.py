"""The pages as people meet them: by eye, by finger, by keyboard, without scripts, and on paper."""

import re
import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from werkzeug.serving import make_server

from kithwork.actions import act
from kithwork.actions.design import keep_tables
from kithwork.formats.demo import demo_tables
from kithwork.store import Study, create_study, open_study
from kithwork.web.app import make_app

SIZES = [(1440, 900), (1024, 768), (768, 1024)]


@dataclass
class Site:
    """A study that is being served, and links into it."""

    study: Study
    address: str
    new_link: Callable[[], str]

    def enter(self, page: Page, path: str = "/") -> Page:
        page.goto(self.new_link())
        if path != "/":
            page.goto(self.address + path)
        return page

    @property
    def person(self) -> str:
        """The address of someone with maps at several waves."""
        by_person: dict[str, int] = {}
        for row in self.study.rows("interviews", status="held"):
            by_person[row["participant_id"]] = by_person.get(row["participant_id"], 0) + 1
        return f"/participants/{max(by_person, key=lambda one: by_person[one])}"

    @property
    def kind(self) -> str:
        """The kind of one network."""
        return f"/maps/{self.study.rows('maps')[0]['id']}/kind"

    @property
    def coded_twice(self) -> str:
        """A document that two coders have finished."""
        finished = [row["document_id"] for row in self.study.rows("assignments") if row["finished_at"]]
        return next(one for one in finished if finished.count(one) == 2)

    @property
    def text(self) -> list[str]:
        """Addresses of a text to be corrected and of its versions."""
        document = f"/documents/{self.study.rows('documents')[0]['id']}"
        return [f"{document}/revise", f"{document}/versions"]

    @property
    def interview(self) -> str:
        row = self.study.rows("interviews", status="held")[0]
        return f"/participants/{row['participant_id']}/waves/{row['wave_id']}"


@pytest.fixture(scope="session")
def demo_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("demo") / "demo.kith"
    with create_study(path) as study:
        keep_tables(study, demo_tables(participants=8), "make demo study")
        alter_id = next(row["alter_id"] for row in study.rows("replacements") if row["alter_id"])
        act(study, "describe alter", {"alter_id": alter_id, "values": {"pseudonym": "Somebody else"}})
    return path


@pytest.fixture
def site(demo_file: Path, tmp_path: Path) -> Iterator[Site]:
    with open_study(shutil.copy(demo_file, tmp_path / "study.kith")) as study:
        server = make_server("127.0.0.1", 0, app := make_app(study, port=0), threaded=True)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        address = f"http://127.0.0.1:{server.port}"
        try:
            yield Site(study, address, lambda: f"{address}/enter/{app.extensions['launch_tokens'].new()}")
        finally:
            server.shutdown()
            thread.join()
            server.server_close()


def all_pages(site: Site) -> list[str]:
    groups = [f"/measures?group={group}" for group in ("size", "composition", "structure", "support", "quality", "change")]
    pages = ["/", site.person, f"{site.person}/edit", site.interview, "/participants/new", *groups, "/design", "/import", "/measures/list"]
    pages += ["/coding-plan?share=20", "/disagreements", f"/disagreements/{site.coded_twice}", "/agreement?numbers=yes&unit=turn"]
    passages = site.study.count("codings", by="code_id")
    code, theme = max(passages, key=lambda one: passages[one]), site.study.rows("themes")[0]["id"]
    pages += ["/codebook", "/codebook?arrange=yes", "/codebook/history", f"/codes/{code}", f"/codes/{code}/remove", "/themes"]
    pages += [f"/codes/{code}/merge?into={next(one for one in passages if one != code)}", f"/themes/{theme}", "/lens", "/memos"]
    pages += [*(f"/kinds?by={by}" for by in ("rules", "moves", "structure", "measures")), site.kind]
    pages += ["/documents", *(f"/documents/names{rest}" for rest in ("", "/replaced", "/renamed", "/known")), *site.text]
    return [*pages, *both_halves(site), "/search", "/journal", "/coders", "/studies", "/nowhere"]


def both_halves(site: Site) -> list[str]:
    """Pages on which the talk and the ties stand together."""
    person = site.person.rpartition("/")[2]
    spoken = {row["segment_id"] for row in site.study.rows("mentions")}
    passage = next(row["segment_id"] for row in site.study.rows("codings") if row["segment_id"] in spoken)
    pages = [
        "/questions",
        "/questions?rows=interview:confidence&columns=kind",
        "/tables?unit=passage",
        "/matrix",
        "/matrix?attribute=interview%253Aconfidence:%3D1&waves=1",
        f"{site.person}/course",
        f"/passages/{passage}",
    ]
    return [*pages, f"/matrix/{person}/theme/{site.study.rows('themes')[0]['id']}"]


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def test_no_page_has_anything_that_axe_objects_to_or_is_wider_than_the_screen(
    site: Site, new_page: Callable[..., Page], size: tuple[int, int]
) -> None:
    page = site.enter(new_page(*size))
    for path in all_pages(site):
        page.goto(site.address + path)
        page.evaluate("for (const part of document.querySelectorAll('details')) part.open = true")
        found = Axe().run(page)
        assert found.violations_count == 0, f"{path}: {found.generate_report()}"
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{path} is too wide"


def test_enlarged_fourfold_no_page_is_wider_than_the_screen(site: Site, new_page: Callable[..., Page]) -> None:
    page = site.enter(new_page(320, 256))
    for path in all_pages(site):
        page.goto(site.address + path)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{path} is too wide"


def test_what_is_pressed_is_large_enough_for_a_finger(site: Site, new_page: Callable[..., Page]) -> None:
    page = site.enter(new_page(768, 1024, has_touch=True))
    pressed = "button, .button, select, summary, .choice, nav a, td a, input:not([type=hidden], [type=checkbox], [type=radio])"
    small = """(pressed) => [...document.querySelectorAll(pressed)]
        .filter((one) => one.offsetParent && one.getBoundingClientRect().height < 43.9)
        .map((one) => one.outerHTML.slice(0, 120))"""
    for path in all_pages(site):
        page.goto(site.address + path)
        page.evaluate("for (const part of document.querySelectorAll('details')) part.open = true")
        assert page.evaluate(small, pressed) == [], path


def test_every_page_says_that_the_study_is_made_up(site: Site, page: Page) -> None:
    site.enter(page)
    for path in all_pages(site):
        page.goto(site.address + path)
        expect(page.get_by_text("Synthetic study: everything and everyone in it is made up.")).to_be_visible()


# -- register ----------------------------------------------------------------------------------------------------------------


def test_the_register_is_walked_with_the_arrow_keys_and_is_one_stop_for_tab(site: Site, page: Page) -> None:
    site.enter(page)
    grid = page.locator("#register")
    assert grid.locator("a[tabindex='0']").count() == 1
    first = grid.locator("tbody tr").nth(0)
    first.locator("th a").focus()
    page.keyboard.press("ArrowRight")
    expect(first.locator("td a").nth(0)).to_be_focused()
    page.keyboard.press("ArrowDown")
    second = grid.locator("tbody tr").nth(1)
    expect(second.locator("td a").nth(0)).to_be_focused()
    page.keyboard.press("End")
    expect(second.locator("td a").last).to_be_focused()
    page.keyboard.press("Control+Home")
    expect(first.locator("th a")).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(first.locator("th a")).to_be_focused()
    assert grid.locator("a[tabindex='0']").count() == 1
    page.keyboard.press("Tab")
    assert page.evaluate("!document.activeElement.closest('#register')")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    page.wait_for_url("**/waves/**")


def test_the_register_is_filtered_and_put_in_order_without_a_reload_and_the_address_tells_nothing(site: Site, page: Page) -> None:
    site.enter(page)
    rows = page.locator("#register tbody tr:not([hidden])")
    everyone = rows.count()
    page.get_by_label("Find").fill("P03")
    expect(rows).to_have_count(1)
    expect(page.get_by_text(f"1 of {everyone} shown")).to_be_visible()
    assert page.url == f"{site.address}/"
    page.get_by_label("Find").fill("")
    missed = len(site.study.rows("interviews", status="missed", wave_id=site.study.rows("waves", position=2)[0]["id"]))
    page.get_by_label("Interviews").select_option(label="Six months later: missed")
    expect(rows).to_have_count(missed)
    page.get_by_label("Interviews").select_option("")
    page.get_by_label("Order").select_option("held")
    held = page.evaluate("[...document.querySelectorAll('#register tbody tr')].map((row) => Number(row.dataset.held))")
    assert held == sorted(held)
    assert len(held) == everyone


# -- one person ------------------------------------------------------------------------------------------------------------------


def lit(page: Page) -> set[str]:
    return set(page.evaluate("[...document.querySelectorAll('[data-pictures].lit svg [data-alter].lit')].map((one) => one.dataset.alter)"))


def test_an_alter_pointed_at_lights_up_in_every_picture(site: Site, page: Page) -> None:
    site.enter(page, site.person)
    figure = page.locator("[data-pictures]").first
    marks = figure.locator("[data-alter]")
    ids = [mark.get_attribute("data-alter") for mark in marks.all()]
    wanted = next(one for one in ids if ids.count(one) >= 2)
    assert lit(page) == set()
    figure.locator(f"[data-alter='{wanted}']").first.hover()
    assert lit(page) == {wanted}
    assert page.locator(f"[data-pictures] [data-alter='{wanted}'].lit").count() >= 2
    dim = next(one for one in ids if one != wanted)
    opacity = "(one) => { one.getAnimations().forEach((a) => a.finish()); return Number(getComputedStyle(one).opacity); }"
    assert figure.locator(f"[data-alter='{dim}']").first.evaluate(opacity) < 0.5
    page.get_by_role("heading", level=1).hover()
    assert lit(page) == set()


def test_an_alter_is_lit_by_keyboard_and_stays_lit_until_escape(site: Site, page: Page) -> None:
    site.enter(page, site.person)
    button = page.locator("[data-light]").first
    wanted = button.get_attribute("data-light")
    button.focus()
    assert lit(page) == {wanted}
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.locator("h1").evaluate("() => document.activeElement.blur()")
    assert lit(page) == {wanted}
    expect(button).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("Escape")
    assert lit(page) == set()
    expect(button).to_have_attribute("aria-pressed", "false")


def test_an_alter_is_lit_by_a_finger(site: Site, new_page: Callable[..., Page]) -> None:
    page = site.enter(new_page(768, 1024, has_touch=True), site.person)
    mark = page.locator("[data-pictures] [data-alter]").first
    mark.tap()
    assert lit(page) == {mark.get_attribute("data-alter")}
    mark.tap()
    assert lit(page) == set()


def test_an_empty_value_tells_its_reason_when_it_is_reached_by_keyboard(site: Site, page: Page) -> None:
    site.enter(page, "/measures?group=structure&kinds=animal")
    empty = page.locator("td[data-why]").first
    why = empty.get_attribute("data-why")
    assert why
    page.locator("#measures-table tbody a").first.focus()
    row = empty.evaluate("(cell) => cell.parentElement.sectionRowIndex")
    column = empty.evaluate("(cell) => cell.cellIndex")
    for _ in range(row):
        page.keyboard.press("ArrowDown")
    for _ in range(column):
        page.keyboard.press("ArrowRight")
    expect(empty).to_be_focused()
    expect(page.locator("[data-told]")).to_contain_text(why)


def test_a_column_is_sorted_and_what_is_empty_stays_last(site: Site, page: Page) -> None:
    site.enter(page, "/measures?group=structure")
    head = page.locator("#measures-table thead th", has=page.get_by_text("Density", exact=True))
    column = head.evaluate("(one) => one.cellIndex")
    read = f"[...document.querySelectorAll('#measures-table tbody tr')].map((row) => row.cells[{column}].textContent)"
    for direction in ("ascending", "descending"):
        head.get_by_role("button").click()
        expect(head).to_have_attribute("aria-sort", direction)
        words = page.evaluate(read)
        values = [float(word) for word in words if word != "–"]
        assert values == sorted(values, reverse=direction == "descending")
        assert words[: len(values)] == [word for word in words if word != "–"]


# -- forms -----------------------------------------------------------------------------------------------------------------------


def test_what_cannot_be_seen_at_once_is_asked_about_first(site: Site, page: Page) -> None:
    site.enter(page, f"{site.person}/edit")
    page.get_by_text("Record that the person withdrew").click()
    page.get_by_role("button", name="Record the withdrawal").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("button", name="Cancel")).to_be_focused()
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    person_id = site.person.rpartition("/")[2]
    assert site.study.row("participants", person_id)["status"] != "withdrawn"
    page.get_by_role("button", name="Record the withdrawal").click()
    page.get_by_role("dialog").get_by_role("button", name="Record the withdrawal").click()
    page.wait_for_url(f"**{site.person}")
    assert site.study.row("participants", person_id)["status"] == "withdrawn"
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Taken back.")).to_be_visible()
    assert site.study.row("participants", person_id)["status"] != "withdrawn"


def test_the_interview_form_shows_only_what_fits(site: Site, page: Page) -> None:
    site.enter(page, site.interview)
    expect(page.get_by_label("Missed reason")).to_be_hidden()
    expect(page.get_by_label("Day it was held")).to_be_visible()
    page.get_by_label("Status").select_option("missed")
    expect(page.get_by_label("Missed reason")).to_be_visible()
    expect(page.get_by_label("Day it was held")).to_be_hidden()


def test_everything_but_drawing_works_without_scripts(site: Site, new_page: Callable[..., Page]) -> None:
    page = site.enter(new_page(java_script_enabled=False))
    page.get_by_role("link", name="Enrol a participant").click()
    page.get_by_label("Pseudonym").fill("Q77")
    page.get_by_role("button", name="Enrol", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Q77")
    page.get_by_role("link", name="First interview").click()
    page.get_by_label("Status").select_option("missed")
    page.get_by_label("Missed reason").select_option("no_time")
    page.get_by_role("button", name="Keep", exact=True).click()
    expect(page.get_by_text("Interview recorded.")).to_be_visible()
    page.get_by_role("link", name="Study", exact=True).click()
    page.get_by_role("link", name="Journal").click()
    page.get_by_role("button", name=re.compile("Take back.*describe interview")).first.click()
    page.get_by_role("link", name="Register", exact=True).click()
    expect(page.locator("#register tr", has_text="Q77").locator(".due")).to_have_count(3)


def test_a_code_is_dragged_under_another_and_moved_out_again_by_keyboard(site: Site, page: Page) -> None:
    site.enter(page, "/codebook?arrange=yes")
    rows = {row["name"]: row["id"] for row in site.study.rows("codes")}
    page.drag_and_drop(f"#code-{rows['Kept word']} th", f"#code-{rows['Trust present']} th")
    expect(page.get_by_text("Moved.")).to_be_visible()
    assert site.study.row("codes", rows["Kept word"])["parent_id"] == rows["Trust present"]
    button = page.get_by_role("button", name=re.compile("Out.*Kept word"))
    button.focus()
    page.keyboard.press("Enter")
    expect(page.locator(f"#code-{rows['Kept word']} .depth-1")).to_be_visible()
    assert site.study.row("codes", rows["Kept word"])["parent_id"] == rows["Trust"]


def test_the_keyboard_reaches_the_page_past_the_navigation(site: Site, page: Page) -> None:
    site.enter(page)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the page")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Enrol a participant")).to_be_focused()


def test_on_paper_the_navigation_and_forms_are_left_out(site: Site, page: Page) -> None:
    site.enter(page, site.person)
    page.emulate_media(media="print")
    expect(page.locator("nav.top")).to_be_hidden()
    expect(page.get_by_role("button", name="Make the PDF")).to_be_hidden()
    expect(page.get_by_text("Synthetic study: everything")).to_be_visible()
    expect(page.locator(".picture svg").first).to_be_visible()
