"""What a person typed into the search box, as terms: words, phrases, words near each other, and where to look."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from kithwork.model.errors import StudyError
from kithwork.talk.words import fold

_NEAR = 8  # words apart, unless told
_FIELDS = {"speaker": "speakers", "wave": "waves", "kind": "kinds", "participant": "participants"}
_PART = re.compile(
    r'(?P<field>[a-z]{4,11}):(?:"(?P<quoted>[^"]*)"|(?P<plain>[^\s"]+))|"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+)', re.IGNORECASE
)
_NEAR_MARK = re.compile(r"NEAR(?:/(\d{1,3}))?")
_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Phrase:
    """Words that must stand one after another; `is_start` where the last may go on (care* finds careful)."""

    words: tuple[str, ...]
    is_start: bool = False


@dataclass(frozen=True)
class Near:
    """Two phrases that stand at most so many words apart, in either order."""

    first: Phrase
    second: Phrase
    apart: int


@dataclass(frozen=True)
class Search:
    """All `terms` must be found and none of `without`; where filters are given, only there."""

    terms: tuple[Phrase | Near, ...] = ()
    without: tuple[Phrase, ...] = ()
    speakers: tuple[str, ...] = ()
    waves: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    participants: tuple[str, ...] = ()

    def fts5(self) -> str:
        """The terms as a full-text expression of SQLite; every word is quoted, so nothing typed is read as a command."""
        parts = [_near_fts5(term) if isinstance(term, Near) else _phrase_fts5(term) for term in self.terms]
        whole = " AND ".join(parts)
        return " NOT ".join([f"({whole})" if self.without else whole, *map(_phrase_fts5, self.without)])

    def places(self, text: str) -> list[tuple[int, int]]:
        """Half-open spans of the terms in a text that holds all of them; none where it does not."""
        words = [(fold(match.group()), match.start(), match.end()) for match in _WORD.finditer(text)]
        if any(next(_found(phrase, words), None) for phrase in self.without):
            return []
        spans: set[tuple[int, int]] = set()
        for term in self.terms:
            pairs = _near_found(term, words) if isinstance(term, Near) else list(_found(term, words))
            if not pairs:
                return []
            spans |= {(words[first][1], words[last][2]) for first, last in pairs}
        return sorted(spans)


def parse_search(typed: str) -> Search:
    """Terms from what was typed: `sister "let down" care* mood NEAR/5 low -work speaker:P01 wave:2 kind:person`.

    Raises `StudyError` where nothing to look for is left.
    """
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
            near = int(mark[1] or _NEAR)
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
    return Search(tuple(terms), tuple(without), **{name: tuple(values) for name, values in fields.items()})


def _phrase(words: str) -> Phrase:
    return Phrase(tuple(fold(word) for word in _WORD.findall(words)), words.endswith("*"))


def _phrase_fts5(phrase: Phrase) -> str:
    return '"' + " ".join(phrase.words) + '"' + (" *" if phrase.is_start else "")


def _near_fts5(near: Near) -> str:
    return f"NEAR({_phrase_fts5(near.first)} {_phrase_fts5(near.second)}, {near.apart})"


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
    kept: set[tuple[int, int]] = set()
    for one in firsts:
        for other in seconds:
            ahead, behind = sorted((one, other))
            if one != other and behind[0] - ahead[1] - 1 <= near.apart and behind[0] > ahead[1]:
                kept |= {one, other}
    return sorted(kept)
