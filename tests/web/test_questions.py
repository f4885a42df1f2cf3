"""The page Ask: a question is chosen, counted, read, taken along, and saved to be asked again."""

import io
import re
from urllib.parse import unquote

import polars as pl
import pytest

from kithwork.actions import act
from kithwork.formats.frames import frame_bytes
from kithwork.joint import Question, Said, answer, dimensions_of, ready_made
from kithwork.joint.telling import count_table
from kithwork.store import Study
from kithwork.web.pages import tables
from tests.web.conftest import HERE, Browser


def said(study: Study) -> Said:
    return Said(study.tables())


@pytest.mark.parametrize("place", range(6))
def test_every_ready_made_question_leads_from_a_count_to_just_those_passages(study: Study, browser: Browser, place: int) -> None:
    here = said(study)
    name, question = list(ready_made(here).items())[place]
    page = browser.page(f"/questions?ready={place}")
    assert name in page.words
    found = answer(here, question)
    links = [link["href"] for link in page.all("a") if link.get("href", "").startswith("/questions?row=")]
    assert bool(links) == bool(found.never if question.asked_of == "never" else found.facts.height)
    for link in links[:3]:
        shown = browser.client.get(link.replace("#passages", ""), base_url=HERE).get_data(as_text=True)
        row, column = (re.search(rf"[?&]{part}=([^&#]+)", link) for part in ("row", "column"))
        keys = (row[1] if row else None, column[1] if column else None)
        wanted = found.segments(here, *keys) if question.asked_of == "said" else found.alters(*keys)
        told = "passage" if question.asked_of == "said" else "tie"
        assert re.search(rf"<h2 id=\"passages-head\">{len(wanted):,} {told}s?", shown), (link, len(wanted))
        if question.asked_of == "said":
            ids = re.findall(r'id="passage-([^"]+)"', shown)
            assert ids == wanted[:25]


def test_a_question_is_chosen_saved_opened_taken_along_and_removed(study: Study, browser: Browser) -> None:
    sent = {"kinds": ["person"], "rows": "role_group", "columns": "wave", "asked_of": "said", "waves": ["1", "2"]}
    chosen = browser.send("/questions/choose", **sent)
    assert chosen.status_code == 303
    where = chosen.headers["Location"].split("#")[0]
    assert "Group of roles" in browser.page(where).words
    saved = browser.send(where.replace("/questions?", "/questions/views?"), name="People & groups")
    row = study.rows("views")[0]
    assert Question.of(row["definition"]) == Question(kinds=("person",), rows="role_group", columns="wave", waves=(1, 2))
    assert saved.headers["Location"] == f"/questions?view={row['id']}"
    page = browser.page(f"/questions?view={row['id']}")
    assert 'kith ask STUDY.kith "People & groups"' in page.words
    for what in ("counts", "passages"):
        data = browser.client.get(f"/questions/all.csv?view={row['id']}&what={what}", base_url=HERE).data
        assert pl.read_csv(io.BytesIO(data)).height > 0
    assert browser.send(where.replace("/questions?", "/questions/views?"), name="People & groups").status_code == 422
    assert browser.send(f"/questions/views/{row['id']}/remove").status_code == 302
    assert not study.rows("views")
    assert study.verify().is_sound


def test_words_looked_for_never_stand_in_an_address(browser: Browser) -> None:
    chosen = browser.send("/questions/choose", rows="wave", columns="", words="wardrobe", asked_of="said")
    assert "wardrobe" not in chosen.headers["Location"]
    page = browser.page(chosen.headers["Location"].split("#")[0])
    assert "wardrobe" in str(page.all("input"))
    assert not any("wardrobe" in link.get("href", "") for link in page.all("a"))


def test_a_question_that_makes_no_sense_is_told_beside_the_form(browser: Browser) -> None:
    for address, sentence in (
        ("/questions?rows=kind&columns=kind", "two different things"),
        ("/questions?rows=code&columns=&asked_of=never", "never spoken of has no code"),
        ("/questions?view=gone", "not in the study any more"),
        ("/questions?rows=size", "cannot be counted by"),
    ):
        page = browser.page(address)
        assert sentence in page.words
        assert page.all("select")
    assert browser.client.get("/questions/all.exe", base_url=HERE).status_code == 404


