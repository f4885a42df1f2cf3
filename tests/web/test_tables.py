"""The page of tables: each number leads to just that many passages, a code has none with its own branch, all of it can be taken along."""

import io
import re
from html import unescape

import polars as pl
import pytest

from kithwork.joint import COLUMNS, Said
from kithwork.joint.tables import co_occurrence, new_codes
from kithwork.store import Study
from tests.web.conftest import HERE, Browser


def grid(browser: Browser, path: str) -> dict[tuple[str, str], str]:
    """Row and column of the codes that stand together → what stands in the cell."""
    html = browser.client.get(path, base_url=HERE).get_data(as_text=True)
    table = html.partition('aria-label="Codes that stand together"><thead>')[2].partition("</table>")[0]
    heads = re.findall(r'<th scope="col"[^>]*>(.*?)</th>', table)[1:]
    found = {}
    for row, cells in re.findall(r'<tr><th scope="row">(.*?)</th>(.*?)</tr>', table):
        for head, cell in zip(heads, re.findall(r'<td class="number">(.*?)</td>', cells), strict=True):
            found[unescape(row), unescape(head)] = cell
    return found


@pytest.mark.parametrize("unit", ["overlap", "passage"])
def test_every_number_is_the_one_counted_and_leads_to_that_many_passages(study: Study, browser: Browser, unit: str) -> None:
    names = {row["id"]: row["name"] for row in study.rows("codes")}
    parents = {row["name"]: names.get(row["parent_id"]) for row in study.rows("codes")}
    counted = {(names[row], names[column]): number for row, column, number in co_occurrence(Said(study.columns(COLUMNS)), unit).iter_rows()}
    found = grid(browser, f"/tables?unit={unit}&depth=all")
    shown = {pair: re.sub("<[^>]+>", "", cell) for pair, cell in found.items()}
    assert {pair: int(words) for pair, words in shown.items() if words not in ("0", "–")} == {
        pair: number for pair, number in counted.items() if pair in shown
    }
    assert all(shown[name, name] == "–" for name, _ in shown)
    assert all(shown[name, parent] == shown[parent, name] == "–" for name, parent in parents.items() if (name, parent) in shown)
    assert "0" in shown.values()
    (row, column), cell = max(found.items(), key=lambda one: "<a " in one[1] and int(re.sub("<[^>]+>", "", one[1])))
    link = re.search(r'href="([^"#]+)', cell)
    assert link
    page = browser.page(unescape(link[1]))
    assert f"{counted[row, column]} passage" in page.words


def test_counts_and_the_picture_are_taken_along(study: Study, browser: Browser) -> None:
    here = Said(study.columns(COLUMNS))
    for query, wanted in (("unit=passage", co_occurrence(here, "passage").height), ("what=new", new_codes(here).height)):
        answer = browser.client.get(f"/tables/all.csv?{query}", base_url=HERE)
        assert pl.read_csv(io.BytesIO(answer.data)).height == wanted
    for ending, begins in ((".svg", b"<svg"), (".png", b"\x89PNG"), (".pdf", b"%PDF")):
        answer = browser.client.get(f"/tables/all{ending}?unit=overlap&depth=all", base_url=HERE)
        assert answer.data.startswith(begins)
    assert browser.client.get("/tables?unit=nothing", base_url=HERE).status_code == 404


def test_new_codes_are_told_interview_by_interview_in_the_order_held(study: Study, browser: Browser) -> None:
    html = browser.client.get("/tables", base_url=HERE).get_data(as_text=True).partition('id="new"')[2]
    rows = [re.findall(r'<td class="number">(\d+)</td>', row) for row in re.findall(r"<tr><th.*?</tr>", html)]
    told = [tuple(map(int, row)) for row in rows if row]
    assert told == [(row["codes"], row["new"], row["so_far"]) for row in new_codes(Said(study.columns(COLUMNS))).to_dicts()]
    assert told[-1][2] == sum(new for _, new, _ in told)
