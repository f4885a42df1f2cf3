"""Proposals of many texts put together by whom or what they name, so that one decision goes through all of them."""

import hashlib
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from kithwork.model.terms import fold
from kithwork.talk.names import Known, Proposal, Roster, Suspect, capitals_of, mapped_words, propose, suspects_of
from kithwork.talk.words import Word, Words, around

AROUND = 70  # characters shown to each side


@dataclass(frozen=True)
class Text:
    """One text to be looked through: its latest version, and whose talk it is."""

    document_id: str
    revision_id: str
    digest: str
    text: str
    owner_id: str | None
    speakers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Place:
    """One stretch that may be replaced, with what stands around it."""

    document_id: str
    start: int
    stop: int
    words: str
    before: str
    after: str
    is_sure: bool = True
    reason: str = ""

    @property
    def key(self) -> str:
        return f"{self.document_id}:{self.start}:{self.stop}"


@dataclass
class Group:
    """Everything that names one person or thing, or is of one sort; `key` says nothing of the words."""

    key: str
    what: str
    stand_in: str
    participant_id: str | None
    alter_id: str | None
    other_id: str | None = None  # the name known besides the maps
    places: list[Place] = field(default_factory=list)

    @property
    def texts(self) -> int:
        return len({place.document_id for place in self.places})

    @property
    def sure(self) -> int:
        return sum(place.is_sure for place in self.places)

    @property
    def reasons(self) -> list[tuple[str, int]]:
        return Counter(place.reason for place in self.places).most_common()

    @property
    def spellings(self) -> list[tuple[str, int]]:
        return Counter(place.words for place in self.places).most_common()


@dataclass(frozen=True)
class _Looked:
    """One text looked through: what is proposed, capitalised words in no roster, and every word met in small letters."""

    proposals: list[Proposal]
    capitals: list[Word]
    lower: frozenset[str]


class Reviewer:
    """Remembers what was proposed for a text, as long as the roster is the same."""

    def __init__(self, known: Sequence[Known]) -> None:
        self.known = tuple(known)
        self._roster = Roster(self.known)
        self._mapped = mapped_words(self.known)
        self._looked: dict[tuple[str, str | None], _Looked] = {}
        self._suspected: tuple[tuple[str, ...], list[list[Suspect]]] = ((), [])

    def propose(self, text: Text) -> list[Proposal]:
        return self._look(text).proposals

    def _look(self, text: Text) -> "_Looked":
        """What a text holds, looked through once."""
        key = (text.digest, text.owner_id)
        if key not in self._looked:
            words = Words(text.text)
            proposals = propose(words, self._roster, text.owner_id)
            self._looked[key] = _Looked(proposals, capitals_of(words, self._mapped, proposals), frozenset(words.lower))
        return self._looked[key]

    def groups(self, texts: Iterable[Text], kept: Mapping[str | None, Collection[str]]) -> list[Group]:
        """Proposals by whom or what they name, the most first; `kept` are folded words that may stay, by document or in all (None)."""
        found: dict[tuple[str | None, ...], Group] = {}
        for text in texts:
            stay = {*kept.get(None, ()), *kept.get(text.document_id, ())}
            for one in self.propose(text):
                if fold(one.words) in stay:
                    continue
                whom = (
                    one.what,
                    one.participant_id,
                    one.alter_id,
                    None if one.participant_id or one.alter_id else one.other_id or one.stand_in,
                )
                if whom not in found:
                    found[whom] = Group(_key(*whom), one.what, one.stand_in, one.participant_id, one.alter_id, one.other_id)
                found[whom].places.append(_place(text, one.start, one.stop, one.confidence != "perhaps", one.reason))
        return sorted(found.values(), key=lambda group: (not group.sure, -len(group.places), group.key))

    def suspects(self, texts: Sequence[Text], kept: Mapping[str | None, Collection[str]]) -> list[Group]:
        """Capitalised words that are in no roster, each with its places, the most first: perhaps names."""
        found: dict[str, Group] = {}
        for text, suspects in zip(texts, self._suspects(texts), strict=True):
            stay = {*kept.get(None, ()), *kept.get(text.document_id, ())}
            for suspect in suspects:
                words = fold(suspect.words)
                if words not in stay:
                    group = found.setdefault(words, Group(_key("perhaps", words), "name", "[Name]", None, None))
                    group.places += _suspected(text, suspect)
        return sorted(found.values(), key=lambda group: (-len(group.places), group.key))

    def _suspects(self, texts: Sequence[Text]) -> list[list[Suspect]]:
        digests = tuple(text.digest for text in texts)
        if self._suspected[0] != digests:
            speakers = {speaker for text in texts for speaker in text.speakers}
            looked = [self._look(text) for text in texts]
            lower = frozenset[str]().union(*(one.lower for one in looked))
            found = [suspects_of(text.text, one.capitals, lower, speakers) for text, one in zip(texts, looked, strict=True)]
            self._suspected = (digests, found)
        return self._suspected[1]


def _suspected(text: Text, suspect: Suspect) -> list[Place]:
    return [_place(text, start, stop, False, "a capitalised word that is in no roster") for start, stop in suspect.places]


def _place(text: Text, start: int, stop: int, is_sure: bool, reason: str) -> Place:
    whole = text.text
    return Place(text.document_id, start, stop, whole[start:stop], *around(whole, start, stop, AROUND), is_sure, reason)


def _key(*parts: str | None) -> str:
    return hashlib.sha256("\n".join(part or "" for part in parts).encode()).hexdigest()[:16]
