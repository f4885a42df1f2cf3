"""The framework matrix and a person's course: cells, words, passages, gaps, and what is taken along."""

import io
import re

import polars as pl

from kithwork.joint import Said
from kithwork.joint.matrix import View, cells_of, lines_of
from kithwork.store import Study
from tests.joint.slow import Slow
from tests.joint.studies import question_of, study_of
from tests.web.conftest import HERE, Browser
from tests.web.test_questions import ask_numbers


def test_every_cell_counts_its_passages_as_the_slow_way_does() -> None:
    for seed in range(60):
        tables = study_of(seed)
        slow = Slow(tables, question_of(0, tables))
        for by in ("theme", "code"):
            wanted: dict[tuple[str, int | None, str], int] = {}
            for segment in slow.all("segments"):
                document = slow.document(segment)
                columns = {
                    one
                    for coding in slow.codings(segment)
                    for one in (slow.themes(coding["code_id"]) if by == "theme" else slow.above(coding["code_id"]))
                }
                for column in columns:
                    key = (document["participant_id"], slow.wave(document["interview_id"]), column)
                    wanted[key] = wanted.get(key, 0) + 1
            found = cells_of(Said(tables), by)
            assert {(person, wave, column): number for person, wave, column, number in found.iter_rows()} == wanted


def test_a_summary_is_written_in_a_cell_kept_shown_and_undone(study: Study, browser: Browser) -> None:
    person, theme = study.rows("participants")[0]["id"], study.rows("themes")[0]["id"]
    wave = study.rows("waves")[0]["id"]
    where = f"/matrix/{person}/theme/{theme}"
    before = len(study.rows("summaries"))
    for given in ({"wave_id": wave}, {"wave_id": ""}, {"wave_id": "", "prompt": "surge"}):
        sent = browser.send(f"{where}/summary", text="Zinnia words", **given)
        assert sent.status_code == 303
        assert sent.headers["Location"].endswith(f"#wave-{wave if given['wave_id'] else 'all'}")
    written = [row for row in study.rows("summaries") if row["text"] == "Zinnia words"]
    assert {(row["wave_id"], row["prompt"]) for row in written} == {(wave, None), (None, None), (None, "surge")}
    assert browser.page(where).words.count("Zinnia words") == 3
    assert "What is a surge, or a turning point? Zinnia words" in browser.page("/matrix").words
    study.undo(study.entries()[-1]["id"])
    assert len([row for row in study.rows("summaries") if row["text"] == "Zinnia words"]) == 2
    browser.send(f"{where}/summary", text=" ", wave_id="")
    browser.send(f"{where}/summary", text="", wave_id=wave)
    assert len(study.rows("summaries")) in (before, before - 1)  # where the demo had words there already
    assert study.verify().is_sound


def test_the_matrix_shows_every_person_and_wave_with_gaps_told_and_no_style(study: Study, browser: Browser) -> None:
    page = browser.page("/matrix")
    people = study.rows("participants")
    assert all(person["pseudonym"] in page.words for person in people)
    heads = [attributes for attributes in page.all("th") if attributes.get("scope") == "row"]
    assert len(heads) == len(people) * (1 + len(study.rows("waves")))
    if [row for row in study.rows("interviews") if row["status"] == "missed"]:
        assert "no interview" in page.words
    assert not [attributes for _, attributes in page.elements if "style" in attributes]
    codes = browser.page("/matrix?by=code&maps=no")
    assert len([head for head in codes.all("th") if head.get("scope") == "col"]) == 9
    assert browser.client.get("/matrix?by=nothing", base_url=HERE).status_code == 404


def test_the_matrix_taken_along_holds_every_cell(study: Study, browser: Browser) -> None:
    frame = pl.read_csv(io.BytesIO(browser.client.get("/matrix/all.csv", base_url=HERE).data))
    assert frame.height == len(study.rows("participants")) * (1 + len(study.rows("waves"))) * len(study.rows("themes"))
    wanted = cells_of(Said(study.tables()))
    assert frame.filter(pl.col("wave") != "over time")["passages"].sum() == wanted["passages"].sum()
    kept = {row["text"] for row in study.rows("summaries") if row["theme_id"]}
    assert set(frame["summary"].drop_nulls()) == kept


