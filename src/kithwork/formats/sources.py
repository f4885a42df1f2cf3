"""Foreign files into memory, within limits: folders, zips and single files. Nothing is ever unpacked to disk.

A hostile file costs one sentence: limits stand on the number of files, their size packed and unpacked, their ratio,
overlapping entries, names that climb out, links, and nesting (a zip inside a zip is not opened).
"""

import io
import itertools
import os
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from kithwork.formats.reading import Notes
from kithwork.model.errors import FormatError

MOST_FILES = 50_000
LARGEST_FILE = 64 * 2**20
LARGEST_WHOLE = 192 * 2**20
LARGEST_DIRECTORY = 12 * 2**20  # bytes of a zip's table of contents; read before anything else is believed
LARGEST_RATIO = 250
RATIO_COUNTS_FROM = 2**20
LONGEST_NAME = 255
TEXT_ENDINGS = (
    *(".csv", ".tsv", ".txt", ".json", ".nwk", ".graphml", ".gexf", ".xml", ".study", ".netcanvas"),
    *(".xlsx", ".dta", ".sav", ".parquet", ".qdc", ".qde"),
)
PACKED_ENDINGS = (".netcanvas", ".qdpx", ".xlsx")  # zips that a reader opens itself
RECORDINGS = (
    *(".mp3", ".mp4", ".m4a", ".m4v", ".wav", ".mov", ".avi", ".mkv", ".webm", ".ogg", ".flac", ".aac", ".wma", ".wmv", ".mpg", ".mpeg"),
    *(".png", ".jpg", ".jpeg", ".gif", ".tif", ".tiff", ".bmp", ".heic"),
)
"""What coding programs pack beside the talk, in any size: never read, so its size does not count."""
_PACKS = {".xlsx": "Excel workbook", ".qdpx": "REFI-QDA project", ".netcanvas": "protocol of Network Canvas", ".docx": "Word document"}
DATABASE_ENDINGS = (".qda", ".rqda", ".sqlite3")
WAVE_IN_NAME = re.compile(r"(?:^|[^a-z])(?:wave|welle|w|time|t|round)[ _.-]?0*([1-9]\d?)(?=\D|$)", re.IGNORECASE)
_JUNK = ("__MACOSX", ".DS_Store", "Thumbs.db", "desktop.ini")


@dataclass(frozen=True)
class Source:
    """One foreign file in memory; `name` has no folder in it."""

    name: str
    data: bytes


def gather(paths: list[Path], notes: Notes) -> list[Source]:
    """Every readable file in the given files, folders and zips, each content once.

    Raises `FormatError` for what is not there, too large, or built to do harm.
    """
    found: list[Source] = []
    for path in paths:
        if path.is_dir():
            found += _folder(path, notes)
        elif path.is_file():
            found += _file(path, notes)
        else:
            raise FormatError(f"There is no file or folder '{path.name}' to import; check the path.")
    if sum(len(source.data) for source in found) > LARGEST_WHOLE:
        raise FormatError(f"The files hold more than {LARGEST_WHOLE // 2**20} MB together; import them in parts.")
    kept: dict[bytes, Source] = {}
    for source in found:
        header, _, body = source.data.partition(b"\n")
        # a file named by a number is one ego of many, others are named after whose they are or their wave, and two may be alike
        own = source.name.encode() if _is_named_on_purpose(source.name) else b""
        first = kept.setdefault(own + header.lower() + b"\n" + body, source)
        # header-only files of empty sessions are alike by nature
        if first is not source and source.data.count(b"\n") > 1:
            notes.meet("same_file", f"This file is the same as '{first.name}' and is read once.", source.name)
    if not kept and any(".zip" in sentence for sentence in notes.losses):
        raise FormatError("Nothing to import was found but a zip inside another or a folder, which is not opened; unpack it first.")
    if not kept:
        raise FormatError("Nothing to import was found; give CSV files, a folder of them, or a zip.")
    return list(kept.values())


def _is_named_on_purpose(name: str) -> bool:
    path = PurePosixPath(name)
    return path.stem.isdigit() or path.suffix.lower() in (".graphml", ".gexf") or WAVE_IN_NAME.search(path.stem) is not None


