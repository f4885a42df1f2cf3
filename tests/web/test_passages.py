"""Passages in their context: whose words, whom they speak of, and the map of that wave with those lit."""

import re

from kithwork.actions import act
from kithwork.store import Study, mentions_over
from kithwork.web.passages import passages_of
from tests.web.conftest import HERE, Browser


def slowly(study: Study, segment_id: str) -> set[str]:
    """Alters whose mention shares a character with the passage, looked for one by one."""
    passage = study.row("segments", segment_id)
    found = set()
    for mention in study.rows("mentions"):
        other = study.row("segments", mention["segment_id"])
        is_near = other["revision_id"] == passage["revision_id"] and not other["is_lost"] and not passage["is_lost"]
        shared = set(range(other["start"], other["stop"])) & set(range(passage["start"], passage["stop"]))
        if other["id"] == passage["id"] or (is_near and shared):
            found.add(mention["alter_id"])
    return found


def test_a_passage_speaks_of_everyone_mentioned_on_words_it_shares(study: Study) -> None:
    wanted = [row["id"] for row in study.rows("segments")][::9]
    by_passage: dict[str, set[str]] = {}
    for row in mentions_over(study, wanted):
        by_passage.setdefault(row["passage_id"], set()).add(row["alter_id"])
    assert {one: by_passage.get(one, set()) for one in wanted} == {one: slowly(study, one) for one in wanted}
    assert any(by_passage.values())


def test_passages_come_in_the_order_asked_for_with_their_wave_speaker_codes_and_circle(study: Study) -> None:
    mention = study.rows("mentions")[0]
    segment = study.row("segments", mention["segment_id"])
    other = study.rows("segments")[-1]["id"]
    made = passages_of(study, [other, "gone", segment["id"]])
    assert [one.segment_id for one in made] == [other, segment["id"]]
    one = made[1]
    assert one.words == segment["quotation"]
    assert f"{one.before}{one.words}{one.after}" in study.row("revisions", segment["revision_id"])["text"]
    assert one.speaker == "Participant"
    assert {code.code_id for code in one.codes} == {row["code_id"] for row in study.rows("codings", segment_id=segment["id"])}
    about = next(alter for alter in one.about if alter.alter_id == mention["alter_id"])
    tie = study.rows("ties", map_id=one.map_id, alter_id=mention["alter_id"])
    assert about.circle == ("not on this map" if not tie else about.circle)


def test_the_page_of_a_passage_shows_the_talk_around_it_and_lights_its_alters_on_the_map(study: Study, browser: Browser) -> None:
    mention = next(row for row in study.rows("mentions") if row["tie_id"])
    html = browser.client.get(f"/passages/{mention['segment_id']}", base_url=HERE).get_data(as_text=True)
    page = browser.page(f"/passages/{mention['segment_id']}")
    words = study.row("segments", mention["segment_id"])["quotation"]
    assert words in page.words
    label = study.row("alters", mention["alter_id"])["pseudonym"]
    drawn = [attributes for tag, attributes in page.elements if tag == "g" and "data-alter" in attributes]
    lit = {attributes["data-alter"] for attributes in drawn if "dim" not in attributes["class"].split()}
    assert lit == {one.alter_id for one in passages_of(study, [mention["segment_id"]])[0].about}
    assert len(drawn) > len(lit)
    assert f"of {label}" in page.words
    assert re.search(r'href="/maps/[^"]+\?lit=[^"]*' + mention["alter_id"], html)


def test_a_passage_that_lost_its_place_keeps_its_words(study: Study, browser: Browser) -> None:
    document = next(row for row in study.rows("documents") if row["title"] == "A talk")
    first = max(study.rows("revisions", document_id=document["id"]), key=lambda row: row["number"])
    code = study.rows("codes")[0]["id"]
    entry = act(study, "code segment", {"revision_id": first["id"], "start": 3, "stop": 21, "code_ids": [code]})
    segment_id = next(iter(entry.changed["segments"]))
    with study.change("lose") as change:
        change.update("segments", segment_id, {"is_lost": True})
    assert "lost its place" in browser.page(f"/passages/{segment_id}").words
    assert browser.client.get("/passages/gone", base_url=HERE).status_code == 404
