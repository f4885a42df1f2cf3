"""Change between maps: the story and the flow against a slow count; a missed wave never makes a loss."""

import re
import xml.etree.ElementTree as ET
from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kithwork.figures.attrition_flow import attrition_flow
from kithwork.figures.change import CAME, STAYED, WENT, steps
from kithwork.figures.change_story import change_story, spelled
from kithwork.figures.circle_flow import circle_flow, lanes_by_wave
from kithwork.figures.course import course
from kithwork.figures.presence_timeline import MARKS, presence
from kithwork.figures.wave_summary import kinds_by_wave, size_by_wave
from kithwork.model.schema import TABLES
from kithwork.model.tables import StudyTables
from tests.figures.studies import Maker, eventful

studies = st.builds(
    eventful,
    st.integers(0, 10_000),
    st.integers(0, 20),
    st.sampled_from([None, 1, 2, 3]),
    st.integers(1, 5),
)


def slow_circles(tables: StudyTables) -> list[dict[str, int | None]]:
    """Alter → circle for each map there is, in order of waves, straight from the rows."""
    wave_of = {row["id"]: row["position"] for row in tables["waves"].to_dicts()}
    at = {row["id"]: wave_of[row["wave_id"]] for row in tables["interviews"].to_dicts()}
    maps = sorted(tables["maps"].to_dicts(), key=lambda row: at[row["interview_id"]])
    return [{tie["alter_id"]: tie["circle"] for tie in tables["ties"].to_dicts() if tie["map_id"] == row["id"]} for row in maps]


@given(studies)
@settings(max_examples=40, deadline=None)
def test_what_became_of_ties_equals_a_slow_count(study: tuple[StudyTables, str]) -> None:
    tables, person = study
    circles = slow_circles(tables)
    found = steps(course(tables, person))
    assert len(found) == max(len(circles) - 1, 0)
    for step, old, new in zip(found, circles, circles[1:], strict=False):
        counts = step.counts()
        both = old.keys() & new.keys()
        assert sum(counts[code] for code in STAYED) == len(both)
        assert sum(counts[code] for code in CAME) == len(new.keys() - old.keys())
        assert sum(counts[code] for code in WENT) == len(old.keys() - new.keys())
        placed = [(old[a], new[a]) for a in both if old[a] and new[a]]
        assert counts["nearer"] == sum(b < a for a, b in placed)
        assert counts["farther"] == sum(b > a for a, b in placed)
        assert counts["same"] == sum(old[a] == new[a] for a in both)


@given(studies)
@settings(max_examples=40, deadline=None)
def test_the_story_says_the_numbers_of_a_slow_count(study: tuple[StudyTables, str]) -> None:
    tables, person = study
    circles, story = slow_circles(tables), change_story(tables, person)
    stayed = [sentence for sentence in story if sentence.startswith("Between")]
    assert [re.findall(r", (\w+) ties? stayed", sentence)[0] for sentence in stayed] == [
        spelled(len(old.keys() & new.keys())) for old, new in pairwise(circles)
    ]
    came = [len(new.keys() - old.keys()) for old, new in pairwise(circles)]
    said = [sentence.split()[0].lower() for sentence in story if "came onto the map" in sentence]
    assert said == [spelled(count) for count in came if count]


@given(studies)
@settings(max_examples=40, deadline=None)
def test_a_missed_wave_changes_nothing_that_is_counted(study: tuple[StudyTables, str]) -> None:
    tables, person = study
    missed = set(tables["interviews"].filter(status="missed")["wave_id"].to_list())
    frames = {
        **tables.frames,
        "waves": tables["waves"].filter(~tables["waves"]["id"].is_in(missed)),
        "interviews": tables["interviews"].filter(status="held"),
    }
    without = StudyTables({name: frame for name, frame in frames.items()})  # noqa: C416 - a copy
    assert [s.became for s in steps(course(tables, person))] == [s.became for s in steps(course(without, person))]
    told = course(tables, person)
    for alter in told.alters:
        pattern = presence(told, alter)
        assert [mark == "?" for mark in pattern] == [not seen.is_seen for seen in told.occasions]


@given(studies)
@settings(max_examples=30, deadline=None)
def test_every_alter_ever_drawn_stands_once_in_each_column_of_the_flow(study: tuple[StudyTables, str]) -> None:
    tables, person = study
    where = lanes_by_wave(course(tables, person))
    ever = set(tables["ties"]["alter_id"].to_list())
    assert all(set(found) == ever for found in where.values())
    for found, circles in zip(where.values(), slow_circles(tables), strict=True):
        on_map = Counter(lane for lane in found.values() if lane not in ("away", "later"))
        assert on_map == Counter("none" if circle is None else str(circle) for circle in circles.values())
    ET.fromstring(circle_flow(tables, person))


