"""The analysis page: what is chosen is drawn, told in a table, taken along, and saved to be repeated."""

import io
from collections.abc import Mapping
from urllib.parse import urlencode

import polars as pl
import pytest

from kithwork.figures import View
from kithwork.measures import MEASURES, change_measures, map_measures
from kithwork.store import Study
from tests.web.conftest import HERE, Browser, Page

CHOICES = [
    {"picture": "measure_by_wave", "measure": "density"},
    {"picture": "measure_change", "measure": "size", "counted": ["person", "animal"]},
    {"picture": "measure_against", "measure": "size", "against": "density", "kinds": ["person", "animal"]},
    {"picture": "measure_by_category", "measure": "size_by_kind"},
    {"picture": "measure_by_category", "measure": "size_animal"},
    {"picture": "measure_by_category", "measure": "share_by_category", "by": ["role_group", "effort"]},
    {"picture": "measure_by_wave", "measure": "diversity_role", "by": ["role"]},
]


def address(choice: Mapping[str, object], path: str = "/analysis") -> str:
    return f"{path}?{urlencode(choice, doseq=True)}"


@pytest.mark.parametrize("choice", CHOICES, ids=lambda choice: f"{choice['picture']}-{choice['measure']}")
def test_what_is_chosen_is_drawn_and_the_download_is_that_picture(browser: Browser, choice: dict[str, object]) -> None:
    page = browser.page(address(choice))
    assert page.all("svg")
    svg = browser.client.get(address(choice, "/analysis/all.svg"), base_url=HERE).get_data(as_text=True)
    assert svg.split("<title>")[1].split("</title>")[0] in page.words
    assert not [attributes for _, attributes in page.elements if "style" in attributes]
    assert browser.client.get(address(choice, "/analysis/all.png"), base_url=HERE).data.startswith(b"\x89PNG")


def test_the_table_taken_along_is_what_was_measured_with_reasons(study: Study, browser: Browser) -> None:
    choice = {"picture": "measure_against", "measure": "size", "against": "density", "kinds": ["animal"]}
    data = browser.client.get(address(choice, "/analysis/all.csv"), base_url=HERE).data
    wanted = map_measures(study.tables(), ("animal",), ("all",), ("size", "density"))
    frame = wanted.frame.filter(state="everyday")
    made = pl.read_csv(io.BytesIO(data))
    assert made["size"].to_list() == frame["size"].to_list()
    reasons = wanted.reasons.filter(state="everyday")
    assert sorted(made["density_reason"].drop_nulls()) == sorted(reasons["reason"])
    page = browser.page(address(choice))
    assert sum("data-why" in cell for cell in page.all("td")) == reasons.height


def test_the_summary_tells_maps_empty_values_and_quartiles_by_wave(study: Study, browser: Browser) -> None:
    page = browser.page("/analysis?measure=size")
    for _, maps in map_measures(study.tables(), measures=("size",)).frame.filter(state="everyday").group_by("wave"):
        sizes = maps["size"]
        for number in (sizes.mean(), sizes.quantile(0.25, "linear"), sizes.median(), sizes.max()):
            assert f"{number:,.2f}" in page.words


def test_a_view_is_saved_opened_again_and_removed(study: Study, browser: Browser) -> None:
    sent = {"picture": "measure_against", "state": "everyday", "measures": ["size", "density"], "kinds": ["person"], "counted": ["all"]}
    saved = browser.send("/analysis/views", name="Size & closeness", **sent)
    view_id = study.rows("views")[0]["id"]
    assert saved.headers["Location"] == f"/analysis?view={view_id}"
    assert View.of(study.rows("views")[0]["definition"]) == View("measure_against", ("size", "density"))
    page = browser.page(f"/analysis?view={view_id}")
    assert "Size & closeness" in page.words
    assert page.title == "Analysis · Kithwork"
    assert 'kith view STUDY.kith "Size & closeness"' in page.words
    assert browser.send("/analysis/views", name="Size & closeness", **sent).status_code == 422
    assert browser.send("/analysis/views", name="Odd", **{**sent, "measures": ["nothing"]}).status_code == 404
    assert browser.send(f"/analysis/views/{view_id}/remove").status_code == 302
    assert not study.rows("views")
    assert browser.client.get(f"/analysis?view={view_id}", base_url=HERE).status_code == 404
    assert study.verify().is_sound


