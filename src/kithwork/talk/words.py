"""Words of a text with their places, folded for comparison: case, accents and apostrophes told apart from nothing."""

import re
from collections.abc import Collection, Iterator
from functools import lru_cache
from typing import NamedTuple

from kithwork.model.terms import fold

_MARKS = "\u0300-\u036f"
_WORD = re.compile(rf"(?:[^\W\d_]|[{_MARKS}])+(?:['’‘-](?:[^\W\d_]|[{_MARKS}])+)*")
_SPACE = re.compile(r"\s+")
_NEAR = 30  # characters within which the edge of a word is looked for
_POSSESSIVE = re.compile(r"(?:['’‘]s|s['’‘]?|['’‘])$", re.IGNORECASE)

_ROLE_WORDS_TEXT = """
my our the a an his her their from at in of and or to with mr mrs ms miss dr doctor prof sir nurse sister brother mum
mom mummy mother dad daddy father gran granny grandma grandad grandpa nan nana auntie aunt uncle cousin son daughter
wife husband partner friend neighbour neighbor boss colleague gp therapist counsellor psychiatrist psychologist worker
keyworker carer pharmacist dog cat garden park church club group centre center cafe café shop library pub gym school
work home house family baby big little old young best support social mental health team ward clinic hospital surgery
street road
"""
ROLE_WORDS = frozenset(_ROLE_WORDS_TEXT.split())
"""Words that say what someone or something is, not who: never replaced by themselves."""

_EVERYDAY_NAMES_TEXT = """
will mark hope grace joy faith rose may june april august bill jack pat sue rob dawn daisy ivy iris holly heather ray
guy art chase grant dean drew frank harry josh jimmy max miles nick norm pearl penny peg pip reed rich rusty sandy skip
sky stew summer tim tom victor wade warren wit young brook cliff dale dot earnest eve gay gene gill glen hank hazel herb
jean jay jan ken kit lance mike mercy nan nat olive page paige paris pierce prudence robin roman ruby sage sally scarlet
chance angel baker cook rain lily von van den
"""
EVERYDAY_NAMES = frozenset(_EVERYDAY_NAMES_TEXT.split())
"""Names that are also everyday words: met in lower case, they are words."""


class Word(NamedTuple):
    """One word of a text; `folded` is it in lower case without accents, `is_first` whether it is capital and begins a sentence."""

    start: int
    stop: int
    text: str
    folded: str
    is_capital: bool
    is_first: bool


def words_of(text: str) -> Iterator[Word]:
    """The words of a text in order; hyphens and apostrophes inside a word belong to it."""
    for match in _WORD.finditer(text):
        word = match.group()
        folded, is_capital = _seen(word)
        start = match.start()
        yield Word(start, match.end(), word, folded, is_capital, is_capital and _is_first(text, start))


class Words:
    """All words of one text: their places and the vocabulary at once, the rest only for the words that are asked for."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.spans = [(match.start(), match.group()) for match in _WORD.finditer(text)]
        self.vocabulary = {word for _, word in self.spans}
        self.lower = {folded for word in self.vocabulary for folded, is_capital in (_seen(word),) if not is_capital}
        self.capitals = {word for word in self.vocabulary if _seen(word)[1]}

    def __len__(self) -> int:
        return len(self.spans)

    def __getitem__(self, at: int) -> Word:
        start, word = self.spans[at]
        folded, is_capital = _seen(word)
        return Word(start, start + len(word), word, folded, is_capital, is_capital and _is_first(self.text, start))

    def among(self, wanted: Collection[str]) -> Iterator[int]:
        """Where the words wanted stand, in order."""
        return (at for at, (_, word) in enumerate(self.spans) if word in wanted)


@lru_cache(100_000)
def _seen(word: str) -> tuple[str, bool]:
    return fold(word), word[0].isupper() or word[0].istitle()


def _is_first(text: str, start: int) -> bool:
    before = text[max(0, start - 12) : start].rstrip(" \t\"'“‘«([")
    return not before or before[-1] in ".!?…:\n" or "\n" in text[max(0, start - 2) : start]


def around(text: str, start: int, stop: int, most: int) -> tuple[str, str]:
    """What stands before and after a stretch: at most so many characters on each side, no word cut, "…" where more is left out.

    A single word longer than that is cut.
    """
    begin, end = word_start(text, start - most), word_stop(text, stop + most)
    before, after = text[min(begin, start) : start], text[stop : max(end, stop)]
    return ("… " if begin > 0 else "") + before, after + (" …" if end < len(text) else "")


def word_start(text: str, place: int) -> int:
    """The next place from here at which a word begins, if one is near."""
    if place <= 0:
        return 0
    space = _SPACE.search(text, place - 1, place + _NEAR)
    return space.end() if space else place


def word_stop(text: str, place: int) -> int:
    """The last place up to here at which a word ends, if one is near."""
    if place >= len(text):
        return len(text)
    spaces = list(_SPACE.finditer(text, max(0, place - _NEAR), place + 1))
    return spaces[-1].start() if spaces else place


def stems(word: Word) -> tuple[tuple[str, int], ...]:
    """A folded word and its length in the text, then the same without a possessive or plural ending."""
    return stems_of(word.text)


@lru_cache(100_000)
def stems_of(word: str) -> tuple[tuple[str, int], ...]:
    ending = _POSSESSIVE.search(word)
    length = len(word) - len(ending.group()) if ending else 0
    return ((fold(word), len(word)), (fold(word[:length]), length)) if length >= 2 else ((fold(word), len(word)),)


def is_name_like(name: str) -> bool:
    """Whether a word of someone's name says who it is: capitalised, of two letters or more, no role."""
    return name[:1].isupper() and len(name) > 1 and fold(name) not in ROLE_WORDS
