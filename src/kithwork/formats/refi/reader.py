"""Reads `.qdpx` (a zip) and a bare `project.qde`: the project's elements, and the study beside them where Kithwork wrote the file."""

import unicodedata
from pathlib import PurePosixPath
from urllib.parse import unquote

from kithwork.formats.reading import Notes
from kithwork.formats.refi.extension import MEMBER, read_extension
from kithwork.formats.refi.incoming import Incoming
from kithwork.formats.refi.project import read_project
from kithwork.formats.sources import Source, open_zip, read_member
from kithwork.model.errors import FormatError
from kithwork.model.tables import StudyTables

LARGEST_MEMBER = 160 * 2**20
_UNREAD = (
    ".mp3",
    ".mp4",
    ".m4a",
    ".wav",
    ".mov",
    ".avi",
    ".mkv",
    ".webm",
    ".ogg",
    ".wma",
    ".wmv",
    ".pdf",
    ".png",
    ".jpg",
    ".jpeg",
    ".docx",
)


def recognises(sources: list[Source], notes: Notes) -> bool:
    """A zip with one `.qde` in it, or a `.qde`."""
    return any(source.name.lower().endswith((".qdpx", ".qde")) for source in sources)


def read(sources: list[Source], notes: Notes) -> StudyTables:
    """The project of one file. Raises `FormatError` for several, and for what cannot be trusted."""
    projects = [source for source in sources if source.name.lower().endswith((".qdpx", ".qde"))]
    if len(projects) != 1:
        raise FormatError(f"{len(projects)} REFI-QDA projects were given; import them one at a time.")
    source = projects[0]
    package = Package({"project.qde": source.data}) if source.name.lower().endswith(".qde") else _opened(source)
    data = package.project(source.name)
    if MEMBER in package.members:
        whole = read_extension(package.members[MEMBER], data, package.text, source.name)
        if whole is not None:
            return whole
        notes.meet(
            "changed_since", "The file was changed after Kithwork wrote it, so only what REFI-QDA itself carries is read.", source.name
        )
    incoming = Incoming(read_project(data, source.name), package.text, notes, source.name)
    incoming.build()
    if package.lost:
        notes.meet("member_missing", f"{package.lost} text(s) named by the project are not in the file.", source.name)
    if package.odd:
        notes.meet("encoding", f"{package.odd} text(s) are not UTF-8; check letters with accents.", source.name)
    return incoming.tables()


class Package:
    """The files of a project by the path they have inside it; found whatever the case of `sources/` and however they are referred to."""

    def __init__(self, members: dict[str, bytes]) -> None:
        self.members = members
        self.lost = self.odd = 0
        self._by_name = {_key(PurePosixPath(path).name): data for path, data in members.items()}

    def project(self, name: str) -> bytes:
        """The one `.qde` at the root."""
        found = [path for path in self.members if path.lower().endswith(".qde") and "/" not in path]
        if len(found) != 1:
            raise FormatError(f"'{name}' holds {len(found)} project files where a REFI-QDA project has one; export it again.")
        return self.members[found[0]]

    def text(self, path: str | None) -> str | None:
        """The text of a member, its byte order mark kept as U+FEFF; None where it is not there."""
        data = self._by_name.get(_key(PurePosixPath(unquote(path or "")).name)) if path else None
        if data is None:
            data = self._by_name.get(_key(PurePosixPath(path or "").name))
        if data is None:
            self.lost += 1
            return None
        encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8"
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            self.odd += 1
            return data.decode("cp1252", "replace")


def _key(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()


def _opened(source: Source) -> Package:
    def is_read(path: str) -> bool:
        return not path.lower().endswith(_UNREAD)

    if not source.data.startswith(b"PK"):
        raise FormatError(f"'{source.name}' is no REFI-QDA project: it is not a zip; export it again.")
    with open_zip(source.data, source.name, is_read) as (archive, members):
        return Package({m.filename: read_member(archive, m, source.name, LARGEST_MEMBER) for m in members if is_read(m.filename)})
