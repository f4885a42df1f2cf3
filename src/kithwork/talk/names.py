"""Names to be replaced by pseudonyms: who is in the study's roster, found in all their spellings, proposed for review.

Nothing is replaced here. A person accepts proposals; `edits_of` turns them into edits whose places are exact.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from kithwork.model.terms import fold
from kithwork.talk.identifiers import Identifier, identifiers
from kithwork.talk.spans import Edit
from kithwork.talk.spellings import Spellings
from kithwork.talk.words import EVERYDAY_NAMES, ROLE_WORDS, Word, Words, is_name_like, stems, stems_of, words_of

Confidence = Literal["sure", "likely", "perhaps"]
_SURE = {"sure": 0, "likely": 1, "perhaps": 2}
_NOT_NAMES_TEXT = """
i i'm i've i'll i'd monday tuesday wednesday thursday friday saturday sunday january february march april may june july
august september october november december christmas easter god english british ok okay tv gp nhs covid
"""
_NOT_NAMES = frozenset(_NOT_NAMES_TEXT.split())
_OPENERS_TEXT = """
a about after all also always and any anyway are as at because been before being but by can could did do does even every everyone
everything for from had has have he her here him his how i if in is it its just last let like lots maybe me mhm mm more most much my
never next nice nobody none not nothing now of oh often on once one only or other our people really right said see she should since so
some somebody someone something sometimes still sure than thanks thank that that's the their them then there there's these they they're
things this those though through to today tell two um umm uh erm until us very was we well were what what's when where which while who
why will with would yeah yep yes yet you you're your
"""
_OPENERS = frozenset(_OPENERS_TEXT.split())
_BRACKETS = re.compile(r"\[[^\[\]\n]{1,80}\]")
_VERSIONS = re.compile(r"[()\[\]/,;\"“”]|\baka\b|\bor\b")
_PLACES = {"place": "place", "group": "organisation", "digital": "organisation"}


@dataclass(frozen=True)
class Known:
    """One spelling of someone or something in the roster: `words` folded, and whose it is."""

    words: tuple[str, ...]
    stand_in: str  # what is put in its place, such as [Friend 2]
    what: str = "name"
    participant_id: str | None = None  # the participant named
    alter_id: str | None = None  # the alter named
    owner_id: str | None = None  # whose talk it belongs to: the participant, or the participant whose alter it is
    is_whole: bool = True  # the whole name, or a part of it
    is_first: bool = False  # the word of it that is said first, of a person their first name

    is_ordinary: bool = False  # but a word of what a place, a group or an activity is called, such as Green of The Green Door
    other_id: str | None = None  # the name known besides the maps

    @property
    def is_everybodys(self) -> bool:
        """Known besides the maps, in whosever talk it is met."""
        return self.other_id is not None and self.owner_id is None


_BRACKET = re.compile(r"\[[^\[\]\n]{1,200}\]")


@dataclass(frozen=True)
class Proposal:
    """A stretch of text that may be a name, and what could stand there. `others` are the other people it may name."""

    start: int
    stop: int
    words: str
    what: str
    stand_in: str
    confidence: Confidence
    reason: str
    participant_id: str | None = None
    alter_id: str | None = None
    others: tuple[Known, ...] = ()
    other_id: str | None = None  # the name known besides the maps


@dataclass(frozen=True)
class Suspect:
    """Capitalised words that are in no roster, and their places: perhaps a name."""

    words: str
    places: tuple[tuple[int, int], ...]


# -- the roster ---------------------------------------------------------------------------------------------------------


def known_names(
    participants: Iterable[Mapping[str, Any]],
    alters: Iterable[Mapping[str, Any]],
    identities: Iterable[Mapping[str, Any]],
    decided: Iterable[Mapping[str, Any]] = (),
    others: Iterable[Mapping[str, Any]] = (),
) -> list[Known]:
    """The alias table: every name in `identities` and `other_names` and each of its parts, and words already replaced (`decided`).

    A name may hold its nicknames, as in `Sarah Hill (Saz)` or `Sarah / Saz`. Words that say what somebody is (my sister, Dr) are not names.
    """
    people = {row["id"]: row for row in participants}
    theirs = {row["id"]: row for row in alters}
    besides = {row["id"]: row for row in others}
    found: list[Known] = []
    for row in identities:
        person, alter = people.get(row.get("participant_id")), theirs.get(row.get("alter_id"))
        owner = person or alter
        if owner is None or not row.get("name"):
            continue
        base = Known(
            (),
            f"[{owner['pseudonym']}]",
            _PLACES.get(alter["kind"], "name") if alter else "name",
            person["id"] if person else None,
            alter["id"] if alter else None,
            person["id"] if person else alter["participant_id"] if alter else None,
        )
        found += _spelled(row["name"], base, person is not None or (alter or {}).get("kind") in (None, "person", "animal"))
    for row in besides.values():
        base = Known((), f"[{row['pseudonym']}]", row["what"], owner_id=row.get("participant_id"), other_id=row["id"])
        found += _spelled(row["name"], base, row["what"] == "name")
    for row in decided:
        if row.get("what") in ("name", "place", "organisation") and row.get("original") and row.get("replacement"):
            words = tuple(fold(word) for word in re.findall(r"[\w'’-]+", row["original"]))
            alter, person, other = (
                theirs.get(row.get("alter_id")),
                people.get(row.get("participant_id")),
                besides.get(row.get("other_name_id")),
            )
            owner_id = alter["participant_id"] if alter else person["id"] if person else other.get("participant_id") if other else None
            put = f"[{other['pseudonym']}]" if other else row["replacement"]
            whose = (row.get("participant_id"), row.get("alter_id"), owner_id)
            found.append(Known(words, put, other["what"] if other else row["what"], *whose, other_id=other["id"] if other else None))
    first: dict[tuple[Any, ...], Known] = {}
    for known in found:
        if known.words:
            first.setdefault((known.words, known.participant_id, known.alter_id, known.other_id), known)
    return list(first.values())


def _spelled(name: str, base: Known, is_named: bool) -> Iterable[Known]:
    """Every spelling of a name; `is_named` says that it is somebody's, and no word for what a place or a group is called."""
    for words, is_whole in spellings(name):
        yield replace(
            base,
            words=words,
            is_whole=is_whole,
            is_first=is_named and len(words) == 1 and words[0] in _firsts(name),
            is_ordinary=not is_named and len(words) == 1 and (not is_whole or base.what == "name"),
        )


