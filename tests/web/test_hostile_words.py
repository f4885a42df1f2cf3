"""Whatever is typed into any field of a study is shown as the words it is, on every page."""

import pytest
from flask import Flask

from kithwork.actions.design import keep_tables
from kithwork.formats.demo import demo_tables
from kithwork.model.ids import new_id
from kithwork.model.schema import LIVE, TABLES
from kithwork.model.tables import StudyTables
from kithwork.store import Study, create_study
from kithwork.web.app import make_app
from tests.web.conftest import HERE, PORT, Browser, Page, addresses

HOSTILE = [
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>'",
    "' onfocus=alert(1) autofocus x='",
    "</textarea></title></style></script><svg onload=alert(1)>",
    "</text></svg><iframe srcdoc='<script>alert(1)</script>'>",
    "<!--<script>]]><![CDATA[<b>",
    "{{ 7 * 7 }}{% raw %}${7*7}<%= 7 %>",
    "javascript:alert(1)//",
    "&lt;script&gt;&amp;amp;&#60;b&#62;",
    '=HYPERLINK("http://evil.example")\u202egnp.exe\u2066',
]
KEPT = {("questions", "column_name"), ("studies", "language"), ("revisions", "digest")}  # the house reads these as words of its own


def hostile(tables: StudyTables, words: str) -> StudyTables:
    """The same study with these words before every text there is, and a text in each that was empty."""
    rows = {name: tables[name].to_dicts() for name in LIVE}
    document = {"id": new_id(), "interview_id": rows["maps"][0]["interview_id"], "title": "t", "document_kind": "transcript"}
    revision = {"id": new_id(), "document_id": document["id"], "number": 1, "text": "t"}
    segment = {"id": new_id(), "revision_id": revision["id"], "start": 0, "stop": 1}
    coding = {"id": new_id(), "segment_id": segment["id"], "code_id": rows["codes"][0]["id"]}
    besides = {"id": new_id(), "name": "t", "pseudonym": "t", "what": "name"}
    more = {"other_names": besides, "documents": document, "revisions": revision, "segments": segment, "codings": coding}
    for name, row in more.items():
        rows[name].append({**dict.fromkeys(TABLES[name].names), **row})
    for name, group in rows.items():
        for column in TABLES[name].columns:
            if column.kind == "text" and (name, column.name) not in KEPT and column.name != "role":
                for row in group:
                    row[column.name] = f"{words}{row[column.name] or ''}"
            if column.name == "role":
                for row in group:
                    row["role"] = f"{words}{row['role']}" if row["role"] else None
            if (name, column.name) == ("questions", "options"):
                for row in group:
                    row["options"] = [[code, f"{words}{label}"] for code, label in row["options"] or []] or None
    return StudyTables.from_rows({name: group for name, group in rows.items() if group})


@pytest.fixture(params=HOSTILE)
def hostile_study(request: pytest.FixtureRequest, tmp_path):
    with create_study(tmp_path / "hostile.kith") as study:
        keep_tables(study, hostile(demo_tables(participants=2, waves=2, ties=6), request.param), "make demo study")
        yield study, request.param


def let_in(app: Flask) -> Browser:
    client = app.test_client()
    client.get(f"/enter/{app.extensions['launch_tokens'].new()}", base_url=HERE)
    return Browser(client)


def test_hostile_words_stay_words_on_every_page(hostile_study: tuple[Study, str]) -> None:
    study, words = hostile_study
    app = make_app(study, port=PORT)
    browser = let_in(app)
    person = study.rows("participants")[0]
    browser.send("/coders/choose", coder_id=study.rows("coders")[0]["id"])
    browser.send("/names", show="names", participant_id=person["id"])
    seen = 0
    for path in addresses(app, study):
        answer = browser.client.get(path, base_url=HERE)
        assert answer.status_code == 200, path
        if answer.mimetype == "text/html":
            page = Page(answer.get_data(as_text=True))
            assert_is_ours(page, path)
            seen += words.split("\u202e")[0] in page.words
            assert "49" not in page.title, path
    assert seen >= 4, "the words are shown at all"


def assert_is_ours(page: Page, path: str) -> None:
    """Only elements and attributes that our templates and pictures write."""
    for tag, attributes in page.elements:
        assert tag not in {"iframe", "object", "embed", "img", "base", "style", "b"}, (path, tag)
        assert not any(name.startswith("on") or name in {"style", "srcdoc", "autofocus"} for name in attributes), (path, tag, attributes)
        for name in ("href", "src", "action", "formaction", "xlink:href"):
            assert attributes.get(name, "/").startswith(("/", "#", "data:,")), (path, tag, name)
        if tag == "script":
            assert attributes.get("src", "").startswith("/assets/"), path
    assert not any(mark in page.title for mark in "<{"), path


def test_a_hostile_form_comes_back_as_words(browser: Browser, study: Study) -> None:
    taken = study.rows("participants")[0]["pseudonym"]
    for words in HOSTILE:
        answer = browser.send("/participants/new", pseudonym=taken, site=words, notes=words)
        assert answer.status_code == 422
        page = Page(answer.get_data(as_text=True))
        assert_is_ours(page, "/participants/new")
        assert any(element.get("value") == words for element in page.all("input")), words
