"""Pictures of measures against a slow count from the rows: every value drawn once, none that is empty, axes that do not lie."""

import re
import xml.etree.ElementTree as ET
from itertools import pairwise
from statistics import median

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kithwork.figures import FIGURES, figure_named
from kithwork.figures.axes import axis_of
from kithwork.figures.measure_change import courses_of
from kithwork.figures.measured import drawn_of, single
from kithwork.measures import map_measures
from kithwork.model.errors import SelectionError
from kithwork.model.tables import StudyTables
from tests.figures.studies import Maker

SVG = "{http://www.w3.org/2000/svg}"
SIZES = [[3, None, 5], [1, 2, 4], [None, None, 0], [2, 2, 2], [0, 6, None]]


def study(sizes: list[list[int | None]] = SIZES) -> StudyTables:
    """A participant a row, the number of ties at each wave; None is a missed wave."""
    maker = Maker(waves=max(map(len, sizes), default=1))
    for place, row in enumerate(sizes):
        person = maker.participant(f"P{place:02}")
        named = [maker.alter(person, f"A{number}", "animal" if number % 3 else "person") for number in range(8)]
        for wave, size in enumerate(row, start=1):
            if size is None:
                maker.missed(person, wave)
            else:
                drawn = maker.held(person, wave)
                for alter in named[:size]:
                    maker.tie(drawn, alter, 1)
    return maker.tables()


sizes = st.lists(st.lists(st.one_of(st.none(), st.integers(0, 8)), min_size=3, max_size=3), min_size=1, max_size=8)


def at_waves(rows: list[list[int | None]]) -> list[list[int]]:
    return [[size for size in column if size is not None] for column in zip(*rows, strict=True)]


def inside(svg: str, which: str) -> list[ET.Element]:
    return [found for found in ET.fromstring(svg).iter(f"{SVG}g") if found.get("class") == which]


@given(sizes)
@settings(max_examples=30, deadline=None)
def test_every_value_is_a_dot_and_the_median_is_told(rows: list[list[int | None]]) -> None:
    svg = figure_named("measure_by_wave").draw(study(rows), ("size",))
    waves = inside(svg, "wave")
    assert [len(wave.findall(f"{SVG}circle")) for wave in waves] == [len(found) for found in at_waves(rows)]
    for wave, found in zip(waves, at_waves(rows), strict=True):
        said = wave.findtext(f"{SVG}title") or ""
        assert f"median {median(found):.2f}".replace(".00", "").replace(".50", ".50") in said if found else "no maps" in said


@given(sizes)
@settings(max_examples=30, deadline=None)
def test_a_line_joins_only_waves_that_follow_each_other(rows: list[list[int | None]]) -> None:
    tables = study(rows)
    svg = figure_named("measure_change").draw(tables, ("size",))
    pairs = [(a, b) for row in rows for a, b in pairwise(row) if a is not None and b is not None]
    paths = "".join(path.get("d") or "" for path in ET.fromstring(svg).iter(f"{SVG}path"))
    assert paths.count("L") == len(pairs)
    higher, lower = sum(b > a for a, b in pairs), sum(b < a for a, b in pairs)
    said = f"the later {higher} higher, {lower} lower, {len(pairs) - higher - lower} the same."
    assert said in svg if pairs else "Nobody has a value at two waves" in svg
    drawn = drawn_of(tables, ("size",))
    seen = [row for row in rows if any(size is not None for size in row)]
    assert sorted(map(str, courses_of(drawn, single(drawn, "size")))) == sorted(
        str([None if size is None else float(size) for size in row]) for row in seen
    )


def test_maps_without_a_value_are_counted_with_their_reasons_and_not_drawn() -> None:
    tables = study()
    column = map_measures(tables, measures=("density",)).columns[0]
    empty = sum(1 for value in column.values if value != value)
    assert empty
    for name in ("measure_by_wave", "measure_change"):
        svg = figure_named(name).draw(tables, ("density",))
        assert f"{empty} not drawn, as the value is empty" in re.sub(r"</text><text[^>]*>", " ", svg)
    against = figure_named("measure_against").draw(tables, ("size", "density"))
    assert sum("<circle" in part for part in re.split(r"(?=<circle)", against)) <= len(column.values) - empty
    assert f"{empty} not drawn" in against


def test_dots_of_maps_at_one_place_are_as_large_as_their_number() -> None:
    svg = figure_named("measure_against").draw(study([[2], [2], [2], [2], [5]]), ("size", "size_person"))
    radii = sorted(float(dot.get("r") or 0) for dot in inside(svg, "wave")[0].findall(f"{SVG}circle"))
    assert radii == pytest.approx([radii[0], 2 * radii[0]])


def test_each_kind_has_a_line_at_each_wave_in_the_order_of_the_kinds() -> None:
    svg = figure_named("measure_by_category").draw(study(), ("size_by_kind",))
    labels = [found.findtext(f"{SVG}title") or "" for found in inside(svg, "category")]
    kinds = [label.split(":")[1].strip() for label in labels]
    assert kinds[:2] == ["person", "animal"]
    assert kinds == kinds[: len(kinds) // 3] * 3
    assert figure_named("measure_by_category").draw(study(), ("size_animal",)) == svg


@given(st.lists(st.floats(-1e6, 1e6), max_size=20), st.sampled_from([(0, 1), (-1, 1), (0, None), (None, None)]), st.booleans())
def test_an_axis_holds_every_value_and_zero_and_its_numbers_are_where_they_stand(
    values: list[float], bounds: tuple[float | None, float | None], is_whole: bool
) -> None:
    if bounds[1] is not None:
        values = [max(min(value / 1e6, 1), bounds[0] or 0) for value in values]
    axis = axis_of(values, bounds, is_whole=is_whole)
    assert axis.low <= 0 <= axis.high
    assert all(-1e-9 <= axis.share(value) <= 1 + 1e-9 for value in values)
    written = [float(axis.words(tick).replace(",", "")) for tick in axis.ticks]
    assert written == pytest.approx(axis.ticks, abs=axis.step * 1e-6)
    assert 2 <= len(axis.ticks) <= 15


def test_a_measure_that_cannot_be_drawn_is_refused_in_a_sentence() -> None:
    tables = study()
    for name, measures, said in (
        ("measure_by_wave", ("sise",), "size"),
        ("measure_by_wave", ("size_by_kind",), "choose one"),
        ("measure_against", ("size",), "two measures"),
        ("measure_by_category", ("density",), "has no column a kind"),
    ):
        with pytest.raises(SelectionError, match=said):
            figure_named(name).draw(tables, measures)
    with pytest.raises(SelectionError, match="everyday"):
        figure_named("measure_by_wave").draw(tables, ("size",), state="everday")


@pytest.mark.parametrize("name", [name for name, figure in FIGURES.items() if figure.needs == "measures"])
def test_a_study_without_maps_is_drawn_without_values(name: str) -> None:
    maker = Maker()
    maker.participant("Zebedee")
    names = {"measure_against": ("size", "density"), "measure_by_category": ("size_by_kind",)}.get(name, ("size",))
    svg = figure_named(name).draw(maker.tables(), names)
    ET.fromstring(svg)
    assert "style=" not in svg
    assert "Zebedee" not in svg
