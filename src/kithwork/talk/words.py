"""Words of a text with their places, folded for comparison: case, accents and apostrophes told apart from nothing."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from kithwork.model.terms import fold

_MARKS = "\u0300-\u036f"
_WORD = re.compile(rf"(?:[^\W\d_]|[{_MARKS}])+(?:['’‘-](?:[^\W\d_]|[{_MARKS}])+)*")
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


@dataclass(frozen=True)
class Word:
    """One word of a text; `folded` is it in lower case without accents, `is_first` whether it begins a sentence."""

    start: int
    stop: int
    text: str
    folded: str
    is_first: bool

    @property
    def is_capital(self) -> bool:
        return self.text[0].isupper() or self.text[0].istitle()


def words_of(text: str) -> Iterator[Word]:
    """The words of a text in order; hyphens and apostrophes inside a word belong to it."""
    for match in _WORD.finditer(text):
        before = text[max(0, match.start() - 12) : match.start()].rstrip(" \t\"'“‘«([")
        is_first = not before or before[-1] in ".!?…:\n" or "\n" in text[max(0, match.start() - 2) : match.start()]
        yield Word(match.start(), match.end(), match.group(), fold(match.group()), is_first)


def stems(word: Word) -> Iterator[tuple[str, int]]:
    """A folded word and its length in the text, then the same without a possessive or plural ending."""
    yield word.folded, len(word.text)
    ending = _POSSESSIVE.search(word.text)
    if ending and len(word.text) - len(ending.group()) >= 2:
        length = len(word.text) - len(ending.group())
        yield fold(word.text[:length]), length


def is_name_like(name: str) -> bool:
    """Whether a word of someone's name says who it is: capitalised, of two letters or more, no role."""
    return name[:1].isupper() and len(name) > 1 and fold(name) not in ROLE_WORDS
