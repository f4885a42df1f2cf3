"""Names that look alike are suggested, likeliest first, and never more than that."""

from hypothesis import given
from hypothesis import strategies as some

from kithwork.cohort.lookalikes import look_alikes, plain

NAMES = some.dictionaries(
    some.text(min_size=1, max_size=4), some.tuples(some.text(max_size=12), some.sampled_from(["person", "place"])), max_size=8
)


def pairs(named: str, known: str, kinds: tuple[str, str] = ("person", "person")) -> list:
    return look_alikes({"new": (named, kinds[0])}, {"old": (known, kinds[1])})


def test_case_accents_and_spaces_do_not_part_two_names() -> None:
    for one, other in (("ana", "Ana"), ("Zoe", "Zoë"), ("  Mr.  Khan", "mr khan"), ("Straße", "strasse")):
        (pair,) = pairs(one, other)
        assert pair.is_same
        assert pair.likeness == 1


def test_a_slip_of_the_pen_is_suggested_and_not_called_the_same() -> None:
    (pair,) = pairs("Kristina", "Christina") or pairs("Katherine", "Catherine") or pairs("Josefine", "Josephine")
    assert not pair.is_same
    assert pair.likeness < 1


def test_a_name_said_shorter_is_suggested() -> None:
    for short, long in (("Sam", "Sam from next door"), ("Bo", "Bo from next door")):
        (pair,) = pairs(short, long)
        assert not pair.is_same
    assert pairs("Al", "Ali from work") == []


def test_different_names_are_not_suggested() -> None:
    assert pairs("Ana", "Bernd") == []
    assert pairs("", "") == []
    assert pairs("?!", "...") == []


def test_another_kind_needs_the_very_same_name_and_is_not_called_the_same() -> None:
    (pair,) = pairs("Rex", "rex", ("person", "animal"))
    assert not pair.is_same
    assert pairs("Rexy", "Rexi", ("person", "animal")) == []


def test_the_very_same_come_first_and_each_has_at_most_three() -> None:
    known = {f"old {n}": (name, "person") for n, name in enumerate(["Anna", "Anne", "Annie", "Ann", "Anna B"])}
    found = look_alikes({"new": ("anna", "person")}, known)
    assert found[0].is_same
    assert found[0].same_as_id == "old 0"
    assert len(found) == 3


@given(NAMES, NAMES)
def test_any_words_at_all_give_a_likeness_between_nought_and_one(named: dict, known: dict) -> None:
    for pair in look_alikes(named, known):
        assert 0 <= pair.likeness <= 1
        assert pair.alter_id in named
        assert pair.same_as_id in known
        assert pair.alter_id != pair.same_as_id


@given(some.text(max_size=40))
def test_a_plain_name_is_plain_already(name: str) -> None:
    assert plain(plain(name)) == plain(name)
