"""Codebooks, coded passages and matrices."""

from pathlib import Path

import polars as pl
import pytest
import xmlschema
from hypothesis import HealthCheck, given, settings
from lxml import etree

from kithwork.formats import codebook, write
from kithwork.formats.reading import Notes, Options
from kithwork.formats.sources import Source
from kithwork.model.errors import FormatError, SelectionError
from kithwork.model.tables import StudyTables
from tests.formats.qda.coded import AT, any_coded_study, row

SCHEMA = Path(__file__).parent / "schema" / "Codebook.xsd"
DATA = Path(__file__).parents[3] / ".." / "shared" / "data"
SOME = settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@SOME
@given(any_coded_study())
def test_a_codebook_is_valid_and_read_again_has_the_same_tree(tables: StudyTables) -> None:
    data = codebook.qdc(tables)
    etree.XMLSchema(etree.parse(str(SCHEMA))).assertValid(etree.fromstring(data))
    xmlschema.validate(data.decode(), str(SCHEMA))
    read = codebook.read([Source("a.qdc", data)], Notes())
    assert sorted(codebook.paths_of(read).values()) == sorted(codebook.paths_of(tables).values())
    assert [row["name"] for row in read.rows("themes")] == ["Theme"]


@SOME
@given(any_coded_study())
def test_every_coding_is_one_line_of_segments_and_one_count_of_each_matrix(tables: StudyTables) -> None:
    frame = codebook.segments_frame(tables, include_unsigned=True)
    assert frame.height == tables["codings"].height
    for by in ("participant", "wave", "coder", "lives_alone"):
        matrix = codebook.code_matrix(frame, by)
        total = 0 if frame.is_empty() else int(matrix.select(pl.sum_horizontal(pl.exclude("code"))).to_series().sum())
        assert total == frame.height
    signed = {r["id"] for r in tables.rows("revisions") if r.get("signed_off_at")}
    segments = {r["id"] for r in tables.rows("segments") if r["revision_id"] in signed}
    left = sum(r["segment_id"] in segments for r in tables.rows("codings"))
    assert codebook.segments_frame(tables).height == left


def test_a_formula_in_any_cell_is_defused() -> None:
    codes = [row(name="=cmd()", definition="@SUM(A1)")]
    document, coder = row(title="+1"), row(name="-2")
    revision = row(document_id=document["id"], number=1, text="=HYPERLINK(0)", signed_off_at=AT)
    segment = row(revision_id=revision["id"], start=0, stop=13, quotation="=HYPERLINK(0)")
    coding = row(segment_id=segment["id"], code_id=codes[0]["id"], coder_id=coder["id"])
    rows = {"codes": codes, "documents": [document], "coders": [coder], "revisions": [revision], "segments": [segment], "codings": [coding]}
    for name in ("segments", "refi-codebook"):
        for file, data in write(StudyTables.from_rows(rows), name, with_personal_text=True).files.items():
            if file.endswith(".csv"):
                cells = [cell.strip('"') for line in data.decode().splitlines() for cell in line.split(",")]
                assert not [cell for cell in cells if cell[:1] in ("=", "+", "-", "@") and cell], file
            elif file.endswith(".xlsx"):
                assert b"<f>" not in data


def test_an_attribute_there_is_none_of_is_said() -> None:
    with pytest.raises(SelectionError, match="gender"):
        codebook.code_matrix(pl.DataFrame(), "gendre")


@pytest.mark.skipif(not DATA.exists(), reason="the shared files are not here")
def test_taguettes_invalid_codebook_is_read_flat_or_as_a_tree() -> None:
    source = Source("codebook.qdc", (DATA / "taguette-export" / "codebook.qdc").read_bytes())
    flat = codebook.read([source], Notes())
    assert "support.practical" in codebook.paths_of(flat).values()
    treed = codebook.read([source], Notes(Options(choices={"path_in_name": "split"})))
    assert "support › practical" in codebook.paths_of(treed).values()
    assert "careful" in codebook.paths_of(treed).values()


@pytest.mark.skipif(not DATA.exists(), reason="the shared files are not here")
def test_qualcoders_codebook_with_a_byte_order_mark_is_read() -> None:
    data = (DATA / "qualcoder-export" / "Codebook-kwsample.qdc").read_bytes()
    read = codebook.read([Source("a.qdc", data)], Notes())
    assert sorted(codebook.paths_of(read).values())[:2] == ["Support", "Support › Emotional"]


def test_an_empty_codebook_is_refused_in_one_sentence() -> None:
    with pytest.raises(FormatError, match="no codes"):
        codebook.read([Source("a.qdc", b"<CodeBook/>")], Notes())
