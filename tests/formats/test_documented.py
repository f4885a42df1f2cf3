"""docs/formats.md tells of every format and every choice."""

from pathlib import Path

from kithwork.formats import CHOICES, FORMATS

DOCS = (Path(__file__).parents[2] / "docs" / "formats.md").read_text(encoding="utf-8")


def test_every_format_has_its_line() -> None:
    assert [each.name for each in FORMATS if f"| `{each.name}` |" not in DOCS] == []


def test_every_problem_with_a_choice_is_listed_with_its_choices_default_first() -> None:
    lines = [line for line in DOCS.splitlines() if line.startswith("| `")]
    for code, choices in CHOICES.items():
        line = next(line for line in lines if f"`{code}`" in line.split("|")[1])
        named = line.split("|")[2]
        places = [named.find(f"`{choice}`") for choice in choices]
        assert -1 not in places, code
        assert places == sorted(places), code
