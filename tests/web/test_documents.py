"""Transcripts come in as what they are, by a guess a person corrected, one entry each; the coding page asks for all at once."""

import io
from typing import Any

import pytest
from flask import Flask

from kithwork.actions import act
from kithwork.store import Study
from tests.web.conftest import HERE, Browser, Page

TALK = "Interviewer: Who was there?\nP: My sister 🌻 was. <b>Ana</b> too.\n"


def look_at(browser: Browser, *files: tuple[str, str]) -> str:
    """Upload files and give the address of the look at them."""
    sent = [(io.BytesIO(text.encode()), name) for name, text in files]
    answer = browser.send("/documents/files", files=sent)
    assert answer.status_code == 302
    return answer.headers["Location"]


def first_person(study: Study) -> tuple[str, str, str, str]:
    """A participant and a wave, with what they are called."""
    person = study.rows("participants")[0]
    wave = next(row for row in study.rows("waves") if row["position"] == 1)
    return person["id"], person["pseudonym"], wave["id"], wave["label"]


def selected(page: Page) -> list[str]:
    return [attributes["value"] for attributes in page.all("option") if "selected" in attributes]


def test_a_file_named_after_participant_and_wave_is_guessed_and_brought_in_by_one_undoable_entry(study: Study, browser: Browser) -> None:
    person_id, pseudonym, wave_id, label = first_person(study)
    address = look_at(browser, (f"{pseudonym}_wave1.txt", TALK))
    before = len(study.entries())
    page = browser.page(address)
    assert f"{pseudonym}, {label}" in {one.get("value") for one in page.all("input")}
    assert {person_id, wave_id} <= set(selected(page))
    assert len(study.entries()) == before
    told = {"participant-0": person_id, "wave-0": wave_id, "title-0": "As told", "take-0": "yes"}
    assert browser.send(f"{address}/confirm", **told, **{"role-0-0": "interviewer", "role-0-1": "participant"}).status_code == 302
    document = study.rows("documents", title="As told", participant_id=person_id)[0]
    assert study.row("interviews", document["interview_id"])["wave_id"] == wave_id
    turns = study.rows("turns", revision_id=study.rows("revisions", document_id=document["id"])[0]["id"])
    assert {row["position"]: row["speaker_role"] for row in turns} == {1: "interviewer", 2: "participant"}
    assert len(study.entries()) == before + 1
    study.undo(study.entries()[-1]["id"])
    assert all(row["id"] != document["id"] for row in study.rows("documents"))


def test_the_guess_can_be_corrected_and_a_file_left_out(study: Study, browser: Browser) -> None:
    _, pseudonym, _, _ = first_person(study)
    other = study.rows("participants")[1]["id"]
    wave = next(row["id"] for row in study.rows("waves") if row["position"] == 2)
    address = look_at(browser, (f"{pseudonym}_wave1.txt", TALK), ("second.txt", "P: No.\n"))
    before = len(study.rows("documents"))
    browser.send(
        f"{address}/confirm", **{"participant-0": other, "wave-0": wave, "title-0": "Corrected", "take-0": "yes", "title-1": "Left"}
    )
    made = study.rows("documents", title="Corrected")
    assert [row["participant_id"] for row in made] == [other]
    assert len(study.rows("documents")) == before + 1


def test_a_file_is_looked_at_with_how_it_begins_and_as_many_words_as_are_counted_later(study: Study, browser: Browser) -> None:
    words = "A heading\n\nI: How was it #00:01-2#?\nP: Don't ask - ring 07700 900123 — well.\n" + "P: And more.\n" * 200
    address = look_at(browser, ("telling.txt", words))
    page = browser.page(address)
    assert "A heading I: How was it #00:01-2#?" in " ".join(page.words.split())
    assert page.words.count("And more.") < 60  # the beginning, not the whole
    browser.send(f"{address}/confirm", **{"take-0": "yes", "title-0": "Telling"})
    document = study.rows("documents", title="Telling")[0]["id"]
    assert f"{study.sizes()[document]} words, " in page.words


def test_the_same_words_in_two_files_or_in_the_study_already_are_left_out_unless_somebody_says_otherwise(
    study: Study, browser: Browser
) -> None:
    words = "P: Said only here.\n"
    address = look_at(browser, ("one.txt", words), ("copy.txt", words.replace("\n", "\r\n")), ("other.txt", "P: Another.\n"))
    page = browser.page(address)
    ticked = {one["name"] for one in page.all("input") if one.get("type") == "checkbox" and "checked" in one}
    assert ticked == {"take-0", "take-2"}
    assert page.words.count("Another of these files holds the same words") == 1
    browser.send(f"{address}/confirm", **{"take-0": "yes", "title-0": "One"})
    again = browser.page(look_at(browser, ("again.txt", words)))
    assert "The same words are in the study already" in again.words
    assert not [one for one in again.all("input") if one.get("type") == "checkbox" and "checked" in one]
    assert [row["title"] for row in study.rows("documents")].count("One") == 1


