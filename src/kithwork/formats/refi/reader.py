"""Reads `.qdpx` (a zip) and a bare `project.qde`: the project's elements, and the study beside them where Kithwork wrote the file."""

import io
import unicodedata
import zipfile
from collections.abc import Iterable
from pathlib import PurePosixPath
from typing import TypeVar
from urllib.parse import unquote

from kithwork.formats.reading import Notes
from kithwork.formats.refi.extension import MEMBER, read_extension
from kithwork.formats.refi.incoming import Incoming
from kithwork.formats.refi.project import read_project
from kithwork.formats.sources import RECORDINGS, Source, open_zip, read_member
from kithwork.formats.transcripts import docx, odt, pdf, rtf
from kithwork.model.errors import FormatError
from kithwork.model.tables import StudyTables

LARGEST_MEMBER = 160 * 2**20
_ENDINGS = (".qdpx", ".qde")
_PAGES = {".docx": docx.read, ".odt": odt.read, ".rtf": rtf.read, ".pdf": pdf.read}  # looked at only where a text is missing
_SCHEMES = ("internal", "relative", "absolute")
T = TypeVar("T")


def recognises(sources: list[Source], notes: Notes) -> bool:
    """A zip with one `.qde` in it, or a `.qde`."""
    return any(source.name.lower().endswith(_ENDINGS) for source in sources)


def read(sources: list[Source], notes: Notes) -> StudyTables:
    """The project of one file, or of a `.qde` and the texts beside it. Raises `FormatError` for several, or what cannot be trusted."""
    projects = [source for source in sources if source.name.lower().endswith(_ENDINGS)]
    if len(projects) != 1:
        raise FormatError(f"{len(projects)} REFI-QDA projects were given; import them one at a time.")
    source = projects[0]
    package = Package({each.name: each.data for each in sources}) if source.name.lower().endswith(".qde") else _opened(source)
    data = package.project(source.name)
    if MEMBER in package.members:
        whole = read_extension(package.members[MEMBER], data, package.text, source.name)
        if whole is not None:
            return whole
        notes.meet(
            "changed_since", "The file was changed after Kithwork wrote it, so only what REFI-QDA itself carries is read.", source.name
        )
    incoming = Incoming(read_project(data, source.name), package.text, notes, source.name, package.page)
    incoming.build()
    if package.odd:
        notes.meet("encoding", f"{package.odd} text(s) are not UTF-8; check letters with accents.", source.name)
    return incoming.tables()


class Package:
    """The files of a project by the path they have inside it; found whatever the case of `sources/` and however they are referred to.

    `pages` are those that are not texts, as they stand in the zip `data`: read only when asked for.
    """

    def __init__(self, members: dict[str, bytes], pages: list[zipfile.ZipInfo] | None = None, data: bytes = b"") -> None:
        self.members = members
        self.odd = 0
        self._data = data
        self._pages = _by_key((member.filename, member) for member in pages or ())
        self._texts = _by_key(members.items())

    def project(self, name: str) -> bytes:
        """The one `.qde`, at the root or in the one folder that the whole project lies in."""
        found = [path for path in self.members if path.lower().endswith(".qde")]
        least = min((path.count("/") for path in found), default=0)
        found = [path for path in found if path.count("/") == least]
        if len(found) != 1:
            raise FormatError(f"'{name}' holds {len(found)} project files where a REFI-QDA project has one; export it again.")
        return self.members[found[0]]

    def text(self, path: str | None) -> str | None:
        """The text of a member, its byte order mark kept as U+FEFF; None where it is not there."""
        data = _found(self._texts, path)
        if data is None or (path or "").lower().endswith(tuple(_PAGES)):
            return None
        if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
            return data.decode("utf-16", "replace")
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError:
            self.odd += 1
            return data.decode("cp1252", "replace")

    def page(self, path: str | None) -> str | None:
        """The words of a member that is laid out (.docx, .odt, .rtf, .pdf); None where it is not there or cannot be read."""
        member = _found(self._pages, path)
        if member is None:
            return None
        name = PurePosixPath(member.filename).name
        try:
            with zipfile.ZipFile(io.BytesIO(self._data)) as archive:
                source = Source(name, read_member(archive, member, name))
            return _PAGES[PurePosixPath(name).suffix.lower()](source, Notes())[0]
        except FormatError:
            return None


def _by_key(members: Iterable[tuple[str, T]]) -> dict[str, T | None]:
    """Members by their path and by every end of it; None where two have the same."""
    whole = {_key(path): member for path, member in members}
    found: dict[str, T | None] = {}
    for path, member in whole.items():
        parts = path.split("/")
        for at in range(1, len(parts)):
            key = "/".join(parts[at:])
            found[key] = None if key in found else member
    return found | whole


def _found(members: dict[str, T | None], path: str | None) -> T | None:
    """What a project calls `internal://…`, `sources/…`, a bare name or a place on some machine; the whole path before its end."""
    for way in (unquote(path or ""), path or ""):
        parts = _key(way.partition(":")[2] if way.partition(":")[0].lower() in _SCHEMES else way).strip("/").split("/")
        for key in (f"sources/{'/'.join(parts)}", *("/".join(parts[at:]) for at in range(len(parts)))):
            if members.get(key) is not None:
                return members[key]
    return None


def _key(name: str) -> str:
    return unicodedata.normalize("NFC", name.replace("\\", "/")).casefold()


def _opened(source: Source) -> Package:
    if not source.data.startswith(b"PK"):
        raise FormatError(f"'{source.name}' is no REFI-QDA project: it is not a zip; export it again.")
    with open_zip(source.data, source.name, _is_read) as (archive, members):
        pages = [member for member in members if member.filename.lower().endswith(tuple(_PAGES))]
        read = {m.filename: read_member(archive, m, source.name, LARGEST_MEMBER) for m in members if _is_read(m.filename)}
        return Package(read, pages, source.data)


def _is_read(path: str) -> bool:
    name = PurePosixPath(path.replace("\\", "/"))
    return name.suffix.lower() not in (*RECORDINGS, *_PAGES) and not name.name.startswith(".") and name.parts[:1] != ("__MACOSX",)
