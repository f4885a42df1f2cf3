"""Sentences by rule: enough for counting agreement by sentence, and for selecting one with a key."""

import re

_END = re.compile(r"""[.!?…]{1,20}["'”’»)\]]{0,5}(?=\s|$)|\n\s*""")
_ABBREVIATIONS_TEXT = """
mr mrs ms miss dr prof st sr jr rev hon e.g i.e eg ie etc vs cf approx dept no nos fig vol pp p ca tel ext a.m p.m
"""
_ABBREVIATIONS = frozenset(_ABBREVIATIONS_TEXT.split())
_WORD_BEFORE = re.compile(r"([\w.]+)$")
_NEXT = re.compile(r"""\s*["'“‘«(\[]*(\w)""")


def sentences(text: str, start: int = 0, stop: int | None = None) -> list[tuple[int, int]]:
    """Half-open spans of the sentences between two places, without the space around them.

    A sentence ends at `.` `!` `?` `…` before a space, or at a line end. Not after an abbreviation (Mr., e.g.), an initial
    (J. Smith), a number (3. or No. 4), nor where the next word begins in lower case after a full stop.
    """
    stop = len(text) if stop is None else stop
    spans: list[tuple[int, int]] = []
    begin = start
    for match in _END.finditer(text, start, stop):
        if _ends_here(text, match, stop):
            _keep(spans, text, begin, match.end())
            begin = match.end()
    _keep(spans, text, begin, stop)
    return spans


def _ends_here(text: str, match: re.Match[str], stop: int) -> bool:
    mark = match.group()
    if mark[0] == "\n" or mark[0] in "!?":
        return mark[0] == "\n" or not _goes_on(text, match.end(), stop)
    if mark.startswith(".") and len(mark.rstrip("\"'”’»)]")) == 1:
        before = _WORD_BEFORE.search(text, max(0, match.start() - 20), match.start())
        word = before.group(1).lower() if before else ""
        is_initial = len(word) == 1 and word.isalpha() and before is not None and before.group(1).isupper() and word != "i"
        if word in _ABBREVIATIONS or is_initial or (word.isdigit() and len(word) < 3 and _at_line_start(text, match.start() - len(word))):
            return False
    return not _goes_on(text, match.end(), stop)


def _goes_on(text: str, at: int, stop: int) -> bool:
    """Whether the next word on the same line begins in lower case."""
    following = _NEXT.match(text, at, stop)
    return bool(following) and "\n" not in following.group() and following.group(1).islower()


def _at_line_start(text: str, at: int) -> bool:
    return at == 0 or text[at - 1] == "\n"


def _keep(spans: list[tuple[int, int]], text: str, start: int, stop: int) -> None:
    while start < stop and text[start].isspace():
        start += 1
    while stop > start and text[stop - 1].isspace():
        stop -= 1
    if start < stop:
        spans.append((start, stop))
