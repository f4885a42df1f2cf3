"""The rest of an interview on the map page: looking back, questions, supports, events, pairs, states, the guide."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Drawing

pytestmark = pytest.mark.browser


def rows(drawing: Drawing, table: str) -> list[dict]:
    return list(drawing.saved()["tables"][table].values())


def test_the_earlier_map_stays_closed_until_recall_is_finished_and_then_each_is_looked_at(draw: Callable[..., Drawing]) -> None:
    drawing = draw(wave=2, before=5)
    page = drawing.page
    drawing.name("christopher", "Someone new")
    page.locator(".mp-kind", has_text="Animal").click()
    drawing.name("Blue bell")
    assert "ex_libris" not in page.content()
    assert "the allotment" not in str(drawing.saved())
    page.locator(".mp-steps").get_by_text("Look back").click()
    expect(page.locator(".mp-rail")).to_contain_text("The earlier map is still closed")
    assert "ex_libris" not in page.content()
    page.get_by_role("button", name="Free recall is finished").click()
    card = page.locator(".mp-card")
    expect(card).to_contain_text("the same as")
    expect(card).to_contain_text("Christopher")
    card.get_by_role("button", name="The same", exact=True).click()
    expect(card).to_contain_text("Bluebell")
    card.get_by_role("button", name="The same", exact=True).click()
    expect(page.locator(".mp-ghost path").first).to_be_visible()
    expect(card).to_contain_text("ex_libris")
    card.get_by_role("button", name="Lost").click()
    card.get_by_text("Drifted apart").click()
    card.get_by_label("Has anyone or anything taken its place?").select_option(label="Someone new")
    card.get_by_role("button", name="Next").click()
    expect(card).to_contain_text("names")
    card.get_by_role("button", name="Still there, forgotten just now").click()
    card.get_by_role("button", name="Important", exact=True).click()
    expect(card).to_contain_text("the allotment")
    card.get_by_role("button", name="Resting for now").click()
    card.get_by_role("button", name="Next").click()
    expect(card).to_contain_text("Someone new")
    card.get_by_role("button", name="Truly new").click()
    expect(page.locator(".mp-rail")).to_contain_text("All have been looked at")
    state = drawing.saved()
    names = {row["alter_id"]: row["name"] for row in state["tables"]["identities"].values()}
    fates = {names[row["alter_id"]]: row for row in state["tables"]["fates"].values()}
    assert {name: row["fate"] for name, row in fates.items()} == {
        "ex_libris": "lost",
        "names": "forgotten",
        "the allotment": "dormant",
        "Someone new": "new_true",
    }
    assert fates["ex_libris"]["reasons"] == ["drift"]
    assert names[fates["ex_libris"]["replaced_by_id"]] == "Someone new"
    assert set(drawing.named(state)) == {"Christopher", "Bluebell / Blue bell", "Someone new", "names"}  # either is found in the talk
    assert drawing.named(state)["names"]["circle"] == 2
    assert len(state["tables"]["alters"]) == 6


def test_a_merge_is_never_made_by_itself_and_can_be_undone(draw: Callable[..., Drawing]) -> None:
    drawing = draw(wave=2, before=3)
    page = drawing.page
    drawing.name("Christopher")
    drawing.open("back")
    page.get_by_role("button", name="Free recall is finished").click()
    page.wait_for_selector(".mp-card >> text=the same as")
    assert len(rows(drawing, "alters")) == 4
    page.get_by_role("button", name="The same", exact=True).click()
    expect(page.locator(".mp-card")).to_contain_text("not named today")
    assert len(rows(drawing, "alters")) == 3
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".mp-card")).to_contain_text("the same as")
    assert len(rows(drawing, "alters")) == 4
    page.get_by_role("button", name="Not the same").click()
    expect(page.locator(".mp-card")).to_contain_text("not named today")
    assert len(rows(drawing, "alters")) == 4


def test_number_keys_answer_the_questions_of_a_tie_and_go_on(draw: Callable[..., Drawing]) -> None:
    drawing = draw(named=2)
    page = drawing.page
    drawing.open("about")
    page.locator('[data-question^="contact-"] input').first.focus()
    page.keyboard.press("2")
    assert page.evaluate("document.activeElement.closest('[data-question]').dataset.question").startswith("contact_mode")
    page.keyboard.press("1")
    page.keyboard.press("3")
    tie = drawing.named()["Christopher"]
    assert (tie["contact"], tie["contact_mode"], tie["circle"]) == ("weekly", ["in_person", "messages"], 1)
    page.keyboard.press("1")
    page.locator('[data-question^="reliability-"] input').first.focus()
    page.keyboard.press("5")
    page.locator('[data-question^="contact-"] input').first.focus()
    page.keyboard.press("0")
    tie = drawing.named()["Christopher"]
    assert (tie["contact"], tie["contact_mode"], tie["reliability"]) == (None, ["messages"], 4)
    page.keyboard.press("PageDown")
    expect(page.locator(".mp-panel h2")).to_contain_text("ex_libris")


def test_supports_and_events_are_noted_beside_the_tie(draw: Callable[..., Drawing]) -> None:
    drawing = draw(named=2)
    page = drawing.page
    drawing.open("about")
    page.locator(".mp-sections").get_by_text("Support").click()
    comfort = page.locator(".mp-support", has_text="Comfort").first
    comfort.get_by_text("Both ways").click()
    comfort.get_by_label("How much, at the moment?").select_option(label="None")
    comfort.get_by_label("Is it enough for you?").select_option(label="Not enough")
    comfort.locator("summary").click()
    comfort.get_by_label("Does this come to you through someone or something else?").select_option(label="ex_libris")
    support = rows(drawing, "supports")[0]
    assert (support["direction"], support["amount"], support["sufficiency"]) == ("both", 0, "not_enough")
    assert support["via_tie_id"] == drawing.named()["ex_libris"]["id"]
    page.locator(".mp-sections").get_by_text("Events").click()
    page.get_by_label("Note something that happened").select_option(label="Enacted stigma")
    event = page.locator(".mp-event")
    event.get_by_label("What it did to the tie").select_option(label="Cooled it")
    event.get_by_label("Note").fill("at the counter")
    event.get_by_label("Note").press("Tab")
    kept = rows(drawing, "events")[0]
    assert (kept["event"], kept["effect"], kept["note"]) == ("enacted_stigma", "cooled", "at the counter")
    page.locator(".mp-sections").get_by_text("Support").click()
    page.locator(".mp-support", has_text="Comfort").first.get_by_role("button", name="Take back").click()
    assert rows(drawing, "supports") == []


def test_pairs_are_walked_by_key_and_a_no_is_kept_as_an_answer(draw: Callable[..., Drawing]) -> None:
    drawing = draw()
    page = drawing.page
    drawing.name("A", "B", "C")
    drawing.open("ties")
    expect(page.locator(".mp-pair-names")).to_contain_text("A and")
    page.keyboard.press("y")
    page.keyboard.press("n")
    page.keyboard.press("s")
    expect(page.locator(".mp-rail")).to_contain_text("Those left were skipped.")
    kept = sorted(row["weight"] is None for row in rows(drawing, "alter_ties"))
    assert kept == [False, True]
    assert next(iter(drawing.state()["tables"]["maps"].values()))["alter_ties_asked"] == "partly"
    drawing.open("ties")
    expect(page.locator(".mp-pair-names")).to_contain_text("B and")
    page.keyboard.press("y")
    expect(page.locator(".mp-rail")).to_contain_text("All pairs are through.")
    assert next(iter(drawing.saved()["tables"]["maps"].values()))["alter_ties_asked"] == "yes"
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("n")
    expect(page.locator(".mp-rail")).to_contain_text("All pairs are through.")
    assert sorted(row["weight"] is None for row in rows(drawing, "alter_ties")) == [False, False, True]


def test_tapping_two_on_the_map_joins_them_and_says_what_joins_them(draw: Callable[..., Drawing]) -> None:
    drawing = draw(named=3)
    page = drawing.page
    drawing.open("ties")
    page.get_by_role("button", name="Tap two").click()
    for name in ("Christopher", "names"):
        tie = drawing.named()[name]
        page.mouse.click(*drawing.spot(tie["angle"], tie["distance"]))
    page.get_by_label("What joins them").select_option(label="Conflict")
    assert [row["relation"] for row in rows(drawing, "alter_ties")] == ["conflict"]
    page.get_by_role("button", name="Take the answer back").click()
    assert rows(drawing, "alter_ties") == []


def test_a_crisis_map_begins_from_a_copy_of_the_everyday_one(draw: Callable[..., Drawing]) -> None:
    drawing = draw(named=4)
    page = drawing.page
    page.get_by_role("button", name="Everyday").click()
    page.locator("dialog li", has_text="In a crisis").get_by_text("Begin from a copy of this map").click()
    page.wait_for_url(lambda url: drawing.map_id not in url)
    page.wait_for_selector(".mp-body")
    expect(page.get_by_role("button", name="In a crisis")).to_be_visible()
    expect(page.locator(".mp-node")).to_have_count(4)


def test_topics_notes_and_others_present_are_kept_with_the_interview(draw: Callable[..., Drawing]) -> None:
    drawing = draw()
    page = drawing.page
    page.get_by_role("button", name="Guide").click()
    for label, text in (("Others present", "a support worker"), ("Interviewer’s notes", "tired today"), ("How have things been", "quiet")):
        page.get_by_label(label).fill(text)
        page.get_by_label(label).press("Tab")
    tables = drawing.saved()["tables"]
    interview = next(iter(tables["interviews"].values()))
    assert (interview["others_present"], interview["notes"]) == ("a support worker", "tired today")
    assert [row["text"] for row in tables["answers"].values()] == ["quiet"]
    expect(page.locator(".mp-guide")).to_contain_text("min")


def test_a_blank_crisis_map_offers_those_named_today_and_keeps_them_the_same(draw: Callable[..., Drawing]) -> None:
    drawing = draw(named=3)
    page = drawing.page
    page.get_by_role("button", name="Everyday").click()
    page.locator("dialog li", has_text="In a crisis").get_by_text("Begin blank").click()
    page.wait_for_url(lambda url: drawing.map_id not in url)
    page.wait_for_selector(".mp-body")
    everyday = drawing.named()["Christopher"]["alter_id"]
    page.locator(".mp-chip-known", has_text="Christopher").click()
    drawing.map_id = page.locator("#map-page").get_attribute("data-map-id") or ""
    assert drawing.named()["Christopher"]["alter_id"] == everyday


def test_escape_goes_from_the_questions_back_to_the_map(draw: Callable[..., Drawing]) -> None:
    drawing = draw(named=2)
    page = drawing.page
    drawing.node("ex_libris").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".mp-panel h2")).to_be_focused()
    page.keyboard.press("Escape")
    expect(drawing.node("ex_libris")).to_be_focused()


def test_the_browsers_way_back_leads_through_the_steps(draw: Callable[..., Drawing]) -> None:
    drawing = draw(named=2)
    page = drawing.page
    steps = page.get_by_role("navigation", name="Steps")
    for label in ("Place", "Ties between"):
        steps.get_by_role("button", name=label).click()
    for back in ("Place", "Name"):
        page.go_back()
        expect(steps.locator("[aria-current=step]")).to_contain_text(back)
    page.go_forward()
    expect(steps.locator("[aria-current=step]")).to_contain_text("Place")
    page.go_back()
    page.goto(f"{drawing.address}#finish")
    expect(steps.locator("[aria-current=step]")).to_contain_text("Finish")