def spellings(name: str) -> list[tuple[tuple[str, ...], bool]]:
    """Folded spellings of a name as it was said: each version of it whole, then each word of it that names."""
    found: dict[tuple[str, ...], bool] = {}
    for version in _VERSIONS.split(name):
        words = [word.text for word in words_of(version)]
        naming = [word for word in words if is_name_like(word)]
        if not naming:
            continue
        whole = words[words.index(naming[0]) :]
        found.setdefault(tuple(fold(word) for word in whole), True)
        for word in naming:
            if fold(word) not in _NOT_NAMES:
                found.setdefault((fold(word),), len(naming) == 1)
    return list(found.items())


def _firsts(name: str) -> set[str]:
    versions = ([word.text for word in words_of(version) if is_name_like(word.text)] for version in _VERSIONS.split(name))
    return {fold(words[0]) for words in versions if words}


# -- proposing -------------------------------------------------------------------------------------------------------------


@dataclass
class Roster:
    """The alias table by first word, longest spelling first."""

    known: Sequence[Known]
    by_first: dict[str, list[tuple[tuple[str, ...], list[Known]]]] = field(default_factory=dict)
    alone: dict[str, list[Known]] = field(default_factory=dict)  # spellings of one word
    spellings: Spellings = field(init=False)
    stand_ins: frozenset[str] = field(init=False)  # words that stand for a name already, in which no name is looked for

    def __post_init__(self) -> None:
        self.stand_ins = frozenset(known.stand_in for known in self.known)
        grouped: dict[tuple[str, ...], list[Known]] = {}
        for known in self.known:
            grouped.setdefault(known.words, []).append(known)
        for words, group in grouped.items():
            self.by_first.setdefault(words[0], []).append((words, group))
        for group in self.by_first.values():
            group.sort(key=lambda entry: -len(entry[0]))
        single = [(words[0], group) for words, group in grouped.items() if len(words) == 1]
        self.alone = dict(single)
        firsts = {word for word, group in single if any(one.is_first for one in group)}
        self.spellings = Spellings((word for word, group in single if not all(one.is_ordinary for one in group)), firsts)


def propose(text: str | Words, known: Sequence[Known] | Roster, owner_id: str | None = None) -> list[Proposal]:
    """Replacements to be looked at, in order and never overlapping.

    owner_id   the participant whose talk it is: a name that several people bear is first taken for one of theirs
    """
    words = text if isinstance(text, Words) else Words(text)
    text = words.text
    roster = known if isinstance(known, Roster) else Roster(known)
    found = [*_exact(words, roster, owner_id), *_otherwise(words, roster, owner_id)]
    found += [Proposal(i.start, i.stop, text[i.start : i.stop], i.what, i.stand_in, "likely", i.reason) for i in identifiers(text)]
    found.sort(key=lambda p: (_SURE[p.confidence], p.start - p.stop, p.start))
    taken = bytearray(len(text))
    for bracket in _BRACKET.finditer(text):
        if bracket.group() in roster.stand_ins:
            taken[bracket.start() : bracket.end()] = b"\1" * (bracket.end() - bracket.start())
    kept = []
    for proposal in found:
        if not any(taken[proposal.start : proposal.stop]):
            taken[proposal.start : proposal.stop] = b"\1" * (proposal.stop - proposal.start)
            kept.append(proposal)
    return sorted(kept, key=lambda p: p.start)


