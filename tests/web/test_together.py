"""Coding in parallel on pages: the plan, what a blind coder is given, differences decided, and agreement after that."""

import csv
import io
import re
import zipfile

import pytest
from flask import Flask

from kithwork.actions import act
from kithwork.store import Study
from tests.web.conftest import HERE, Browser


@pytest.fixture
def pair(study: Study) -> tuple[str, str]:
    first, second = study.rows("coders")[:2]
    return first["id"], second["id"]


@pytest.fixture
def both(study: Study, pair: tuple[str, str]) -> str:
    """A document both have finished."""
    done = [{row["document_id"] for row in study.rows("assignments", coder_id=coder) if row["finished_at"]} for coder in pair]
    return min(done[0] & done[1])


def state(browser: Browser, document: str) -> dict:
    return browser.client.get(f"/api/documents/{document}", base_url=HERE).get_json()


def work_as(browser: Browser, coder: str) -> None:
    browser.send("/coders/choose", coder_id=coder)


# -- blind ---------------------------------------------------------------------------------------------------------------------


def test_while_a_text_is_blind_the_server_gives_each_coder_only_their_own(browser: Browser, study: Study, pair, both: str) -> None:
    work_as(browser, pair[1])
    everything = state(browser, both)
    assert {row["coder_id"] for row in everything["tables"]["codings"].values()} == set(pair)
    segment = next(row["segment_id"] for row in everything["tables"]["codings"].values() if row["coder_id"] == pair[0])
    for coder in pair:
        act(study, "write memo", {"text": f"of {coder}", "about": "segment", "about_id": segment, "coder_id": coder})
    browser.send("/coding-plan/blind", is_blind="yes")
    browser.send(f"/coding-plan/{both}/open")
    for coder in pair:
        work_as(browser, coder)
        seen = state(browser, both)
        assert seen["is_blind"]
        tables = seen["tables"]
        assert {row["coder_id"] for row in tables["codings"].values()} == {coder}
        assert {row["text"] for row in tables["memos"].values() if row["segment_id"] == segment} == {f"of {coder}"}
        used = {row["segment_id"] for name in ("codings", "mentions", "memos") for row in tables[name].values()}
        assert set(tables["segments"]) <= used
    work_as(browser, pair[1])
    browser.send(f"/coding-plan/{both}/finished")
    opened = state(browser, both)
    assert not opened["is_blind"]
    assert opened["tables"]["codings"] == everything["tables"]["codings"]


def test_a_passage_another_coder_made_comes_along_when_one_codes_the_same_words(browser: Browser, study: Study, pair, both: str) -> None:
    browser.send("/coding-plan/texts", do="blind-yes", document_id=both)
    work_as(browser, pair[1])
    browser.send(f"/coding-plan/{both}/open")
    known = state(browser, both)["tables"]["segments"]
    revision = max(study.rows("revisions", document_id=both), key=lambda row: row["number"])
    hidden = next(row for row in study.rows("segments", revision_id=revision["id"]) if row["id"] not in known)
    codes = [study.rows("codes")[0]["id"]]
    given = {"revision_id": revision["id"], "start": hidden["start"], "stop": hidden["stop"], "code_ids": codes, "coder_id": pair[1]}
    answer = browser.client.post(
        "/api/actions/code-segment", base_url=HERE, json={"arguments": given}, headers={"X-CSRFToken": browser.token()}
    ).get_json()
    assert list(answer["changed"]["segments"]) == [hidden["id"]]
    assert answer["changed"]["segments"][hidden["id"]]["start"] == hidden["start"]


def test_the_plan_counts_nothing_of_others_while_a_text_is_blind(browser: Browser, study: Study, pair, both: str) -> None:
    work_as(browser, pair[1])
    assert "codings" in _row(browser, both)
    browser.send("/coding-plan/texts", do="blind-yes", document_id=both)
    browser.send(f"/coding-plan/{both}/open")
    row = _row(browser, both)
    cells = re.findall(r"<td>(.*?)</td>", row, re.DOTALL)
    assert "coding" not in cells[1]  # the first coder's
    assert "coding" in cells[2]
    assert "Not yet" in cells[3]


def test_counts_of_texts_and_whole_exports_hold_only_own_work_while_blind(browser: Browser, study: Study, pair, both: str) -> None:
    everything = len(study.rows("codings"))
    revisions = [row["id"] for row in study.rows("revisions", document_id=both)]
    here = {row["id"] for row in study.rows("segments", revision_id=revisions)}
    own = {row["segment_id"] for row in study.rows("codings", coder_id=pair[1])} | {row["segment_id"] for row in study.rows("mentions")}
    work_as(browser, pair[1])
    assert _passages(browser, both) == len(here)
    assert _exported(browser) == (everything, "")
    browser.send("/coding-plan/texts", do="blind-yes", document_id=both)
    browser.send(f"/coding-plan/{both}/open")
    assert _passages(browser, both) == len(here & own) < len(here)
    hidden = {row["id"] for row in study.rows("codings", segment_id=list(here)) if row["coder_id"] != pair[1]}
    found, told = _exported(browser)
    assert hidden
    assert found == everything - len(hidden)
    assert "Texts still coded blind: 1." in told
    browser.send(f"/coding-plan/{both}/finished")
    assert _exported(browser) == (everything, "")


