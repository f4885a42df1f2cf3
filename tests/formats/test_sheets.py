"""Delimited text: nothing guessed, nothing run as a formula, one sentence for what cannot be read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kithwork.formats.reading import Notes, Options
from kithwork.formats.sheets import MOST_COLUMNS, Sheet, decode, defuse, read_sheet, restore, write_sheet
from kithwork.formats.sources import Source
from kithwork.model.errors import FormatError

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"))


def sheet(data: str | bytes, **choices: str) -> Sheet:
    data = data.encode() if isinstance(data, str) else data
    return read_sheet(Source("x.csv", data), Notes(Options(choices=choices)))


@given(TEXT)
def test_any_text_is_restored_exactly_after_being_defused(text: str) -> None:
    assert restore(defuse(text)) == text
    assert not defuse(text).startswith(("=", "+", "-", "@", "\t", "\r"))


@given(st.lists(st.lists(TEXT.map(lambda t: t.strip() or "x"), min_size=2, max_size=2), min_size=1, max_size=5))
def test_cells_are_the_same_after_writing_and_reading(rows: list[list[str]]) -> None:
    read = sheet(write_sheet(["a", "b"], rows))
    assert [[restore(cell) for cell in row] for row in read.rows] == rows


@pytest.mark.parametrize("start", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "'=1", "''+1"])
def test_formulas_are_written_with_a_leading_quote(start: str) -> None:
    assert b"'" + start.encode() in write_sheet(["a"], [[start]])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_unicode_is_read_in_any_of_its_encodings(encoding: str) -> None:
    text = "name,place\nZoë,Café au coin de la rue\n"
    assert sheet(text.encode(encoding)).rows == [["Zoë", "Café au coin de la rue"]]


def test_an_old_encoding_is_read_with_a_problem_line() -> None:
    notes = Notes()
    assert decode(Source("x.csv", "a\nZoë\n".encode("cp1252")), notes) == "a\nZoë\n"
    assert [problem.code for problem in notes.problems] == ["encoding"]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"a,b\n\x811,\x8d\n", "encoding"),
        (b"a,b\n1,\x002\n", "NUL"),
        (b'a,b\n1,"2\n3,4\n', "quote"),
        (b'a,b\n1,"2"3\n', "quote"),
        (b"\n\n\n", "header"),
        (b",,\n1,2,3\n", "header"),
        (b"a,a\n1,2\n", "same name"),
        (b"a,b\n1,2,3\n", "3 cells"),
        (b"a,b\n1," + b"x" * 200_000 + b"\n", "longer than"),
        (b"\xff\xfea", "UTF-16"),
        ((",".join(f"c{i}" for i in range(MOST_COLUMNS + 1)) + "\n").encode(), "columns"),
    ],
)
def test_what_cannot_be_read_is_told_in_one_sentence(data: bytes, words: str) -> None:
    with pytest.raises(FormatError, match=words) as told:
        sheet(data)
    assert "\n" not in str(told.value)
    assert str(told.value).count(".csv") == 1


def test_short_rows_are_filled_and_told() -> None:
    assert sheet("a,b,c\n1,2\n").rows == [["1", "2", ""]]
    assert sheet("a,b,c\n1,2\n", short_row="drop").rows == []


def test_long_rows_can_be_left_out() -> None:
    assert sheet("a,b\n1,2,3\n4,5\n", long_row="drop").rows == [["4", "5"]]


def test_empty_cells_at_the_end_of_a_row_are_no_flaw() -> None:
    assert sheet("a,b\n1,2,,\n").rows == [["1", "2"]]
