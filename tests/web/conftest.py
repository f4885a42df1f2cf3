"""An app on a small made-up study, and browsers that are let in, or are not."""

import re
import shutil
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from kithwork.actions import act
from kithwork.actions.design import keep_tables
from kithwork.formats.demo import demo_tables
from kithwork.store import Study, create_study, open_study
from kithwork.web.app import make_app

PORT = 9299
HERE = f"http://127.0.0.1:{PORT}"


class Page(HTMLParser):
    """A page as a browser would build it: its elements with attributes, its title, and all words."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.words = ""
        self.title = ""
        self._inside = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        self._inside = tag

    def handle_endtag(self, tag: str) -> None:
        self._inside = ""

    def handle_data(self, data: str) -> None:
        self.words += data
        if self._inside == "title" and not self.title:
            self.title = data

    def all(self, tag: str) -> list[dict[str, str]]:
        """The attributes of each element of this name."""
        return [attributes for name, attributes in self.elements if name == tag]


class Browser:
    """A visitor who keeps cookies and sends the anti-forgery token as forms do."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def page(self, path: str) -> Page:
        answer = self.client.get(path, base_url=HERE)
        assert answer.status_code == 200, (path, answer.status_code)
        return Page(answer.get_data(as_text=True))

    def token(self) -> str:
        found = re.search(r'name="csrf-token" content="([^"]+)"', self.client.get("/studies", base_url=HERE).get_data(as_text=True))
        assert found
        return found[1]

    def send(self, path: str, **values: object):
        """Sends a form, and shows the answer without following it."""
        return self.client.post(path, base_url=HERE, data={"csrf_token": self.token(), **values})


@pytest.fixture(scope="session")
def small_study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a made-up study of six people."""
    path = tmp_path_factory.mktemp("small") / "small.kith"
    with create_study(path) as study:
        keep_tables(study, demo_tables(participants=6, ties=8), "make demo study")
        text = "P: It was quiet then.\n"
        act(study, "remember names", {"names": [{"name": "Dr Quillfeather", "pseudonym": "Doctor A"}]})
        act(study, "bring in transcript", {"title": "A talk", "text": text, "turns": [{"start": 3, "stop": 21, "speaker": "P"}]})
    return path


@pytest.fixture
def study(small_study: Path, tmp_path: Path) -> Iterator[Study]:
    """A copy of it, to be changed freely."""
    with open_study(shutil.copy(small_study, tmp_path / "study.kith")) as opened:
        yield opened


@pytest.fixture
def app(study: Study) -> Iterator[Flask]:
    made = make_app(study, port=PORT)
    yield made
    made.extensions["uploads"].clear()


@pytest.fixture
def stranger(app: Flask) -> FlaskClient:
    """A browser that has no cookie."""
    return app.test_client()


@pytest.fixture
def browser(app: Flask) -> Browser:
    """A browser that came in through a one-time link."""
    client = app.test_client()
    link = app.extensions["launch_tokens"].new()
    assert client.get(f"/enter/{link}", base_url=HERE).status_code == 302
    return Browser(client)


def addresses(app: Flask, study: Study) -> list[str]:
    """An address for every route that can be looked at, with rows of the study filled in."""
    drawn = study.rows("maps")[0]
    interview = study.row("interviews", drawn["interview_id"])
    finished = [row["document_id"] for row in study.rows("assignments") if row["finished_at"]]
    filled = {
        "participant_id": interview["participant_id"],
        "wave_id": interview["wave_id"],
        "map_id": drawn["id"],
        "alter_id": study.rows("alters")[0]["id"],
        "by": "theme",
        "column_id": study.rows("themes")[0]["id"],
        "segment_id": study.rows("segments")[0]["id"],
        "document_id": next(one for one in finished if finished.count(one) > 1),  # so that two codings stand side by side
        "code_id": study.rows("codes")[0]["id"],
        "other_name_id": study.rows("other_names")[0]["id"],
        "theme_id": study.rows("themes")[0]["id"],
        "ending": ".csv",
        "format": "csv",
    }
    skipped = {"enter", "asset", "look_at_import", "look_at_transcripts", "before_merging", "download_transcript", "names_of"}
    build: Callable[..., str] = app.url_map.bind("127.0.0.1").build
    looked_at = [rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ()) and rule.endpoint not in skipped]
    own: dict[str, dict[str, str]] = {"download_transcript": {"ending": ".pdf"}}
    found = [build(rule.endpoint, {name: {**filled, **own.get(rule.endpoint, {})}[name] for name in rule.arguments}) for rule in looked_at]
    found.append(f"/codes/{filled['code_id']}/merge?into={study.rows('codes')[1]['id']}")
    found += [f"/measures?group={group}" for group in ("composition", "structure", "support", "quality", "change")]
    found.append(f"{build('print_person', {'participant_id': filled['participant_id']})}?map={drawn['id']}")
    return [address for address in found if not address.endswith("/maps.pdf")]