def test_passages_are_counted_and_chosen_by_what_the_study_asks_besides(study: Study, browser: Browser) -> None:
    wave = study.rows("waves")[0]["id"]
    with study.change("ask besides") as change:
        own = {"wording": "Do they <b>know</b>?", "answer_kind": "boolean"}
        asked = change.insert("questions", {"subject": "tie", "code": "knows:it/all", "version": 1, **own})
        change.insert("asked", {"question_id": asked["id"], "wave_id": wave})
    at_first = {row["id"] for row in study.rows("maps", interview_id=[one["id"] for one in study.rows("interviews", wave_id=wave)])}
    for number, tie in enumerate([row for row in study.rows("ties") if row["map_id"] in at_first][:60]):
        act(study, "answer question", {"question_id": asked["id"], "tie_id": tie["id"], "value": number % 2 == 0})
    names = dimensions_of(said(study))
    assert names["tie:knows:it/all"].label == "Do they <b>know</b>?"
    form = browser.page("/questions?rows=code&columns=wave")
    offered = [box["value"] for box in form.all("input") if box.get("name") == "attribute" and "knows" in box["value"]]
    assert len(offered) == 4
    sent = {"attribute": [offered[0], "interview%3Aconfidence:=1", "interview%3Aconfidence:=2"], "rows": "tie:knows:it/all"}
    where = browser.send("/questions/choose", columns="interview:confidence", **sent).headers["Location"].split("#")[0]
    question = Question(
        attributes=(("tie:knows:it/all", "=yes"), ("interview:confidence", "=1"), ("interview:confidence", "=2")),
        rows="tie:knows:it/all",
        columns="interview:confidence",
    )
    found = answer(said(study), question)
    total = found.counts.filter(pl.col("row").is_null(), pl.col("column").is_null()).row(0, named=True)
    assert 0 < total["ties"] <= total["ties_of"] <= 30
    page = browser.page(where)
    assert f"{total['passages']} passages" in page.words
    assert "A little or Fairly" in page.words
    csv = browser.client.get(where.replace("/questions?", "/questions/all.csv?"), base_url=HERE).data
    assert pl.read_csv(io.BytesIO(csv)).columns[:2] == list(found.titles) == ["Do they <b>know</b>?", names["interview:confidence"].label]
    assert "rows=code&columns=interview" in " ".join(link.get("href", "") for link in browser.page("/tables").all("a"))
    saved = browser.send(where.replace("/questions?", "/questions/views?"), name="Who knows").headers["Location"]
    with study.change("leave the question out") as change:
        for table, column in (("answers", "question_id"), ("asked", "question_id"), ("questions", "id")):
            for row in change.rows(table, **{column: asked["id"]}):
                change.delete(table, row["id"])
    told = browser.page(saved)
    assert "is not asked in this study any more" in told.words
    assert told.all("select")


def ask_numbers(study: Study) -> None:
    """Asks age of persons, a score of interviews and years of ties, and whether the map is whole; answers most of them."""
    waves = [row["id"] for row in study.rows("waves")]
    with study.change("ask numbers") as change:
        for subject, code, kind in (
            ("participant", "age", "number"), ("interview", "score", "number"), ("tie", "years", "number"), ("map", "whole", "boolean"),
            ("topic", "told", "boolean"),
        ):  # fmt: skip
            own = {"wording": f"The {code}?", "answer_kind": kind}
            row = change.insert("questions", {"subject": subject, "code": code, "version": 1, **own})
            for wave in waves:
                change.insert("asked", {"question_id": row["id"], "wave_id": wave})
            for place, about in enumerate(change.rows("interviews" if subject == "topic" else f"{subject}s")):
                said = {"number": float(place % 37)} if kind == "number" else {"text": "yes" if place % 3 else "no"}
                said = {"codes": ["missing:refused"]} if place % 11 == 5 else said
                if place % 7 != 3:
                    key = "interview_id" if subject == "topic" else f"{subject}_id"
                    change.insert("answers", {"question_id": row["id"], key: about["id"], **said})


def test_numbers_are_chosen_from_and_to_cut_saved_and_lead_to_just_those_passages(study: Study, browser: Browser) -> None:
    ask_numbers(study)
    form = browser.page("/questions?rows=code&columns=wave")
    numbers = [box["value"] for box in form.all("input") if box.get("name") == "number"]
    assert [one for one in numbers if not one.startswith("measure")] == [
        "tie%3Ayears",
        "participant%3Aage",
        "interview%3Ascore",
    ]
    spans = {
        "number": ["tie%3Ayears", "participant%3Aage", "interview%3Ascore"],
        "number_from": ["30", "", ""],
        "number_to": ["2", "", "20"],
    }
    sent = {**spans, "attribute": ["interview%3Ascore:missing:refused", "map%3Awhole:=yes"], "cut_rows": "5; 10, 0"}
    where = browser.send("/questions/choose", rows="tie:years", columns="map:whole", **sent).headers["Location"].split("#")[0]
    question = Question(
        attributes=(("interview:score", "missing:refused"), ("map:whole", "=yes"), ("tie:years", "[2,30]"), ("interview:score", "[,20]")),
        cuts=(("tie:years", "5; 10, 0"),),
        rows="tie:years",
        columns="map:whole",
    )
    here = said(study)
    found = answer(here, question)
    assert found.rows == {"[0,5)": "0 to under 5", "[5,10)": "5 to under 10", "[10,]": "10 and more"}
    assert found.columns == {"=yes": "Yes"}
    page = browser.page(where)
    for words in ("2 to 30", "no answer: refused or up to 20", "“The years?” is cut at 0, 5, 10.", *found.rows.values()):
        assert words in page.words
    ends = [box for box in page.all("input") if box.get("name", "").startswith(("number_from", "number_to")) and "measure" not in box["id"]]
    assert [box["value"] for box in ends] == [
        "2",
        "30",
        "",
        "",
        "",
        "20",
    ]
    links = [link["href"] for link in page.all("a") if link.get("href", "").startswith("/questions?row=")]
    assert len(links) == 6  # three rows, each with its total
    for link in links:
        shown = browser.client.get(link.replace("#passages", ""), base_url=HERE).get_data(as_text=True)
        key = unquote(re.search(r"row=([^&]+)", link)[1])  # type: ignore[index]
        assert f'<h2 id="passages-head">{len(found.segments(here, key)):,} passage' in shown
    saved = browser.send(where.replace("/questions?", "/questions/views?"), name="Years").headers["Location"]
    assert Question.of(study.rows("views")[0]["definition"]) == question
    csv = pl.read_csv(io.BytesIO(browser.client.get(saved.replace("/questions?", "/questions/all.csv?"), base_url=HERE).data))
    assert csv.equals(pl.read_csv(io.BytesIO(frame_bytes(count_table(found), ".csv"))))
    wrong = browser.send("/questions/choose", rows="tie:years", columns="", cut_rows="five")
    assert wrong.status_code == 404
    assert "Cut points are numbers" in wrong.get_data(as_text=True)


