"""A text is corrected after a look; what loses its place is listed and settled; what is not signed off leaves nothing."""

import io
import zipfile

import pytest

from kithwork.actions import act
from kithwork.formats import write
from kithwork.model.ids import new_id
from kithwork.store import Study
from tests.web.conftest import HERE, Browser, Page

TEXT = "P: Quiet words <b>here</b>.\nP: Then he left for good.\n"


@pytest.fixture
def told(study: Study) -> str:
    document = new_id()
    turns = [{"start": 3, "stop": 27, "speaker": "P"}, {"start": 31, "stop": 54, "speaker": "P"}]
    act(study, "bring in transcript", {"title": "Told", "text": TEXT, "turns": turns, "id": document})
    act(study, "add code", {"name": "Leaving"})
    code = study.rows("codes", name="Leaving")[0]["id"]
    start = TEXT.index("he left for good")
    act(study, "code segment", {"revision_id": latest(study, document)["id"], "start": start, "stop": start + 16, "code_ids": [code]})
    return document


def latest(study: Study, document: str) -> dict:
    return max(study.rows("revisions", document_id=document), key=lambda row: row["number"])


def send(browser: Browser, study: Study, document: str, text: str, do: str):
    revision = latest(study, document)["id"]
    return browser.send(f"/documents/{document}/revise", revision_id=revision, text=text.replace("\n", "\r\n"), do=do, reason="misheard")


def test_the_whole_text_stands_in_a_plain_field(study: Study, browser: Browser, told: str) -> None:
    html = browser.client.get(f"/documents/{told}/revise", base_url=HERE).get_data(as_text=True)
    assert "Quiet words &lt;b&gt;here" in html


def test_a_look_shows_what_changes_and_keeps_nothing(study: Study, browser: Browser, told: str) -> None:
    before = len(study.entries())
    page = Page(send(browser, study, told, TEXT.replace("he left for good", "nothing"), "look").get_data(as_text=True))
    assert "Passages that would lose their place" in page.words
    assert len(page.all("del")) == len(page.all("ins")) == 1
    page = Page(send(browser, study, told, TEXT.replace("Quiet", "Loud"), "look").get_data(as_text=True))
    assert "1 passage stays on its words" in page.words
    assert "would lose" not in page.words
    assert send(browser, study, told, TEXT, "look").status_code == 422
    assert len(study.entries()) == before


def test_a_correction_is_a_new_version_that_says_why_and_what_differs(study: Study, browser: Browser, told: str) -> None:
    assert send(browser, study, told, TEXT.replace("Quiet", "Loud"), "keep").status_code == 302
    assert latest(study, told)["text"] == TEXT.replace("Quiet", "Loud")
    page = browser.page(f"/documents/{told}/versions?from=2&to=1")
    assert "misheard" in page.words
    assert "taken out: Quiet" in page.words
    assert "put in: Loud" in page.words


def test_one_who_was_overtaken_keeps_what_was_written(study: Study, browser: Browser, told: str) -> None:
    old = latest(study, told)["id"]
    act(study, "revise text", {"document_id": told, "revision_id": old, "text": TEXT + "P: More.\n"})
    answer = browser.send(f"/documents/{told}/revise", revision_id=old, text="mine", do="look")
    assert answer.status_code == 409
    assert "mine" in answer.get_data(as_text=True)
    assert browser.send(f"/documents/{told}/revise", revision_id=old, text="mine", do="keep").status_code == 409


def test_a_passage_that_lost_its_place_is_put_back_or_let_go(study: Study, browser: Browser, told: str) -> None:
    send(browser, study, told, TEXT.replace("he left for good", "nothing more"), "keep")
    segment = study.rows("segments", is_lost=True, quotation="he left for good")[0]["id"]
    page = browser.page(f"/documents/{told}/versions")
    assert "he left for good" in page.words
    assert "Leaving" in page.words
    settle = f"/documents/{told}/lost"
    assert browser.send(settle, segment_id=segment, words="P", do="put").status_code == 422  # there more than once
    browser.send(settle, segment_id=segment, words="nothing more", do="put")
    assert study.row("segments", segment)["quotation"] == "nothing more"
    study.undo(study.entries()[-1]["id"])
    browser.send(settle, segment_id=segment, do="drop")
    assert study.rows("segments", id=segment) == []
    study.undo(study.entries()[-1]["id"])
    assert study.rows("codings", segment_id=segment)
    assert study.verify().is_sound


def test_names_in_an_earlier_version_are_shown_only_when_asked_for(study: Study, browser: Browser, told: str) -> None:
    rows = [{"start": 3, "stop": 8, "original": "Quiet", "replacement": "[Friend 1]"}]
    given = {"document_id": told, "revision_id": latest(study, told)["id"], "replacements": rows}
    act(study, "apply replacements", {"documents": [given]})
    address = f"/documents/{told}/versions?from=1&to=2"
    assert "Quiet" not in browser.page(address).words
    browser.send("/documents/names/show", show="names")
    assert "taken out: Quiet" in browser.page(address).words


def unpacked(data: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return "\n".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())


@pytest.mark.parametrize("name", ["refi-qda", "segments", "transcripts"])
def test_only_what_was_signed_off_leaves(study: Study, browser: Browser, told: str, name: str) -> None:
    def left() -> str:
        files = write(study.tables(), name).files
        return "\n".join(unpacked(file) if file.startswith(b"PK") else file.decode("utf-8", "replace") for file in files.values())

    assert "left for good" not in left()
    browser.send("/documents/sign-off", revision=latest(study, told)["id"], do="sign")
    assert latest(study, told)["signed_off_at"]
    assert "left for good" in left()
    send(browser, study, told, TEXT.replace("left for good", "went for good"), "keep")
    assert "went for good" not in left()
    browser.send("/documents/sign-off", revision=latest(study, told)["id"], do="sign")
    assert "went for good" in left()
    browser.send("/documents/sign-off", revision=latest(study, told)["id"], do="take back")
    assert "went for good" not in left()