def _exact(words: Words, roster: Roster, owner_id: str | None) -> Iterable[Proposal]:
    at = 0
    for place in words.among({word for word in words.vocabulary if any(stem in roster.by_first for stem, _ in stems_of(word))}):
        hit = _longest(words, place, roster) if place >= at else None
        if hit is None:
            continue
        count, stop, group, is_inflected = hit
        first = words[place]
        at = place + count
        if count == 1:
            group = [known for known in group if not known.is_ordinary or _stands_out(first, words)]
            # in small letters only the names of this talk's own people: another's Long is a long day here
            group = [known for known in group if first.is_capital or owner_id is None or known.owner_id in (owner_id, None)]
        if group and (first.is_capital or count > 1 or (first.folded not in EVERYDAY_NAMES and len(first.folded) > 2)):
            yield _proposal(words.text, first.start, stop, group, owner_id, _why(first, count, group, words, is_inflected))


def _stands_out(word: Word, words: Words) -> bool:
    """Whether an ordinary word of a place's name is written as a name: a capital within a sentence, and never small."""
    return word.is_capital and not word.is_first and word.folded not in words.lower


def _longest(words: Words, at: int, roster: Roster) -> tuple[int, int, list[Known], bool] | None:
    """How many words a known spelling takes here, where it stops, and whose it is."""
    for stem, length in stems(words[at]):
        for spelling, group in roster.by_first.get(stem, ()):
            last = at + len(spelling) - 1
            if len(spelling) == 1:
                return 1, words[at].start + length, group, stem != words[at].folded
            if last >= len(words) or stem != words[at].folded or not _is_one_run(words, at, last):
                continue
            if all(words[at + k].folded == spelling[k] for k in range(1, len(spelling) - 1)):
                for end, end_length in stems(words[last]):
                    if end == spelling[-1]:
                        return len(spelling), words[last].start + end_length, group, end != words[last].folded
    return None


def _is_one_run(words: Words, first: int, last: int) -> bool:
    return all(not words.text[words[k].stop : words[k + 1].start].strip(" .\n\t-") for k in range(first, last))


def _why(word: Word, count: int, group: list[Known], words: Words, is_inflected: bool) -> tuple[Confidence, str]:
    is_part = count == 1 and not any(known.is_whole or known.is_first for known in group)
    if count == 1 and all(known.is_ordinary for known in group):
        return "perhaps", "a word of what a place, a group or an activity is called"
    if count == 1 and word.is_first and word.folded in words.lower and (is_part or word.folded in EVERYDAY_NAMES):
        return "perhaps", "a name that is also an everyday word, at the start of a sentence"
    known = "a name known besides the maps" if all(one.other_id for one in group) else "a name in the roster"
    if not word.is_capital:
        is_loose = is_part or (count == 1 and all(one.is_everybodys for one in group))
        return (
            ("perhaps", "a part of a name, in small letters")
            if is_part
            else ("perhaps" if is_loose else "likely", f"{known}, in small letters")
        )
    return ("likely", f"{known}, with an ending") if is_inflected else ("sure", known)


def _otherwise(words: Words, roster: Roster, owner_id: str | None) -> Iterable[Proposal]:
    """Capitalised words that are a name in another spelling; what is short for it only where it is the speaker's own or their alter's."""
    met = [word for word in words.capitals if (folded := fold(word)) not in words.lower and folded not in _NOT_NAMES]
    found: dict[str, list[tuple[int, list[Known], str]]] = {}
    for word, length, name in roster.spellings.near(met):
        found.setdefault(word, []).append((length, roster.alone[name], "one letter from a name in the roster"))
    for word in met:
        folded = fold(word)
        if word in found or any(stem in roster.by_first for stem, _ in stems_of(word)):
            continue
        for stem, length in stems_of(word):
            if name := roster.spellings.inflected(stem):
                found.setdefault(word, []).append((length, roster.alone[name], "a name in the roster, with an ending of another case"))
            own = [known for name in roster.spellings.in_full(stem) for known in roster.alone[name] if known.owner_id == owner_id]
            own = [known for known in own if known.is_first]
            if own and folded not in _OPENERS:
                found.setdefault(word, []).append((length, own, "short for a name in the roster"))
    for at in words.among(found):
        word = words[at]
        for length, group, reason in found[word.text]:
            yield _proposal(words.text, word.start, word.start + length, group, owner_id, ("perhaps", reason))


