"""The words of the demo study, from `words.yaml` beside this file. All made up for it; nobody said them."""

from importlib import resources
from typing import Any

import yaml

_WORDS: dict[str, Any] = yaml.safe_load((resources.files("kithwork.formats.demo") / "words.yaml").read_text(encoding="utf-8"))

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
