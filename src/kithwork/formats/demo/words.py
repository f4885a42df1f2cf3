"""The words of the demo study, from the YAML files beside this one. All made up for it; nobody said them."""

from importlib import resources
from typing import Any

import yaml

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the quick one where it was built


def read_words(name: str) -> dict[str, Any]:
    """The words in a file beside this one."""
    return yaml.load((resources.files("kithwork.formats.demo") / name).read_text(encoding="utf-8"), _LOADER)  # noqa: S506 - a safe loader


_WORDS = read_words("words.yaml")

PERSON_NAMES: list[str] = _WORDS["person_names"]
PET_NAMES: list[str] = _WORDS["pet_names"]
SURNAMES: list[str] = _WORDS["surnames"]
ROLE_NAMES: dict[str, list[str]] = _WORDS["role_names"]
SHORT_ROLES: dict[str, str] = _WORDS["short_roles"]
MEANINGS: dict[str, list[str]] = _WORDS["meanings"]
CONDITIONS: dict[str, list[str]] = _WORDS["conditions"]
EVENT_NOTES: dict[str, list[str]] = _WORDS["event_notes"]
TOPIC_NOTES: dict[str, list[str]] = _WORDS["topic_notes"]
PICTURE_REMARKS: list[str] = _WORDS["picture_remarks"]
INTERVIEW_NOTES: list[str] = _WORDS["interview_notes"]
WISHES: list[dict[str, str]] = _WORDS["wishes"]