def test_many_files_come_in_as_an_entry_each_and_what_cannot_be_read_is_told(study: Study, browser: Browser) -> None:
    address = look_at(
        browser, ("one.txt", "P: One.\n"), ("two.vtt", "WEBVTT\n\n00:01.000 --> 00:02.000\n<v P>Two.</v>\n"), ("bad.xyz", "?")
    )
    page = browser.page(address)
    assert "cannot be read from a file ending in" in page.words
    before = len(study.entries())
    browser.send(f"{address}/confirm", **{"take-0": "yes", "take-1": "yes", "take-2": "yes", "title-0": "One", "title-1": "Two"})
    assert len(study.entries()) == before + 2
    assert {"One", "Two"} <= {row["title"] for row in study.rows("documents")}


def test_the_same_words_are_left_out_unless_asked_for(study: Study, browser: Browser) -> None:
    person_id, *_ = first_person(study)
    act(study, "bring in transcript", {"title": "There", "text": TALK, "turns": [], "participant_id": person_id})
    address = look_at(browser, ("again.txt", TALK))
    page = browser.page(address)
    box = next(one for one in page.all("input") if one.get("name") == "take-0")
    assert "checked" not in box
    assert "in the study already" in page.words
    browser.send(f"{address}/drop")


def test_files_sent_one_by_one_are_looked_at_together_and_brought_in_one_by_one_once(study: Study, browser: Browser) -> None:
    places = browser.send("/api/documents/files").get_json()
    told = [
        browser.send(places["add_to"], file=(io.BytesIO(words.encode()), name)).get_json()["problem"]
        for name, words in (("one.txt", "P: One.\n"), ("bad.xyz", "?"), ("two.txt", "P: Two.\n"))
    ]
    assert [problem is None for problem in told] == [True, False, True]
    page = browser.page(places["look_at"])
    assert "cannot be read from a file ending in" in page.words
    to = [one["data-to"] for one in page.all("input") if "data-to" in one]
    assert len(to) == 2
    person_id, _, wave_id, _ = first_person(study)
    before = len(study.entries())
    said = {"title-2": "Said of two", "take-2": "yes", "participant-2": person_id, "wave-2": wave_id}
    for _ in range(2):
        assert browser.send(to[1], **said).status_code == 200
    assert [row["participant_id"] for row in study.rows("documents", title="Said of two")] == [person_id]
    browser.send(f"{places['look_at']}/confirm", **said, **{"title-0": "Said of one", "take-0": "yes"})
    assert len(study.entries()) == before + 2
    assert len(study.rows("documents", title="Said of two")) == 1


def test_what_is_sent_for_files_that_are_gone_or_hold_no_text_is_refused_in_a_sentence(study: Study, browser: Browser) -> None:
    places = browser.send("/api/documents/files").get_json()
    assert browser.send(places["add_to"]).status_code == 400
    browser.send(places["add_to"], file=(io.BytesIO(b""), "empty.txt"))
    before = len(study.entries())
    for number in (0, 1):  # without words, and not there
        assert browser.send(f"{places['add_to']}/{number}", **{f"title-{number}": "T"}).status_code == 404
    browser.send(places["drop"])
    answer = browser.send(places["add_to"], file=(io.BytesIO(b"P: Late.\n"), "late.txt"))
    assert (answer.status_code, answer.get_json()["error"]) == (404, "These files are not at hand any more; choose them again.")
    assert len(study.entries()) == before


def test_very_many_brought_in_are_told_in_one_line_that_the_cookie_holds(study: Study, browser: Browser) -> None:
    address = look_at(browser, *((f"{number}.txt", f"P: Word {number}.\n") for number in range(80)))
    answer = browser.send(f"{address}/confirm", **{f"take-{number}": "yes" for number in range(80)})
    assert len(answer.headers["Set-Cookie"]) < 4000
    assert "80 transcripts were brought in." in browser.page("/documents").words


def test_files_thrown_away_are_gone(app: Flask, browser: Browser) -> None:
    address = look_at(browser, ("one.txt", "P: One.\n"))
    kept = app.extensions["uploads"].get(address.rsplit("/", 1)[-1])
    assert kept.paths[0].exists()
    browser.send(f"{address}/drop")
    assert not kept.paths[0].exists()
    assert browser.client.get(address, base_url=HERE).status_code == 404


def test_the_interviews_page_leads_to_the_transcript(study: Study, browser: Browser) -> None:
    person_id, _, wave_id, _ = first_person(study)
    act(study, "bring in transcript", {"title": "T", "text": TALK, "turns": [], "participant_id": person_id, "wave_id": wave_id})
    texts = study.rows("documents", interview_id=study.rows("documents", title="T")[0]["interview_id"])
    page = browser.page(f"/participants/{person_id}/waves/{wave_id}")
    assert {f"/documents/{row['id']}" for row in texts} <= {one.get("href") for one in page.all("a")}
    assert "T" in browser.page("/documents").words


