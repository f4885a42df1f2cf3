"""What is looked for in talk: words folded to one spelling, and terms of them. Pure: the store and the pages read them the same way."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

LONGEST_WORD = 64  # characters of a word that count; longer ones are no words
_MARKS = "\u0300-\u036f"
_WORD = re.compile(rf"(?:\w[{_MARKS}]*)+")
_NOT_WORD = re.compile(r"\W+")


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
    """All `terms` must be said in one turn and none of `without`; where filters are given, only there.

    speakers      roles (participant, interviewer, other) or labels of speakers
    waves         labels or positions of waves
    kinds         kinds of alter that the turn is tied to by a mention
    participants  pseudonyms
    """

    terms: tuple[Phrase | Near, ...] = ()
    without: tuple[Phrase, ...] = ()
    speakers: tuple[str, ...] = ()
    waves: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    participants: tuple[str, ...] = ()


def fold(text: str) -> str:
    """Lower case, accents and typographic apostrophes aside."""
    plain = text.replace("’", "'").replace("‘", "'")
    if not plain.isascii():
        plain = "".join(c for c in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(c))
    return plain.casefold()


def folded_words(text: str) -> Iterator[tuple[str, int, int]]:
    """Each word of a text folded, with its half-open place; an apostrophe parts words."""
    for match in _WORD.finditer(text):
        word = _folded_word(match.group())
        if word:
            yield word, match.start(), match.end()


def folded(text: str) -> list[str]:
    """The words of a text folded, in order."""
    return [word for word in map(_folded_word, _WORD.findall(text)) if word]


@lru_cache(50_000)
def _folded_word(word: str) -> str:
    return _NOT_WORD.sub("", fold(word))[:LONGEST_WORD]
