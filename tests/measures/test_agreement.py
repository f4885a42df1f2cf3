"""Agreement between coders: published values, and a slow twin that looks at every character."""

import itertools
import math

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kithwork.measures.agreement import agreement, alpha_by_code, alpha_nominal, disagreements
from kithwork.measures.unitising import unitised_alpha
from kithwork.model.errors import SelectionError

Coding = tuple[str, str, str, int, int]
COLUMNS = {"document": pl.String, "code": pl.String, "coder": pl.String, "start": pl.Int64, "stop": pl.Int64}


def frame(codings: list[Coding]) -> pl.DataFrame:
    return pl.DataFrame(codings, schema=COLUMNS, orient="row")


def lengths(**known: int) -> pl.DataFrame:
    return pl.DataFrame({"document": list(known), "length": list(known.values())}, schema={"document": pl.String, "length": pl.Int64})


def pooled(table: pl.DataFrame, code: str = "x", unit: str = "character") -> dict:
    return table.filter(pl.col("document").is_null() & (pl.col("code") == code) & (pl.col("unit") == unit)).row(0, named=True)


def two(n: int, a: int, b: int, both: int) -> dict:
    """Two coders who coded `a` and `b` characters of `n`, `both` of them together."""
    return pooled(agreement(frame([("d", "x", "A", 0, a), ("d", "x", "B", a - both, a - both + b)]), lengths(d=n)))


# -- published values and values worked by hand ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("n", "a", "b", "both", "agreed", "kappa"),
    [
        (1000, 100, 100, 50, 0.9, 0.4444),
        (1000, 500, 400, 300, 0.7, 0.4),
        (1000, 600, 600, 360, 0.52, 0.0),
        (1000, 100, 100, 0, 0.8, -0.1111),
    ],
)
def test_kappa_by_character_has_the_values_worked_by_hand(n: int, a: int, b: int, both: int, agreed: float, kappa: float):
    row = two(n, a, b, both)
    assert row["share_agreed"] == pytest.approx(agreed)
    assert row["kappa"] == pytest.approx(kappa, abs=5e-5)
    assert row["brennan_prediger"] == pytest.approx(2 * agreed - 1)
    assert row["positive_agreement"] == pytest.approx(2 * both / (a + b))
    assert (row["prevalence"], row["bias"]) == pytest.approx(((a + b) / 2 / n, (a - b) / n))


def test_krippendorffs_published_example_of_four_coders_and_twelve_units():
    n = math.nan
    values = [
        [1, 2, 3, 3, 2, 1, 4, 1, 2, n, n, n],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, n, 3],
        [n, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, n],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, n],
    ]
    assert alpha_nominal(np.array(values)) == (pytest.approx(0.743, abs=5e-4), None)


ALEX = [(1, 7, 1), (8, 13, 2), (31, 32, 5), (33, 37, 6), (38, 44, 6), (45, 60, 7)]
PAUL = [(1, 7, 1), (8, 13, 3), (14, 21, 5), (33, 44, 6)]
SUZAN = [(1, 7, 1), (8, 13, 4), (14, 21, 5), (33, 37, 6), (38, 41, 6), (42, 44, 6)]


def test_unitised_alpha_has_the_published_values_of_the_worked_example():
    """Krippendorff 2019, figure 12.11: text of 60, ends inclusive; u .510, binary .413 (.4136 exactly), coding .724."""
    found = unitised_alpha([[(start - 1, stop, value) for start, stop, value in one] for one in (ALEX, PAUL, SUZAN)], 60)
    assert found.u == pytest.approx(0.50998, abs=5e-6)
    assert found.binary == pytest.approx(0.4136, abs=5e-5)
    assert found.coding == pytest.approx(0.724, abs=5e-4)
    assert found.by_value[7] is None  # nobody else was there


# -- what has no value ----------------------------------------------------------------------------------------------------------


def test_a_code_that_neither_used_has_no_kappa_and_says_so():
    row = pooled(agreement(frame([("d", "y", "A", 0, 5)]), lengths(d=10), coders=["A", "B"], codes=["x", "y"]))
    assert (row["kappa"], row["reason"], row["share_agreed"], row["positive_agreement"]) == (None, "never_coded", 1.0, None)


def test_a_code_that_both_put_on_everything_has_no_kappa_and_says_so():
    row = two(10, 10, 10, 10)
    assert (row["kappa"], row["reason"], row["positive_agreement"]) == (None, "all_coded", 1.0)