def _proposal(text: str, start: int, stop: int, group: list[Known], owner_id: str | None, why: tuple[Confidence, str]) -> Proposal:
    """Whose name it is: the speaker's own or their alter's, then one known in everybody's talk, then anybody's; whole names first."""

    def rank(known: Known) -> tuple[Any, ...]:
        is_elsewhere = known.owner_id != owner_id
        return (is_elsewhere, is_elsewhere and not known.is_everybodys, not known.is_whole, known.participant_id is None, _whose(known))

    best, *others = sorted(group, key=rank)
    confidence, reason = why
    rivals = [known for known in others if known.owner_id == best.owner_id]
    if best.owner_id != owner_id and owner_id is not None and not best.is_everybodys:
        confidence, reason = "perhaps", f"a name from another participant's {'talk' if best.other_id else 'map'}"
    elif rivals and confidence == "sure":
        confidence, reason = "likely", f"a name that {len(rivals) + 1} in this participant's roster bear"
    whose = (best.participant_id, best.alter_id, tuple(others), best.other_id)
    return Proposal(start, stop, text[start:stop], best.what, best.stand_in, confidence, reason, *whose)


def _whose(known: Known) -> str:
    return known.alter_id or known.other_id or ""


def edits_of(accepted: Iterable[Proposal]) -> list[Edit]:
    """Accepted proposals as edits whose stand-ins keep every passage on its words."""
    return [Edit(proposal.start, proposal.stop, proposal.stand_in, is_stand_in=True) for proposal in accepted]


# -- names nobody told of ----------------------------------------------------------------------------------------------------


def unregistered(
    texts: Sequence[str], known: Sequence[Known], speakers: Iterable[str] = (), taken: Sequence[Iterable[Proposal]] = ()
) -> list[list[Suspect]]:
    """For each text, capitalised words that are in no roster: perhaps names. Neighbouring ones are one.

    A word that begins a sentence counts only where no text has it in small letters and it is no common opener.

    speakers   labels of speakers, which are no names to be found
    taken      for each text, what is proposed already
    """
    all_words = [Words(text) for text in texts]
    lower = set[str]().union(*(words.lower for words in all_words))
    mapped = mapped_words(known)
    found = []
    for number, words in enumerate(all_words):
        seen = taken[number] if taken else ()
        found.append(suspects_of(words.text, capitals_of(words, mapped, [*identifiers(words.text), *seen]), lower, speakers))
    return found


def mapped_words(known: Iterable[Known]) -> set[str]:
    """Every word of every spelling in the roster, and words that are no names."""
    return {spelling for one in known for spelling in one.words} | _NOT_NAMES


def capitals_of(words: Words, mapped: Collection[str], taken: Iterable[Proposal | Identifier]) -> list[Word]:
    """Capitalised words that are in no roster and that nobody has proposed yet."""
    covered = bytearray(len(words.text))
    for span in taken:
        covered[span.start : span.stop] = b"\1" * (span.stop - span.start)
    for match in _BRACKETS.finditer(words.text):  # what stands in brackets has been seen to
        covered[match.start() : match.end()] = b"\1" * (match.end() - match.start())
    met = {word for word in words.capitals if len(word) > 1 and not any(stem in mapped for stem, _ in stems_of(word))}
    standing = (words[at] for at in words.among(met) if not covered[words.spans[at][0]])
    return [word for word in standing if not (word.is_first and word.folded in _OPENERS)]


def suspects_of(text: str, capitals: Iterable[Word], lower: Collection[str], speakers: Iterable[str] = ()) -> list[Suspect]:
    """Those of the capitalised words that are perhaps names: no label of a speaker, and no word met in small letters elsewhere."""
    labels = {fold(label) for label in speakers}
    candidates = [
        word
        for word in capitals
        if not (word.is_first and word.folded in lower) and not (labels and any(stem in labels for stem, _ in stems(word)))
    ]
    places: dict[str, list[tuple[int, int]]] = {}
    for start, stop in _runs(text, candidates):
        if all(fold(word) in ROLE_WORDS for word in text[start:stop].split()):
            continue
        places.setdefault(text[start:stop], []).append((start, stop))
    return [Suspect(name, tuple(spans)) for name, spans in sorted(places.items(), key=lambda item: (-len(item[1]), item[0]))]


def _runs(text: str, words: Iterable[Word]) -> Iterable[tuple[int, int]]:
    """Neighbouring words as one; a possessive ending at the end left out."""
    spans: list[tuple[int, int]] = []
    for word in words:
        stop = word.start + min((length for stem, length in stems(word) if "'" not in stem), default=len(word.text))
        stop = word.stop if "'" not in word.folded else stop
        if spans and text[spans[-1][1] : word.start] == " ":
            spans[-1] = (spans[-1][0], stop)
        else:
            spans.append((word.start, stop))
    return spans
