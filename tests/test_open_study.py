"""A study as a script sees it: the lines the README shows are run, and say what the commands and measures say."""

import re
from pathlib import Path
from typing import Any

import pytest

import kithwork
from kithwork.actions.design import keep_tables
from kithwork.cohort import Policy
from kithwork.formats.demo import demo_tables
from kithwork.measures import change_measures, map_measures
from kithwork.store import create_study

README = Path(__file__).parents[1] / "README.md"


@pytest.fixture
def demo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    with create_study(tmp_path / "demo.kith") as study:
        keep_tables(study, demo_tables(participants=6), "make demo study")
    return tmp_path / "demo.kith"


def test_the_python_of_the_readme_gives_the_measures(demo: Path) -> None:
    lines = re.findall(r"```python\n(.*?)```", README.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert lines
    made: dict[str, Any] = {}
    exec(lines[0], made)
    with kithwork.open_study(demo) as study:
        tables = study.tables()
    assert made["maps"].equals(map_measures(tables, ("person", "animal")).frame)
    assert made["why"].equals(map_measures(tables).reasons)
    assert made["change"].equals(change_measures(tables).frame)
    assert made["crisis"].equals(change_measures(tables, against="crisis").frame)


def test_attributes_and_a_policy_can_be_given(demo: Path) -> None:
    policy, by = Policy(weak=("contact",)), ("role_group",)
    with kithwork.open_study(demo) as study:
        tables = study.tables()
        frame = study.measures(measures=("weak_share", "diversity"), by=by, policy=policy)
        reasons = study.reasons(measures=("weak_share", "diversity"), by=iter(by), policy=policy)
    wanted = map_measures(tables, measures=("weak_share", "diversity"), by=by, policy=policy)
    assert frame.equals(wanted.frame)
    assert reasons.equals(wanted.reasons)
