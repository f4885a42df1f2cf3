"""Waves side by side: gaps, patterns, what ego said became of an alter."""

from hypothesis import given, settings
from hypothesis import strategies as st

from kithwork.cohort import PairedWaves, cohort_of, presence_patterns
from tests.oracles.slow import SlowStudy
from tests.oracles.studies import Maker, random_study


def test_a_missed_wave_is_a_question_mark_in_the_pattern():
    maker = Maker()
    person = maker.person("P1")
    waves = [maker.wave(position) for position in (1, 2, 3)]
    steady, late = maker.alter(person), maker.alter(person, "place")
    maker.tie(maker.map(person, waves[0]), steady)
    last = maker.map(person, waves[2])
    maker.tie(last, steady)
    maker.tie(last, late)
    patterns = presence_patterns(cohort_of(maker.tables()))
    assert dict(patterns.select("alter_id", "pattern").rows()) == {steady: "1?1", late: "0?1"}
    assert dict(patterns.select("alter_id", "kind").rows()) == {steady: "person", late: "place"}


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 2**32), waves=st.integers(1, 5))
def test_patterns_equal_those_made_alter_by_alter(seed: int, waves: int):
    tables = random_study(seed, 4, waves)
    slow = SlowStudy(tables)
    wanted = {}
    for alter in slow.rows["alters"]:
        own = {m.wave["position"]: m for m in slow.maps if m.participant == slow.by_id[alter["participant_id"]]["pseudonym"]}
        signs = [
            "?" if position not in own else str(int(any(tie["alter_id"] == alter["id"] for tie in own[position].ties)))
            for position in slow.positions
        ]
        if "1" in signs:
            wanted[alter["id"]] = "".join(signs)
    assert dict(presence_patterns(cohort_of(tables)).select("alter_id", "pattern").rows()) == wanted


def test_a_gap_without_a_plan_is_told_by_the_dates_held():
    maker = Maker()
    person = maker.person("P1")
    maker.map(person, maker.wave(1), held_on="2024-01-01")
    maker.map(person, maker.wave(2), held_on="2025-01-01")
    pairs = PairedWaves.of(cohort_of(maker.tables()))
    assert [round(gap, 2) for gap in pairs.pairs["gap_months"].to_list()] == [12.02]


def test_a_map_of_a_crisis_is_not_paired_with_everyday_maps():
    maker = Maker()
    person = maker.person("P1")
    first, second = maker.wave(1), maker.wave(2)
    map_id = maker.map(person, first)
    interview = maker.rows["maps"][0]["interview_id"]
    maker.add("maps", interview_id=interview, state="crisis", stage="finished", alter_ties_asked="no")
    maker.tie(map_id, maker.alter(person))
    maker.map(person, second)
    cohort = cohort_of(maker.tables())
    assert cohort.maps["state"].to_list() == ["everyday", "crisis", "everyday"]
    assert PairedWaves.of(cohort).pairs.select("from_wave", "to_wave").rows() == [(1, 2)]


def test_people_of_the_same_wave_are_never_paired_with_each_other():
    maker = Maker()
    wave = maker.wave(1)
    for name in ("P1", "P2"):
        maker.map(maker.person(name), wave)
    assert len(PairedWaves.of(cohort_of(maker.tables()))) == 0
