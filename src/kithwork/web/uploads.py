"""Files uploaded for an import, kept in a private folder until they are imported or thrown away, and gone when the server stops."""

import tempfile
import threading
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any

from flask import current_app
from werkzeug.datastructures import FileStorage

from kithwork.model.errors import FormatError, SelectionError
from kithwork.model.ids import new_id

_LONGEST_NAME = 200  # bytes; no file system keeps more than 255
MOST_KEPT = 3  # uploads somebody looked at and left; the oldest go first


@dataclass(frozen=True)
class Upload:
    """What came in together."""

    id: str
    folder: tempfile.TemporaryDirectory[str]
    paths: list[Path]
    read: dict[int, Any] = field(default_factory=dict)  # what was made of each file, so that none is read twice
    said: dict[str, str] = field(default_factory=dict)  # how to read them, as the form last said it; kept here, out of any address
    lock: threading.Lock = field(default_factory=threading.Lock)  # held while a file is put in, or the folder cleared away


class Uploads:
    """All uploads waiting. A `TemporaryDirectory` is readable by its owner alone and removes itself at exit."""

    def __init__(self) -> None:
        self._waiting: dict[str, Upload] = {}
        self._lock = threading.Lock()

    def keep(self, files: Iterable[FileStorage]) -> Upload:
        """Keep files under the names they came with, each in a folder of its own, so that none hides another."""
        chosen = list(files)
        if not chosen:
            raise FormatError("No file was chosen; choose the files of an export, all at once.")
        upload = self.begin()
        for file in chosen:
            self.add(upload.id, file)
        return upload

    def begin(self) -> Upload:
        """An upload without a file yet, to be added one by one."""
        upload = Upload(new_id(), tempfile.TemporaryDirectory(prefix="kith-import-"), [])
        with self._lock:
            self._waiting[upload.id] = upload
            surplus = list(self._waiting.values())[:-MOST_KEPT]
        for old in surplus:
            self.drop(old.id)
        return upload

    def add(self, upload_id: str, file: FileStorage) -> int:
        """Keep one more file under the name it came with; its number."""
        upload = self.get(upload_id)
        with upload.lock:
            self.get(upload_id)  # it may have been thrown away meanwhile
            place = Path(upload.folder.name) / str(len(upload.paths))
            place.mkdir(mode=0o700)
            path = place / _plain_name(file.filename or "")
            file.save(path)
            upload.paths.append(path)
            return len(upload.paths) - 1

    def get(self, upload_id: str) -> Upload:
        """An upload that is still waiting."""
        if upload_id not in self._waiting:
            raise SelectionError("These files are not at hand any more; choose them again.")
        return self._waiting[upload_id]

    def clear(self) -> None:
        """Throw all away."""
        for upload_id in list(self._waiting):
            self.drop(upload_id)

    def drop(self, upload_id: str) -> None:
        """Throw an upload away."""
        with self._lock:
            upload = self._waiting.pop(upload_id, None)
        if upload is not None:
            with upload.lock:
                upload.folder.cleanup()


def uploads() -> Uploads:
    """The uploads of the running app."""
    return current_app.extensions["uploads"]


def _plain_name(name: str) -> str:
    """The last part of a file name, without what a folder or a screen could stumble over."""
    last = PureWindowsPath(PurePosixPath(name).name).name
    plain = "".join(character for character in last if character.isprintable() and character not in '/\\:*?"<>|').strip(". ")
    if len(plain.encode()) <= _LONGEST_NAME:
        return plain or "file"
    ending = PurePosixPath(plain).suffix[:20]
    return plain.encode()[: _LONGEST_NAME - len(ending.encode())].decode(errors="ignore") + ending