@pytest.fixture
def coded(study: Study) -> tuple[str, str]:
    """A text of two turns with one code on a passage: its document and its revision."""
    person_id, _, wave_id, _ = first_person(study)
    turns = [{"start": 13, "stop": 27, "speaker": "Interviewer"}, {"start": 31, "stop": len(TALK) - 1, "speaker": "P"}]
    arguments = {"title": "Coded here", "text": TALK, "turns": turns, "participant_id": person_id, "wave_id": wave_id}
    act(study, "bring in transcript", arguments)
    document = study.rows("documents", title="Coded here")[0]["id"]
    revision = study.rows("revisions", document_id=document)[0]["id"]
    act(study, "add code", {"name": "Kin"})
    start = TALK.index("sister 🌻")
    code = study.rows("codes", name="Kin")[0]["id"]
    act(study, "code segment", {"revision_id": revision, "start": start, "stop": start + 8, "code_ids": [code]})
    return document, revision


def state(browser: Browser, document: str) -> dict[str, Any]:
    return browser.client.get(f"/api/documents/{document}", base_url=HERE).get_json()


def test_the_coding_page_gets_the_exact_text_with_places_in_code_points(browser: Browser, coded: tuple[str, str]) -> None:
    held = state(browser, coded[0])
    assert held["revision"]["text"] == TALK
    segment = next(iter(held["tables"]["segments"].values()))
    assert TALK[segment["start"] : segment["stop"]] == segment["quotation"] == "sister 🌻"
    assert len(held["tables"]["codings"]) == 1


def test_what_the_coding_page_asks_of_the_study_does_not_grow_with_the_codings(
    study: Study, browser: Browser, coded: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    rows = Study.rows
    monkeypatch.setattr(Study, "rows", lambda self, table, **where: (asked.append(table), rows(self, table, **where))[1])
    state(browser, coded[0])
    few = len(asked)
    code = study.rows("codes", name="Kin")[0]["id"]
    for start in range(30, 50):
        act(study, "code segment", {"revision_id": coded[1], "start": start, "stop": start + 3, "code_ids": [code]})
    asked.clear()
    state(browser, coded[0])
    assert len(asked) == few


def test_one_entry_is_taken_back_and_brought_again(study: Study, browser: Browser, coded: tuple[str, str]) -> None:
    headers = {"X-CSRFToken": browser.token()}
    entry = study.entries()[-1]["id"]
    answer = browser.client.post(f"/api/entries/{entry}/undo", base_url=HERE, json={}, headers=headers).get_json()
    assert state(browser, coded[0])["tables"]["codings"] == {}
    browser.client.post(f"/api/entries/{answer['entry']}/undo", base_url=HERE, json={}, headers=headers)
    assert len(state(browser, coded[0])["tables"]["codings"]) == 1


def test_names_of_alters_are_offered_and_what_was_confirmed_is_found_from_the_alter(
    study: Study, browser: Browser, coded: tuple[str, str]
) -> None:
    document = study.row("documents", coded[0])
    alter = study.rows("alters", participant_id=document["participant_id"])[0]["id"]
    identity = study.rows("identities", alter_id=alter)
    with study.change("name") as change:
        if identity:
            change.update("identities", identity[0]["id"], {"name": "Ana"})
        else:
            change.insert("identities", {"alter_id": alter, "name": "Ana"})
    offered = browser.client.get(f"/api/documents/{coded[0]}/mentions", base_url=HERE).get_json()["offers"]
    offer = next(one for one in offered if alter in one["alter_ids"])
    assert TALK[offer["start"] : offer["stop"]] == "Ana"
    assert state(browser, coded[0])["names"] == {}  # pseudonyms, unless names are chosen on the person's page
    browser.send("/names", show="names", participant_id=document["participant_id"])
    assert state(browser, coded[0])["names"][alter] == "Ana"
    act(
        study, "note mentions", {"revision_id": coded[1], "mentions": [{"start": offer["start"], "stop": offer["stop"], "alter_id": alter}]}
    )
    passages = browser.client.get(f"/api/alters/{alter}/passages", base_url=HERE).get_json()["passages"]
    passages = [one for one in passages if one["document_id"] == coded[0]]
    assert [(one["words"], one["document_id"], one["position"]) for one in passages] == [("Ana", coded[0], 1)]
    assert passages[0]["before"].endswith("was. <b>")


def test_nothing_of_the_talk_stands_in_the_page_before_its_script_asks(browser: Browser, coded: tuple[str, str]) -> None:
    page = browser.page(f"/documents/{coded[0]}")
    assert "sister" not in page.words
    assert page.title == "Coding · Kithwork"
