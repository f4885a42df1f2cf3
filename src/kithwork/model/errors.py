"""What can go wrong, in one sentence each: what, where, what to do."""

import difflib
from collections.abc import Iterable


class KithworkError(Exception):
    """A sentence for the person at the screen; never a name or other content of the study."""


class StudyError(KithworkError):
    """A rule of the study is broken, or its file cannot be used."""


class FormatError(KithworkError):
    """A foreign file cannot be read."""


class SelectionError(KithworkError):
    """Something was asked for that does not exist."""


class ConflictError(KithworkError):
    """Someone changed it first."""


def near(word: str, known: Iterable[str]) -> str:
    """`" Did you mean 'x'?"` for a misspelt word, or an empty string."""
    match = difflib.get_close_matches(word, list(known), n=1)
    return f" Did you mean '{match[0]}'?" if match else ""
