"""From talk to themes, joined to the ties, as a person goes: search, names, a correction, a question, the matrix, one course, tables."""

import re
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import FilePayload, Page, Route, expect

from kithwork.actions import act
from kithwork.store import Study
from tests.browser.test_pages import Site, demo_file, site

__all__ = ["demo_file", "site"]
pytestmark = pytest.mark.browser
TALK = "P: Then Barnaby rang, and I told Barnaby about the allotment.\nI: And Barnaby?\nP: Barnaby only listened."


def told(study: Study) -> tuple[str, dict]:
    """A new talk that names somebody of the map of its wave, coded once on that name; its id and the passage."""
    interview = study.row("interviews", study.rows("maps", state="everyday")[0]["interview_id"])
    place = {"participant_id": interview["participant_id"], "wave_id": interview["wave_id"]}
    alter = study.rows("alters", participant_id=interview["participant_id"], kind="person")[0]
    with study.change("name") as change:
        for row in change.rows("identities", alter_id=alter["id"]):
            change.delete("identities", row["id"])
        change.insert("identities", {"alter_id": alter["id"], "name": "Barnaby"})
    turns = [{"start": 3, "stop": 61, "speaker": "P", "speaker_role": "participant"}]
    act(study, "bring in transcript", {"title": "A new talk", "text": TALK, "turns": turns, **place})
    document = max(study.rows("documents"), key=lambda row: row["id"])["id"]
    revision = study.rows("revisions", document_id=document)[0]["id"]
    start = TALK.index("told Barnaby")
    code = study.rows("codes")[0]["id"]
    act(study, "code segment", {"revision_id": revision, "start": start, "stop": start + 12, "code_ids": [code]})
    return document, alter


def newest(study: Study, document: str) -> dict:
    return max(study.rows("revisions", document_id=document), key=lambda row: row["number"])


def test_words_are_searched_and_open_in_their_place_in_the_text(site: Site, page: Page) -> None:
    told(site.study)
    site.enter(page, "/search")
    page.get_by_label("Words", exact=True).fill('"about the allotment" -bicycle')
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="1 turn in 1 transcript")).to_be_visible()
    assert "allotment" not in page.url
    assert page.locator("mark").all_inner_texts() == ["about the allotment"]
    page.locator(".found a").press("Enter")
    expect(page.locator(".cd-quote")).to_have_text("about the allotment")


def test_a_name_is_replaced_everywhere_and_put_back_and_its_passage_stays(site: Site, page: Page) -> None:
    document, alter = told(site.study)
    site.enter(page, f"/documents/{document}/versions")
    page.get_by_role("link", name="Replace names").click()
    line = page.locator("li.proposal", has_text="Barnaby").first
    line.locator("input[name=take]").check()
    line.get_by_label("Put in its place").fill("Bertram")
    page.get_by_role("button", name="Replace what is ticked").click()
    expect(page.get_by_text("1 coded passage stayed with its words")).to_be_visible()
    text = newest(site.study, document)["text"]
    assert ("Barnaby" in text, text.count("Bertram")) == (False, 4)
    assert site.study.row("alters", alter["id"])["pseudonym"] == "Bertram"
    page.get_by_role("link", name="What was replaced").click()
    expect(page.get_by_text("Barnaby")).to_have_count(0)
    page.get_by_role("button", name="Show the names").click()
    panel = page.locator(".panel", has_text="Bertram")
    expect(panel).to_contain_text("Barnaby (4)")
    panel.get_by_role("button", name="Put all of it back").click()
    page.get_by_role("dialog").get_by_role("button", name="Put all of it back").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.wait_for_load_state()
    assert newest(site.study, document)["text"] == TALK
    page.goto(f"{site.address}/documents/{document}")
    page.locator("#the-talk").press("n")
    expect(page.locator(".cd-quote")).to_have_text("told Barnaby")


def test_a_text_is_corrected_after_a_look_and_what_lost_its_place_is_put_back(site: Site, page: Page) -> None:
    document, _ = told(site.study)
    site.enter(page, f"/documents/{document}/revise")
    page.get_by_label("The whole text").fill(TALK.replace("I told Barnaby about", "we spoke of"))
    page.get_by_role("button", name="Look at what changes").click()
    expect(page.get_by_role("heading", name="Passages that would lose their place")).to_be_visible()
    assert len(site.study.rows("revisions", document_id=document)) == 1
    page.get_by_label("Why").fill("Heard again.")
    page.get_by_role("button", name="Keep as version 2").click()
    page.goto(f"{site.address}/documents/{document}/versions")
    lost = page.get_by_role("article", name="Passage 1")
    expect(lost.locator("blockquote")).to_have_text("told Barnaby")
    lost.get_by_label("Its words now").fill("we spoke of")
    lost.get_by_role("button", name="Put it back there").click()
    expect(page.get_by_text("Every passage is on its words.")).to_be_visible()
    page.get_by_label("Compare version 1").check()
    page.get_by_label("with version 2").check()
    page.get_by_role("button", name="Show what differs").click()
    expect(page.locator("ins").first).to_be_visible()
    assert {row["quotation"] for row in site.study.rows("segments", revision_id=newest(site.study, document)["id"])} == {"we spoke of"}


