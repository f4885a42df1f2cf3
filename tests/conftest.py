"""What every test may use: a private home, and studies in each kind of place."""

import os
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from kithwork.store import Study, create_study

PASSPHRASE = "blue kettle 'ä' \"quoted\" 猫"


@pytest.fixture(scope="session", autouse=True)
def private_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """No test reads or writes the person's own files."""
    home = tmp_path_factory.mktemp("home")
    os.environ.update(HOME=str(home), XDG_DATA_HOME=str(home / "data"))
    os.environ.pop("KITH_PASSPHRASE", None)
    return home


def new_place(kind: str, folder: Path) -> tuple[str, str | None]:
    """A place for a study that is not there yet, and its passphrase."""
    if kind == "server":
        server = os.environ.get("KITH_TEST_POSTGRES")
        if not server:
            pytest.skip("KITH_TEST_POSTGRES names no PostgreSQL server")
        return f"{server}{'&' if '?' in server else '?'}study=t{uuid.uuid4().hex[:12]}", None
    return str(folder / "study.kith"), PASSPHRASE if kind == "encrypted" else None


@pytest.fixture(params=["plain", "encrypted", pytest.param("server", marks=pytest.mark.postgres)])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[str, str | None]:
    """Each kind of place in turn."""
    return new_place(request.param, tmp_path)


@pytest.fixture
def anywhere(place: tuple[str, str | None]) -> Iterator[Study]:
    """An empty study in each kind of place."""
    with create_study(*place) as study:
        yield study


@pytest.fixture
def study(tmp_path: Path) -> Iterator[Study]:
    """An empty study in a plain file."""
    with create_study(tmp_path / "study.kith") as made:
        yield made
