"""What the server remembers is never older than the study."""

import pytest
from jinja2 import Environment

from kithwork.actions import act
from kithwork.store import Study
from kithwork.web.app import make_app
from kithwork.web.desk import Desk


def test_what_is_remembered_is_made_once_and_forgotten_after_any_change(study: Study) -> None:
    desk, made = Desk(study), []

    def make() -> int:
        made.append(len(study.rows("participants")))
        return made[-1]

    assert desk.remembered("people", make) == desk.remembered("people", make)
    assert len(made) == 1
    act(study, "enrol participant", {"pseudonym": "Q1"})
    assert desk.remembered("people", make) == made[0] + 1
    study.undo(study.entries()[-1]["id"])
    assert desk.remembered("people", make) == made[0]
    assert len(made) == 3


def test_little_is_remembered_at_a_time(study: Study) -> None:
    desk = Desk(study)
    for number in range(100):
        assert desk.remembered(number, lambda number=number: number) == number
    assert len(desk._kept) < 10


def test_an_app_made_again_does_not_compile_its_pages_again(study: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    make_app(study, port=9299).jinja_env.get_template("code.html")
    monkeypatch.setattr(Environment, "_parse", None)  # whatever compiles a template reads it first
    make_app(study, port=9299).jinja_env.get_template("code.html")
