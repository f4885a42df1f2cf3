"""What passages, ties and people can be chosen by, as forms offer it and send it, and as it stands in an address."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2s
from urllib.parse import quote, unquote

from werkzeug.datastructures import MultiDict

from kithwork.joint import DIMENSIONS, Question, Said, dimensions_of, labels_of
from kithwork.joint.invented import NO_ANSWER, NOT_ASKED, OTHER, REASON, Invented
from kithwork.joint.numbers import between, bounds, in_words, number_of
from kithwork.joint.said import ATTRIBUTES, TIE_ATTRIBUTES

_SEAL = "~"  # begins a value whose words, which may be anybody's own, do not stand in an address


@dataclass(frozen=True)
class Offer:
    """One attribute as a form offers it, with what is chosen of it already."""

    name: str
    label: str
    is_own: bool  # asked by this study alone
    is_number: bool
    is_measured: bool
    members: dict[str, str]
    chosen: Sequence[str] = ()
    low: str = ""
    high: str = ""
    words: str = field(default="")  # what is chosen, for the heading
    meaning: str = ""

    @property
    def key(self) -> str:
        """The name as it is sent, safe before a colon."""
        return quote(self.name)


def offers(here: Said, question: Question, side: str) -> list[Offer]:
    """Everything that can be chosen by on one side, `tie` or `world`; of what the question uses, also why there is no answer."""
    found = []
    for name, one in dimensions_of(here).items():
        if one.side != side or (name in DIMENSIONS and name not in (*ATTRIBUTES, *TIE_ATTRIBUTES)):
            continue
        chosen = question.values_of(name)
        own = here.invented.get(name)
        if own and own.is_number:
            found.append(_of_numbers(own, one.label, chosen))
            continue
        members = {key: label for key, label in (own.members() if own else labels_of(here, name)).items() if key != OTHER}
        members |= {key: own.reason(key) for key in chosen if own and key.startswith(REASON)}
        if len(members) > 1:
            found.append(Offer(name, one.label, own is not None, False, False, members, chosen, words=str(len(chosen)) if chosen else ""))
    return found


def _of_numbers(own: Invented, label: str, chosen: Sequence[str]) -> Offer:
    members: Mapping[str, str] = own.members()
    first = next((key for key in chosen if (found := bounds(key)) and found[2]), "")
    low, high = first.strip("[]").split(",") if first else ("", "")
    apart = {key: label for key, label in members.items() if key in (NO_ANSWER, NOT_ASKED)}
    more = {key: in_words(key) or own.reason(key) for key in chosen if key != first and key not in apart}
    words = ", ".join({**apart, **more}.get(key) or in_words(key) or "" for key in chosen)
    return Offer(own.name, label, True, True, own.is_measured, more | apart, chosen, low, high, words, own.meaning)


def sent(form: MultiDict[str, str]) -> list[list[str]]:
    """Names and values as a form sends them: members ticked, and numbers from one bound to another, either of which may be left out."""
    pairs = [[unquote(name), value] for name, _, value in (one.partition(":") for one in form.getlist("attribute"))]
    for key, low, high in zip(form.getlist("number"), form.getlist("number_from"), form.getlist("number_to"), strict=False):
        ends = number_of(low), number_of(high)
        if ends != (None, None):
            if None not in ends and ends[0] > ends[1]:  # type: ignore[operator]
                ends = ends[1], ends[0]  # the smaller one is where it begins
            pairs.append([unquote(key), between(*ends)])
    return pairs


def sealed(name: str, value: str | None) -> str | None:
    """A value as it may stand in an address: words that are somebody's own only as a key made of them."""
    if value is None or name not in ATTRIBUTES or value == NO_ANSWER:
        return value
    return _SEAL + blake2s(f"{name}\0{value}".encode(), digest_size=8).hexdigest()


def unsealed(here: Said, name: str, value: str | None) -> str | None:
    """The value that a key in an address stands for, where the study still has it."""
    if value is None or name not in ATTRIBUTES or not value.startswith(_SEAL):
        return value
    return next((one for one in labels_of(here, name) if sealed(name, one) == value), value)


def in_address(pairs: Sequence[Sequence[str]]) -> list[str]:
    """Names and values of attributes for an address, a name quoted where it holds a colon itself."""
    return [f"{quote(name)}:{sealed(name, value)}" for name, value in pairs]


def from_address(here: Said, given: Sequence[str]) -> list[list[str]]:
    """Names and values of attributes as they stand in an address."""
    pairs = [(unquote(name), value) for name, colon, value in (one.partition(":") for one in given) if colon]
    return [[name, unsealed(here, name, value) or ""] for name, value in pairs]