def test_where_one_coded_everything_and_the_other_nothing_kappa_is_zero_and_not_missing():
    row = pooled(agreement(frame([("d", "x", "A", 0, 10)]), lengths(d=10), coders=["A", "B"]))
    assert (row["kappa"], row["share_agreed"], row["reason"]) == (0.0, 0.0, None)


def test_a_document_without_units_has_no_value_at_all():
    row = pooled(agreement(frame([]), lengths(d=0), coders=["A", "B"], codes=["x"]))
    assert (row["kappa"], row["share_agreed"], row["brennan_prediger"], row["reason"]) == (None, None, None, "no_units")


@pytest.mark.parametrize("coders", [[], ["A"], ["A", "B", "C"]])
def test_kappa_is_refused_unless_coders_are_two(coders: list[str]):
    with pytest.raises(SelectionError):
        agreement(frame([]), lengths(d=5), coders=coders)
    with pytest.raises(SelectionError):
        disagreements(frame([]), lengths(d=5), coders)


def test_alphas_without_meaning_say_why():
    assert alpha_nominal(np.array([[1.0, 1.0], [1.0, 1.0]]))[1] == "one_value"
    assert alpha_nominal(np.array([[1.0, 2.0]]))[1] == "one_coder"
    assert unitised_alpha([[(0, 5, "a"), (3, 8, "b")], []], 10).reasons["u"] == "overlap"
    assert unitised_alpha([[]], 10).reasons["u"] == "one_coder"
    assert unitised_alpha([[], []], 10).reasons["u"] == "one_value"
    assert unitised_alpha([[], []], 0).reasons["u"] == "no_units"
    row = alpha_by_code(frame([]), lengths(d=5), coders=["A", "B"], codes=["x"]).row(0, named=True)
    assert (row["alpha"], row["unitised"], row["reason"]) == (None, None, "never_coded")


# -- pooling, units ----------------------------------------------------------------------------------------------------------------


def test_documents_are_pooled_by_adding_cells_and_not_by_averaging():
    codings = frame([("d", "x", "A", 0, 10), ("d", "x", "B", 0, 10), ("e", "x", "A", 0, 1)])
    table = agreement(codings, lengths(d=20, e=1000), coders=["A", "B"])
    by = {row["document"]: row for row in table.to_dicts()}
    assert by["d"]["kappa"] == 1.0
    assert by["e"]["kappa"] == 0.0
    assert by[None]["units"] == 1020
    assert by[None]["kappa"] == pytest.approx(_kappa(10, 1, 0, 1009))


def test_a_turn_is_coded_where_a_coding_touches_it_and_the_labels_of_speakers_count_nowhere():
    turns = pl.DataFrame({"document": ["d", "d", "d"], "start": [3, 13, 23], "stop": [10, 20, 30]})
    codings = frame([("d", "x", "A", 5, 14), ("d", "x", "B", 4, 5), ("d", "x", "B", 20, 23)])
    row = pooled(agreement(codings, lengths(d=30), {"turn": turns}), unit="turn")
    assert (row["units"], row["both"], row["only_first"], row["only_second"], row["neither"]) == (3, 1, 1, 0, 1)


def test_a_coders_own_overlapping_codings_count_once():
    once = agreement(frame([("d", "x", "A", 0, 10), ("d", "x", "B", 0, 8)]), lengths(d=20))
    twice = agreement(frame([("d", "x", "A", 0, 6), ("d", "x", "A", 4, 10), ("d", "x", "A", 5, 6), ("d", "x", "B", 0, 8)]), lengths(d=20))
    assert once.equals(twice)


# -- the slow twin -------------------------------------------------------------------------------------------------------------------


def _kappa(both: float, first: float, second: float, neither: float) -> float | None:
    n = both + first + second + neither
    if n == 0:
        return None
    chance = ((both + first) * (both + second) + (neither + first) * (neither + second)) / n**2
    return None if (both + first, both + second) in ((0, 0), (n, n)) else ((both + neither) / n - chance) / (1 - chance)


