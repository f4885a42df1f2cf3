"""Every page that a link leads to opens, whatever the study holds: nothing yet, odd maps, no circles, everybody still enrolled."""

from collections import Counter, deque
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from formats.test_egor_layouts import csv
from oracles.studies import random_study
from werkzeug.exceptions import NotFound

from kithwork.actions.design import keep_tables, make_study
from kithwork.actions.imports import import_reading
from kithwork.formats import read
from kithwork.formats.demo import demo_tables
from kithwork.formats.template import find_template
from kithwork.model.ids import new_id
from kithwork.model.tables import StudyTables
from kithwork.store import Study, create_study
from kithwork.web.app import make_app
from tests.web.conftest import HERE, PORT, Page

EACH = 3  # pages of one route that are opened


def opened(study: Study) -> dict[str, int]:
    """The status of every page that links lead to from the register, a few of each route."""
    app = make_app(study, port=PORT)
    client, routes = app.test_client(), app.url_map.bind("127.0.0.1")
    client.get(f"/enter/{app.extensions['launch_tokens'].new()}", base_url=HERE)
    found: dict[str, int] = {}
    waiting, of_route = deque(["/", "/studies"]), Counter[str]()
    while waiting:
        path = waiting.popleft()
        try:
            endpoint = routes.match(urlsplit(path).path, method="GET")[0]
        except NotFound:
            found[path] = 404
            continue
        if path in found or of_route[endpoint] >= EACH or endpoint == "asset":
            continue
        of_route[endpoint] += 1
        answer = client.get(path, base_url=HERE)
        found[path] = answer.status_code
        if answer.mimetype == "text/html":
            page = Page(answer.get_data(as_text=True))
            links = [attributes.get("href", "") for attributes in page.all("a")]
            waiting.extend(link.partition("#")[0] for link in links if link.startswith("/"))
    return found


def still_enrolled() -> StudyTables:
    """The demo's people, all enrolled, each with every interview held."""
    tables = demo_tables(participants=4, ties=6)
    held = {row["participant_id"] for row in tables.rows("interviews") if row["status"] != "held"}
    rows = {name: tables.rows(name) for name in tables.frames}
    rows["participants"] = [row | {"status": "enrolled"} for row in rows["participants"]]
    assert len(held) < len(rows["participants"])
    return StudyTables.from_rows(rows)


def long_file(study: Study, folder: Path) -> None:
    """Eight waves out of one table, without circles, dates or kinds."""
    rows = [[ego, 100 + (ego * wave + n) % 7, wave] for ego in (1, 2, 3) for wave in range(1, 9) for n in range(ego + wave % 3)]
    make_study(study, find_template())
    import_reading(study, read([csv(folder / "long.csv", ["egoID", "alterID", "wave"], rows)]))


def odd_maps(seed: int) -> StudyTables:
    """Some maps empty, some waves missed, some questions asked only at some waves."""
    tables = random_study(seed, people=3)
    rows = {name: tables.rows(name) for name in tables.frames}
    for row in rows["questions"]:
        if row.get("answer_kind") in ("choice", "choices") and not row.get("options"):
            row["options"] = [["a", "A"]]
    return StudyTables.from_rows(rows | {"studies": [{"id": new_id(), "title": "Odd maps"}]})


STUDIES: dict[str, Callable[[Study, Path], object]] = {
    "new": lambda study, _: make_study(study, find_template()),
    "everybody still enrolled": lambda study, _: keep_tables(study, still_enrolled(), "make"),
    "a long file of eight waves": long_file,
    **{f"odd maps {seed}": lambda study, _, seed=seed: keep_tables(study, odd_maps(seed), "make") for seed in range(2)},
}


@pytest.mark.parametrize("name", STUDIES)
def test_every_page_that_a_link_leads_to_opens(name: str, tmp_path: Path) -> None:
    with create_study(tmp_path / "any.kith") as study:
        STUDIES[name](study, tmp_path)
        found = opened(study)
    assert {path: status for path, status in found.items() if status not in (200, 302)} == {}
    assert len(found) > 20
