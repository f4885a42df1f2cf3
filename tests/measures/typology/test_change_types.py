"""How networks move across the waves, by rule."""

import pytest

from kithwork.measures.typology import CHANGE_TYPES, change_types
from kithwork.model.tables import StudyTables
from tests.oracles.studies import Maker, random_study


def told(*maps: str | None, **more) -> dict:
    """One person whose maps name alters by letters; None is a missed wave."""
    maker = Maker()
    person = maker.person("P1")
    alters = {letter: maker.alter(person) for letter in sorted({letter for named in maps for letter in named or ""})}
    for number, named in enumerate(maps):
        wave = maker.wave(number + 1, 6.0 * number)
        if named is None:
            maker.add("interviews", participant_id=person, wave_id=wave, status="missed")
            continue
        drawn = maker.map(person, wave)
        for letter in named:
            maker.tie(drawn, alters[letter])
        if number + 1 == more.get("suspended"):
            maker.add("fates", map_id=drawn, alter_id=alters["a"], fate="suspended")
    return change_types(maker.tables()).row(0, named=True)


@pytest.mark.parametrize(
    ("maps", "wanted"),
    [
        (("abcdef", "abcdef"), "stable_core"),
        (("abcdef", "abcdeg", "abcdfg"), "stable_core"),
        (("abcd", "abcdef"), "expanding"),
        (("abcdef", "abc"), "contracting"),
        (("abcdef", "ghijkl"), "replacing"),
        (("abcdef", "ab", "abcdef"), "dip_and_return"),
        (("abcdef", "ab", "abghijk"), "fluctuating"),
        (("ab", "abcdef", "ab"), "fluctuating"),
        (("", "abc"), "expanding"),
    ],
)
def test_each_rule_gives_its_type(maps: tuple[str, ...], wanted: str):
    found = told(*maps)
    assert (found["change_type"], found["change_label"]) == (wanted, CHANGE_TYPES[wanted])


def test_a_dip_in_which_a_tie_was_set_aside_in_a_crisis_is_told_as_such():
    assert told("abcdef", "ef", "abcdef", suspended=2)["change_type"] == "crisis_dip_and_return"


def test_a_missed_wave_is_no_dip():
    found = told("abcdef", None, "abcdef")
    assert (found["change_type"], found["maps"], found["months"]) == ("stable_core", 2, 12.0)


def test_one_map_or_nothing_named_has_no_type_but_a_reason():
    assert told("abc", None)["why"] == "there are fewer than two everyday maps"
    assert told("", "")["why"] == "nothing is named on any map"


def test_a_label_that_flips_with_the_rule_is_borderline():
    found = told("abcdefg", "abcdefgh")  # one in eight
    assert (found["change_type"], found["change_near"]) == ("stable_core", "expanding with a step of 0.1")


@pytest.mark.parametrize("seed", range(6))
def test_every_person_has_a_type_or_a_reason(seed: int):
    frame = change_types(random_study(seed, people=6))
    assert (frame["change_type"].is_null() == frame["why"].is_not_null()).all()
    assert change_types(StudyTables()).is_empty()
