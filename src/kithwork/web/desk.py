"""What the running server has at hand: the study that is open, and the bundled assets."""

import threading
from importlib import resources
from pathlib import Path

from flask import current_app

from kithwork.model.errors import SelectionError
from kithwork.store import Study


class Desk:
    """What the server has open: one study at a time, or none yet."""

    def __init__(self, study: Study | None = None) -> None:
        self._study = study
        self._lock = threading.Lock()

    @property
    def study(self) -> Study:
        if self._study is None:
            raise SelectionError("No study is open yet; open one or make a new one.")
        return self._study

    @property
    def is_empty(self) -> bool:
        return self._study is None

    def put(self, study: Study | None) -> None:
        """Open another study in place of this one."""
        with self._lock:
            before, self._study = self._study, study
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
