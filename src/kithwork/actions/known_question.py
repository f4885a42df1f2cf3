"""The question of a study that a column of imported files is, where nothing in them contradicts: its options are those of all waves.

A column tells no design: its options are the words that occur, and what nobody answered looks like words. So a later export may
hold more, fewer or none. Where a codebook, a template or a person made a question, other options are another version of it.
"""

from collections.abc import Callable, Sequence
from typing import Any

from kithwork.formats.building import is_from_data
from kithwork.model.rows import Row

MOST_OPTIONS = 30
_SAME = ("subject", "wording", "answer_kind", "options", "column_name")
_IS = ("subject", "wording", "column_name")


def known_question(
    row: Row, known: Sequence[Row], words_coming: Sequence[str], is_answered: Callable[[str], bool]
) -> tuple[Row, dict[str, Any]] | None:
    """The question in `known` (versions of one code, the latest last) that `row` is, and what of it grows; None where it is another.

    `words_coming` are the answers that come in as words; `is_answered` tells whether a question of the study has answers.
    """
    for there in reversed(known):
        if all(there.get(name) == row.get(name) for name in _SAME):
            return there, {}
    there = known[-1] if known else None
    if there is None or any(there.get(name) != row.get(name) for name in _IS) or not (is_from_data(row) and is_from_data(there)):
        return None
    kinds = (there.get("answer_kind"), row.get("answer_kind"))
    if kinds == ("text", "text") or (not words_coming and kinds[1] == "text"):
        return there, {}
    if kinds[0] == "text" and not is_answered(there["id"]):
        return there, {name: row[name] for name in ("answer_kind", "options") if row.get(name) is not None}
    if kinds == ("text", "choice"):
        return there, {}
    if kinds[0] == "choice" and kinds[1] in ("choice", "text"):
        options = _together(there.get("options") or [], row.get("options") or [[word, word] for word in sorted(set(words_coming))])
        if options is not None:
            return there, {} if options == (there.get("options") or []) else {"options": options}
    return None


def _together(there: list[list[str]], coming: list[list[str]]) -> list[list[str]] | None:
    """The options of both, those there first; None where a code means two things, or there are too many to choose from."""
    words: dict[str, str] = {code: label for code, label in there}  # noqa: C416 - a pair is a list here
    if any(words.get(code, label) != label for code, label in coming):
        return None
    options = [list(each) for each in there] + [list(each) for each in coming if each[0] not in words]
    return options if len(options) <= max(MOST_OPTIONS, len(there)) and all(len(code) <= 60 for code, _ in options) else None
