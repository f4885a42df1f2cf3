"""Kinds of network as a page: what is told is what was worked out, and a label is put and taken away by a person."""

import io
import re

import polars as pl
import pytest

from kithwork.measures.typology import change_types, kinds_of_network, type_moves
from kithwork.store import Study
from tests.web.conftest import HERE, Browser


def test_each_map_has_its_label_rule_and_near_misses(study: Study, browser: Browser) -> None:
    words = browser.page("/kinds").words
    for row in kinds_of_network(study.tables()).filter(state="everyday").iter_rows(named=True):
        assert row["people_label"] is None or row["people_label"] in words
        assert row["people_rule"] is None or row["people_rule"] in words
        assert row["people_near"] in words


def test_moves_and_changes_are_counted_on_the_page(study: Study, browser: Browser) -> None:
    page = browser.page("/kinds?by=moves")
    moves, changes = type_moves(study.tables()), change_types(study.tables())
    for _, pairs in moves.group_by("from_wave", "to_wave"):
        assert f"{pairs['is_moved'].sum()} of {pairs['is_moved'].count()} p" in page.words
    for sizes in changes["sizes"]:
        assert sizes in page.words
    assert page.all("svg")


@pytest.mark.parametrize("by", ["structure", "measures"])
def test_too_few_people_are_warned_of_and_every_map_is_still_listed(study: Study, browser: Browser, by: str) -> None:
    page = browser.page(f"/kinds?by={by}")
    assert "so no types are made" in page.words
    assert len([one for one in page.all("a") if re.fullmatch("/maps/[^/]+", one.get("href", ""))]) == len(
        study.rows("maps", state="everyday")
    )


def test_what_is_taken_along_is_what_the_command_gives(study: Study, browser: Browser) -> None:
    made = pl.read_csv(io.BytesIO(browser.client.get("/kinds/all.csv?by=moves", base_url=HERE).data))
    assert made["to_type"].to_list() == type_moves(study.tables())["to_type"].to_list()
    made = pl.read_csv(io.BytesIO(browser.client.get("/kinds/all.csv?by=moves&what=change", base_url=HERE).data))
    assert made["change_type"].to_list() == change_types(study.tables())["change_type"].to_list()
    assert browser.client.get("/kinds/all.png?by=rules&labels=all_kinds", base_url=HERE).data.startswith(b"\x89PNG")
    assert "kith kinds STUDY.kith --by moves --labels all_kinds -o kinds.csv" in browser.page("/kinds?by=moves&labels=all_kinds").words


def test_a_label_is_put_in_place_shown_with_its_reason_undone_and_taken_away(study: Study, browser: Browser) -> None:
    map_id = study.rows("maps", state="everyday")[0]["id"]
    where = f"/maps/{map_id}/kind"
    sent = {"question": "network_type", "own": "partner-based <b>", "reason": "They keep to themselves & the cat."}
    assert browser.send(f"{where}/label", **sent).headers["Location"] == where
    page = browser.page(where)
    assert "partner-based <b>" in page.words
    assert "They keep to themselves & the cat." in page.words
    assert "partner-based <b>" in browser.page("/kinds").words
    assert "partner-based <b>" in browser.page("/kinds?by=moves").words
    assert browser.send(f"{where}/label", **{**sent, "reason": " "}).status_code == 422
    assert browser.send(f"{where}/label", **{**sent, "question": "nothing"}).status_code == 404
    assert browser.send(f"{where}/label", question="network_type", do="rule").status_code == 302
    assert "put by a person" not in browser.page(where).words
    assert study.verify().is_sound


@pytest.mark.parametrize("wrong", ["by=magic", "by=rules&labels=x", "by=rules&state=x", "by=structure&method=x", "by=structure&types=1"])
def test_what_there_is_not_is_told(browser: Browser, wrong: str) -> None:
    assert browser.client.get(f"/kinds?{wrong}", base_url=HERE).status_code == 404


def test_a_measure_there_is_not_is_told_beside_the_form(browser: Browser) -> None:
    page = browser.page("/kinds?by=measures&measures=sizes")
    assert "There is no measure" in page.words
    assert page.all("select")
