"""The map pictures: geometry, one group an alter, hostile words, gaps."""

import json
import math
import re
import xml.etree.ElementTree as ET
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kithwork.figures import FIGURES, figure_named
from kithwork.figures.maps_side_by_side import maps_side_by_side
from kithwork.figures.positions import labels_beside
from kithwork.figures.support_map import support_map
from kithwork.figures.svg import cut, text_width, tidy
from kithwork.model.errors import SelectionError
from kithwork.model.schema import KINDS
from kithwork.model.tables import StudyTables
from tests.figures.studies import Maker, crowded, eventful

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = [
    "<script>alert(1)</script>", "]]> & <!-- -->", '" onload="x', "\u202edlrow olleh", "أختي الكبرى",
    "👩‍👩‍👧‍👦🐈", "long " * 60, "a\nb\tc", "\x1b[31m\x08", "#let x = 1 $ ",
]  # fmt: skip


def alters_of(svg: str) -> list[ET.Element]:
    return [group for group in ET.fromstring(svg).iter(f"{SVG}g") if "alter" in (group.get("class") or "").split()]


def centre(group: ET.Element) -> tuple[float, float]:
    shape = next(path for path in group.iter(f"{SVG}path"))
    x, y = re.findall(r"translate\(([-\d.e]+) ([-\d.e]+)\)", shape.get("transform", ""))[0]
    return float(x), float(y)


def drawings(tables: StudyTables, participant: str, map_id: str) -> dict[str, str]:
    subject = {"map": (tables, map_id), "participant": (tables, participant), "study": (tables,)}
    subject["measures"] = (tables, ("size_by_kind",))
    two = {"measure_against": ("size", "density"), "measure_by_wave": ("size",), "measure_change": ("size",)}
    return {name: figure.draw(*((tables, two[name]) if name in two else subject[figure.needs])) for name, figure in FIGURES.items()}


