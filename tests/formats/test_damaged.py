"""Damaged files of each format: one sentence that names the file and says what it is not."""

import io
import json
import zipfile
from pathlib import Path

import pytest
from formats.foreign import egor_files, zip_of

from kithwork.actions.imports import read_files
from kithwork.formats import write
from kithwork.formats.demo import demo_tables
from kithwork.model.errors import FormatError

WHAT = {
    "xlsx": "Excel workbook",
    "spss": "SPSS",
    "stata": "Stata",
    "parquet": "Parquet",
    "refi-qda": "REFI-QDA project",
    "easynwk": "JSON",
    "graphml": "XML",
    "gexf": "XML",
}


def largest(name: str) -> tuple[str, bytes]:
    """A file of a written study, the largest of those with the format's own ending."""
    files = write(demo_tables(participants=2, waves=2, ties=4), name).files
    own = {file: data for file, data in files.items() if not file.endswith(".csv")}
    file = max(own, key=lambda each: len(own[each]))
    return file, own[file]


@pytest.mark.parametrize("name", WHAT)
@pytest.mark.parametrize("how", ["half", "end", "noise"])
def test_a_damaged_file_is_named_and_said_not_to_be_what_it_claims(name: str, how: str, tmp_path: Path) -> None:
    if name in ("spss", "stata"):
        pytest.importorskip("pyreadstat")
    file, data = largest(name)
    (tmp_path / file).write_bytes({"half": data[: len(data) // 2], "end": data[:-40], "noise": bytes(range(1, 250)) * 9}[how])
    with pytest.raises(FormatError, match=WHAT[name]) as told:
        read_files([tmp_path / file])
    assert file in str(told.value)
    assert "\n" not in str(told.value)


def egor_zip(folder: Path) -> bytes:
    return zip_of({path.name: path.read_bytes() for path in egor_files(folder / "in")})


@pytest.mark.parametrize("how", ["half", "end", "noise", "flipped", "another name"])
def test_a_damaged_zip_is_called_one(how: str, tmp_path: Path) -> None:
    data = egor_zip(tmp_path)
    at = 60
    damaged = {
        "half": data[: len(data) // 2],
        "end": data[:-30],
        "noise": bytes(range(1, 250)) * 9,
        "flipped": data[:at] + bytes(byte ^ 255 for byte in data[at : at + 9]) + data[at + 9 :],
        "another name": data[: len(data) // 2],
    }[how]
    path = tmp_path / ("wave2.dat" if how == "another name" else "wave2.zip")
    path.write_bytes(damaged)
    with pytest.raises(FormatError, match=f"'{path.name}' is damaged and cannot be read as a whole zip"):
        read_files([path])


def test_a_protocol_alone_a_plain_json_and_an_unknown_table_say_what_to_give_instead(tmp_path: Path) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("protocol.json", json.dumps({"codebook": {}, "stages": [], "schemaVersion": 7}))
    for name, data, words in (
        ("p.netcanvas", stream.getvalue(), "protocol without interviews"),
        ("p.netcanvas", stream.getvalue()[:50], "damaged"),
        ("a.json", b'{"a": 1', "not whole JSON"),
        ("a.csv", b"respondent,friend\n1,2\n", "columns of 'a.csv'"),
        ("a.csv", b"a,b\n\x00\x00\x00", "NUL"),
    ):
        (tmp_path / name).write_bytes(data)
        with pytest.raises(FormatError, match=words):
            read_files([tmp_path / name])
