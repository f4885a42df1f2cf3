"""Moves from kind to kind against a slow walk over each person's maps; and states that are never grouped together."""

from collections import Counter
from itertools import pairwise

import pytest

from kithwork.figures.kinds_flow import LANES, placed
from kithwork.formats.demo import demo_tables
from kithwork.measures.typology import kinds_of_network, measured_types, move_counts, structural_types, type_moves
from kithwork.model.errors import SelectionError
from tests.oracles.studies import random_study


def slow_moves(tables, stem: str) -> list[tuple]:
    """(participant, wave, next wave with a map, label, label then), walking from map to map."""
    frame = kinds_of_network(tables)
    by_person: dict[str, list[tuple[int, str | None]]] = {}
    for one in frame.iter_rows(named=True):
        if one["state"] == "everyday":
            by_person.setdefault(one["participant"], []).append((one["wave"], one[f"{stem}_type"]))
    found = []
    for person, maps in by_person.items():
        maps.sort()
        found += [(person, a, b, x, y) for (a, x), (b, y) in pairwise(maps)]
    return found


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("stem", ["people", "all_kinds"])
def test_moves_are_those_of_a_slow_walk(seed: int, stem: str):
    tables = random_study(seed, people=8, waves=4)
    moves = type_moves(tables, stem)
    rows = moves.select("participant", "from_wave", "to_wave", "from_type", "to_type").rows()
    assert sorted(rows, key=str) == sorted(slow_moves(tables, stem), key=str)
    assert move_counts(moves)["people"].sum() == len(rows)
    counts = {tuple(row[:2]) + tuple(row[3:5]): row[5] for row in move_counts(moves).iter_rows()}
    assert counts == Counter((a, b, x, y) for _, a, b, x, y in rows)


def test_a_missed_wave_is_bridged_and_nobody_moves_into_it():
    moves = type_moves(demo_tables(participants=20))
    bridged = moves.filter(moves["waves_missed"] > 0)
    assert not bridged.is_empty()
    assert (bridged["to_wave"] - bridged["from_wave"] == bridged["waves_missed"] + 1).all()
    assert moves.filter(moves["from_type"].is_null() | moves["to_type"].is_null())["is_moved"].null_count() == len(
        moves.filter(moves["from_type"].is_null() | moves["to_type"].is_null())
    )


def test_every_participant_stands_once_at_each_wave_of_the_flow_and_missed_waves_on_a_lane_of_their_own():
    tables = demo_tables(participants=20)
    frame = kinds_of_network(tables).filter(state="everyday").select("participant", "wave", type="people_type")
    at = placed(tables, frame)
    assert {len(people) for people in at.values()} == {20}
    labelled = sum(lane not in LANES for people in at.values() for lane in people.values())
    assert labelled == frame["type"].count()
    missed = sum(lane == "missed" for people in at.values() for lane in people.values())
    assert missed == (tables["interviews"]["status"] == "missed").sum()


def test_labels_there_are_none_of_are_told():
    with pytest.raises(SelectionError, match="choose people or all_kinds"):
        type_moves(random_study(1), "peoples")


@pytest.mark.parametrize("types", [structural_types, lambda tables, **how: measured_types(tables, ("size",), **how)])
def test_maps_of_other_states_are_not_grouped_with_everyday_ones(types):
    tables = demo_tables(participants=29)
    frame, _ = types(tables)
    assert set(frame["state"]) == {"everyday"}
    assert frame.height == (tables["maps"]["state"] == "everyday").sum()
    crisis, made = types(tables, state="crisis")
    assert set(crisis["state"]) == {"crisis"}
    assert len(crisis) == (tables["maps"]["state"] == "crisis").sum()
    assert made.labels is None or len(made.labels) == len(crisis)
    with pytest.raises(SelectionError, match="There is no state"):
        types(tables, state="crises")
