"""Kinds of network by rule: each rule, what is missing, near misses, and what a person said instead."""

import pytest

from kithwork.measures.typology import ALL_KINDS_TYPES, PEOPLE_TYPES, kinds_of_network
from kithwork.model.tables import StudyTables
from tests.oracles.studies import Maker, random_study

ROLES = {"F": ("sister", "person", "kin"), "R": ("friend", "person", "chosen"), "O": ("neighbour", "person", "weak")}
ROLES |= {"Pr": ("nurse", "person", "professional"), "Gp": ("choir", "group", "group"), "T": ("care_team", "group", "group")}
OTHERS = {"A": "animal", "Pl": "place", "Ob": "object", "Ac": "activity", "D": "digital"}


def drawn(*ties: str, is_asked: bool = True, said: str | None = None) -> StudyTables:
    """One map from words such as `F:weekly@1`: what it is, contact, circle."""
    maker = Maker()
    for position in (1, 2, 3):
        maker.add("circles", version=1, position=position, label=f"Circle {position}")
    for code, kind, group in ROLES.values():
        maker.add("roles", code=code, kind=kind, label=code, role_group=group)
    wave = maker.wave(1)
    if is_asked:
        question = maker.add("questions", code="contact", version=1, subject="tie", column_name="contact", wording="?")
        maker.add("asked", question_id=question, wave_id=wave)
    person = maker.person("P1")
    map_id = maker.map(person, wave)
    for tie in ties:
        what, _, circle = tie.partition("@")
        what, _, contact = what.partition(":")
        role, kind, _ = ROLES.get(what, (None, OTHERS.get(what, "person"), None))
        values = {"contact": contact or None, "circle": int(circle) if circle else None}
        maker.tie(map_id, maker.alter(person, kind, role), **values)
    if said is not None:
        for version, text in ((1, "diverse"), (2, said)):
            question = maker.add("questions", code="network_type", version=version, subject="map", wording="?", answer_kind="text")
            maker.add("answers", question_id=question, map_id=map_id, text=text)
    return maker.tables()


def row(*ties: str, **more) -> dict:
    return kinds_of_network(drawn(*ties, **more)).row(0, named=True)


@pytest.mark.parametrize(
    ("ties", "wanted", "part"),
    [
        ((), "isolated_or_professional_only", "no ties named"),
        (("Pr:weekly",), "isolated_or_professional_only", "professionals only"),
        (("T:weekly", "Pr"), "isolated_or_professional_only", "professionals only"),
        (("A:daily",), "anchored_elsewhere", "without professionals"),
        (("Pl", "Ac", "Pr"), "anchored_elsewhere", "with professionals"),
        (("F:weekly", "R:daily", "Gp"), "diverse", None),
        (("F:weekly", "R:monthly", "Gp:monthly"), "friend_family_centred", "as many family as friends"),
        (("F:daily", "F:monthly", "R:weekly", "O"), "friend_family_centred", "more family"),
        (("F:monthly", "R:monthly", "R:weekly"), "friend_family_contact", "more friends"),
        (("F:daily", "O:daily"), "friend_family_contact", "more family"),
        (("O:daily", "Gp"), "other_ties_only", None),
        (("Gp:weekly",), "other_ties_only", None),
    ],
)
def test_each_rule_gives_its_type(ties: tuple[str, ...], wanted: str, part: str | None):
    found = row(*ties)
    assert (found["people_type"], found["people_part"]) == (wanted, part)
    assert found["people_rule"].startswith("Rule ")
    assert found["people_label"] == PEOPLE_TYPES[wanted]


def test_a_small_map_held_by_other_kinds_is_never_called_isolated():
    for kind in OTHERS:
        found = row(kind)
        assert "isolated" not in found["people_type"]
        assert "solat" not in found["people_label"]


def test_a_label_that_flips_with_the_rule_is_borderline_and_says_to_what():
    found = row("F:weekly", "R:weekly", "O", "O")  # one half
    assert found["people_type"] == "friend_family_contact"
    assert found["people_near"] == "friend_family_centred with a share of 0.5"
    assert found["is_people_borderline"]
    found = row("F:daily", "F:monthly", "F:monthly")
    assert found["people_near"] == "friend_family_centred with monthly contact"
    assert not row("F:daily", "R:daily", "Gp:daily", "O")["is_people_borderline"]


def test_contact_that_was_not_answered_is_neither_regular_nor_passed_over():
    found = row("F", "R:weekly", "F")
    assert found["people_type"] == "friend_family_contact"
    assert "friend_family_centred with unanswered contact as regular" in found["people_near"]


def test_where_contact_was_not_asked_only_what_needs_none_is_told():
    found = row("F", "R", is_asked=False)
    assert (found["people_type"], found["people_why"]) == (None, "contact was not asked at this wave")
    assert row("O", is_asked=False)["people_type"] == "other_ties_only"
    assert row("X", "X")["people_why"] == "no person on this map has a role"


@pytest.mark.parametrize(
    ("ties", "wanted", "near"),
    [
        (("F@1", "R@2", "Pl@2"), "people_led", ""),
        (("A@1", "A@2", "F@3"), "animal_led", ""),
        (("Pl@1", "Ac@2", "D@1", "F@2"), "place_activity_led", ""),
        (("Pr@1", "T@1", "A@2"), "service_led", ""),
        (("F@1", "Pl@1"), "mixed", ""),
        (("F@1",) * 4 + ("Pl@1",) * 3, "people_led", "mixed with a margin of 0.15"),  # 0.143 apart
        (("F@1",) * 7 + ("Pl@1",) * 6, "mixed", "people_led with a margin of 0.05"),  # 0.077 apart
    ],
)
def test_the_sort_that_leads_the_inner_circles_gives_the_all_kinds_type(ties: tuple[str, ...], wanted: str, near: str):
    found = row(*ties)
    assert (found["all_kinds_type"], found["all_kinds_near"]) == (wanted, near)
    assert found["all_kinds_label"] == ALL_KINDS_TYPES[wanted]


def test_animals_largest_in_the_innermost_circle_are_flagged():
    assert row("A@1", "A@1", "F@1")["is_animals_most_inner"]
    assert not row("A@1", "F@1")["is_animals_most_inner"]


def test_without_a_tie_in_the_inner_circles_there_is_no_all_kinds_type():
    assert row("F@3", "Pl")["all_kinds_why"] == "no tie is in the two inner circles"


def test_what_a_person_said_stands_in_place_of_the_rule_and_is_told():
    found = row("A@1", said="friend-like, by her own word")
    assert found["people_type"] == found["people_label"] == "friend-like, by her own word"
    assert (found["people_type_by_rule"], found["is_people_overridden"]) == ("anchored_elsewhere", True)
    assert not found["is_all_kinds_overridden"]
    assert row("A", said="other_ties_only")["people_label"] == PEOPLE_TYPES["other_ties_only"]


@pytest.mark.parametrize("seed", range(10))
def test_any_study_gives_every_map_a_type_or_a_reason(seed: int):
    frame = kinds_of_network(random_study(seed, people=6))
    for stem in ("people", "all_kinds"):
        assert (frame[f"{stem}_type"].is_null() == frame[f"{stem}_why"].is_not_null()).all()
    assert kinds_of_network(StudyTables()).is_empty()


def test_the_focus_is_what_most_people_on_the_map_are():
    assert row("F", "F", "R:daily", "Pr")["people_focus"] == "family"
    assert row("R", "Pr", "Pr", "T")["people_focus"] == "professionals"
    assert row("R", "F")["people_focus"] is None
    assert row()["people_focus"] is None
