"""Codes that stand together and new codes by interview, against looking one by one."""

from dataclasses import replace

import polars as pl

from kithwork.joint import Question, Said, answer
from kithwork.joint.tables import co_occurrence, new_codes
from tests.joint.slow import Slow
from tests.joint.studies import study_of


def test_codes_stand_together_as_the_slow_way_finds_them() -> None:
    found_any = 0
    for seed in range(40):
        tables = study_of(seed)
        slow, said = Slow(tables, Question()), Said(tables)
        codes = {code: set(slow.above(code)) for code in slow.rows.get("codes", {})}
        carried = {s["id"]: {up for c in slow.codings(s) for up in codes[c["code_id"]]} for s in slow.all("segments")}
        for unit in ("overlap", "passage"):
            wanted: dict[tuple[str, str], set[str]] = {}
            for one in slow.all("segments"):
                for other in slow.all("segments"):
                    if one["id"] == other["id"] if unit == "passage" else slow.share(one, other):
                        for row in carried[one["id"]]:
                            for column in carried[other["id"]]:
                                if row not in codes[column] and column not in codes[row]:
                                    wanted.setdefault((row, column), set()).add(one["id"])
            found = {(row, column): number for row, column, number in co_occurrence(said, unit).iter_rows()}
            assert found == {pair: len(passages) for pair, passages in wanted.items()}
            found_any += len(found)
            for (row, column), number in list(found.items())[:2]:
                question = Question(codes=(row,), rows="participant", columns="")
                where = replace(question, overlaps=(column,)) if unit == "overlap" else replace(question, together=(column,))
                asked = answer(said, where)
                assert asked.counts.filter(pl.col("row").is_null())["passages"].to_list() == [number]
    assert found_any


def test_a_code_is_new_in_the_first_interview_that_holds_it_and_every_code_is_new_once() -> None:
    for seed in range(40):
        tables = study_of(seed)
        slow, frame = Slow(tables, Question()), new_codes(Said(tables))
        seen: set[str] = set()
        for row in frame.to_dicts():
            here = [s for s in slow.all("segments") if slow.document(s)["interview_id"] == row["interview_id"]]
            own = {coding["code_id"] for segment in here for coding in slow.codings(segment)}
            assert (row["codes"], row["new"]) == (len(own), len(own - seen))
            seen |= own
            assert row["so_far"] == len(seen)
