"""Coding a transcript by mouse, by keyboard and by finger; saved, undone, and read out."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from kithwork.actions import act
from kithwork.store import open_study
from tests.browser.conftest import begin_map, designed_study
from tests.durability.server import Server

pytestmark = pytest.mark.browser
FIRST = "I: Who was there for you?\n"
SECOND = "P: My sister 🌻 rang each day. Then <img src=x onerror=alert(1)> came, and Christopher too. It helped a lot.\n"
TEXT = FIRST + SECOND
WHOLE_MARGIN = """async () => {
    const scroller = document.querySelector('.cd-scroll');
    const frame = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    const seen = new Set();
    for (let at = 0; at <= scroller.scrollHeight; at += scroller.clientHeight / 2) {
        scroller.scrollTop = at;
        await frame();
        const { top, bottom } = scroller.getBoundingClientRect();
        for (const one of document.querySelectorAll('.cd-stripe')) {
            const box = one.getBoundingClientRect();
            if (box.top < bottom && box.bottom > top) seen.add(one.dataset.segment);
        }
    }
    return [...seen];
}"""


@dataclass
class Desk:
    """A transcript open on a page, and what the server holds of it."""

    page: Page
    server: Server
    document_id: str

    def state(self) -> dict[str, Any]:
        return self.page.request.get(f"http://127.0.0.1:{self.server.port}/api/documents/{self.document_id}").json()

    def saved(self) -> dict[str, Any]:
        """What the server holds once everything is saved."""
        expect(self.page.locator(".saving")).to_have_attribute("data-busy", "false", timeout=15_000)
        return self.state()

    def coded(self) -> list[tuple[str, str]]:
        """Code and words of each coding, as the server holds them."""
        held = self.saved()
        tables, text = held["tables"], held["revision"]["text"]
        found = []
        for coding in tables["codings"].values():
            segment = tables["segments"][coding["segment_id"]]
            assert text[segment["start"] : segment["stop"]] == segment["quotation"]
            found.append((tables["codes"][coding["code_id"]]["name"], segment["quotation"]))
        return sorted(found)

    def box(self, words: str) -> dict[str, float]:
        """Where words begin and end on the screen."""
        script = """(words) => {
            const walker = document.createTreeWalker(document.querySelector('#the-talk'), NodeFilter.SHOW_TEXT);
            while (walker.nextNode()) {
                const at = walker.currentNode.data.indexOf(words);
                if (at < 0) continue;
                const range = document.createRange();
                range.setStart(walker.currentNode, at);
                range.setEnd(walker.currentNode, at + words.length);
                const boxes = [...range.getClientRects()];
                const [first, last] = [boxes[0], boxes.at(-1)];
                const line = (box) => box.top + box.height / 2;
                return { x: first.left + 0.5, y: line(first), toX: last.right - 0.5, toY: line(last) };
            }
        }"""
        return self.page.evaluate(script, words)

    def drag_over(self, words: str) -> None:
        """Choose words with the mouse."""
        box = self.box(words)
        self.page.mouse.move(box["x"], box["y"])
        self.page.mouse.down()
        self.page.mouse.move(box["toX"], box["toY"], steps=5)
        self.page.mouse.up()
        expect(self.page.locator(".cd-quote")).to_have_text(words)


@pytest.fixture
def code(tmp_path: Path, served: Callable[[Path], Server], new_page: Callable[..., Page]) -> Callable[..., Desk]:
    """Open a transcript: `code(text=…, turns=…, many=500, width=768)`, with so many passages coded already."""

    def start(text: str = TEXT, turns: list[dict[str, Any]] | None = None, many: int = 0, **options: Any) -> Desk:
        path = designed_study(tmp_path / "study.kith")
        begin_map(path, 1, 2)
        second = {"start": len(FIRST) + 3, "stop": len(TEXT) - 1, "speaker": "P", "speaker_role": "participant"}
        made = turns or [{"start": 3, "stop": len(FIRST) - 1, "speaker": "I", "speaker_role": "interviewer"}, second]
        with open_study(path) as study:
            person = study.rows("participants")[0]["id"]
            wave = next(row["id"] for row in study.rows("waves") if row["position"] == 1)
            given = {"title": "A talk", "text": text, "turns": made, "participant_id": person, "wave_id": wave}
            act(study, "bring in transcript", given)
            document = study.rows("documents")[0]["id"]
            revision = study.rows("revisions")[0]["id"]
            for name in ("Kin", "Asking for help"):
                if not study.rows("codes", name=name):
                    act(study, "add code", {"name": name})
            codes = study.rows("codes")
            with study.change("code much") as change:
                for number in range(many):
                    begin = number * 97 % (len(text) - 400)
                    stop = begin + 20 + number * 31 % 300
                    row = {"revision_id": revision, "start": begin, "stop": stop, "quotation": text[begin:stop]}
                    segment = change.insert("segments", row)
                    change.insert("codings", {"segment_id": segment["id"], "code_id": codes[number % len(codes)]["id"]})
        server = served(path)
        page = new_page(**options)
        page.goto(server.link)
        page.goto(f"http://127.0.0.1:{server.port}/documents/{document}")
        page.wait_for_selector("#the-talk")
        return Desk(page, server, document)

    return start


def test_words_chosen_with_the_mouse_are_coded_undone_and_coded_again(code: Callable[..., Desk]) -> None:
    desk = code()
    page = desk.page
    desk.drag_over("sister 🌻 rang")
    page.get_by_role("button", name="Kin", exact=True).click()
    assert desk.coded() == [("Kin", "sister 🌻 rang")]
    expect(page.locator(".cd-here")).to_contain_text("Kin")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".cd-stripe")).to_have_count(0)
    assert desk.coded() == []
    page.reload()
    page.get_by_role("button", name="Redo").click()
    expect(page.locator(".cd-stripe")).to_have_count(1)
    assert desk.coded() == [("Kin", "sister 🌻 rang")]


def test_several_codes_stand_on_overlapping_passages_and_one_is_taken_off(code: Callable[..., Desk]) -> None:
    desk = code()
    page = desk.page
    desk.drag_over("rang each day")
    page.get_by_role("button", name="Kin", exact=True).click()
    page.get_by_role("button", name="Asking for help", exact=True).click()
    desk.drag_over("each day. Then")
    page.get_by_role("button", name="Kin", exact=True).click()
    expect(page.locator(".cd-stripe")).to_have_count(3)
    assert desk.coded() == [("Asking for help", "rang each day"), ("Kin", "each day. Then"), ("Kin", "rang each day")]
    page.get_by_role("button", name="Take Asking for help off").click()
    expect(page.locator(".cd-stripe")).to_have_count(2)
    assert len(desk.coded()) == 2


def test_the_keyboard_alone_chooses_codes_and_hears(code: Callable[..., Desk]) -> None:
    desk = code()
    page = desk.page
    page.focus("#the-talk")
    for key in ("PageDown", "PageDown", "ArrowRight", "ArrowRight"):
        page.keyboard.press(key)
    page.keyboard.press("Shift+ArrowRight")
    spoken = page.locator("#coding-spoken")
    expect(spoken).to_contain_text("rang each")
    page.keyboard.press("Enter")
    page.keyboard.type("kin")
    page.keyboard.press("Enter")
    assert desk.coded() == [("Kin", "rang each")]
    expect(page.locator("#the-talk")).to_be_focused()
    page.keyboard.press("Alt+s")
    expect(spoken).to_contain_text("coded Kin")
    page.keyboard.press("i")
    expect(page.locator(".cd-stripe")).to_have_count(2)
    assert ("My sister 🌻 rang each day", "My sister 🌻 rang each day.") in desk.coded()
    page.keyboard.press("Alt+t")
    expect(page.locator(".cd-quote")).to_contain_text("It helped a lot")
    page.keyboard.press("Control+z")
    expect(page.locator(".cd-stripe")).to_have_count(1)
    assert desk.coded() == [("Kin", "rang each")]


def test_words_from_right_to_left_stand_and_are_walked_as_they_are_read(code: Callable[..., Desk]) -> None:
    said = "ليلى (form 7) وأنا."
    text = f"I: How?\nP: {said}\n"
    turns = [{"start": 3, "stop": 7, "speaker": "I"}, {"start": 11, "stop": 11 + len(said), "speaker": "P"}]
    desk = code(text=text, turns=turns)
    page = desk.page
    room = page.locator("#the-talk").bounding_box()
    assert room is not None
    assert desk.box("How")["x"] < room["x"] + 100
    assert desk.box("ليلى")["toX"] > room["x"] + room["width"] - 100
    assert desk.box("form")["x"] > desk.box("وأنا")["toX"], "what is said first stands to the right"
    desk.drag_over("form 7")
    page.get_by_role("button", name="Kin", exact=True).click()
    page.focus("#the-talk")
    page.keyboard.press("ArrowLeft")
    expect(page.locator(".cd-quote")).to_have_text("وأنا")
    page.keyboard.press("ArrowRight")
    expect(page.locator(".cd-quote")).to_have_text("7")
    assert desk.coded() == [("Kin", "form 7")]


def test_what_was_done_on_another_page_shows_when_one_comes_back(code: Callable[..., Desk]) -> None:
    desk = code()
    other = desk.page.context.new_page()
    other.goto(desk.page.url)
    expect(other.locator("#the-talk")).to_be_visible()
    there = Desk(other, desk.server, desk.document_id)
    there.drag_over("My sister")
    other.get_by_role("button", name="Kin", exact=True).click()
    assert there.coded() == [("Kin", "My sister")]
    other.close()
    expect(desk.page.locator(".cd-stripe")).to_have_count(0)
    desk.page.evaluate("dispatchEvent(new Event('focus'))")
    expect(desk.page.locator(".cd-stripe")).to_have_count(1)


def test_the_names_of_codes_on_the_last_words_are_not_cut(code: Callable[..., Desk]) -> None:
    desk = code()
    desk.drag_over("helped a lot")
    for name in ("Kin", "Asking for help", "Trust present"):
        desk.page.get_by_role("button", name=name, exact=True).click()
    names = desk.page.locator(".cd-stripe text")
    expect(names).to_have_count(3)
    bottom = "(all) => Math.max(...all.map((one) => one.getBoundingClientRect().bottom))"
    assert names.evaluate_all(bottom) <= desk.page.locator(".cd-stripes").evaluate_all(bottom)


def test_the_focus_goes_to_the_text_when_what_was_pressed_is_gone(code: Callable[..., Desk]) -> None:
    desk = code()
    page = desk.page
    desk.drag_over("Christopher")
    page.get_by_role("button", name="Kin", exact=True).click()
    page.get_by_label("These words speak of").select_option("Person 1")
    expect(page.locator("#coding-spoken")).to_have_text("Tied to Person 1.")
    for name, told in (("Untie Person 1", "Person 1 untied."), ("Take Kin off", "Kin taken off.")):
        page.get_by_role("button", name=name).press("Enter")
        expect(page.locator("#the-talk")).to_be_focused()
        expect(page.locator("#coding-spoken")).to_have_text(f"{told} Undo brings it back.")
    assert desk.coded() == []


def test_a_pinned_code_is_one_key(code: Callable[..., Desk]) -> None:
    desk = code()
    page = desk.page
    page.get_by_role("button", name="About Kin").click()
    page.get_by_role("button", name="Pin to a key").click()
    page.locator("#the-talk").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("1")
    expect(page.locator(".cd-stripe")).to_have_count(1)
    assert [name for name, _ in desk.coded()] == ["Kin"]


def test_a_new_code_is_made_defined_and_renamed_where_it_is_used(code: Callable[..., Desk]) -> None:
    desk = code()
    page = desk.page
    desk.drag_over("helped a lot")
    page.fill("#code-filter", "Relief")
    page.get_by_role("button", name="Make “Relief” and apply it").click()
    page.get_by_role("button", name="About Relief").click()
    page.get_by_label("What it covers").fill("Ease after help")
    page.get_by_label("Name", exact=True).fill("Ease")
    page.keyboard.press("Tab")
    assert desk.coded() == [("Ease", "helped a lot")]
    codes = desk.state()["tables"]["codes"].values()
    assert next(row for row in codes if row["name"] == "Ease")["definition"] == "Ease after help"


def test_a_memo_on_a_passage_is_kept(code: Callable[..., Desk]) -> None:
    desk = code()
    page = desk.page
    desk.drag_over("helped a lot")
    page.get_by_role("button", name="Kin", exact=True).click()
    page.locator(".cd-passage summary").click()
    page.get_by_label("Memo on “helped a lot”").fill("Said quietly.")
    page.keyboard.press("Tab")
    assert [row["text"] for row in desk.saved()["tables"]["memos"].values()] == ["Said quietly."]


def test_a_name_that_matches_an_alter_is_tied_with_one_press(code: Callable[..., Desk]) -> None:
    desk = code()
    page = desk.page
    offer = page.locator(".cd-offers li")
    expect(offer).to_have_count(1)
    expect(offer).to_contain_text("came, and Christopher too")
    offer.get_by_role("button", name="Speaks of").click()
    expect(page.locator(".cd-offers")).to_have_count(0)
    held = desk.saved()
    mention = next(iter(held["tables"]["mentions"].values()))
    assert held["tables"]["segments"][mention["segment_id"]]["quotation"] == "Christopher"
    assert mention["tie_id"] == held["about"]["ties"][mention["alter_id"]]
    with open_study(desk.server.study) as study:
        act(study, "describe map", {"map_id": held["about"]["map_id"], "values": {"recall_finished_at": "2026-03-14T09:30:00.000Z"}})
    page.goto(f"http://127.0.0.1:{desk.server.port}/maps/{held['about']['map_id']}#about")
    page.get_by_text("Said about this").click()
    link = page.locator(".mp-said a")
    expect(link).to_contain_text("Christopher")
    link.click()
    expect(page.locator(".cd-quote")).to_have_text("Christopher")


def test_a_coding_is_drawn_longer_and_leads_to_its_passage_beside_the_map(code: Callable[..., Desk]) -> None:
    desk = code()
    page = desk.page
    desk.drag_over("each day")
    page.get_by_role("button", name="Kin", exact=True).click()
    desk.drag_over("rang each day")
    page.get_by_role("button", name="Put Kin on what is chosen instead").click()
    expect(page.locator(".cd-words-of")).to_have_count(1)  # of the name offered; what is chosen is the passage itself
    assert desk.coded() == [("Kin", "rang each day")]
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#coding-spoken")).to_have_text("Taken back.")
    assert desk.coded() == [("Kin", "each day")]
    page.get_by_role("button", name="Redo").click()
    expect(page.locator("#coding-spoken")).to_have_text("Brought again.")
    page.get_by_role("link", name="Beside the map").click()
    expect(page.locator("mark")).to_have_text("rang each day")
    expect(page.get_by_role("img").first).to_be_visible()
    page.get_by_role("link", name="The whole transcript").click()
    expect(page.locator(".cd-quote")).to_have_text("rang each day")


def test_an_event_is_tied_to_a_mention_heard_and_taken_off_again(code: Callable[..., Desk]) -> None:
    desk = code()
    page = desk.page
    page.locator(".cd-offers").get_by_role("button", name="Speaks of").click()
    mention = next(iter(desk.saved()["tables"]["mentions"].values()))
    with open_study(desk.server.study) as study, study.change("tell an event") as change:
        interview = study.rows("interviews")[0]["id"]
        event = change.insert("events", {"alter_id": mention["alter_id"], "interview_id": interview, "event": "lost"})["id"]
    page.reload()
    page.focus("#the-talk")
    page.keyboard.press("n")
    expect(page.locator("#coding-spoken")).to_contain_text("speaks of")
    held = lambda: next(iter(desk.saved()["tables"]["mentions"].values()))["event_id"]  # noqa: E731
    choice = page.get_by_label("Event with")
    choice.select_option(event)
    assert held() == event
    choice.select_option(label="tells of no event")
    assert held() is None
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#coding-spoken")).to_have_text("Taken back.")
    assert held() == event


def test_a_finger_takes_a_word_a_sentence_and_a_turn(code: Callable[..., Desk]) -> None:
    desk = code(width=768, height=1024, has_touch=True)
    page = desk.page
    box = desk.box("helped")
    page.touchscreen.tap(box["x"], box["y"])
    for unit, words in (("Word", "helped"), ("Sentence", "It helped a lot."), ("Turn", SECOND[3:-1])):
        page.get_by_role("button", name=unit, exact=True).tap()
        expect(page.locator(".cd-quote")).to_have_text(words)
    page.get_by_role("button", name="Kin", exact=True).tap()
    assert desk.coded() == [("Kin", SECOND[3:-1])]


def test_one_who_codes_blind_finishes_on_the_page_and_sees_the_others_only_then(code: Callable[..., Desk]) -> None:
    desk = code()
    page = desk.page
    with open_study(desk.server.study) as study:
        for name in ("Ada", "Bo"):
            act(study, "add coder", {"name": name})
        ada, bo = (row["id"] for row in study.rows("coders"))
        revision = study.rows("revisions")[0]["id"]
        place = {"revision_id": revision, "start": len(FIRST) + 3, "stop": len(FIRST) + 12}
        act(study, "code segment", {**place, "code_ids": [study.rows("codes", name="Kin")[0]["id"]], "coder_id": ada})
        act(study, "assign coders", {"document_ids": [desk.document_id], "coder_ids": [ada, bo]})
        act(study, "finish coding", {"document_id": desk.document_id, "coder_id": ada})
        act(study, "code blind", {"is_blind": True})
    text = page.url
    page.goto(f"http://127.0.0.1:{desk.server.port}/coders")
    page.get_by_label("Bo").check()
    page.get_by_role("button", name="Work as chosen").click()
    page.goto(text)
    expect(page.get_by_text("You see only your own codings")).to_be_visible()
    expect(page.locator(".cd-stripe")).to_have_count(0)
    desk.drag_over("My sister")  # what the other coded, by chance
    page.get_by_role("button", name="Kin", exact=True).click()
    desk.saved()
    page.get_by_role("button", name="Take Kin off").click()
    desk.saved()
    expect(page.locator(".cd-passage")).to_have_count(0)
    page.get_by_role("button", name="I have finished").click()
    expect(page.locator(".cd-stripe")).to_have_count(1)
    expect(page.locator(".cd-passage")).to_contain_text("Ada")
    page.get_by_role("button", name="Go on coding").click()
    expect(page.locator(".cd-stripe")).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".cd-stripe")).to_have_count(1)


def test_coding_goes_on_while_the_server_is_away(code: Callable[..., Desk]) -> None:
    desk = code()
    page = desk.page
    desk.server.kill()
    desk.drag_over("helped a lot")
    page.get_by_role("button", name="Kin", exact=True).click()
    expect(page.locator(".alarm")).to_contain_text("not saved yet")
    expect(page.locator(".cd-stripe")).to_have_count(1)
    desk.server.start()
    expect(page.locator(".alarm")).to_have_count(0, timeout=20_000)
    assert desk.coded() == [("Kin", "helped a lot")]


def test_a_code_is_moved_by_keyboard_only_when_asked_to(code: Callable[..., Desk]) -> None:
    desk = code()
    page = desk.page
    parents = lambda: {row["name"]: row["parent_id"] for row in desk.saved()["tables"]["codes"].values()}  # noqa: E731
    page.get_by_role("button", name="About Kin").click()
    page.get_by_label("Stands under").focus()
    page.keyboard.press("ArrowDown")  # looking through the list moves nothing
    assert parents()["Kin"] is None
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert desk.saved()["tables"]["codes"][parents()["Kin"]]["parent_id"] is None
    page.get_by_role("button", name="Undo").click()
    assert parents()["Kin"] is None


def test_one_passage_holds_several_memos_of_different_kinds(code: Callable[..., Desk]) -> None:
    desk = code()
    page = desk.page
    desk.drag_over("helped a lot")
    page.get_by_role("button", name="Kin", exact=True).click()
    for words, summary in (("Said quietly.", "Write a memo"), ("Read again.", "One more memo")):
        page.locator(".cd-passage summary", has_text=summary).click()
        page.locator(".cd-passage .cd-memo textarea").last.fill(words)
        page.keyboard.press("Tab")
    page.locator(".cd-passage .cd-memo select").first.select_option("reflexive")
    memos = desk.saved()["tables"]["memos"].values()
    assert {(row["text"], row["memo_kind"]) for row in memos} == {("Said quietly.", "reflexive"), ("Read again.", "analytic")}


def test_on_paper_the_whole_text_stands_and_nothing_to_press(code: Callable[..., Desk]) -> None:
    text = "".join(f"P: Line {number} of a long talk.\n" for number in range(300))
    page = code(text=text, turns=[{"start": 3, "stop": len(text) - 1, "speaker": "P"}]).page
    page.emulate_media(media="print")
    assert page.evaluate("document.documentElement.scrollHeight >= document.querySelector('#the-talk').offsetHeight")
    expect(page.get_by_text("under “Coded, to read”")).to_be_visible()
    for part in (".cd-codes", ".cd-here", ".cd-tools"):
        expect(page.locator(part)).to_be_hidden()


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (768, 1024)])
def test_axe_finds_nothing_and_five_hundred_codings_stay_readable(code: Callable[..., Desk], width: int, height: int) -> None:
    line = "Words follow words, and somebody listens to them for a while. " * 8
    text = "".join(f"P: {line}\n" for _ in range(90))
    long = len(line) + 4
    turns = [{"start": at * long + 3, "stop": (at + 1) * long - 1, "speaker": "P"} for at in range(90)]
    desk = code(text=text, turns=turns, many=500, width=width, height=height)
    page = desk.page
    expect(page.locator(".cd-stripe").first).to_be_visible()
    seen = set(page.evaluate(WHOLE_MARGIN))
    assert len(seen) == 500, "walking through the text, every passage is seen with its stripe beside its words"
    page.get_by_role("button", name="About Kin").click()
    page.focus("#the-talk")
    page.keyboard.press("n")
    expect(page.locator(".cd-passage").first).to_be_visible()
    found = Axe().run(page).response["violations"]
    assert [f"{one['id']} {[node['html'][:120] for node in one['nodes'][:2]]}" for one in found] == []
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth + 1")
    page.locator(".cd-scroll").evaluate("(one) => one.scrollTo(0, 9000)")
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    assert page.locator(".cd-stripe text").count() > (10 if width > 1000 else -1)
    overlaps = page.evaluate("""() => {
        const boxes = [...document.querySelectorAll('.cd-stripe text')].map((one) => one.getBoundingClientRect());
        boxes.sort((a, b) => a.top - b.top);
        return boxes.slice(1).filter((box, index) => box.top < boxes[index].top + 15).length;
    }""")
    assert overlaps == 0
