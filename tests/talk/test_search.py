"""What is typed into the search box, and what SQLite's full text makes of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kithwork.model.errors import StudyError
from kithwork.talk.search import Near, Phrase, parse_search


def found(typed: str, text: str) -> list[str]:
    return [text[start:stop] for start, stop in parse_search(typed).places(text)]


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


@given(st.text(alphabet="ab \"*:-/NEAR()ORNOT'", max_size=30), st.text(alphabet="ab NEAR.", max_size=60))
def test_full_text_search_finds_a_text_exactly_where_terms_have_places(typed: str, text: str):
    sqlcipher3 = pytest.importorskip("sqlcipher3")
    try:
        search = parse_search(typed)
    except StudyError:
        return
    base = sqlcipher3.connect(":memory:")
    base.execute("create virtual table talk using fts5(text, tokenize='unicode61 remove_diacritics 2')")
    base.execute("insert into talk values (?)", (text,))
    hits = base.execute("select count(*) from talk where talk match ?", (search.fts5(),)).fetchone()[0]
    base.close()
    assert bool(hits) == bool(search.places(text))