def test_many_files_are_read_one_by_one_and_a_wrong_guess_is_corrected_by_keyboard(site: Site, page: Page) -> None:
    people = [row["pseudonym"] for row in site.study.rows("participants")]
    texts = {f"{person}_T1.txt": f"I: Well?\nP: It is {person}.\n".encode() for person in people[:5]} | {"bad.docx": b"PK no"}
    files: list[FilePayload] = [{"name": name, "mimeType": "", "buffer": data} for name, data in texts.items()]
    before = len(site.study.rows("documents"))
    site.enter(page, "/documents")
    sending = "**/api/documents/files/*"
    count, told = page.locator("[data-count]"), page.locator("[data-told]")

    # nobody answers any more: a sentence, and nothing kept
    page.get_by_label("Files").set_input_files(files)
    page.route(sending, lambda route: route.abort())
    page.get_by_role("button", name="Look at them").press("Enter")
    expect(told).to_have_text(re.compile("^Kithwork does not answer; .* Nothing was kept"))
    page.unroute(sending)

    # stopped in the middle, which has the focus
    sent: list[Route] = []
    page.route(sending, lambda route: (sent.append(route), None if len(sent) > 2 else route.continue_()))
    expect(page.get_by_role("button", name="Look at them")).to_be_focused()
    page.keyboard.press("Enter")
    expect(count).to_have_text("2 of 6 files read")
    expect(page.get_by_role("progressbar", name="How far reading has come")).to_have_attribute("value", "2")
    expect(page.get_by_role("button", name="Stop")).to_be_focused()
    assert Axe().run(page).response["violations"] == []
    page.keyboard.press("Enter")
    expect(told).to_have_text("Stopped. Nothing was kept; the files are still chosen.")
    page.unroute(sending)

    page.keyboard.press("Enter")
    expect(page.get_by_text("is damaged")).to_be_visible()
    assert len(site.study.rows("documents")) == before
    guess = page.locator("#participant-1")
    expect(guess.locator("option:checked")).to_have_text(people[1])
    guess.press("ArrowDown")
    page.locator("#title-1").fill("Guessed anew")
    corrected = guess.input_value()
    page.get_by_role("button", name="Bring in what is ticked").press("Enter")
    expect(page.get_by_role("heading", name="Transcripts", exact=True)).to_be_visible()
    expect(page.locator(".notice")).to_have_count(5)
    assert len(site.study.rows("documents")) == before + 5
    assert [row["participant_id"] for row in site.study.rows("documents", title="Guessed anew")] == [corrected]
    assert corrected != next(row["id"] for row in site.study.rows("participants") if row["pseudonym"] == people[1])


def test_a_question_is_asked_saved_and_followed_to_a_passage_and_its_map(site: Site, page: Page) -> None:
    site.enter(page, "/questions")
    page.get_by_role("link", name="Begin with nothing chosen").click()
    page.get_by_label("Words in the passage").fill("trust")
    page.get_by_label("Rows", exact=True).select_option("kind")
    page.get_by_label("Columns", exact=True).select_option("wave")
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(page.get_by_role("heading", name="What was asked")).to_be_visible()
    assert "trust" not in page.url
    cell = page.locator("table.counted tbody td a").first
    number = cell.inner_text()
    cell.click()
    expect(page.locator("#passages-head")).to_have_text(re.compile(rf"^{number} passages?: "))
    for words in page.locator("#passages blockquote mark").all_inner_texts():
        assert "trust" in words.lower()
    page.get_by_label("Save the question as").fill("Trust by kind")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Trust by kind")).to_have_attribute("aria-current", "true")
    page.locator("#passages a[href*='/passages/']").first.click()
    expect(page.get_by_role("heading", name="The map then")).to_be_visible()
    expect(page.locator("mark")).to_have_count(1)
    assert page.locator("figure svg").count() == 1


