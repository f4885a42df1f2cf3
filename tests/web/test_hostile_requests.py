"""Whatever is sent to any address, the answer is a page or a sentence of ours, never a failure, and the study stays sound."""

import json
import random
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict
from werkzeug.routing import Rule

from kithwork.model.ids import new_id
from kithwork.model.schema import LIVE, TABLES
from kithwork.store import Study
from tests.web.conftest import HERE, Browser, Page, addresses

JUNK = [
    *(
        "",
        " ",
        "x" * 10_001,
        "\x00",
        "a\x00b",
        "\u202eabc",
        "\ud7ff\ufffe",
        "0",
        "-1",
        "1e400",
        "NaN",
        "999999999999999999999",
        "yes",
        "[]",
    ),
    *(
        "{}",
        "null",
        "2024-02-30",
        "2024-02-03",
        "=1+1",
        "../../x",
        "/etc/passwd",
        "%00",
        "🧑‍🤝‍🧑",
        "א",
        "<b>",
        "'; drop table ties--",
        "all",
        "people",
    ),
]
JSON_JUNK: list[Any] = [
    *(b"", b"{", b"[]", b"null", b"3", b'"x"', b'{"arguments": [1, 2]}', b'{"arguments": "x"}', b'{"arguments": {"map_id": 3}}'),
    *(
        b'{"arguments": {"map_id": "\\ud800"}}',
        b'{"arguments": {"": null}}',
        b'{"request": 3}',
        b'{"request": "\\u0000\\u0000\\u0000\\u0000\\u0000\\u0000\\u0000\\u0000"}',
    ),
    *(b'{"arguments": {"values": NaN}}', b"\xff\xfe", b"[" * 100_000),
    b'{"arguments": {"values": {"reasons": ' + b"[" * 700 + b"]" * 700 + b"}}}",
    b'{"arguments": {"name": "n", "view_kind": "measures", "definition": {"a": ' + b"[" * 700 + b"]" * 700 + b"}}}",
]
ENDPOINTS_APART = {"enter", "asset", "verify_study", "back_up", "open", "new_study"}  # the last two open another study


class Sender:
    """A visitor who sends what no page of ours would."""

    def __init__(self, app: Flask, browser: Browser, study: Study, seed: int) -> None:
        self.app, self.browser, self.study, self.chance = app, browser, study, random.Random(seed)
        self.token = browser.token()
        self.names = sorted(self._field_names())
        self.rows = {table: [row["id"] for row in study.rows(table)][:20] for table in LIVE}
        self.codes = sorted({str(code) for table in TABLES.values() for column in table.columns for code in column.choices})

    def _field_names(self) -> set[str]:
        found = set()
        for path in addresses(self.app, self.study):
            answer = self.browser.client.get(path, base_url=HERE)
            if answer.mimetype == "text/html":
                page = Page(answer.get_data(as_text=True))
                found |= {part.get("name", "") for tag in ("input", "select", "textarea", "button") for part in page.all(tag)}
        return found - {"", "csrf_token"}

    def path(self, rule: Rule) -> str:
        filled = {name: self.part(name) for name in rule.arguments}
        return self.app.url_map.bind("127.0.0.1").build(rule.endpoint, filled)

    def part(self, name: str) -> str:
        table = name.removesuffix("_id") + "s"
        wrong = [new_id(), "x", "0", "é", "%2e%2e", self.chance.choice(self.rows["alters"])]
        right = self.rows.get(table) or [row["id"] for row in self.study.rows("journal")] if name == "entry_id" else self.rows.get(table)
        ways = {
            "verb": ["name-alter", "place-tie", "note-event", "save-view", "nothing"],
            "format": ["csv", "egor", "nothing"],
            "ending": [".csv", ".xlsx", ".exe"],
            "change": ["wave", "question", "circles", "role", "nothing"],
        }
        return self.chance.choice([*(right or ways.get(name, wrong)), *wrong[:2]])

    def word(self) -> str:
        table = self.chance.choice(list(self.rows))
        return self.chance.choice([*JUNK, *JUNK, *(self.rows[table][:3] or ["x"]), *self.chance.sample(self.codes, 10)])

    def form(self) -> MultiDict[str, Any]:
        names = self.chance.sample(self.names, self.chance.randint(0, min(len(self.names), 12)))
        form = MultiDict([("csrf_token", self.token), *((name, self.word()) for name in names for _ in range(self.chance.randint(1, 2)))])
        if self.chance.random() < 0.3:
            form.add(
                "files",
                (
                    BytesIO(self.chance.choice([b"", b"\x00\xff", b"a,b\n1", b"PK\x03\x04xx"])),
                    self.chance.choice(["x.csv", "../x.zip", "x"]),
                ),
            )
        return form