def test_a_course_tells_each_wave_its_changes_and_what_was_said(study: Study, browser: Browser) -> None:
    person = next(row for row in study.rows("participants") if study.rows("summaries", participant_id=row["id"]))
    html = browser.client.get(f"/participants/{person['id']}/course", base_url=HERE).get_data(as_text=True)
    for wave in study.rows("waves"):
        assert wave["label"] in html
    assert "What changed" in html
    assert "What was said" in html
    for row in study.rows("summaries", participant_id=person["id"]):
        assert row["text"].split(".")[0].replace("'", "&#39;") in html
    assert re.search(r'href="/passages/', html)
    assert browser.client.get("/participants/gone/course", base_url=HERE).status_code == 404


def test_who_is_shown_is_chosen_told_lifted_taken_along_and_saved(study: Study, browser: Browser) -> None:
    ask_numbers(study)
    with study.change("say it") as change:
        for place, row in enumerate(change.rows("participants")):
            change.update("participants", row["id"], {"gender": "Woman of Zembla" if place % 2 else "Man"})
    sent = {"attribute": ["gender:Woman of Zembla"], "number": ["interview%3Ascore"], "number_from": ["3"], "number_to": ["20"]}
    waves = [str(row["position"]) for row in study.rows("waves")]
    where = browser.send("/matrix/choose", by="theme", maps="no", waves=waves, **sent).headers["Location"]
    assert "Zembla" not in where
    view = View(by="theme", has_maps=False, attributes=(("gender", "Woman of Zembla"), ("interview:score", "[3,20]")))
    wanted = lines_of(Said(study.tables()), view)
    names = {row["id"]: row["pseudonym"] for row in study.rows("participants")}
    labels = {row["position"]: row["label"] for row in study.rows("waves")}
    lines = {(names[person], labels[wave]) for person, wave in wanted.iter_rows()}
    assert 0 < len(lines) < len(names) * len(labels)
    page = browser.page(where)
    for words in ("Woman of Zembla", "3 to 20, at the waves shown", f"{wanted['participant_id'].n_unique()} of {len(names)} people shown"):
        assert words in page.words
    assert len([head for head in page.all("th") if head.get("scope") == "row"]) == len(lines) + wanted["participant_id"].n_unique()
    csv = pl.read_csv(io.BytesIO(browser.client.get(where.replace("/matrix?", "/matrix/all.csv?"), base_url=HERE).data))
    assert set(csv.filter(~pl.col("wave").str.starts_with("over")).select("participant", "wave").iter_rows()) == lines
    over = csv.filter(pl.col("wave").str.starts_with("over")).group_by("participant").agg(pl.col("passages").sum())
    each = csv.filter(~pl.col("wave").str.starts_with("over")).group_by("participant").agg(pl.col("passages").sum())
    assert over.sort("participant").equals(each.sort("participant"))
    saved = browser.send(where.replace("/matrix?", "/matrix/views?"), name="Women with low scores").headers["Location"]
    assert View.of(study.rows("views", view_kind="matrix")[0]["definition"]) == view
    opened = browser.page(saved)
    assert "Women with low scores" in opened.words
    course = next(link["href"] for link in opened.all("a") if "/course" in link.get("href", ""))
    told = browser.page(course)
    person = course.split("/")[2]
    assert [label for label in labels.values() if f"{label}" in told.words.split("Show all waves")[1]] == [
        label for label in labels.values() if (names[person], label) in lines
    ]
    lifted = [link["href"] for link in page.all("a") if link.get("href", "").startswith("/matrix?") and "Lift" in page.words]
    free = browser.page(next(link for link in lifted if "gender" not in link and "score" in link))
    assert "3 to 20" in free.words
    assert not [box for box in free.all("input") if box.get("name") == "attribute" and "checked" in box]
    nobody = browser.page(f"/matrix?at={waves[0]}&attribute=interview%253Ascore:%5B900,%5D")
    assert "Nobody is shown" in nobody.words
    assert browser.send(f"/matrix/views/{saved.rpartition('=')[2]}/remove").status_code == 302
    assert not study.rows("views", view_kind="matrix")
    assert browser.client.get("/matrix?attribute=tie%253Ayears:%5B1,2%5D", base_url=HERE).status_code == 404
    assert study.verify().is_sound