def test_who_stands_in_the_matrix_is_found_chosen_and_lifted(site: Site, page: Page) -> None:
    site.enter(page, "/matrix")
    everybody = page.locator("table.framework tbody").count()
    page.get_by_text("Choose people, columns, waves and maps").click()
    page.get_by_label("Find something to choose by").fill("confid")
    page.keyboard.press("Enter")  # looks, and sends nothing
    expect(page.get_by_text("1 found")).to_be_visible()
    expect(page.get_by_text("Gender", exact=True).first).to_be_hidden()
    page.locator(".lists summary:visible").last.click()
    page.get_by_label("A little").check()
    page.get_by_role("button", name="Show", exact=True).click()
    shown = page.get_by_role("group", name="Who and when is shown")
    expect(shown).to_contain_text("A little, at the waves shown")
    assert 0 < page.locator("table.framework tbody").count() < everybody
    shown.get_by_role("link", name="Lift").click()
    expect(shown).to_have_count(0)
    assert page.locator("table.framework tbody").count() == everybody


def test_a_cell_of_the_matrix_is_summed_up_and_read_in_the_persons_course(site: Site, page: Page) -> None:
    site.enter(page, "/matrix")
    grid = page.locator("table.framework")
    grid.locator("tbody a").first.focus()
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.closest('table.framework') !== null")
    cell = grid.locator("tbody tr:not(.over-time) td a", has_text=re.compile(r"[1-9]\d* passage")).first
    passages = int(cell.inner_text().split("passage")[0].split()[-1])
    cell.click()
    wave = page.locator(page.url[page.url.index("#wave-") :])
    expect(wave.locator("h2 .quiet")).to_have_text(re.compile(rf"^{passages} passage"))
    wave.get_by_label(re.compile("^Summary, ")).fill("Leans on few, and gladly.")
    wave.get_by_role("button", name=re.compile("^Save ?: Summary")).click()
    expect(page.get_by_role("button", name="Undo")).to_be_visible()
    page.locator(".lead a").click()
    expect(page.get_by_text("Leans on few, and gladly.")).to_be_visible()
    expect(page.locator(".stops section")).to_have_count(len(site.study.rows("waves")))


def test_counts_of_codes_that_stand_together_lead_to_those_passages(site: Site, page: Page) -> None:
    site.enter(page, "/tables")
    for unit in ("overlap", "passage"):
        page.goto(f"{site.address}/tables?unit={unit}&depth=all")
        cell = page.locator("table[data-grid] td a").first
        number = cell.inner_text()
        cell.click()
        expect(page.locator("#passages-head")).to_have_text(re.compile(rf"^{number} passages?$"))
    page.goto(f"{site.address}/tables")
    page.get_by_role("link", name="kind of tie").first.press("Enter")
    expect(page.locator("table.counted tbody tr").first).to_be_visible()


def test_words_of_every_script_and_length_break_no_page_of_the_talk(site: Site, new_page: Callable[..., Page]) -> None:
    study = site.study
    family = "\N{WOMAN}\N{ZERO WIDTH JOINER}\N{MAN}\N{ZERO WIDTH JOINER}\N{GIRL}"
    marked = "Z" + "\N{COMBINING SHORT STROKE OVERLAY}\N{COMBINING GRAVE ACCENT}\N{COMBINING CYRILLIC MILLIONS SIGN}" * 20
    turned = "\N{RIGHT-TO-LEFT OVERRIDE}" + "\N{HEBREW LETTER SHIN}\N{HEBREW LETTER LAMED} " * 40
    long = ["W" * 2_000, turned, family * 40, marked, "<script>alert(1)</script>" * 20]
    with study.change("name oddly") as change:
        for table, columns in {
            "codes": ("name", "definition"),
            "themes": ("name", "central_idea"),
            "memos": ("text",),
            "summaries": ("text",),
            "alters": ("pseudonym",),
            "participants": ("pseudonym",),
            "documents": ("title",),
            "coders": ("name",),
        }.items():
            for number, row in enumerate(change.rows(table)[:40], start=table == "coders"):
                change.update(table, row["id"], {name: f"{long[number % len(long) if number < 10 else 1]}{number}" for name in columns})
    page = site.enter(new_page(768, 1024))
    person = site.person
    cell = f"/matrix/{person.rpartition('/')[2]}/theme/{study.rows('themes')[0]['id']}"
    coded = study.count("codings", by="segment_id")
    passage = max(coded, key=lambda one: coded[one])
    document = study.row("revisions", study.row("segments", passage)["revision_id"])["document_id"]
    paths = ["/codebook", f"/codes/{study.rows('codes')[0]['id']}", "/themes", "/memos", "/documents", "/documents/names", "/questions"]
    paths += ["/questions?rows=code&columns=participant", "/tables?depth=all", "/matrix", cell, f"{person}/course", f"/passages/{passage}"]
    paths += [f"/documents/{document}/versions", "/coding-plan", "/lens"]
    for path in paths:
        page.goto(site.address + path)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{path} is too wide"
        assert page.locator("script:not([src])").count() == 0
    page.goto(f"{site.address}/documents/{document}")
    expect(page.locator(".cd-stripe").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollHeight <= innerHeight"), "only the parts of the coding page scroll"