def test_every_kind_has_its_own_shape_and_a_colour_that_holds_on_white() -> None:
    kinds = json.loads(files("kithwork.figures").joinpath("kinds.json").read_text())
    assert list(kinds) == list(KINDS)
    assert {kind: look["label"] for kind, look in kinds.items()} == KINDS
    assert len({look["path"] for look in kinds.values()}) == len(kinds)
    greys = []
    for look in kinds.values():
        channels = [int(look["color"][at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
        luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
        assert 1.05 / (luminance + 0.05) >= 3
        greys.append(luminance ** (1 / 3))
    assert min(b - a for a, b in zip(sorted(greys), sorted(greys)[1:], strict=False)) > 0.03  # apart in greyscale too


@pytest.mark.parametrize("alters", [0, 1, 5, 25, 60])
def test_each_alter_appears_exactly_once_on_its_map(alters: int) -> None:
    tables, _, map_id = crowded(alters, unplaced=min(2, alters))
    groups = alters_of(support_map(tables, map_id))
    assert sorted(int(group.get("data-alter", "")) for group in groups) == list(range(1, alters + 1))
    assert sum("unplaced" in (group.get("class") or "").split() for group in groups) == min(2, alters)


@given(circle=st.integers(1, 5), angle=st.floats(0, 360), share=st.floats(0.01, 1))
@settings(max_examples=60, deadline=None)
def test_a_tie_stands_at_its_angle_clockwise_from_twelve_and_its_share_of_the_outermost_radius(
    circle: int, angle: float, share: float
) -> None:
    maker = Maker(circles=3)
    person = maker.participant()
    drawn = maker.held(person, 1)
    distance = min((circle - 1 + share) / 5, 1)
    maker.tie(drawn, maker.alter(person, "Sister"), circle, angle, distance)
    svg = support_map(maker.tables(), drawn)
    rings = [ring for ring in ET.fromstring(svg).iter(f"{SVG}circle") if ring.get("fill") in ("none", "#f5f7fa")]
    outermost = max(rings, key=lambda ring: float(ring.get("r", 0)))
    cx, cy, radius = (float(outermost.get(name, 0)) for name in ("cx", "cy", "r"))
    x, y = centre(alters_of(svg)[0])
    assert math.hypot(x - cx, cy - y) / radius == pytest.approx(distance, abs=1e-3)
    assert x == pytest.approx(cx + radius * distance * math.sin(math.radians(angle)), abs=0.02)
    assert y == pytest.approx(cy - radius * distance * math.cos(math.radians(angle)), abs=0.02)


def test_a_tie_without_a_recorded_position_stands_in_its_circle_and_the_picture_says_so() -> None:
    maker = Maker()
    person = maker.participant()
    drawn = maker.held(person, 1)
    for place in range(9):
        maker.tie(drawn, maker.alter(person, f"A{place}"), place % 3 + 1)
    svg = support_map(maker.tables(), drawn)
    assert "Only circles were recorded" in svg
    assert "Only circles" not in support_map(*crowded(5)[::2])
    shares = sorted(round(math.hypot(x - 450, y - 366) / 300, 2) for x, y in map(centre, alters_of(svg)))
    assert shares == pytest.approx([1 / 6] * 3 + [1 / 2] * 3 + [5 / 6] * 3, abs=0.01)


@pytest.mark.parametrize("name", list(FIGURES))
def test_hostile_words_are_shown_as_words_and_never_as_markup(name: str) -> None:
    maker = Maker()
    maker.rows["circles"][0]["label"] = HOSTILE[0]
    maker.rows["waves"][0]["label"] = HOSTILE[2]
    person = maker.participant(HOSTILE[1])
    drawn = maker.held(person, 1)
    for place, label in enumerate(HOSTILE):
        maker.tie(drawn, maker.alter(person, label), place % 3 + 1, place * 40.0, 0.2 + place * 0.08)
    svg = drawings(maker.tables(), person, drawn)[name]
    root = ET.fromstring(svg)
    found = {element.tag.removeprefix(SVG) for element in root.iter()}
    assert found <= {"svg", "title", "desc", "rect", "g", "circle", "line", "path", "text"}
    attributes = {attribute for element in root.iter() for attribute in element.attrib}
    assert not {attribute for attribute in attributes if attribute.startswith("on") or attribute in ("style", "href")}
    assert "\u202e" not in svg
    assert "url(" not in svg


def test_a_long_name_is_cut_on_the_picture_and_whole_in_its_title() -> None:
    maker = Maker()
    person = maker.participant()
    drawn = maker.held(person, 1)
    maker.tie(drawn, maker.alter(person, "x" * 300), 1, 10.0, 0.2)
    group = alters_of(support_map(maker.tables(), drawn))[0]
    assert group.findtext(f"{SVG}title") == "x" * 300 + " (person)"
    shown = group.findtext(f"{SVG}text") or ""
    assert shown.endswith("…")
    assert len(shown) < 40


@pytest.mark.parametrize("name", list(FIGURES))
def test_a_picture_that_leaves_the_house_holds_no_row_id_and_is_always_the_same(name: str) -> None:
    tables, person = eventful()
    map_id = tables["maps"]["id"][0]
    svg = drawings(tables, person, map_id)[name]
    ids = {row["id"] for table in tables.frames for row in tables.rows(table)}
    assert not ids & set(re.findall(r"[0-9a-f-]{36}", svg))
    assert svg == drawings(tables, person, map_id)[name]


@pytest.mark.parametrize("name", list(FIGURES))
def test_every_picture_has_a_title_a_description_and_the_synthetic_mark(name: str) -> None:
    tables, person = eventful()
    svg = drawings(tables, person, tables["maps"]["id"][0])[name]
    root = ET.fromstring(svg)
    assert root.get("role") == "img"
    assert root.findtext(f"{SVG}title")
    assert root.findtext(f"{SVG}desc")
    assert "Synthetic study" in svg


def test_for_the_page_the_same_alter_carries_the_same_id_in_every_map() -> None:
    tables, person = eventful(missed=None)
    marks = [group.get("data-alter") for group in alters_of(maps_side_by_side(tables, person, is_for_page=True))]
    assert sorted(str(mark) for mark in marks) == sorted(tables["ties"]["alter_id"].to_list())


def test_names_are_shown_only_when_asked_for() -> None:
    maker = Maker()
    person = maker.participant()
    drawn, alter = maker.held(person, 1), maker.alter(person, "Sister 1")
    maker.tie(drawn, alter, 1, 10.0, 0.2)
    maker.add("identities", alter_id=alter, name="Orla")
    tables = maker.tables()
    for name in ("support_map", "maps_side_by_side", "presence_timeline"):
        draw, subject = FIGURES[name].draw, drawn if name == "support_map" else person
        assert "Orla" not in draw(tables, subject)
        assert "Orla" in draw(tables, subject, names=True)


def test_a_missed_wave_is_a_gap_with_its_reason_and_no_map() -> None:
    tables, person = eventful(missed=2)
    svg = maps_side_by_side(tables, person)
    panels = [group for group in ET.fromstring(svg).iter(f"{SVG}g") if "panel" in (group.get("class") or "")]
    assert len(panels) == 3
    gap = ET.tostring(panels[1], encoding="unicode")
    assert "in hospital" in gap
    assert "alter" not in gap


def test_a_recorded_non_tie_between_alters_is_not_drawn() -> None:
    maker = Maker()
    person = maker.participant()
    drawn = maker.held(person, 1)
    one, other, third = (maker.tie(drawn, maker.alter(person, f"A{at}"), 1, at * 90.0, 0.2) for at in range(3))
    maker.add("alter_ties", map_id=drawn, from_tie_id=one, to_tie_id=other, relation="knows", weight=0.0)
    maker.add("alter_ties", map_id=drawn, from_tie_id=one, to_tie_id=third, relation="knows")
    maker.add("alter_ties", map_id=drawn, from_tie_id=third, to_tie_id=one, relation="supports")
    group = next(g for g in ET.fromstring(support_map(maker.tables(), drawn)).iter(f"{SVG}g") if g.get("class") == "alter-ties")
    assert len(group) == 1


@pytest.mark.parametrize("alters", [5, 25, 60])
def test_labels_keep_out_of_each_others_way(alters: int) -> None:
    tables, _, map_id = crowded(alters, seed=3, unplaced=0)
    boxes = []
    for group in alters_of(support_map(tables, map_id)):
        text = next(group.iter(f"{SVG}text"))
        x, y, size = (float(text.get(name, 0)) for name in ("x", "y", "font-size"))
        boxes.append((x, y - size * 0.7, x + text_width(text.text or "", size), y + size * 0.2))
    clashes = sum(a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3] for at, a in enumerate(boxes) for b in boxes[:at])
    assert clashes == 0


def test_label_places_stay_inside_the_bounds() -> None:
    corners = labels_beside([(5.0, 5.0), (95.0, 95.0)], [(30.0, 10.0)] * 2, 4, (0, 0, 100, 100))
    assert all(0 <= left <= 70 and 0 <= top <= 90 for left, top in corners)


@given(st.text(max_size=40), st.floats(20, 200))
@settings(deadline=None)
def test_cut_text_fits_its_width_and_is_on_one_line(text: str, width: float) -> None:
    shown = cut(text, 12, width)
    assert text_width(shown, 12) <= width
    assert "\n" not in shown
    assert shown == tidy(text) or shown.endswith("…")


def test_an_unknown_figure_is_refused_with_a_near_name() -> None:
    with pytest.raises(SelectionError, match="circle_flow"):
        figure_named("circle_flw")
    with pytest.raises(SelectionError):
        support_map(*crowded(1)[:2])


def test_every_figure_stands_in_the_documents() -> None:
    page = (Path(__file__).parents[2] / "docs" / "figures.md").read_text(encoding="utf-8")
    assert [name for name in FIGURES if f"\n| `{name}` |" not in page] == []