def test_what_a_person_is_in_their_own_words_never_stands_in_an_address(study: Study, browser: Browser) -> None:
    with study.change("say it") as change:
        for place, row in enumerate(change.rows("participants")):
            change.update("participants", row["id"], {"gender": "Woman of Zembla" if place % 2 else "Man"})
    sent = {"attribute": ["gender:Woman of Zembla"], "rows": "gender", "columns": "wave"}
    where = browser.send("/questions/choose", **sent).headers["Location"].split("#")[0]
    page = browser.page(where)
    found = answer(said(study), Question(attributes=(("gender", "Woman of Zembla"),), rows="gender", columns="wave"))
    assert f"{len(found.segments(said(study)))} passages" in page.words
    assert [box["value"] for box in page.all("input") if "checked" in box and box["name"] == "attribute"] == ["gender:Woman of Zembla"]
    links = [link["href"] for link in page.all("a") if "row=" in link.get("href", "")]
    assert links
    assert "Zembla" not in where + "".join(links)
    row = next(link for link in links if "column" not in link.split("rows=")[0])
    shown = browser.client.get(row.replace("#passages", ""), base_url=HERE).get_data(as_text=True)
    assert f'<h2 id="passages-head">{len(found.segments(said(study), "Woman of Zembla"))} passages: Woman of Zembla' in shown


def test_many_questions_of_a_study_are_folded_together(study: Study, browser: Browser) -> None:
    before = browser.page("/questions?rows=code&columns=wave")
    assert "What this study asks besides" not in before.words
    with study.change("ask much") as change:
        for number in range(12):
            own = {"wording": f"Number {number}?", "answer_kind": "boolean"}
            change.insert("questions", {"subject": "alter", "code": f"own_{number}", "version": 1, **own})
    page = browser.page("/questions?rows=code&columns=wave&attribute=alter%253Aown_3:%3Dyes")
    assert "What this study asks besides: 1" in page.words
    boxes = [box for box in page.all("input") if box.get("name") == "attribute" and "own_" in box["value"]]
    assert len(boxes) == 4 * 12
    assert [box["value"] for box in boxes if "checked" in box] == ["alter%3Aown_3:=yes"]
    assert len([box for box in page.all("input") if box.get("value", "").startswith("interview%3Aconfidence:")]) == 6


def test_what_others_coded_in_a_text_still_coded_blind_is_neither_counted_nor_shown(study: Study, browser: Browser) -> None:
    question = "/questions?rows=coder&columns="
    names = [row["name"] for row in study.rows("coders")]
    before = browser.page(question)
    assert all(f"{name}" in before.words for name in names)
    act(study, "code blind", {"is_blind": True})
    with study.change("begin again") as change:
        for row in study.rows("assignments"):
            change.update("assignments", row["id"], {"finished_at": None})
    page = browser.page(question)
    assert "0 passages" in page.words
    browser.send("/coders/choose", coder_id=study.rows("coders")[0]["id"])
    own = browser.page(question)
    assert "0 passages" not in own.words
    shown = set(re.findall(r"(?:First|Second) interviewer", own.words.split("passages")[-1]))
    assert shown == {names[0]}


def test_a_table_of_many_codes_shows_those_that_stand_together_most_and_says_how_many_it_leaves_out(
    study: Study, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "MOST", 1000)
    heads = re.findall(r'<th scope="row">([^<]+)</th><td class="number">', browser.client.get("/tables?depth=all", base_url=HERE).text)
    assert len(heads) == len(study.rows("codes"))
    monkeypatch.setattr(tables, "MOST", 3)
    short = browser.client.get("/tables?depth=all", base_url=HERE).text
    kept = re.findall(r'<th scope="row">([^<]+)</th><td class="number">', short)
    assert len(kept) == 3
    assert kept == [name for name in heads if name in kept]
    assert f"{len(study.rows('codes')) - 3} more are in the file to take along" in short
