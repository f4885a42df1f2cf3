"""Hostile files and folders: one plain sentence, nothing written, nothing outside touched."""

import contextlib
import io
import struct
import tracemalloc
import zipfile
from pathlib import Path

import pytest
from formats.foreign import ALTERS, egor_files, zip_of

from kithwork.formats import read, sources
from kithwork.formats.reading import Notes
from kithwork.formats.sources import unpack
from kithwork.model.errors import FormatError


def refused(path: Path) -> str:
    """The sentence told; also that nothing was left behind in the folder."""
    before = sorted(path.parent.rglob("*"))
    with pytest.raises(FormatError) as told:
        read([path])
    assert sorted(path.parent.rglob("*")) == before
    sentence = str(told.value)
    assert "\n" not in sentence
    assert sentence.endswith(".")
    return sentence


def zipped(tmp_path: Path, data: bytes) -> Path:
    path = tmp_path / "export.zip"
    path.write_bytes(data)
    return path


def test_a_zip_of_the_three_files_is_read(tmp_path: Path) -> None:
    members = {f"study/{path.name}": path.read_bytes() for path in egor_files(tmp_path / "in")}
    assert read([zipped(tmp_path, zip_of(members))]).tables.counts()["ties"] == 4


@pytest.mark.parametrize("name", ["../alters.csv", "a/../../alters.csv", "/etc/alters.csv", "C:/alters.csv", "..\\alters.csv"])
def test_a_member_that_points_outside_is_refused(tmp_path: Path, name: str) -> None:
    assert "points outside" in refused(zipped(tmp_path, zip_of({name: ALTERS})))


def test_a_name_of_three_hundred_characters_is_refused(tmp_path: Path) -> None:
    assert "longer than" in refused(zipped(tmp_path, zip_of({f"{'x' * 300}.csv": ALTERS})))


def test_a_link_in_a_zip_is_refused(tmp_path: Path) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        link = zipfile.ZipInfo("alters.csv")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    assert "link" in refused(zipped(tmp_path, stream.getvalue()))


def test_a_link_in_a_folder_is_not_followed(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    egor_files(folder)
    (tmp_path / "secret.csv").write_text("egoID,secret\n1,x\n")
    (folder / "linked.csv").symlink_to(tmp_path / "secret.csv")
    reading = read([folder])
    assert "link" in [problem.code for problem in reading.problems]
    assert "linked.csv" not in reading.files


def test_a_bomb_is_refused_without_being_unpacked(tmp_path: Path) -> None:
    path = zipped(tmp_path, zip_of({"alters.csv": b"0" * 60_000_000}))
    tracemalloc.start()
    sentence = refused(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert "times its size" in sentence
    assert peak < 16_000_000


def test_a_zip_that_declares_too_much_is_refused(tmp_path: Path) -> None:
    data = bytearray(zip_of({"a.csv": ALTERS}, zipfile.ZIP_STORED))
    at = data.find(b"PK\x01\x02")
    data[at + 24 : at + 28] = struct.pack("<I", 0xFFFFFFF0)
    assert "MB" in refused(zipped(tmp_path, bytes(data)))


@pytest.mark.parametrize("lie", [1, 10_000])
def test_a_member_that_lies_about_its_size_is_refused(tmp_path: Path, lie: int) -> None:
    data = bytearray(zip_of({"alters.csv": ALTERS}))
    at = data.find(b"PK\x01\x02")
    data[at + 24 : at + 28] = struct.pack("<I", lie)
    assert "damaged" in refused(zipped(tmp_path, bytes(data)))


def test_overlapping_members_are_refused(tmp_path: Path) -> None:
    data = zip_of({"a.csv": ALTERS, "b.csv": ALTERS}, zipfile.ZIP_STORED)
    second = data.find(b"PK\x01\x02", data.find(b"PK\x01\x02") + 4)
    lied = bytearray(data)
    lied[second + 42 : second + 46] = struct.pack("<I", 0)
    assert "overlap" in refused(zipped(tmp_path, bytes(lied)))


def test_too_many_members_are_refused_by_the_table_of_contents(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "MOST_FILES", 10)
    assert "more than 10 files" in refused(zipped(tmp_path, zip_of({f"{i}.csv": "" for i in range(11)})))


def test_a_table_of_contents_that_claims_millions_is_refused(tmp_path: Path) -> None:
    data = bytearray(zip_of({"a.csv": ALTERS}))
    end = data.rfind(b"PK\x05\x06")
    data[end + 12 : end + 16] = struct.pack("<I", 60_000_000)
    assert "files" in refused(zipped(tmp_path, bytes(data)))


def test_a_zip_inside_a_zip_is_not_opened(tmp_path: Path) -> None:
    inner = zip_of({"alters.csv": ALTERS})
    assert "Nothing to import" in refused(zipped(tmp_path, zip_of({"inner.zip": inner})))


def test_a_protected_zip_is_refused(tmp_path: Path) -> None:
    data = bytearray(zip_of({"alters.csv": ALTERS}))
    at = data.find(b"PK\x01\x02")
    data[at + 8] |= 1
    assert "password" in refused(zipped(tmp_path, bytes(data)))


def test_a_zip_cut_short_anywhere_is_refused(tmp_path: Path) -> None:
    whole = zip_of({path.name: path.read_bytes() for path in egor_files(tmp_path / "in")})
    for cut in range(1, len(whole), 7):
        path = tmp_path / "cut.zip"
        path.write_bytes(whole[:cut])
        refused(path)


def test_a_zip_with_any_byte_changed_is_read_or_refused(tmp_path: Path) -> None:
    whole = zip_of({path.name: path.read_bytes() for path in egor_files(tmp_path / "in")})
    for at in range(len(whole)):
        flipped = bytearray(whole)
        flipped[at] ^= 0xFF
        with contextlib.suppress(FormatError):
            unpack(bytes(flipped), "x.zip", Notes())


def test_an_empty_file_and_a_missing_one_are_told(tmp_path: Path) -> None:
    (tmp_path / "empty.csv").touch()
    assert "empty" in refused(tmp_path / "empty.csv")
    assert "no file" in refused(tmp_path / "nowhere.csv")


def test_a_large_file_is_refused_before_it_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "LARGEST_FILE", 10)
    path = tmp_path / "big.csv"
    path.write_text(ALTERS)
    assert "larger than" in refused(path)


def test_random_bytes_are_in_no_known_format(tmp_path: Path) -> None:
    path = tmp_path / "noise.csv"
    path.write_bytes(bytes(range(1, 256)) * 40)
    refused(path)
