"""Who somebody is stands on pages, and nowhere that a history, a log or a window list could keep it."""

import logging

import pytest
from flask import Flask

from kithwork.store import Study
from tests.web.conftest import HERE, Browser, Page, addresses

TELLING = "Zebedee"


@pytest.fixture
def named(study: Study) -> Study:
    """The study with telling pseudonyms and names throughout."""
    with study.change("rename") as change:
        for number, row in enumerate(study.rows("participants")):
            change.update("participants", row["id"], {"pseudonym": f"{TELLING}{number}", "notes": TELLING})
        for row in study.rows("alters"):
            change.update("alters", row["id"], {"pseudonym": f"{TELLING}-{row['id'][-4:]}"})
        for row in study.rows("identities"):
            change.update("identities", row["id"], {"name": f"{TELLING} Alter"})
        for row in study.rows("other_names"):
            change.update("other_names", row["id"], {"name": f"{TELLING} Besides", "pseudonym": f"{TELLING} B"})
    return study


def test_titles_and_addresses_name_nobody(app: Flask, named: Study, browser: Browser) -> None:
    shown = False
    for path in addresses(app, named):
        answer = browser.client.get(path, base_url=HERE)
        if answer.mimetype != "text/html":
            continue
        page = Page(answer.get_data(as_text=True))
        shown = shown or TELLING in page.words
        assert TELLING not in page.title, path
        for tag, attributes in page.elements:
            for name in ("href", "action", "src", "id", "for"):
                assert TELLING not in attributes.get(name, ""), (path, tag, name)
    assert shown


def test_redirects_cookies_and_problems_name_nobody(named: Study, browser: Browser) -> None:
    person = named.rows("participants")[0]
    answers = [
        browser.send("/participants/new", pseudonym=f"{TELLING}99", name=f"{TELLING} Real"),
        browser.send(f"/participants/{person['id']}/name", name=f"{TELLING} Real"),
        browser.send(f"/participants/{person['id']}/withdrawal", reason=TELLING),
        browser.send("/documents/names/known", name=f"{TELLING} Ward", what="place"),
    ]
    for answer in answers:
        assert answer.status_code == 302
        assert TELLING not in answer.headers["Location"]
    refused = browser.send("/participants/new", pseudonym=person["pseudonym"])
    problem = Page(refused.get_data(as_text=True))
    assert refused.status_code == 422
    assert "choose another" in problem.words


def test_an_error_nobody_foresaw_is_logged_without_what_was_typed(
    app: Flask, browser: Browser, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError(TELLING)

    monkeypatch.setitem(app.view_functions, "measures", fail)
    with caplog.at_level(logging.DEBUG):
        answer = browser.client.get(f"/measures?group={TELLING}", base_url=HERE)
    assert answer.status_code == 500
    assert TELLING not in answer.get_data(as_text=True)
    assert "RuntimeError" in caplog.text
    assert TELLING not in caplog.text
