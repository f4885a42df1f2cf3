"""The demo study: of the paper's design, told without contradictions, and the same from the same seed."""

import math
import uuid
from collections import Counter
from itertools import pairwise

import polars as pl
import pytest

from kithwork.formats.demo import demo_tables
from kithwork.model.rows import Row, clean_row
from kithwork.model.schema import FATES, KINDS
from kithwork.model.tables import StudyTables

GAINED = {"new_true", "new_reactivated", "new_forgotten", "returned"}
AWAY = {"dormant", "suspended", "lost", "not_relevant"}


@pytest.fixture(scope="module")
def demo() -> StudyTables:
    return demo_tables()


def everyday(tables: StudyTables) -> dict[str, list[Row]]:
    """Each participant's everyday maps, first to last."""
    position = {row["id"]: row["position"] for row in tables.rows("waves")}
    interviews = {row["id"]: row for row in tables.rows("interviews")}
    found: dict[str, list[Row]] = {}
    for row in tables.rows("maps"):
        if row["state"] == "everyday":
            found.setdefault(interviews[row["interview_id"]]["participant_id"], []).append(row)
    for maps in found.values():
        maps.sort(key=lambda row: position[interviews[row["interview_id"]]["wave_id"]])
    return found


def test_it_is_of_the_papers_size_and_says_that_it_is_synthetic(demo: StudyTables):
    assert demo["studies"]["is_synthetic"].to_list() == [True]
    assert demo["participants"].height == 29
    assert demo["waves"]["months"].to_list() == [0, 6, 12]
    assert Counter(demo["interviews"]["status"]) == {"held": 79, "missed": 8}
    assert demo["maps"].filter(pl.col("state") == "everyday").height == 79
    assert demo["maps"].filter(pl.col("state") == "crisis").height > 0


@pytest.mark.parametrize("seed", [2029, 1, 2])
def test_eight_interviews_are_missed_each_for_another_reason(seed: int):
    interviews = demo_tables(seed)["interviews"].filter(pl.col("status") == "missed")
    assert interviews["missed_reason"].n_unique() == interviews.height == 8
    assert {"withdrawn", "died"} <= set(interviews["missed_reason"])


@pytest.mark.parametrize("seed", [2029, 1, 2])
def test_every_row_is_clean_and_the_tables_are_sound(seed: int):
    tables = demo_tables(seed)
    assert tables.problems() == []
    for name in tables.frames:
        for row in tables.rows(name):
            assert {key: value for key, value in clean_row(name, row).items() if value is not None} == row


def test_the_same_seed_gives_the_same_tables_and_another_seed_another_study():
    one, two, other = demo_tables(5), demo_tables(5), demo_tables(6)
    for name in one.frames:
        assert one.rows(name) == two.rows(name)
    assert one.rows("ties") != other.rows("ties")


def test_ids_are_uuids_of_version_seven_and_never_repeat(demo: StudyTables):
    ids = [row_id for frame in demo.frames.values() for row_id in frame["id"]]
    assert len(set(ids)) == len(ids)
    assert {(uuid.UUID(row_id).version, uuid.UUID(row_id).variant) for row_id in ids} == {(7, uuid.RFC_4122)}


def test_maps_hold_five_to_twenty_five_ties_of_all_kinds(demo: StudyTables):
    maps = demo["maps"].filter(pl.col("state") == "everyday")["id"]
    sizes = demo["ties"].filter(pl.col("map_id").is_in(maps.implode())).group_by("map_id").len()["len"]
    assert len(sizes) == 79
    assert (sizes.min(), sizes.max()) >= (5, 5)
    assert max(sizes) <= 25
    assert 9 <= sum(sizes) / len(sizes) <= 14
    assert set(demo["alters"]["kind"]) == set(KINDS)


def test_about_half_name_a_pet_and_some_ties_stand_in_no_circle(demo: StudyTables):
    owners = demo["alters"].filter(pl.col("role") == "pet")["participant_id"].n_unique()
    assert 13 <= owners <= 18
    assert demo["ties"]["circle"].is_null().sum() > 0


def test_a_place_on_the_map_lies_inside_its_circle_and_apart_from_the_others(demo: StudyTables):
    circles = demo["circles"].height
    for _, ties in demo["ties"].group_by("map_id"):
        spots = []
        for row in ties.iter_rows(named=True):
            assert (row["circle"] is None) == (row["distance"] is None) == (row["angle"] is None)
            if row["circle"] is not None:
                assert (row["circle"] - 1) / circles < row["distance"] <= row["circle"] / circles
                turn = math.radians(row["angle"])
                spots.append((row["distance"] * math.sin(turn), row["distance"] * math.cos(turn)))
        for place, spot in enumerate(spots):
            assert all(math.dist(spot, other) > 0.07 for other in spots[:place])


