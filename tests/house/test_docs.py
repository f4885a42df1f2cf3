"""What the documents say is so."""

import re
from pathlib import Path

import click
import docs  # scripts/docs.py
import pytest

from kithwork.cli.main import COMMANDS, kith
from kithwork.model.schema import TABLES

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])


@pytest.mark.parametrize("page", docs.PAGES)
def test_a_page_made_from_code_is_up_to_date(page: str):
    assert (ROOT / "docs" / page).read_text(encoding="utf-8") == docs.PAGES[page](), "run: make docs"


def test_every_table_and_column_stands_in_the_data_model():
    text = (ROOT / "docs" / "data-model.md").read_text(encoding="utf-8")
    for table in TABLES.values():
        section = text.split(f"\n## {table.name}\n")[1].split("\n## ")[0]
        assert [name for name in table.names if f"\n| `{name}` |" not in section] == []


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_helps_with_an_example(name: str):
    command = kith.get_command(click.Context(kith), name)
    assert command is not None
    assert f"kith {name}" in (command.help or "").split("Example", 1)[-1]
    assert f"## kith {name}\n" in (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path):
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if "://" in target or target.startswith("mailto:"):
            continue
        name, _, heading = target.partition("#")
        aim = (page.parent / name).resolve() if name else page
        assert aim.exists(), f"{page.name} links to {target}"
        if heading and aim.suffix == ".md":
            assert heading in anchors(aim), f"{page.name} links to {target}"


def anchors(page: Path) -> set[str]:
    """What a heading is called in a link, as the usual Markdown sites make it."""
    titles = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def test_every_make_target_of_the_documents_exists():
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), flags=re.MULTILINE))
    named = {name for page in PAGES for name in re.findall(r"(?:^|`)make ([a-z]+)", page.read_text(encoding="utf-8"), flags=re.MULTILINE)}
    assert named <= targets
