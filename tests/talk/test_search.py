"""What is typed into the search box, and where its terms stand in a text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kithwork.model.errors import StudyError
from kithwork.model.terms import Near, Phrase
from kithwork.talk.search import parse_search, places_of
from kithwork.talk.words import around


def found(typed: str, text: str) -> list[str]:
    return [text[start:stop] for start, stop in places_of(parse_search(typed), text)]


@pytest.mark.parametrize(
    ("typed", "text", "expected"),
    [
        ("sister", "My Sister, sisters, SISTER.", ["Sister", "SISTER"]),
        ("zoe", "Then Zoë came.", ["Zoë"]),
        ('"let down"', "let me down; let down.", ["let down"]),
        ("care*", "careful care scare", ["careful", "care"]),
        ("mood NEAR/2 low", "mood is low. a low b c d mood", ["mood", "low"]),
        ("sister -work", "my sister at work", []),
        ("sister work", "my sister", []),
        ('rest -"let down"', "let down, then rest", []),
        ('rest -"let down"', "down, let: rest", ["rest"]),
        ("zoës", "Zoës dog", ["Zoës"]),
        ("don't", "I DON’T know", ["DON’T"]),
        ("strasse", "Die Straße", ["Straße"]),
    ],
)
def test_terms_are_found_where_they_stand(typed: str, text: str, expected: list[str]):
    assert found(typed, text) == expected


def test_where_to_look_is_told_by_field():
    search = parse_search('trust speaker:P01 wave:2 kind:person participant:"P 1" note:this')
    assert (search.speakers, search.waves, search.kinds, search.participants) == (("P01",), ("2",), ("person",), ("P 1",))
    assert search.terms == (Phrase(("trust",)), Phrase(("note", "this")))
    assert parse_search("mood NEAR low").terms == (Near(Phrase(("mood",)), Phrase(("low",)), 8),)


@pytest.mark.parametrize("typed", ["", "  ", "-work", "!!!", '""', "speaker:P01"])
def test_nothing_to_look_for_is_said(typed: str):
    with pytest.raises(StudyError):
        parse_search(typed)


@pytest.mark.parametrize("typed", ["x " * 600, "a b c d e f g h i j k l m n o p q r s t u v w x y z 1 2 3 4 5 6 7"])
def test_too_much_to_look_for_is_said(typed: str):
    with pytest.raises(StudyError):
        parse_search(typed)


@given(st.text(max_size=60), st.text(max_size=60))
def test_anything_may_be_typed(typed: str, text: str):
    try:
        search = parse_search(typed)
    except StudyError:
        return
    assert all(0 <= start < stop <= len(text) for start, stop in places_of(search, text))


def test_words_near_each_other_are_found_in_no_time_where_one_word_is_said_over_and_over():
    assert len(places_of(parse_search("ha NEAR/3 ha"), "ha " * 10_000)) == 10_000


@given(
    st.lists(st.text("abc.", min_size=1, max_size=8), min_size=1, max_size=30),
    st.sampled_from([" ", "\n", "  "]),
    st.integers(0, 60),
    st.data(),
)
def test_what_stands_around_a_stretch_is_of_whole_words(words: list[str], space: str, most: int, data: st.DataObject) -> None:
    """The words shown on each side are whole ones next to the stretch; a mark says that more is left out."""
    text = space.join(words)
    at = data.draw(st.integers(0, len(words) - 1))
    start = len(space.join(words[:at])) + (len(space) if at else 0)
    before, after = around(text, start, start + len(words[at]), most)
    left, right = before.removeprefix("… ").split(), after.removesuffix(" …").split()
    assert left == words[at - len(left) : at]
    assert right == words[at + 1 : at + 1 + len(right)]
    assert before.startswith("… ") == (len(left) < at)
    assert after.endswith(" …") == (at + 1 + len(right) < len(words))
    assert max(len(before), len(after)) <= most + 2


def test_a_word_longer_than_what_is_shown_is_cut() -> None:
    text = "a" * 500 + "Doris" + "b" * 500
    before, after = around(text, 500, 505, 70)
    assert (before, after) == ("… " + "a" * 70, "b" * 70 + " …")
