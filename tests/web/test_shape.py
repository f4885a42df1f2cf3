"""Talk by the shape of the map: measures choose and count passages, and who stands in the matrix, on pages and with `kith ask`."""

import io
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner

from kithwork.cli.ask import command
from kithwork.joint import COLUMNS, Question, Said, Shape, answer
from kithwork.measures import change_measures, map_measures
from kithwork.measures.on_maps import REASONS_ON_MAPS, named, on_maps, usual
from kithwork.model.tables import StudyTables
from kithwork.store import Study
from kithwork.web import joined
from tests.joint.studies import study_of
from tests.web.conftest import HERE, Browser


def measured(study: Study, *names: str) -> Said:
    tables = study.tables()
    known = named(names, tables)
    return Said(study.columns(COLUMNS), Shape(known, REASONS_ON_MAPS, lambda: on_maps(tables, known)))


@pytest.mark.parametrize("seed", range(12))
def test_measures_beside_their_maps_are_those_of_the_measures_page(seed: int) -> None:
    tables: StudyTables = study_of(seed)
    if not tables["maps"].height:
        return
    found = on_maps(tables, usual())
    people = tables["participants"].select(pl.col("id").alias("participant_id"), pl.col("pseudonym").alias("participant"))
    waves = tables["waves"].select(pl.col("id").alias("wave_id"), pl.col("position").alias("wave"))
    held = tables["interviews"].select(pl.col("id").alias("interview_id"), "participant_id", "wave_id").join(people, on="participant_id")
    maps = tables["maps"].select(pl.col("id").alias("map_id"), "interview_id").join(held.join(waves, on="wave_id"), on="interview_id")
    placed = found.join(maps, on="map_id").drop_nulls("value")
    own = {(one, wave, name): value for one, wave, name, value in placed.select("participant", "wave", "measure", "value").iter_rows()}
    wanted = {}
    for frame, wave in ((map_measures(tables).frame, "wave"), (change_measures(tables).frame, "to_wave")):
        for row in frame.to_dicts():
            wanted |= {(row["participant"], row[wave], name): row[name] for name in usual() if row.get(name) is not None}
    assert own == pytest.approx(wanted)
    assert set(found["reason"].drop_nulls()) <= set(REASONS_ON_MAPS)
    assert found.filter(pl.col("value").is_null() == pl.col("reason").is_null()).height == 0


def test_passages_are_counted_cut_chosen_saved_and_taken_along_by_the_size_of_the_map(study: Study, browser: Browser) -> None:
    form = browser.page("/questions?rows=code&columns=wave")
    assert "How many ties stand on each map" in form.words
    own = {"number": ["measure%3Asize", "measure%3Ajaccard"], "number_from": ["3", ""], "number_to": ["", ""]}
    sent = {**own, "rows": "code", "columns": "measure:size", "cut_columns": "6, 10", "attribute": "measure%3Ajaccard:-"}
    assert browser.send("/questions/choose", **sent).status_code == 303
    sent["attribute"] = []
    where = browser.send("/questions/choose", **sent).headers["Location"].split("#")[0]
    asked = Question(rows="code", columns="measure:size", cuts=(("measure:size", "6, 10"),), attributes=(("measure:size", "[3,]"),))
    here = measured(study, "size")
    found = answer(here, asked)
    page = browser.page(where)
    assert "3 and more" in page.words
    assert "“Size” is cut at 6, 10." in page.words
    assert found.counts.filter(pl.col("passages") > 0).height > 3
    for column in found.columns:
        ids = found.segments(here, None, column)
        assert f"{len(ids):,} passage" in browser.page(f"{where}&column={column}").words
    csv = pl.read_csv(io.BytesIO(browser.client.get(where.replace("/questions?", "/questions/all.csv?"), base_url=HERE).data))
    assert csv.columns[:2] == ["Code", "Size"]
    assert set(csv["Size"]) <= {"under 6", "6 to under 10", "10 and more", "all"}
    saved = browser.send(where.replace("/questions?", "/questions/views?"), name="By size").headers["Location"]
    assert "“Size” is cut at 6, 10." in browser.page(saved).words


def test_why_there_is_no_value_is_told_apart_and_another_measure_is_known_by_name(study: Study, browser: Browser) -> None:
    page = browser.page("/questions?rows=measure:jaccard&columns=")
    assert "no value: there is no earlier map" in page.words
    assert "“Jaccard similarity since the map before” is c" in page.words
    other = browser.page("/questions?rows=measure:stability_person&columns=&attribute=measure%253Ashare_circle_2:[0.2,1]")
    assert "Stability: person since the map before" in other.words
    assert "0.2 to 1" in other.words
    assert (
        "There is no measure 'sizes' that is a number of a map. Did you mean 'size'?" in browser.page("/questions?rows=measure:sizes").words
    )
    assert "columns=measure:size" in " ".join(link.get("href", "") for link in browser.page("/tables").all("a")).replace("%3A", ":")


def test_nothing_is_measured_where_no_measure_is_used_and_once_where_one_is(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    done = []
    monkeypatch.setattr(joined, "on_maps", lambda *given: done.append(given) or on_maps(*given))
    for path in ("/questions?rows=code&columns=wave", "/tables", "/matrix", "/questions"):
        browser.page(path)
    assert not done
    for path in ("/questions?rows=measure:size&columns=wave", "/questions?rows=code&columns=measure:density"):
        browser.page(path)
    assert len(done) == 1


def test_the_matrix_shows_those_of_one_size_of_map(study: Study, browser: Browser) -> None:
    sent = {"number": "measure%3Asize", "number_from": "4", "number_to": "", "by": "theme", "waves": ["1", "2", "3"]}
    where = browser.send("/matrix/choose", **sent).headers["Location"]
    page = browser.page(where)
    assert "4 and more" in page.words
    assert "at the waves shown" in page.words
    sizes = map_measures(study.tables(), measures=["size"]).frame.filter(pl.col("state") == "everyday", pl.col("size") >= 4)
    assert f"{sizes['participant'].n_unique()} of " in page.words
    assert sizes.height > 2
    for size in sizes["size"]:
        assert f"Size: {size}" in page.words
    wrong = browser.client.get(where.replace("measure%253Asize", "measure%253Asizes"), base_url=HERE)
    assert wrong.status_code == 404
    assert b"There is no measure" in wrong.data


def test_kith_ask_answers_a_saved_question_by_any_measure(study: Study, browser: Browser, tmp_path: Path) -> None:
    address = "/questions/views?rows=measure:size_circle_2&columns=wave"
    assert browser.send(address, name="By the second circle").status_code in (302, 303)
    where = str(tmp_path / "study.kith")
    ran = CliRunner().invoke(command, [where, "By the second circle"])
    assert ran.exit_code == 0, ran.output
    told = pl.read_csv(io.StringIO(ran.output))
    found = answer(measured(study, "size_circle_2"), Question(rows="measure:size_circle_2", columns="wave"))
    assert told["passages"].to_list() == found.counts["passages"].to_list()
