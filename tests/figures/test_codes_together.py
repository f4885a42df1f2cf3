"""Codes against codes: every number drawn is the one counted, and nothing is drawn where there can be none."""

import re

from kithwork.figures.codes_together import codes_together
from kithwork.joint import Said
from kithwork.joint.tables import co_occurrence
from kithwork.model.ids import new_id
from kithwork.model.tables import StudyTables
from tests.joint.studies import study_of


def cells(svg: str) -> dict[str, int]:
    """What resting on a cell tells: both codes → the number."""
    return {pair: int(number) for pair, number in re.findall(r"<title>([^<]*, [^<]*): (\d+)</title>", svg)}


def marked(tables: StudyTables) -> StudyTables:
    """With a name of its own for each code."""
    codes = [{**row, "name": f"code {place}"} for place, row in enumerate(tables.rows("codes"))]
    frames = StudyTables.from_rows({"codes": codes, "studies": [{"id": new_id(), "title": "t", "is_synthetic": True}]}).frames
    return StudyTables({**tables.frames, **{name: frames[name] for name in ("codes", "studies")}})


def test_every_cell_holds_its_count_and_a_code_has_none_with_itself_or_its_branch() -> None:
    drawn = 0
    for seed in range(12):
        tables = marked(study_of(seed))
        names = {row["id"]: row["name"] for row in tables.rows("codes")}
        parents = {row["id"]: row.get("parent_id") for row in tables.rows("codes")}
        for unit in ("overlap", "passage"):
            found = cells(svg := codes_together(tables, unit, is_whole=True))
            counted = {f"{names[row]}, {names[column]}": number for row, column, number in co_occurrence(Said(tables), unit).iter_rows()}
            assert {pair: number for pair, number in found.items() if number} == counted
            assert not any(f"{name}, {name}" in found for name in names.values())
            assert not any(f"{names[one]}, {names[up]}" in found for one, up in parents.items() if up in names)
            assert svg.startswith("<svg")
            drawn += len(counted)
    assert drawn


def test_a_study_without_codes_says_so() -> None:
    tables = study_of(0)
    empty = StudyTables({**tables.frames, "codes": tables["codes"].clear(), "codings": tables["codings"].clear()})
    assert "No code yet" in codes_together(empty)
