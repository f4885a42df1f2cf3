"""Differences between two coders: every coding in exactly one of them, and each settled only when all of it is."""

from collections import Counter

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kithwork.measures.differences import Difference, Mark, differences, settled, tallies
from kithwork.model.errors import SelectionError

SCHEMA = {"document": pl.String, "code": pl.String, "coder": pl.String, "segment": pl.String, "start": pl.Int64, "stop": pl.Int64}
Coding = tuple[str, str, str, int, int]


def frame(codings: list[Coding]) -> pl.DataFrame:
    rows = [(document, code, coder, f"{document}:{start}-{stop}", start, stop) for document, code, coder, start, stop in codings]
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def told(codings: list[Coding]) -> list[tuple[str, str, str, list[tuple[int, int]], list[tuple[int, int]]]]:
    found = differences(frame(codings), ["d", "e"], ["A", "B"])
    return [(x.document, x.code, x.how, *([(m.start, m.stop) for m in marks] for marks in (x.first, x.second))) for x in found]


def test_the_four_ways_in_the_order_of_the_text():
    codings = [
        ("e", "x", "B", 0, 4),
        ("d", "y", "A", 30, 40),
        ("d", "x", "A", 0, 10),
        ("d", "x", "B", 0, 10),
        ("d", "x", "A", 12, 20),
        ("d", "x", "B", 15, 25),
    ]
    assert told(codings) == [
        ("d", "x", "same", [(0, 10)], [(0, 10)]),
        ("d", "x", "bounds", [(12, 20)], [(15, 25)]),
        ("d", "y", "first", [(30, 40)], []),
        ("e", "x", "second", [], [(0, 4)]),
    ]


def test_passages_that_only_touch_and_other_documents_or_codes_stay_apart():
    codings = [("d", "x", "A", 0, 5), ("d", "x", "B", 5, 9), ("e", "x", "B", 0, 5), ("d", "y", "B", 0, 5), ("f", "x", "A", 0, 5)]
    assert [how for _, _, how, *_ in told(codings)] == ["first", "second", "second", "second"]


def test_a_chain_of_overlaps_is_one_difference():
    assert told([("d", "x", "A", 0, 5), ("d", "x", "B", 4, 9), ("d", "x", "A", 8, 12)]) == [
        ("d", "x", "bounds", [(0, 5), (8, 12)], [(4, 9)])
    ]


def test_two_coders_are_needed():
    with pytest.raises(SelectionError):
        differences(frame([]), ["d"], ["A"])


CODINGS = st.lists(
    st.tuples(st.sampled_from("de"), st.sampled_from("xy"), st.sampled_from("AB"), st.integers(0, 30), st.integers(1, 8)).map(
        lambda each: (*each[:4], each[3] + each[4])
    ),
    max_size=25,
    unique=True,
)


@given(CODINGS)
def test_every_coding_is_in_one_difference_and_differences_of_a_code_never_overlap(codings: list[Coding]):
    found = differences(frame(codings), ["d", "e"], ["A", "B"])
    back = [
        (x.document, x.code, coder, m.start, m.stop)
        for x in found
        for coder, marks in zip("AB", (x.first, x.second), strict=True)
        for m in marks
    ]
    assert sorted(back) == sorted(codings)
    for one in found:
        covered = sorted({place for mark in one.marks for place in range(mark.start, mark.stop)})
        assert covered == list(range(one.start, one.stop))  # one stretch without a gap
        for other in found:
            if one is not other and (one.document, one.code) == (other.document, other.code):
                assert one.stop <= other.start or other.stop <= one.start


@given(CODINGS)
def test_tallies_are_the_differences_counted(codings: list[Coding]):
    counted = Counter((x.document, x.code, x.how) for x in differences(frame(codings), ["d", "e"], ["A", "B"]))
    assert {(d, c, how): number for d, c, how, number in tallies(frame(codings), ["d", "e"], ["A", "B"]).iter_rows()} == counted


BOTH = Difference("d", "x", (Mark("1", 0, 5),), (Mark("2", 3, 9),))


def decision(segment: str, *, is_kept: bool, at: str = "2026") -> dict:
    return {"segment_id": segment, "code_id": "x", "is_kept": is_kept, "reason": f"as {segment}", "coder_id": "c", "decided_at": at}


def test_a_difference_is_settled_when_each_of_its_passages_is():
    assert settled([BOTH], [decision("1", is_kept=True)], {}) == {}
    (one,) = settled([BOTH], [decision("1", is_kept=True), decision("2", is_kept=False)], {}).values()
    assert (one.kept, one.instead) == (("1",), ())


def test_words_instead_belong_to_the_difference_they_overlap_in_the_same_document():
    rows = [decision("1", is_kept=False), decision("2", is_kept=False), decision("3", is_kept=True, at="2027")]
    (one,) = settled([BOTH], rows, {"3": ("d", 4, 6)}).values()
    assert ([row["segment_id"] for row in one.instead], one.reason) == (["3"], "as 3")
    (one,) = settled([BOTH], rows, {"3": ("e", 4, 6)}).values()
    assert one.instead == ()
    (one,) = settled([BOTH], rows, {"3": ("d", 9, 12)}).values()
    assert one.instead == ()
