"""Where a text speaks of an alter: by name, by pseudonym, or by the words the participant used for them."""

import itertools
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from kithwork.model.terms import fold
from kithwork.talk.names import spellings
from kithwork.talk.words import EVERYDAY_NAMES, Word, stems, words_of

_PSEUDONYM = re.compile(r"\[([^\[\]\n]{1,80})\]")


@dataclass(frozen=True)
class Mention:
    """A stretch of text that seems to speak of an alter. `alter_ids` has more than one where several are called the same."""

    start: int
    stop: int
    alter_ids: tuple[str, ...]
    how: Literal["pseudonym", "name", "words"]


def find_mentions(
    text: str,
    alters: Iterable[Mapping[str, Any]],
    names: Mapping[str, str] | None = None,
    turns: Iterable[Mapping[str, Any]] = (),
) -> list[Mention]:
    """Mentions to be offered, in order; nothing is decided here.

    alters   rows of the participant whose talk it is
    names    what each alter is called by, alter id to name (from `identities`)
    turns    rows of turns: where given, only words spoken are looked at, not the labels of speakers
    """
    by_pseudonym: dict[str, list[str]] = {}
    by_words: dict[tuple[str, ...], tuple[list[str], Literal["name", "words"]]] = {}
    for alter in alters:
        by_pseudonym.setdefault(fold(alter["pseudonym"]), []).append(alter["id"])
        for words, how in _called((names or {}).get(alter["id"], "")):
            by_words.setdefault(words, ([], how))[0].append(alter["id"])
    spans = [(turn["start"], turn["stop"]) for turn in turns] or [(0, len(text))]
    found: list[Mention] = []
    for start, stop in spans:
        found += _in_span(text, start, stop, by_pseudonym, by_words)
    return sorted(found, key=lambda mention: mention.start)


def _called(name: str) -> Iterable[tuple[tuple[str, ...], Literal["name", "words"]]]:
    """Each way of calling someone: the names in it, and the whole of it (my sister → sister)."""
    for words, _ in spellings(name):
        yield words, "name"
    plain = [word.folded for word in words_of(name)]
    while plain and plain[0] in ("my", "our", "the", "a", "an"):
        plain = plain[1:]
    if plain and not spellings(name):
        yield tuple(plain), "words"


def _in_span(
    text: str,
    start: int,
    stop: int,
    by_pseudonym: Mapping[str, list[str]],
    by_words: Mapping[tuple[str, ...], tuple[list[str], Literal["name", "words"]]],
) -> Iterable[Mention]:
    covered: list[tuple[int, int]] = []
    for match in _PSEUDONYM.finditer(text, start, stop):
        ids = by_pseudonym.get(fold(match.group(1).strip()))
        if ids:
            covered.append(match.span())
            yield Mention(*match.span(), tuple(ids), "pseudonym")
    words = [word for word in words_of(text[start:stop]) if not any(a <= start + word.start < b for a, b in covered)]
    longest = max((len(key) for key in by_words), default=0)
    at = 0
    while at < len(words):
        for count in range(min(longest, len(words) - at), 0, -1):
            hit = _match(text, start, words[at : at + count], by_words)
            if hit:
                yield hit
                at += count
                break
        else:
            at += 1


def _match(
    text: str, shift: int, words: list[Word], by_words: Mapping[tuple[str, ...], tuple[list[str], Literal["name", "words"]]]
) -> Mention | None:
    first, last = words[0], words[-1]
    if any(text[shift + a.stop : shift + b.start].strip() for a, b in itertools.pairwise(words)):
        return None
    for stem, length in stems(last):
        known = by_words.get((*(word.folded for word in words[:-1]), stem))
        if known is None:
            continue
        if known[1] == "name" and not first.is_capital and first.folded in EVERYDAY_NAMES:
            continue
        return Mention(shift + first.start, shift + last.start + length, tuple(known[0]), known[1])
    return None
