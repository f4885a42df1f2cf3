"""Frames as files for spreadsheets: text stays the text it is, whichever column or head it stands in; numbers stay numbers."""

import io
import re
import zipfile

import polars as pl
import pytest

from kithwork.formats.frames import frame_bytes
from kithwork.formats.reading import Notes
from kithwork.formats.sheets import read_sheet, restore
from kithwork.formats.sources import Source

TEXTS = ["=1+1", "+5", "-x", "@a", "\tx", "\rx", "'=1", "mailto:a@b.example", "http://x.example/" + "y" * 3000, "plain", "-5"]


def frame() -> pl.DataFrame:
    kinds = pl.Series("@kind", [text[:60] for text in TEXTS])
    return pl.DataFrame(
        {
            "=head": TEXTS,
            "category": kinds.cast(pl.Categorical),
            "enum": kinds.cast(pl.Enum(kinds.unique().to_list())),
            "number": [-float(at) for at in range(len(TEXTS))],
        }
    )


def test_no_text_of_a_csv_runs_and_all_come_back() -> None:
    data = frame_bytes(frame(), ".csv")
    sheet = read_sheet(Source("a.csv", data), Notes())
    assert sheet.header == ["=head", "category", "enum", "number"]
    assert [restore(cell) for cell in sheet.column("=head")] == TEXTS
    for name in ("=head", "category", "enum"):
        assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in sheet.column(name))
    assert [float(cell) for cell in sheet.column("number")] == frame()["number"].to_list()


def test_no_text_of_a_workbook_runs_or_becomes_a_link() -> None:
    fastexcel = pytest.importorskip("fastexcel")
    data = frame_bytes(frame(), ".xlsx")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
        texts = re.findall(r"<t[^>]*>([^<]*)</t>", archive.read("xl/sharedStrings.xml").decode())
    assert "<f>" not in sheet
    assert "hyperlink" not in sheet
    assert not any(text.startswith(("=", "+", "-", "@", "\t")) for text in texts)
    read = fastexcel.read_excel(data).load_sheet(0).to_polars()
    assert [restore(cell) for cell in read["'=head"]] == TEXTS
    assert read["number"].to_list() == frame()["number"].to_list()


def test_a_text_too_long_for_a_cell_is_cut_and_says_so() -> None:
    fastexcel = pytest.importorskip("fastexcel")
    long = pl.DataFrame({"a": ["x" * 32_768, "y" * 32_767, None], "b": ["short", None, "z"]})
    read = fastexcel.read_excel(frame_bytes(long, ".xlsx")).load_sheet(0).to_polars()
    assert read["a"][0].startswith("xxx")
    assert read["a"][0].endswith("take .csv]")
    assert read["a"][1:].to_list() == ["y" * 32_767, None]
    assert read["b"].to_list() == ["short", None, "z"]