def test_the_python_shown_on_the_page_is_that_of_the_view(browser: Browser) -> None:
    page = browser.page(address(CHOICES[2]))
    view = View("measure_against", ("size", "density"), ("person", "animal"))
    assert view.python() in page.words
    assert view.command() in page.words


def test_alters_are_sorted_by_an_attribute_and_the_view_keeps_it(study: Study, browser: Browser) -> None:
    choice = {"picture": "measure_by_wave", "measure": "diversity_role", "by": ["role"]}
    data = browser.client.get(address(choice, "/analysis/all.csv"), base_url=HERE).data
    wanted = map_measures(study.tables(), measures=("diversity_role",), by=("role",), with_ties=True).frame.filter(state="everyday")
    made = pl.read_csv(io.BytesIO(data))
    for column in ("diversity_role", "diversity_role_ties_used", "diversity_role_ties_missing"):
        assert made[column].to_list() == pytest.approx(wanted[column].to_list(), nan_ok=True)
    sent = {"picture": "measure_by_wave", "state": "everyday", "measures": ["diversity_role"], "kinds": ["person"], "counted": ["all"]}
    assert browser.send("/analysis/views", name="Roles", by=["role"], **sent).status_code == 302
    saved = study.rows("views")[0]
    assert View.of(saved["definition"]).by == ("role",)
    assert browser.client.get(f"/analysis/all.csv?view={saved['id']}", base_url=HERE).data == data
    assert "--by role" in browser.page(f"/analysis?view={saved['id']}").words
    assert View.of({"measures": ["size"]}).by == ()  # a view saved before there were any
    assert "Nothing that was asked of ties or alters is called" in browser.page(address({"measure": "size", "by": ["rolle"]})).words


def test_what_cannot_be_drawn_is_told_beside_the_form(browser: Browser) -> None:
    for choice, said in (
        ({"picture": "measure_by_category", "measure": "density"}, "has no column a kind"),
        ({"picture": "measure_by_wave", "measure": "size_by_kind"}, "choose one"),
        ({"measure": "denzity"}, "no measure of a map"),
        ({"picture": "measure_against", "measure": "size"}, "two measures"),
    ):
        page = browser.page(address(choice))
        assert said in page.words
        assert page.all("select")
    assert browser.client.get("/analysis?picture=support_map", base_url=HERE).status_code == 404
    assert browser.client.get("/analysis/all.exe", base_url=HERE).status_code == 404


def test_addresses_and_titles_of_the_analysis_hold_no_pseudonym(study: Study, browser: Browser) -> None:
    page: Page = browser.page("/analysis")
    people = [row["pseudonym"] for row in study.rows("participants")]
    assert all(person in page.words for person in people)
    for _, attributes in page.elements:
        assert not any(person in attributes.get(name, "") for person in people for name in ("href", "action", "value", "id"))


# -- change, and the list of measures ------------------------------------------------------------------------------------------


def test_change_between_waves_is_drawn_and_told_pair_by_pair(study: Study, browser: Browser) -> None:
    choice = {"picture": "measure_by_wave", "measure": "turnover"}
    frame = change_measures(study.tables(), measures=("turnover",)).frame
    data = browser.client.get(address(choice, "/analysis/all.csv"), base_url=HERE).data
    assert pl.read_csv(data).select(frame.columns).rows() == frame.rows()
    page = browser.page(address(choice))
    assert "Pair by pair" in page.words
    assert f"{frame.height} pairs of maps" in page.words


def test_a_measure_of_a_map_cannot_be_set_against_one_of_change(browser: Browser) -> None:
    page = browser.page(address({"picture": "measure_against", "measure": "turnover", "against": "density"}))
    assert "choose two of the same sort" in page.words
    crisis = browser.page(address({"picture": "measure_by_wave", "measure": "turnover", "state": "crisis"}))
    assert "Change is measured between everyday maps" in crisis.words


def test_the_list_of_measures_can_be_searched_without_a_script(browser: Browser) -> None:
    whole = browser.page("/measures/list")
    rows = {row["id"]: "hidden" in row for row in whole.all("tr") if row.get("id")}
    assert set(rows) == set(MEASURES)
    assert not any(rows.values())
    found = {row["id"] for row in browser.page("/measures/list?words=named+again").all("tr") if row.get("id") and "hidden" not in row}
    assert "returned" in found
    assert "density" not in found
