"""How dates, times and counts are written on pages, and what every page is told about the study and who is at work."""

import datetime
import re
from collections.abc import Callable
from typing import Any

from flask import session

from kithwork.model.rows import day
from kithwork.store import Study

_FIELDS = {"wave": "Wave", "state": "State", "format": "Format", "with-personal-text": "With words about people"}


def moment(text: str | None) -> str:
    """A time in UTC as day and time on this machine's clock."""
    if not text:
        return ""
    local = datetime.datetime.fromisoformat(text).astimezone()
    return f"{day(local.date().isoformat())}, {local:%H:%M:%S}"


def clock(text: str) -> str:
    """A time in UTC as the time of day on this machine's clock."""
    return f"{datetime.datetime.fromisoformat(text).astimezone():%H:%M:%S}"


def count(number: int, noun: str, plural: str | None = None) -> str:
    """`1 tie`, `2 ties`."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def on_page(sentence: str) -> str:
    """What a reader of files says, its options for the command line told as the page calls them."""
    sentence = re.sub(r"\bwith --aspect\b", "under 'Shape of the canvas'", sentence)
    sentence = re.sub(r"\b(with|another) --(wave|state|format|with-personal-text)\b", lambda m: f"{m[1]} '{_FIELDS[m[2]]}'", sentence)
    sentence = re.sub(r"(\bwith )?--(kind|column|missing|non-tie|relation)\b[^.;)]*", "under 'More ways to read the files'", sentence)
    return sentence.replace(" or --state", " or state")


FILTERS: dict[str, Callable[..., str]] = {"on_page": on_page, "day": day, "moment": moment, "clock": clock, "count": count}


def about_study(study: Study | None) -> dict[str, Any]:
    """What the frame of every page shows: the study's title, whether it is made up, and who is working."""
    if study is None:
        return {"has_study": False, "is_synthetic": False, "study_title": None, "coder_name": None}
    rows = study.rows("studies")
    coder_id = session.get("coder_id")
    coders = study.rows("coders", id=coder_id) if coder_id else []
    return {
        "has_study": True,
        "is_synthetic": any(row["is_synthetic"] for row in rows),
        "study_title": rows[0]["title"] if rows else None,
        "coder_name": coders[0]["name"] if coders else None,
    }