def _folder(path: Path, notes: Notes) -> list[Source]:
    """Files directly in the folder; where it holds no CSV, those in the folders below it."""
    direct = sorted(entry for entry in path.iterdir() if entry.is_file())
    if not any(entry.suffix.lower() in (".csv", ".tsv") for entry in direct):
        direct = [Path(top) / name for top, _, names in os.walk(path) for name in sorted(names)][: MOST_FILES + 1]
    else:
        direct += _numbered(path)
    if len(direct) > MOST_FILES:
        raise FormatError(f"The folder '{path.name}' holds more than {MOST_FILES:,} files; import it in parts.")
    found, total = [], 0
    for entry in direct:
        if entry.is_symlink():
            notes.meet("link", "A link to another place is not followed.", entry.name)
        elif _is_wanted(entry.name, notes):
            found += _file(entry, notes, is_in_folder=True)
            total += len(found[-1].data) if found else 0
            if total > LARGEST_WHOLE:
                raise FormatError(f"The folder '{path.name}' holds more than {LARGEST_WHOLE // 2**20} MB; import it in parts.")
    return found


def _numbered(path: Path) -> list[Path]:
    """Files in folders of this one that hold nothing but files named by a number: one ego each."""
    found: list[Path] = []
    for folder in sorted(entry for entry in path.iterdir() if entry.is_dir() and not entry.is_symlink()):
        names = sorted(itertools.islice(folder.iterdir(), MOST_FILES + 1))
        if names and all(entry.stem.isdigit() and entry.suffix.lower() in (".csv", ".tsv", ".txt") for entry in names):
            found += names
    return found


def _is_wanted(name: str, notes: Notes) -> bool:
    if name.startswith(".") or name in _JUNK:
        return False
    if not name.lower().endswith((*TEXT_ENDINGS, *PACKED_ENDINGS, *DATABASE_ENDINGS)):
        ending = PurePosixPath(name).suffix.lower()[:12] or "no"
        notes.lose(f"Files with the ending {ending} are not read." if ending != "no" else "Files without an ending are not read.")
        return False
    return True


def _file(path: Path, notes: Notes, *, is_in_folder: bool = False) -> list[Source]:
    size = path.stat().st_size
    ending = path.suffix.lower()
    is_packed = ending in PACKED_ENDINGS or _is_zip(path)
    largest = LARGEST_WHOLE if is_packed or ending in DATABASE_ENDINGS else LARGEST_FILE
    if size > largest and not is_packed:
        raise FormatError(f"'{path.name}' is larger than {largest // 2**20} MB; import it in parts.")
    if not size:
        raise FormatError(f"'{path.name}' is empty; export it again.")
    data = path.read_bytes() if size <= largest else _without_recordings(path)
    if is_packed and ending not in PACKED_ENDINGS and not is_in_folder:
        return [Source(_last(name), content) for name, content in unpack(data, path.name, notes)]
    return [Source(path.name, data)]


def _without_recordings(path: Path) -> bytes:
    """A zip too large to be held, without what is never read of it; `FormatError` where the rest is too large as well."""
    stream = io.BytesIO()
    with open_zip(path, path.name, _is_talk) as (archive, members), zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as kept:
        for member in members:
            if _is_talk(member.filename):
                kept.writestr(member.filename, read_member(archive, member, path.name, LARGEST_WHOLE))
    return stream.getvalue()


def _is_talk(path: str) -> bool:
    return not path.lower().endswith(RECORDINGS)


def _is_zip(path: Path) -> bool:
    """Whether a file is a zip, whole or damaged: by its name, its first bytes or its table of contents."""
    with path.open("rb") as stream:
        begins = stream.read(4) == b"PK\x03\x04"
    return begins or path.suffix.lower() == ".zip" or zipfile.is_zipfile(path)


def unpack(data: bytes, name: str, notes: Notes, only: str | None = None) -> list[tuple[str, bytes]]:
    """The readable members of a zip, as (path inside, content); `only` names the single member wanted.

    Raises `FormatError` for a zip that is broken, protected, or outside the limits above.
    """
    with open_zip(data, name, _is_talk) as (archive, members):
        if only is not None:
            wanted = [member for member in members if member.filename == only]
        else:
            wanted = [m for m in members if _JUNK[0] not in m.filename and _is_wanted(_last(m.filename), notes)]
        return [(member.filename, read_member(archive, member, name)) for member in wanted]


def _last(path: str) -> str:
    """The name of a member without its folders."""
    return PurePosixPath(path.replace("\\", "/")).name


