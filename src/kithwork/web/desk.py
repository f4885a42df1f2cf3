"""What the running server has at hand: the study that is open, and the bundled assets."""

import threading
import uuid
from collections.abc import Callable, Collection, Hashable
from importlib import resources
from pathlib import Path
from typing import Any, TypeVar

from flask import current_app

from kithwork.model.errors import SelectionError
from kithwork.store import Study
from kithwork.talk import Reviewer

Result = TypeVar("Result")
MOST_KEPT = 9
MOST_SOUGHT = 100


class Desk:
    """What the server has open: one study at a time, or none yet."""

    def __init__(self, study: Study | None = None) -> None:
        self._study = study
        self._lock = threading.Lock()
        self._kept: dict[Hashable, tuple[int, Any]] = {}  # with the journal entries there were when it was worked out
        self.sought: dict[str, str] = {}  # words looked for, by a key that may stand in an address
        self.reviewer: Reviewer | None = None  # names proposed for each text

    @property
    def study(self) -> Study:
        if self._study is None:
            raise SelectionError("No study is open yet; open one or make a new one.")
        return self._study

    @property
    def is_empty(self) -> bool:
        return self._study is None

    def remembered(self, what: Hashable, make: Callable[[], Result], but_for: Collection[str] = ()) -> Result:
        """What `make` gives, worked out once as long as nothing is changed in the study but by the verbs of `but_for`."""
        done = self.study.count("journal", by="verb")
        stand = sum(number for verb, number in done.items() if verb not in but_for)
        with self._lock:
            known = self._kept.get(what)
        if known is not None and known[0] == stand:
            return known[1]
        made = make()
        with self._lock:
            if what not in self._kept and len(self._kept) >= MOST_KEPT:
                self._kept.pop(next(iter(self._kept)))
            self._kept[what] = stand, made
        return made

    def seek(self, words: str) -> str | None:
        """A key for words looked for, which may name somebody; None for no words."""
        if not words:
            return None
        if len(self.sought) >= MOST_SOUGHT:
            self.sought.pop(next(iter(self.sought)))
        key = uuid.uuid4().hex
        self.sought[key] = words
        return key

    def put(self, study: Study | None) -> None:
        """Open another study in place of this one."""
        with self._lock:
            before, self._study = self._study, study
            self._kept, self.sought, self.reviewer = {}, {}, None
        if before is not None:
            before.close()


def desk() -> Desk:
    """The desk of the running app."""
    return current_app.extensions["desk"]


def assets() -> Path:
    """The folder of bundled scripts, styles and fonts."""
    try:
        return Path(str(resources.files("kithwork_assets")))
    except ModuleNotFoundError:
        return Path(__file__).parents[3] / "build" / "assets"
