"""Words of a text that nobody let go are in no file of any format, whoever asks for free text."""

import io
import zipfile

import polars as pl
import pytest

from kithwork import formats
from kithwork.model.ids import new_id
from kithwork.model.rows import Row
from kithwork.model.tables import StudyTables
from tests.formats.qda.test_traps import AT

HOLDING = [each.name for each in formats.FORMATS if each.write and each.holds_texts]


def row(**values: object) -> Row:
    return {"id": new_id(), **values}


def study(first: Row, second: Row, replacements: list[Row]) -> StudyTables:
    """One text in two versions, each with a coded passage; the first names somebody."""
    document, code, coder = row(title="D", document_kind="transcript"), row(name="c"), row(name="First")
    versions = [{**row(document_id=document["id"], number=number), **given} for number, given in enumerate((first, second), 1)]
    segments = [row(revision_id=each["id"], start=0, stop=len(each["text"]), quotation=each["text"], is_lost=False) for each in versions]
    codings = [row(segment_id=each["id"], code_id=code["id"], coder_id=coder["id"]) for each in segments]
    memos = [row(segment_id=segments[0]["id"], text="NAMED in a memo")]
    told = [{**each, "revision_id": versions[1]["id"]} for each in replacements]
    rows = {"documents": [document], "codes": [code], "coders": [coder], "revisions": versions, "segments": segments, "codings": codings}
    return StudyTables.from_rows({**rows, "memos": memos, "replacements": told})


def words(name: str, tables: StudyTables, **how: bool) -> str:
    """Everything the files of a format say."""
    found = []
    for file, data in formats.write(tables, name, with_personal_text=True, **how).files.items():
        if file.endswith(".parquet"):
            found.append(str(pl.read_parquet(io.BytesIO(data)).rows()))
        elif zipfile.is_zipfile(io.BytesIO(data)):
            with zipfile.ZipFile(io.BytesIO(data)) as members:
                found += [members.read(member).decode("utf-8", "replace") for member in members.namelist()]
        elif not file.endswith(".pdf"):
            found.append(data.decode("utf-8", "replace"))
    return " ".join(found)


@pytest.mark.parametrize("name", HOLDING)
def test_a_version_in_which_names_were_found_later_stays_though_it_was_signed_off(name: str) -> None:
    replacement = row(what="name", start=0, stop=5, original="NAMED", replacement="[Friend 1]")
    tables = study({"text": "NAMED came", "signed_off_at": AT}, {"text": "[Friend 1] came", "signed_off_at": AT}, [replacement])
    said = words(name, tables)
    assert "NAMED" not in said
    assert "[Friend 1] came" in said


@pytest.mark.parametrize("name", HOLDING)
def test_a_version_nobody_signed_off_stays_unless_it_is_asked_for(name: str) -> None:
    tables = study({"text": "open words", "signed_off_at": AT}, {"text": "NAMED again"}, [])
    assert "NAMED again" not in words(name, tables)
    assert "open words" in words(name, tables)
    assert "NAMED again" in words(name, tables, include_unsigned=True)


@pytest.mark.parametrize("name", HOLDING)
def test_a_correction_that_replaced_no_name_leaves_the_earlier_version_as_it_was(name: str) -> None:
    correction = row(what="edit", start=0, stop=4, original="open", replacement="Open")
    assert "open words" in words(name, study({"text": "open words", "signed_off_at": AT}, {"text": "Open words"}, [correction]))


def test_passages_that_stay_behind_are_counted_and_told_only_where_there_are_any() -> None:
    behind = "1 coding(s) of texts nobody signed off stay behind; --include-unsigned keeps them."
    signed = {"text": "open words", "signed_off_at": AT}
    for second, expected in (({"text": "NAMED again"}, True), ({"text": "more words", "signed_off_at": AT}, False)):
        losses = formats.write(study(signed, second, []), "segments", with_personal_text=True).losses
        assert (behind in losses) == expected, losses
        assert any("stay behind" in loss for loss in losses) == expected, losses
