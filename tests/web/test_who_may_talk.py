"""Only this machine's own browser, with a cookie, from a page of ours."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from kithwork.store import Study
from tests.web.conftest import HERE, Browser, addresses


def posts(app: Flask) -> list[str]:
    """An address for every route that changes something."""
    return [
        "".join("x" if part.startswith("<") else part for part in rule.rule.replace(">", "<").split("<"))
        for rule in app.url_map.iter_rules()
        if "POST" in (rule.methods or ())
    ]


def test_no_page_opens_without_the_cookie(app: Flask, study: Study, stranger: FlaskClient) -> None:
    for path in addresses(app, study):
        assert stranger.get(path, base_url=HERE).status_code == 401, path
    for path in posts(app):
        assert stranger.post(path, base_url=HERE).status_code in (400, 401), path


def test_a_link_lets_in_once(app: Flask, stranger: FlaskClient) -> None:
    link = f"/enter/{app.extensions['launch_tokens'].new()}"
    assert stranger.get(link, base_url=HERE).status_code == 302
    assert app.test_client().get(link, base_url=HERE).status_code == 401


def test_a_made_up_link_lets_nobody_in(stranger: FlaskClient) -> None:
    assert stranger.get("/enter/guess", base_url=HERE).status_code == 401
    assert stranger.get("/", base_url=HERE).status_code == 401


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "169.254.169.254", "kithwork"])
def test_a_foreign_host_is_refused_on_every_route(app: Flask, study: Study, browser: Browser, host: str) -> None:
    for path in addresses(app, study):
        assert browser.client.get(path, base_url=HERE, headers={"Host": host}).status_code == 400, path
    for path in posts(app):
        assert browser.client.post(path, base_url=HERE, headers={"Host": host}).status_code == 400, path


def test_no_change_is_made_without_the_token_of_a_page(app: Flask, study: Study, browser: Browser) -> None:
    before = len(study.entries())
    for path in posts(app):
        assert browser.client.post(path, base_url=HERE).status_code == 400, path
    assert len(study.entries()) == before


def test_no_change_is_made_for_another_site_even_with_the_token(app: Flask, browser: Browser) -> None:
    token = browser.token()
    for path in posts(app):
        for site in ("cross-site", "same-site"):
            answer = browser.client.post(path, base_url=HERE, data={"csrf_token": token}, headers={"Sec-Fetch-Site": site})
            assert answer.status_code == 403, (path, site)


def test_looking_changes_nothing(app: Flask, study: Study, browser: Browser) -> None:
    before = study.entries()
    for path in addresses(app, study):
        answer = browser.client.get(path, base_url=HERE)
        assert answer.status_code == 200, path
    assert study.entries() == before
    assert study.verify().is_sound


def test_every_answer_carries_the_strict_policy_and_is_not_kept(app: Flask, study: Study, browser: Browser) -> None:
    for path in [*addresses(app, study), "/nowhere"]:
        headers = browser.client.get(path, base_url=HERE).headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy, path
        assert "unsafe-inline" not in policy, path
        assert "unsafe-eval" not in policy, path
        assert headers["Cache-Control"] == "no-store", path
        assert headers["X-Content-Type-Options"] == "nosniff", path
        assert headers["Referrer-Policy"] == "no-referrer", path
        assert "Access-Control-Allow-Origin" not in headers, path


def test_what_is_downloaded_is_an_attachment_with_a_neutral_name(app: Flask, study: Study, browser: Browser) -> None:
    pseudonyms = [row["pseudonym"] for row in study.rows("participants")]
    files = 0
    for path in addresses(app, study):
        answer = browser.client.get(path, base_url=HERE)
        if answer.mimetype not in ("text/html", "application/json"):
            files += 1
            told = answer.headers["Content-Disposition"]
            assert told.startswith("attachment;"), path
            assert not any(pseudonym in told for pseudonym in pseudonyms), path
    assert files >= 4


def test_an_undo_does_not_lead_to_another_site(study: Study, browser: Browser) -> None:
    browser.send("/participants/new", pseudonym="Q1")
    entry = study.entries()[-1]["id"]
    for back in ("https://evil.example/", "//evil.example", "/\\evil.example"):
        answer = browser.send(f"/journal/{entry}/undo", back=back)
        assert answer.headers["Location"] == "/journal", back
        entry = study.entries()[-1]["id"]
