"""What a person typed into the search box, as terms: words, phrases, words near each other, and where to look."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator

from kithwork.model.errors import StudyError
from kithwork.model.terms import Near, Phrase, Search, folded_words

_NEAR = 8  # words apart, unless told
_FARTHEST = 255
_MOST_TERMS = 30
_LONGEST = 1_000  # characters
_FIELDS = {"speaker": "speakers", "wave": "waves", "kind": "kinds", "participant": "participants"}
_PART = re.compile(
    r'(?P<field>[a-z]{4,11}):(?:"(?P<quoted>[^"]*)"|(?P<plain>[^\s"]+))|-?"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+)', re.IGNORECASE
)
_NEAR_MARK = re.compile(r"NEAR(?:/(\d{1,3}))?")


def places_of(search: Search, text: str) -> list[tuple[int, int]]:
    """Half-open spans of the terms in a text that holds all of them; none where it does not."""
    words = list(folded_words(text))
    if any(next(_found(phrase, words), None) for phrase in search.without):
        return []
    spans: set[tuple[int, int]] = set()
    for term in search.terms:
        pairs = _near_found(term, words) if isinstance(term, Near) else list(_found(term, words))
        if not pairs:
            return []
        spans |= {(words[first][1], words[last][2]) for first, last in pairs}
    return sorted(spans)


def parse_search(typed: str) -> Search:
    """Terms from what was typed: `sister "let down" care* mood NEAR/5 low -work speaker:P01 wave:2 kind:person`.

    Raises `StudyError` where nothing to look for is left, or it is too much.
    """
    if len(typed) > _LONGEST:
        raise StudyError("This is too long to look for; type a few words.")
    fields: dict[str, list[str]] = {name: [] for name in _FIELDS.values()}
    terms: list[Phrase | Near] = []
    without: list[Phrase] = []
    near: int | None = None
    for match in _PART.finditer(typed):
        if match["field"] and match["field"].lower() in _FIELDS:
            fields[_FIELDS[match["field"].lower()]].append(match["quoted"] or match["plain"] or "")
            continue
        mark = _NEAR_MARK.fullmatch(match.group())
        if mark and terms and isinstance(terms[-1], Phrase):
            near = min(int(mark[1] or _NEAR), _FARTHEST)
            continue
        phrase = _phrase(match["phrase"] if match["phrase"] is not None else match.group())
        if not phrase.words:
            continue
        if match.group().startswith("-"):
            without.append(phrase)
        elif near is not None and isinstance(first := terms.pop(), Phrase):
            terms.append(Near(first, phrase, near))
        else:
            terms.append(phrase)
        near = None
    if not terms:
        raise StudyError("Nothing to look for was given; type a word or a phrase.")
    if len(terms) + len(without) > _MOST_TERMS:
        raise StudyError(f"At most {_MOST_TERMS} words can be looked for at once; type fewer.")
    return Search(tuple(terms), tuple(without), **{name: tuple(values) for name, values in fields.items()})


def _phrase(words: str) -> Phrase:
    return Phrase(tuple(word for word, _, _ in folded_words(words)), words.endswith("*"))


def _found(phrase: Phrase, words: list[tuple[str, int, int]]) -> Iterator[tuple[int, int]]:
    """First and last word of each occurrence."""
    size = len(phrase.words)
    for at in range(len(words) - size + 1):
        here = [words[at + k][0] for k in range(size)]
        is_last = here[-1].startswith(phrase.words[-1]) if phrase.is_start else here[-1] == phrase.words[-1]
        if is_last and tuple(here[:-1]) == phrase.words[:-1]:
            yield at, at + size - 1


def _near_found(near: Near, words: list[tuple[str, int, int]]) -> list[tuple[int, int]]:
    """Occurrences of both phrases that have a partner close by."""
    firsts, seconds = list(_found(near.first, words)), list(_found(near.second, words))
    starts = [first for first, _ in seconds]
    reach = near.apart + max(len(near.first.words), len(near.second.words)) + 1
    kept: set[tuple[int, int]] = set()
    for one in firsts:
        for other in seconds[bisect_left(starts, one[0] - reach) : bisect_right(starts, one[1] + reach)]:
            ahead, behind = sorted((one, other))
            if behind[0] > ahead[1] and behind[0] - ahead[1] - 1 <= near.apart:
                kept |= {one, other}
    return sorted(kept)