def checked(answer: Any, where: str) -> None:
    """No failure, nothing of ours laid open."""
    assert answer.status_code < 500, (where, answer.status_code)
    if answer.mimetype in ("text/html", "application/json", "text/plain"):
        words = answer.get_data(as_text=True)
        assert "Traceback" not in words, where
        assert "site-packages" not in words, where


@pytest.mark.parametrize("seed", range(2))
def test_no_form_makes_the_server_fail(app: Flask, browser: Browser, study: Study, seed: int) -> None:
    sender = Sender(app, browser, study, seed)
    rules = [rule for rule in app.url_map.iter_rules() if rule.endpoint not in ENDPOINTS_APART and "POST" in (rule.methods or ())]
    for rule in rules:
        for _ in range(12):
            path = sender.path(rule)
            if path.startswith("/api/"):
                body = sender.chance.choice(JSON_JUNK)
                headers = {"X-CSRFToken": sender.token}
                answer = browser.client.post(path, base_url=HERE, data=body, headers=headers, content_type="application/json")
            else:
                answer = browser.client.post(path, base_url=HERE, data=sender.form(), content_type="multipart/form-data")
            checked(answer, path)
    assert study.verify().damage == []


def test_no_address_makes_the_server_fail(app: Flask, browser: Browser, study: Study) -> None:
    sender = Sender(app, browser, study, 0)
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and rule.endpoint not in ENDPOINTS_APART:
            for _ in range(6):
                query = {name: sender.word() for name in sender.chance.sample(sender.names, 6)} | {
                    "group": sender.word(),
                    "show": sender.word(),
                }
                checked(browser.client.get(sender.path(rule), base_url=HERE, query_string=query), rule.rule)


def test_get_changes_nothing_and_only_our_own_forms_are_taken(app: Flask, browser: Browser, study: Study) -> None:
    sender = Sender(app, browser, study, 0)
    before = study.count("journal", by="verb")
    for rule in app.url_map.iter_rules():
        path = sender.path(rule) if rule.endpoint not in ("enter", "asset") else None
        if path is None:
            continue
        if "GET" not in (rule.methods or ()):
            assert browser.client.get(path, base_url=HERE).status_code in (404, 405), rule.rule
        if "POST" in (rule.methods or ()):
            without = browser.client.post(path, base_url=HERE, data={"title": "x"})
            assert without.status_code == 400, rule.rule
            form = {"csrf_token": sender.token}
            foreign = browser.client.post(path, base_url=HERE, data=form, headers={"Sec-Fetch-Site": "cross-site"})
            assert foreign.status_code == 403, rule.rule
            assert browser.client.post(path, base_url="http://evil.example", data=form).status_code == 400, rule.rule
    assert study.count("journal", by="verb") == before


def test_a_strangers_request_is_not_let_in_anywhere(app: Flask, stranger: FlaskClient, study: Study) -> None:
    for path in addresses(app, study):
        answer = stranger.get(path, base_url=HERE)
        assert answer.status_code == 401, path
        assert json.dumps(study.rows("participants")[0]["pseudonym"])[1:-1] not in answer.get_data(as_text=True), path


@pytest.mark.parametrize("name", ["🧑" * 100 + ".csv", "x" * 5000, "a" + "́" * 300 + ".zip", "..", "con", "\u202egnp.exe"])
def test_a_file_of_any_name_can_be_looked_at(browser: Browser, name: str) -> None:
    answer = browser.send("/import/files", files=(BytesIO(b"a,b\n1,2\n"), name))
    assert answer.status_code in (302, 303, 422)
    if answer.status_code != 422:
        checked(browser.client.get(answer.headers["Location"], base_url=HERE), "a look at it")
