"""Files of other tools, where they are at hand: density and constraint equal the peers' own values."""

import csv
from collections import defaultdict
from pathlib import Path

import igraph
import pytest

from kithwork.formats import Options, read
from kithwork.model.tables import StudyTables

SHARED = Path(__file__).parents[2] / ".." / "shared" / "data"
CANVAS = SHARED / "networkcanvas_working_with_data"
pytestmark = pytest.mark.skipif(not SHARED.is_dir(), reason="the shared data are not here")


def measured(tables: StudyTables) -> dict[str, dict[str, float]]:
    """Density and Burt's constraint of each map, by igraph, under the participant's pseudonym."""
    people = {row["id"]: row["pseudonym"] for row in tables.rows("participants")}
    owner = {row["id"]: people[row["participant_id"]] for row in tables.rows("interviews")}
    maps = {row["id"]: owner[row["interview_id"]] for row in tables.rows("maps")}
    alters, edges = defaultdict(list), defaultdict(set)
    for row in tables.rows("ties"):
        alters[row["map_id"]].append(row["id"])
    for row in tables.rows("alter_ties"):
        edges[row["map_id"]].add(frozenset((row["from_tie_id"], row["to_tie_id"])))
    found = {}
    for map_id, name in maps.items():
        graph = igraph.Graph()
        graph.add_vertices(["ego", *alters[map_id]])
        graph.add_edges([("ego", alter) for alter in alters[map_id]] + [tuple(pair) for pair in edges[map_id]])
        alone = graph.induced_subgraph(graph.vs[1:])
        density = alone.density() if alone.vcount() > 1 else float("nan")
        found[name] = {
            "density": density,
            "constraint": graph.constraint("ego"),
            "n_alters": alone.vcount(),
            "n_aaties": len(edges[map_id]),
        }
    return found


def assert_equal_to(reference: Path, found: dict[str, dict[str, float]], names: dict[str, str] | None = None) -> None:
    with reference.open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            mine = found[names[row[".egoID"]] if names else row[".egoID"]]
            for column, value in mine.items():
                assert value == pytest.approx(float(row[column].replace("NA", "nan")), abs=1e-9, nan_ok=True), (row[".egoID"], column)


def test_egor_example_equals_egor() -> None:
    paths = [SHARED / "egor" / "csv" / f"egor32_{name}.csv" for name in ("aaties", "egos", "alters")]
    assert_equal_to(SHARED / "egor" / "reference_egor_egor32_ego.csv", measured(read(paths).tables))


def test_the_folder_with_the_same_files_twice_is_read_once() -> None:
    reading = read([SHARED / "egor" / "csv"])
    assert_equal_to(SHARED / "egor" / "reference_egor_egor32_ego.csv", measured(reading.tables))
    assert sum(problem.code == "same_file" for problem in reading.problems) == 3


def test_a_survey_of_102_egos_equals_egor() -> None:
    book = SHARED / "egocentric_r_book"
    paths = [book / f"{name}.csv" for name in ("ego_data", "alter_attributes", "alter_ties")]
    assert_equal_to(book / "reference_egor_book_ego.csv", measured(read(paths).tables))


@pytest.mark.parametrize("relation", ["Close", "SexTie", "DrugTie"])
@pytest.mark.parametrize("source", ["networkCanvasExport", "peer_exporter_output_2026/radar_ten_sessions_schema8.zip"])
def test_network_canvas_tutorial_equals_egor(source: str, relation: str) -> None:
    cases = {}
    for path in (CANVAS / "networkCanvasExport").glob("*_ego.csv"):
        with path.open(encoding="utf-8") as lines:
            cases |= {row["networkCanvasEgoUUID"]: row["networkCanvasCaseID"] for row in csv.DictReader(lines)}
    reading = read([CANVAS / source, CANVAS / "IJE_RADAR_Protocol.netcanvas"], options=Options(relations={relation: None}))
    assert reading.tables.problems() == []
    assert_equal_to(CANVAS / f"reference_egor_nc_{relation}_ego.csv", measured(reading.tables), cases)


def test_the_three_exporters_of_network_canvas_are_read_alike() -> None:
    protocol = CANVAS / "IJE_RADAR_Protocol.netcanvas"
    counts = [
        read([CANVAS / source, protocol], options=Options(relations={"Close": None})).tables.counts()
        for source in ("networkCanvasExport", "peer_exporter_output", "peer_exporter_output_2026/radar_ten_sessions_schema8.zip")
    ]
    assert counts[0] == counts[1] == counts[2]


def test_the_hazardous_sessions_keep_every_name_and_text() -> None:
    tables = read([CANVAS / "peer_exporter_output_2026" / "hazard_two_sessions.zip"]).tables
    assert sorted(tables["identities"]["name"]) == ["=cmd|A1", "@home", 'Ann "Nan", O\'Neil', "Café", "line\nbreak"]
    assert "=1+1" in tables["answers"]["text"].to_list()
    assert sorted(tables["alters"]["kind"]) == ["person"] * 4 + ["place"]
    assert sorted(tables["participants"]["pseudonym"]) == ["P 1/ä", "P2"]


@pytest.mark.parametrize("layout", ["", "egoweb/"])
def test_egor_layouts_with_other_names_and_delimiters_are_read(layout: str) -> None:
    paths = [SHARED / "egor" / "extdata" / f"{layout}{name}_32.csv" for name in ("egos", "alters", "edges")]
    assert read(paths).tables.counts()["alter_ties"] == 4112