@st.composite
def studies(draw: st.DrawFn) -> tuple[list[Coding], dict[str, int], dict[str, list[tuple[int, int]]]]:
    documents = {name: draw(st.integers(0, 12)) for name in ("d", "e", "f")[: draw(st.integers(1, 3))]}
    units = {}
    for name, length in documents.items():
        cuts = sorted(draw(st.sets(st.integers(0, length), max_size=6)))
        units[name] = list(zip(cuts[::2], cuts[1::2], strict=False))
    codings = []
    for _ in range(draw(st.integers(0, 12))):
        document = draw(st.sampled_from(list(documents)))
        start, stop = sorted((draw(st.integers(0, documents[document])), draw(st.integers(0, documents[document]))))
        codings.append((document, draw(st.sampled_from("xy")), draw(st.sampled_from("ABC")), start, stop))
    return codings, documents, units


def slow_values(codings: list[Coding], document: str, code: str, coder: str, units: list[tuple[int, int]]) -> list[bool]:
    """Whether each unit is coded, looked up one by one."""
    own = [(start, stop) for d, c, who, start, stop in codings if (d, c, who) == (document, code, coder)]
    return [any(max(start, low) < min(stop, high) for start, stop in own) for low, high in units]


@settings(max_examples=300)
@given(studies())
def test_agreement_equals_its_slow_twin(study: tuple[list[Coding], dict[str, int], dict[str, list[tuple[int, int]]]]):
    codings, documents, units = study
    unit_frame = pl.DataFrame(
        [(name, *span) for name, spans in units.items() for span in spans],
        schema={"document": pl.String, "start": pl.Int64, "stop": pl.Int64},
        orient="row",
    )
    table = agreement(frame(codings), lengths(**documents), {"turn": unit_frame}, ["A", "B"], ["x", "y"])
    assert table.height == 2 * 2 * (1 + len(documents))
    for row in table.to_dicts():
        cells = [0, 0, 0, 0]
        for name, length in documents.items():
            if row["document"] in (None, name):
                spans = [(k, k + 1) for k in range(length)] if row["unit"] == "character" else units[name]
                one, other = (slow_values(codings, name, row["code"], who, spans) for who in "AB")
                for pair in zip(one, other, strict=True):
                    cells[[(True, True), (True, False), (False, True), (False, False)].index(pair)] += 1
        assert [row[name] for name in ("both", "only_first", "only_second", "neither")] == cells
        assert row["kappa"] == (pytest.approx(_kappa(*cells)) if _kappa(*cells) is not None else None)
        assert (row["kappa"] is None) == (row["reason"] is not None)


@settings(max_examples=200)
@given(studies())
def test_alpha_by_code_equals_alpha_of_every_character_and_unitised_alpha(study: tuple[list[Coding], dict[str, int], dict]):
    codings, documents, _ = study
    # a coder's overlapping passages are one; here none overlap, so that the general form can be asked
    apart: list[Coding] = []
    for coding in codings:
        if coding[3] < coding[4] and not any(c[:3] == coding[:3] and c[3] < coding[4] and coding[3] < c[4] for c in apart):
            apart.append(coding)
    table = alpha_by_code(frame(apart), lengths(**documents), coders=["A", "B", "C"], codes=["x", "y"])
    begins = dict(zip(documents, itertools.accumulate(documents.values(), initial=0), strict=False))
    for row in table.to_dicts():
        values = [
            [v for d, n in documents.items() for v in slow_values(apart, d, row["code"], who, [(k, k + 1) for k in range(n)])]
            for who in "ABC"
        ]
        alpha, reason = alpha_nominal(np.array(values, dtype=float))
        passages = [[(begins[d] + s, begins[d] + e, "x") for d, c, w, s, e in apart if (c, w) == (row["code"], who)] for who in "ABC"]
        whole = unitised_alpha(passages, sum(documents.values()))
        assert (row["alpha"] is None) == (reason is not None)
        assert row["alpha"] == (None if reason else pytest.approx(alpha))
        assert row["unitised"] == (None if reason else pytest.approx(whole.u))


@given(studies())
def test_disagreements_are_the_characters_that_one_coded_and_the_other_did_not(study: tuple[list[Coding], dict[str, int], dict]):
    codings, documents, _ = study
    found = {
        (row["document"], row["code"], row["coder"], place)
        for row in disagreements(frame(codings), lengths(**documents), ["A", "B"]).to_dicts()
        for place in range(row["start"], row["stop"])
    }
    expected = set()
    for (name, length), code in itertools.product(documents.items(), "xy"):
        one, other = (slow_values(codings, name, code, who, [(k, k + 1) for k in range(length)]) for who in "AB")
        expected |= {(name, code, "A" if a else "B", k) for k, (a, b) in enumerate(zip(one, other, strict=True)) if a != b}
    assert found == expected