@contextmanager
def open_zip(
    data: bytes | Path, name: str, counts: Callable[[str], bool] = lambda _: True
) -> Iterator[tuple[zipfile.ZipFile, list[zipfile.ZipInfo]]]:
    """A zip found to be within the limits, and its files; `counts` says whose size counts (recordings that nobody reads do not).

    Raises `FormatError` for a zip that is broken, protected, or outside the limits above, also while its files are read.
    """
    try:
        with data.open("rb") if isinstance(data, Path) else io.BytesIO(data) as stream, zipfile.ZipFile(_checked(stream, name)) as archive:
            members = [member for member in archive.infolist() if not member.is_dir()]
            _check_members(members, name, counts)
            yield archive, members
    except (zipfile.BadZipFile, zlib.error, EOFError, struct.error, NotImplementedError, RuntimeError, OSError, ValueError):
        raise _damaged(name) from None


def _damaged(name: str) -> FormatError:
    """What a zip that cannot be read is: an archive, or the document it packs."""
    what = _PACKS.get(PurePosixPath(name).suffix.lower(), "zip")
    return FormatError(f"'{name}' is damaged and cannot be read as a whole {what}; copy it again from where it was, or export it again.")


def _checked(stream: BinaryIO, name: str) -> BinaryIO:
    """The stream, once its end is found to hold a table of contents within the limits."""
    size = stream.seek(0, io.SEEK_END)
    stream.seek(max(0, size - LARGEST_DIRECTORY - 2**17))
    _check_directory(stream.read(), name)
    return stream


def _check_directory(data: bytes, name: str) -> None:
    """Refuse by the size of the table of contents before `zipfile` builds an object for each entry."""
    end = data.rfind(b"PK\x05\x06", max(0, len(data) - 65_557))
    if end < 0 or len(data) < end + 22:
        raise _damaged(name)
    count, size = struct.unpack("<HI", data[end + 10 : end + 16])
    if data[max(0, end - 20) : end].startswith(b"PK\x06\x07"):
        large = data.rfind(b"PK\x06\x06", 0, end)
        if large < 0 or len(data) < large + 56:
            raise _damaged(name)
        count, size = struct.unpack("<QQ", data[large + 32 : large + 48])
    if count > MOST_FILES or size > LARGEST_DIRECTORY:
        raise FormatError(f"'{name}' holds more than {MOST_FILES:,} files; import it in parts.")


def _check_members(members: list[zipfile.ZipInfo], name: str, counts: Callable[[str], bool]) -> None:
    if len(members) > MOST_FILES:
        raise FormatError(f"'{name}' holds more than {MOST_FILES:,} files; import it in parts.")
    if sum(member.file_size for member in members if counts(member.filename)) > LARGEST_WHOLE:
        raise FormatError(f"'{name}' would unpack to more than {LARGEST_WHOLE // 2**20} MB; import it in parts.")
    if len({member.filename for member in members}) < len(members):
        raise FormatError(f"'{name}' holds two files of the same name and is not opened.")
    for member in members:
        path = member.filename.replace("\\", "/")  # some programs of Windows part folders with it
        _check_packing(member, name)
        parts = PurePosixPath(path).parts
        if path.startswith("/") or ".." in parts or ":" in parts[0] or "\x00" in member.orig_filename:
            raise FormatError(f"'{name}' holds a file that points outside it and is not opened.")
        if max(len(part.encode("utf-8", "replace")) for part in parts) > LONGEST_NAME:
            raise FormatError(f"'{name}' holds a file name longer than {LONGEST_NAME} characters and is not opened.")
        if stat.S_ISLNK(member.external_attr >> 16):
            raise FormatError(f"'{name}' holds a link to another file and is not opened.")
    placed = sorted(members, key=lambda member: member.header_offset)
    for first, second in itertools.pairwise(placed):
        if first.header_offset + 30 + len(first.orig_filename) + first.compress_size > second.header_offset:
            raise FormatError(f"'{name}' holds files that overlap and is not opened.")


def _check_packing(member: zipfile.ZipInfo, name: str) -> None:
    if member.flag_bits & 1:
        raise FormatError(f"'{name}' is protected by a password; unpack it first and import the folder.")
    if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise FormatError(f"'{name}' is packed in a way that is not read; pack it as an ordinary zip.")
    if member.file_size > max(RATIO_COUNTS_FROM, LARGEST_RATIO * member.compress_size):
        raise FormatError(f"'{name}' holds a file that unpacks to over {LARGEST_RATIO} times its size and is not opened.")


def read_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str, largest: int = LARGEST_FILE) -> bytes:
    """One file of a zip opened by `open_zip`, whole, and no larger than it says or than `largest`."""
    if member.file_size > largest:
        raise FormatError(f"'{name}' holds a file larger than {largest // 2**20} MB; import it in parts.")
    with archive.open(member) as stream:
        content = stream.read(member.file_size + 1)
    if len(content) != member.file_size:
        raise _damaged(name)
    return content