def _passages(browser: Browser, document: str) -> int:
    html = browser.client.get("/documents", base_url=HERE).get_data(as_text=True)
    row = next(row for row in re.findall(r"<tr.*?</tr>", html, re.DOTALL) if document in row)
    return int(re.findall(r'<td class="number">([\d,]+)</td>', row)[1].replace(",", ""))


def _exported(browser: Browser) -> tuple[int, str]:
    """How many codings are in the whole study as tables, and the sentence on what is blind."""
    packed = browser.client.get("/export/csv?personal=yes", base_url=HERE).data
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        rows = csv.DictReader(io.StringIO(archive.read("codings.csv").decode()))
        told = archive.read("left-out.txt").decode() if "left-out.txt" in archive.namelist() else ""
        return len(list(rows)), "".join(line for line in told.splitlines() if "blind" in line)


def _row(browser: Browser, document: str) -> str:
    html = browser.client.get("/coding-plan", base_url=HERE).get_data(as_text=True)
    return next(row for row in re.findall(r"<tr>.*?</tr>", html, re.DOTALL) if document in row)


def test_a_share_of_texts_is_drawn_and_coders_are_named_for_them(browser: Browser, study: Study, pair) -> None:
    page = browser.page("/coding-plan?share=50")
    ticked = [box["value"] for box in page.all("input") if box.get("name") == "document_id" and "checked" in box]
    assert len(ticked) == round(len(study.rows("documents")) / 2)
    browser.send("/coding-plan/texts", do="assign", document_id=ticked, coder_id=list(pair))
    assert {row["document_id"] for row in study.rows("assignments", coder_id=pair[1])} >= set(ticked)
    assert browser.send("/coding-plan/texts", do="assign", document_id=ticked).status_code == 422
    assert browser.send("/coding-plan/texts", do="assign", coder_id=pair[0]).status_code == 422


def test_only_one_who_is_working_finishes_a_text_and_in_their_own_name(browser: Browser, study: Study, pair, both: str) -> None:
    before = study.rows("assignments")
    answer = browser.send(f"/coding-plan/{both}/open")
    assert answer.headers["Location"].endswith("/coders")
    assert study.rows("assignments") == before


# -- differences --------------------------------------------------------------------------------------------------------------


def cards(browser: Browser, document: str) -> list[dict[str, str]]:
    """The hidden fields of each form of a difference, and which answers it offers."""
    html = browser.client.get(f"/disagreements/{document}", base_url=HERE).get_data(as_text=True)
    found = []
    for card in re.findall(r"<article.*?</article>", html, re.DOTALL):
        fields = dict(re.findall(r'<input type="hidden" name="(first|second|key)" value="([^"]*)"', card))
        fields["answers"] = " ".join(re.findall(r'name="answer" value="(\w+)"', card))
        found.append({**fields, "is_decided": "is-decided" in card, "html": card})
    return found


def test_differences_are_decided_one_after_the_other_and_no_coding_changes(browser: Browser, study: Study, pair, both: str) -> None:
    work_as(browser, pair[0])
    codings = study.rows("codings")
    every = cards(browser, both)
    assert len(every) > 3
    for number, card in enumerate(every):
        answer = card["answers"].split()[0]
        sent = {name: card[name] for name in ("first", "second", "key")}
        reply = browser.send(f"/disagreements/{both}/decide", **sent, answer=answer, reason=f"reason {number}")
        assert reply.status_code == 302, reply.get_data(as_text=True)
        if number + 1 < len(every):
            assert "#d-" in reply.headers["Location"]
    after = cards(browser, both)
    assert all(card["is_decided"] for card in after)
    assert all(f"reason {number}" in card["html"] for number, card in enumerate(after))
    assert study.rows("codings") == codings
    again = {name: after[0][name] for name in ("first", "second", "key")}
    browser.send(f"/disagreements/{both}/decide", **again, again="yes")
    assert [card["is_decided"] for card in cards(browser, both)] == [False, *[True] * (len(after) - 1)]


def test_other_words_must_stand_at_the_passage(browser: Browser, study: Study, pair, both: str) -> None:
    card = next(one for one in cards(browser, both) if not one["is_decided"])
    sent = {name: card[name] for name in ("first", "second", "key")}
    words = re.search(r"<textarea[^>]*>(.*?)</textarea>", card["html"], re.DOTALL)
    assert words
    part = " \r\n ".join(words[1].split()[:2])  # blanks and line ends do not matter
    refused = browser.send(f"/disagreements/{both}/decide", **sent, answer="other", words="not said here", reason="x")
    assert refused.status_code == 422
    assert browser.send(f"/disagreements/{both}/decide", **sent, answer="other", words=part, reason="x").status_code == 302
    assert f"<q>{words[1].split()[0]}" in next(one for one in cards(browser, both) if one["key"] == card["key"])["html"]


