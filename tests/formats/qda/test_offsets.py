"""How a file counts positions is found out from its quotations, whatever it is."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kithwork.formats import refi
from kithwork.formats.offsets import Counting, Spans, calibrate, fold
from kithwork.formats.reading import Notes
from kithwork.formats.sources import Source
from tests.formats.qda.test_refi import packed

TEXT = "I: How 🙂 are you?\r\nP: Zoë said “come”, so I came 👨‍👩‍👧 over.\r\nI: e\u0301lan and\nmore words to the end of it, at last\r\n"
UNITS = {"code points": "utf-32-le", "UTF-16 units": "utf-16-le", "UTF-8 bytes": "utf-8"}
SIZES = {"code points": 4, "UTF-16 units": 2, "UTF-8 bytes": 1}
WAYS = list(itertools.product(UNITS, ["as they are", "two as one", "one as two"], [False, True], [False, True]))


def counted(text: str, at: int, unit: str, ends: str, bom: bool) -> int:
    """The slow way: make the text the other program sees, and count in it."""
    seen = text[:at]
    if ends == "two as one":
        seen = seen.replace("\r\n", "\n")
    elif ends == "one as two":
        seen = seen.replace("\r\n", "\n").replace("\n", "\r\n")
    return len((("\ufeff" if bom else "") + seen).encode(UNITS[unit])) // SIZES[unit]


@pytest.mark.parametrize(("unit", "ends", "bom", "inclusive"), WAYS)
def test_every_way_of_counting_is_found_from_the_quotations(unit: str, ends: str, bom: bool, inclusive: bool) -> None:
    text = TEXT * 2
    places = [(3, 19), (23, 41), (41, 60), (70, 95), (81, 105), (110, 140), (141, 170), (171, len(text) - 2)]
    assert not [start for pair in places for start in pair if text[start - 1 : start + 1] == "\r\n"]
    selections = [(counted(text, a, unit, ends, bom), counted(text, b, unit, ends, bom) - inclusive, fold(text[a:b])) for a, b in places]
    spans = Spans(text, has_bom=True)
    way, share = calibrate(spans, selections)
    assert share == 1.0
    assert [spans.place(way, a, b) for a, b, _ in selections] == places


@settings(max_examples=60, deadline=None)
@given(st.text(st.sampled_from("ab 🙂é\r\n"), min_size=1, max_size=40), st.data())
def test_a_place_counted_and_found_again_is_the_same_place(text: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(text)))
    if text[max(0, at - 1) : at + 1] == "\r\n":
        return
    for unit, ends, bom, _ in WAYS:
        number = counted(text, at, unit, ends, bom)
        assert Spans(text, True).place(Counting(unit, ends, bom), number, number) == (at, at)


def project(text: str, selections: list[tuple[int, int, str]], **attributes: str) -> Source:
    """A small project of another program with one source."""
    from xml.sax.saxutils import quoteattr

    guids = (f"00000000-0000-4000-8000-{number:012d}" for number in range(10, 10_000))
    chosen = "".join(
        f'<PlainTextSelection guid="{next(guids)}" name={quoteattr(name)} startPosition="{start}" endPosition="{stop}">'
        f'<Coding guid="{next(guids)}"><CodeRef targetGUID="00000000-0000-4000-8000-000000000001"/></Coding></PlainTextSelection>'
        for start, stop, name in selections
    )
    extra = "".join(f" {key}={quoteattr(value)}" for key, value in attributes.items())
    qde = (
        f'<Project name="p" origin="Other"><CodeBook><Codes><Code guid="00000000-0000-4000-8000-000000000001" name="c" '
        f'isCodable="true"/></Codes></CodeBook><Sources><TextSource guid="{next(guids)}" name="s"{extra}>{chosen}</TextSource>'
        "</Sources></Project>"
    )
    return packed({"project.qde": qde.encode(), "sources/T.txt": text.encode()})


PATH = {"plainTextPath": "internal://T.txt"}


def read(source: Source) -> tuple[list[dict], Notes]:
    notes = Notes()
    tables = refi.read([source], notes)
    return tables.rows("segments"), notes


def test_a_selection_beside_its_words_is_put_on_them_where_they_stand_once() -> None:
    segments, notes = read(
        project("one two three four five six", [(0, 9, "three four"), (4, 13, "two three"), (14, 23, "four five")], **PATH)
    )
    assert sorted((row["start"], row["stop"]) for row in segments) == [(4, 13), (8, 18), (14, 23)]
    assert [problem.code for problem in notes.problems if problem.code == "selection_moved"]


def test_a_selection_whose_words_cannot_be_told_is_listed_as_lost_and_its_coding_kept() -> None:
    segments, notes = read(
        project("aa bb aa bb, and other words here", [(1, 6, "aa bb"), (13, 24, "other words"), (90, 99, "nowhere at")], **PATH)
    )
    assert [row["quotation"] for row in segments if row.get("is_lost")] == ["aa bb", "nowhere at"]
    assert {problem.code for problem in notes.problems} >= {"selection_differs", "selection_outside"}


def test_a_text_that_was_swapped_for_another_gets_no_coding_on_other_words() -> None:
    segments, _ = read(
        project("quite another text of about the same length", [(0, 11, "I never did"), (12, 24, "say so, or I"), (3, 9, "little")], **PATH)
    )
    assert [row for row in segments if not row.get("is_lost")] == []


def test_a_name_that_is_a_label_is_placed_by_its_positions() -> None:
    segments, notes = read(project("one two three four five six", [(4, 23, "1:3")], **PATH))
    assert [row["quotation"] for row in segments] == ["two three four five"]
    assert "quotation_is_label" in {problem.code for problem in notes.problems}


@pytest.mark.parametrize("path", ["internal://T.txt", "T.txt", "sources/T.txt", "internal:/T.txt", "internal://t.TXT", "Sources/T.txt"])
def test_a_source_is_found_however_it_is_referred_to(path: str) -> None:
    segments, _ = read(project("one two three", [(4, 7, "two")], plainTextPath=path))
    assert segments[0]["quotation"] == "two"