def test_what_became_of_each_alter_agrees_with_the_maps(demo: StudyTables):
    on_map: dict[str, set[str]] = {}
    for tie in demo.rows("ties"):
        on_map.setdefault(tie["map_id"], set()).add(tie["alter_id"])
    fates: dict[str, dict[str, str]] = {}
    for row in demo.rows("fates"):
        fates.setdefault(row["map_id"], {})[row["alter_id"]] = row["fate"]
    assert set(demo["fates"]["fate"]) == set(FATES)
    for maps in everyday(demo).values():
        assert maps[0]["id"] not in fates
        ever = set(on_map[maps[0]["id"]])
        for before, after in pairwise(maps):
            was, now, told = on_map[before["id"]], on_map[after["id"]], fates[after["id"]]
            assert set(told) == was | now
            assert {alter for alter, fate in told.items() if fate in ("kept", "forgotten")} == was & now
            assert {alter for alter, fate in told.items() if fate in AWAY} == was - now
            assert {alter for alter, fate in told.items() if fate in GAINED} == now - was
            for alter in now - was:
                assert (told[alter] == "returned") <= (alter in ever)
                assert (told[alter] in ("new_true", "new_reactivated")) <= (alter not in ever)
            ever |= now


def test_a_lost_tie_has_a_reason_and_its_replacement_is_on_the_map(demo: StudyTables):
    ties = {(row["map_id"], row["alter_id"]) for row in demo.rows("ties")}
    for row in demo.rows("fates"):
        assert row["fate"] != "lost" or row.get("reasons")
        if row.get("replaced_by_id"):
            assert "replaced" in row["reasons"]
            assert (row["map_id"], row["replaced_by_id"]) in ties


@pytest.mark.parametrize(("table", "columns"), [("ties", ["via_tie_id"]), ("alter_ties", ["from_tie_id", "to_tie_id"])])
def test_ties_join_only_what_is_on_the_same_map(demo: StudyTables, table: str, columns: list[str]):
    map_of = {row["id"]: row["map_id"] for row in demo.rows("ties")}
    for row in demo.rows(table):
        for column in columns:
            assert row.get(column) is None or map_of[row[column]] == row["map_id"]
            assert row.get(column) != row["id"]


def test_no_pair_of_alters_is_joined_twice_and_none_where_it_was_not_asked(demo: StudyTables):
    pairs = Counter((row["map_id"], frozenset((row["from_tie_id"], row["to_tie_id"]))) for row in demo.rows("alter_ties"))
    assert max(pairs.values()) == 1
    unasked = set(demo["maps"].filter(pl.col("alter_ties_asked") == "no")["id"])
    assert not unasked & set(demo["alter_ties"]["map_id"])


def test_each_tie_was_named_once_in_a_numbered_order(demo: StudyTables):
    assert demo["nominations"].height == demo["ties"].height
    named = demo["nominations"].join(demo["ties"].select(pl.col("id").alias("tie_id"), "map_id"), on="tie_id")
    for _, group in named.group_by("map_id"):
        assert sorted(group["position"]) == list(range(1, group.height + 1))
    assert set(named["phase"]) == {"recall", "reconcile", "later"}


def test_alters_have_names_apart_from_their_pseudonyms_and_participants_have_none(demo: StudyTables):
    assert demo["identities"]["alter_id"].n_unique() == demo["alters"].height == demo["identities"].height
    assert demo["identities"]["participant_id"].is_null().all()
    for column in ("pseudonym", "name"):
        frame = demo["alters"].join(demo["identities"].select(pl.col("alter_id").alias("id"), "name"), on="id")
        assert frame.group_by("participant_id").agg(pl.col(column).n_unique() == pl.len())[column].all()


def test_an_answer_is_given_only_where_the_question_was_asked(demo: StudyTables):
    wave_of = {row["id"]: row["wave_id"] for row in demo.rows("interviews")}
    interview_of = {row["id"]: row["interview_id"] for row in demo.rows("maps")}
    asked = {(row["question_id"], row["wave_id"]) for row in demo.rows("asked")}
    for row in demo.rows("answers"):
        interview = row.get("interview_id") or interview_of[row["map_id"]]
        assert (row["question_id"], wave_of[interview]) in asked


def test_places_things_and_animals_are_relied_on_no_less_than_people(demo: StudyTables):
    kinds = demo["ties"].join(demo["alters"].select(pl.col("id").alias("alter_id"), "kind"), on="alter_id")
    means = dict(kinds.group_by("kind").agg(pl.col("reliability").mean()).rows())
    assert min(means["place"], means["object"], means["animal"]) > means["person"]


@pytest.mark.parametrize(("people", "waves", "ties"), [(1, 1, 1), (1, 3, None), (2, 2, 60), (40, 6, 60), (10, 8, 3)])
def test_other_sizes_are_sound_too(people: int, waves: int, ties: int | None):
    tables = demo_tables(3, people, waves, ties)
    assert tables.problems() == []
    assert tables["interviews"].height == people * waves
    if ties:
        sizes = (
            tables["ties"]
            .join(tables["maps"].filter(pl.col("state") == "everyday").select(map_id="id"), on="map_id")
            .group_by("map_id")
            .len()
        )
        assert set(sizes["len"]) <= {ties, ties + 1}