def test_an_answer_without_reason_or_for_a_difference_that_is_gone_is_refused(browser: Browser, both: str) -> None:
    card = next(one for one in cards(browser, both) if not one["is_decided"])
    sent = {name: card[name] for name in ("first", "second", "key")}
    assert browser.send(f"/disagreements/{both}/decide", **sent, answer="neither", reason=" ").status_code == 422
    assert browser.send(f"/disagreements/{both}/decide", **{**sent, "key": "x.y"}, answer="neither", reason="r").status_code == 409
    assert browser.send(f"/disagreements/{both}/decide", **sent, answer="maybe", reason="r").status_code == 422


def test_a_text_that_one_has_not_finished_is_not_set_side_by_side(browser: Browser, study: Study, pair, both: str) -> None:
    work_as(browser, pair[1])
    browser.send(f"/coding-plan/{both}/open")
    assert browser.client.get(f"/disagreements/{both}", base_url=HERE).status_code == 404
    assert both not in browser.client.get("/disagreements", base_url=HERE).get_data(as_text=True)


# -- agreement --------------------------------------------------------------------------------------------------------------


def test_numbers_come_after_the_differences_or_when_asked_for(browser: Browser) -> None:
    before = browser.page("/agreement")
    assert "not talked about yet" in before.words
    assert "Cohen's kappa" not in before.words
    shown = browser.page("/agreement?numbers=yes&unit=sentence")
    assert "Cohen's kappa" in shown.words
    assert browser.client.get("/agreement?unit=word", base_url=HERE).status_code == 404


@pytest.mark.parametrize(
    ("family", "said"),
    [("reflexive", "do not say how good the analysis is"), ("reliability", "reports the reliability"), (None, "has not said")],
)
def test_the_page_says_what_numbers_mean_for_the_family_of_the_study(browser: Browser, study: Study, family: str | None, said: str) -> None:
    act(study, "describe study", {"values": {"analytic_family": family}})
    assert said in browser.page("/agreement").words


def test_the_whole_table_is_downloaded_with_texts_by_name_and_reasons_in_words(browser: Browser, study: Study) -> None:
    data = browser.client.get("/agreement/all.csv", base_url=HERE).get_data(as_text=True)
    rows = list(csv.DictReader(io.StringIO(data)))
    assert {row["unit"] for row in rows} == {"character", "turn", "sentence"}
    assert {row["document"] for row in rows} - {"all texts"} <= {row["title"] for row in study.rows("documents")}
    assert all(row["reason"].endswith(".") for row in rows if row["document"] != "all texts" and not row["kappa"])


def test_without_two_who_finished_a_text_the_pages_say_so(app: Flask, browser: Browser, study: Study, pair) -> None:
    with study.change("empty") as change:
        for row in change.rows("assignments"):
            change.delete("assignments", row["id"])
    assert "Nothing to set side by side yet" in browser.page("/disagreements").words
    assert "Nothing to compare yet" in browser.page("/agreement").words
    assert "Take it as finished" in browser.page("/coding-plan").words
    browser.send("/coding-plan/all")
    assert "differences decided" in browser.page("/disagreements").words


# -- to read ---------------------------------------------------------------------------------------------------------------------


def test_a_coded_transcript_is_downloaded_once_it_is_signed_off(browser: Browser, study: Study, both: str) -> None:
    for ending, start in ((".html", b"<!doctype html>"), (".docx", b"PK"), (".pdf", b"%PDF")):
        answer = browser.client.get(f"/documents/{both}/coded{ending}", base_url=HERE)
        assert answer.data.startswith(start)
        assert "attachment" in answer.headers["Content-Disposition"]
    page = browser.client.get(f"/documents/{both}/coded.html", base_url=HERE).get_data(as_text=True)
    assert "Coder 1" in page
    coder = study.rows("coders")[0]["name"]
    assert coder not in page
    assert coder in browser.client.get(f"/documents/{both}/coded.html?coders=yes", base_url=HERE).get_data(as_text=True)
    work_as(browser, study.rows("coders")[1]["id"])
    browser.send("/coding-plan/texts", do="blind-yes", document_id=both)
    browser.send(f"/coding-plan/{both}/open")
    own = browser.client.get(f"/documents/{both}/coded.html", base_url=HERE).get_data(as_text=True)
    assert "Coder 2" in own
    assert "Coder 1" not in own
    waiting = {row["document_id"] for row in study.rows("revisions")} - {
        r["document_id"] for r in study.rows("revisions") if r["signed_off_at"]
    }
    refused = browser.client.get(f"/documents/{min(waiting)}/coded.html", base_url=HERE)
    assert refused.status_code == 422