def test_a_tie_away_and_back_is_returned_and_fates_speak_for_the_rest() -> None:
    maker = Maker(waves=3)
    person = maker.participant()
    maps = [maker.held(person, wave) for wave in (1, 2, 3)]
    back, gone, late, new, forgotten = (maker.alter(person, label) for label in ("Back", "Gone", "Late", "New", "Forgotten"))
    for drawn, alters in zip(maps, ((back, gone, forgotten), (late,), (back, late, new)), strict=True):
        for alter in alters:
            maker.tie(drawn, alter, 1, 10.0, 0.2)
    maker.add("fates", map_id=maps[1], alter_id=gone, fate="lost", reasons=["death"])
    maker.add("fates", map_id=maps[1], alter_id=late, fate="new_forgotten")
    maker.add("fates", map_id=maps[1], alter_id=forgotten, fate="forgotten")
    first, second = steps(course(maker.tables(), person))
    assert first.became == {back: "unsaid", gone: "lost", late: "named_late", forgotten: "undrawn"}
    assert second.became == {back: "returned", late: "same", new: "new"}
    assert set(second.still_away) == {gone, forgotten}
    assert any("one lost (Gone, death)" in sentence for sentence in change_story(maker.tables(), person))


def test_circles_that_changed_between_waves_are_never_compared() -> None:
    maker = Maker(waves=2)
    maker.rows["waves"][1]["circle_version"] = 2
    for place, label in enumerate(("Close", "Wider"), start=1):
        maker.add("circles", version=2, position=place, label=label)
    person = maker.participant()
    alter = maker.alter(person, "Sister")
    maker.tie(maker.held(person, 1), alter, 3, 10.0, 0.9)
    maker.tie(maker.held(person, 2), alter, 1, 10.0, 0.2)
    tables = maker.tables()
    assert steps(course(tables, person))[0].became == {alter: "uncompared"}
    story = change_story(tables, person)
    assert any("not compared" in sentence for sentence in story)
    assert not any("nearer" in sentence for sentence in story)
    svg = circle_flow(tables, person)
    assert "not compared" in svg
    assert 'class="band"' not in svg


def test_an_interview_held_without_a_map_is_a_gap_too() -> None:
    maker = Maker(waves=1)
    person = maker.participant()
    maker.add("interviews", participant_id=person, wave_id=maker.waves[0], status="held")
    assert course(maker.tables(), person).occasions[0].gap == "Interview held, no map drawn"
    assert change_story(maker.tables(), person)[0] == "No map has been drawn yet."


def test_an_unfinished_map_is_said_to_be_unfinished() -> None:
    maker = Maker(waves=1)
    person = maker.participant()
    maker.held(person, 1, stage="recall")
    assert any("not finished yet" in sentence for sentence in change_story(maker.tables(), person))


def test_every_event_has_a_mark() -> None:
    assert sorted(event for mark in MARKS for event in mark.events) == sorted(TABLES["events"]["event"].choices)
    assert len({(mark.path, mark.is_hollow) for mark in MARKS}) == len(MARKS)


def test_the_attrition_flow_counts_held_missed_and_left() -> None:
    maker = Maker(waves=3)
    for place in range(29):
        person = maker.participant(f"P{place:02}", status="withdrawn" if place == 28 else "enrolled")
        maker.held(person, 1)
        if place == 28:
            continue
        maker.missed(person, 2, "too_unwell") if place < 3 else maker.held(person, 2)
        maker.missed(person, 3, "in_hospital") if place == 5 else maker.held(person, 3)
    svg = attrition_flow(maker.tables())
    assert "29 enrolled; 81 of 87 interviews held" in svg
    assert "Too unwell: 3" in svg
    assert "In hospital: 1" in svg
    assert "Interview 2: held 25, missed 3, left the study 1" in svg


def test_the_attrition_flow_of_a_study_that_has_only_begun_shows_who_is_enrolled() -> None:
    maker = Maker(waves=2)
    for place in range(3):
        maker.participant(f"P{place:02}")
    svg = attrition_flow(maker.tables())
    assert "3 enrolled; 0 of 6 interviews held" in svg
    assert "Enrolled: 3" in svg


def test_size_and_kinds_tell_the_numbers_of_a_slow_count() -> None:
    tables, _ = eventful()
    sizes = [len(circles) for circles in slow_circles(tables)]
    assert f"Interview 1: 1 map, median {sizes[0]} ties" in size_by_wave(tables)
    assert "Interview 2: no maps" in size_by_wave(tables)
    kind_of = {row["id"]: row["kind"] for row in tables["alters"].to_dicts()}
    counts = Counter(kind_of[alter] for alter in slow_circles(tables)[0])
    told = kinds_by_wave(tables).split("<desc>")[1].split(". ")[0]
    assert {kind: int(count) for kind, count in re.findall(r"(\w+) (\d+)(?:,|$)", told)} == counts


@pytest.mark.parametrize("draw", [size_by_wave, kinds_by_wave, attrition_flow])
def test_an_empty_study_still_has_its_pictures(draw) -> None:
    ET.fromstring(draw(StudyTables()))
    ET.fromstring(draw(Maker().tables()))


def test_the_median_is_that_of_all_maps_of_the_wave() -> None:
    maker = Maker(waves=1)
    for place, ties in enumerate((2, 3, 10)):
        person = maker.participant(f"P{place}")
        drawn = maker.held(person, 1)
        for _ in range(ties):
            maker.tie(drawn, maker.alter(person, "A"), 1)
    assert "Interview 1: 3 maps, median 3 ties, from 2 to 10" in size_by_wave(maker.tables())
