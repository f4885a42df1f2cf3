"""Numbers, addresses and dates that point to a person, by rule."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_MONTHS = (
    "january|february|march|april|may|june|july|august|september|october|november|december|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec"
)
_STREETS = "Street|Road|Lane|Avenue|Close|Drive|Court|Way|Place|Crescent|Terrace|Square|Gardens|Grove|Hill|Row|Mews|Straße|Strasse|Allee"


@dataclass(frozen=True)
class Identifier:
    """One such stretch of text: `what` is a code of `replacements.what`, `stand_in` what is put in its place."""

    start: int
    stop: int
    what: str
    stand_in: str
    reason: str


_RULES: tuple[tuple[str, str, str, re.Pattern[str]], ...] = (
    ("mail", "[mail address]", "a mail address", re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}")),
    ("other", "[web address]", "a web address", re.compile(r"\b(?:https?://|www\.)[^\s<>\"')\]]{3,300}", re.IGNORECASE)),
    ("other", "[user name]", "a user name", re.compile(r"(?<![\w@.])@[A-Za-z_][\w.]{2,30}\b")),
    (
        "date",
        "[date]",
        "a full date",
        re.compile(
            rf"\b(?:\d{{4}}-\d{{2}}-\d{{2}}|\d{{1,2}}[./-]\d{{1,2}}[./-](?:\d{{4}}|\d{{2}})"
            rf"|\d{{1,2}}(?:st|nd|rd|th)?\s(?:of\s)?(?:{_MONTHS})\b\.?(?:,?\s\d{{4}})?"
            rf"|(?:{_MONTHS})\b\.?\s\d{{1,2}}(?:st|nd|rd|th)?\b(?:,?\s\d{{4}})?)(?![\w/])",
            re.IGNORECASE,
        ),
    ),
    (
        "postcode",
        "[postcode]",
        "a UK postcode",
        re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]?\s{0,2}\d[A-Z]{2}\b|\b[a-z]{1,2}\d{1,2}[a-z]?\s\d[a-z]{2}\b"),
    ),
    (
        "postcode",
        "[postcode]",
        "a postcode",
        re.compile(
            r"\b[A-Z]-\d{4,5}\b|\b\d{4}\s?[A-Z]{2}\b|\b[A-Z]\d[A-Z]\s?\d[A-Z]\d\b|\b[A-Z]{2}\s\d{5}(?:-\d{4})?\b|\b\d{5}(?=\s[A-ZÄÖÜ][a-zäöü]{2})"
        ),
    ),
    (
        "place",
        "[address]",
        "a street with a number",
        re.compile(rf"\b\d{{1,4}}[a-zA-Z]?,?\s(?:[A-Z][\w'’-]{{1,30}}\s){{1,3}}(?:{_STREETS})\b"),
    ),
    (
        "phone",
        "[telephone number]",
        "a number long enough for a telephone",
        re.compile(r"(?<![\w.-])(?:\+|\(?0)[\d \t\u00a0\u202f().-]{7,20}\d(?!\w)"),
    ),
    ("other", "[number]", "a long number", re.compile(r"(?<![\w.,-])\d(?:[ -]?\d){7,17}(?![\w,-])")),
)


_SIGN = re.compile(  # the digits of a speaker's label such as `P01:` and of a pseudonym such as `[Friend 2]` are none
    r"(?<![a-z\d])\d(?!\d{0,2}\])|[a-z]\d{1,2}[a-z]?\d[a-z]|[a-z]\d[a-z]|@|www\.|https?:", re.IGNORECASE
)


def identifiers(text: str) -> Iterator[Identifier]:
    """Stretches that point to a person, in order, none overlapping another."""
    for start, stop in _worth_a_look(text):
        taken: list[Identifier] = []
        for what, stand_in, reason, pattern in _RULES:
            for match in pattern.finditer(text, start, stop):
                found = _known_better(match, what, stand_in, reason)
                if found and not any(found.start < other.stop and other.start < found.stop for other in taken):
                    taken.append(found)
        yield from sorted(taken, key=lambda found: found.start)


def _worth_a_look(text: str) -> Iterator[tuple[int, int]]:
    """Lines with a digit, an @ or an address of the web, each with the lines beside it: nothing else can fit a rule."""
    begin = end = -1
    for match in _SIGN.finditer(text):
        if match.start() < end:
            continue
        line = text.rfind("\n", 0, match.start())
        start = text.rfind("\n", 0, max(line, 0)) + 1
        after = text.find("\n", match.start())
        stop = text.find("\n", after + 1) if after >= 0 else -1
        stop = len(text) if stop < 0 else stop
        if start > end:
            if end >= 0:
                yield begin, end
            begin = start
        end = stop
    if end >= 0:
        yield begin, end


def _known_better(match: re.Match[str], what: str, stand_in: str, reason: str) -> Identifier | None:
    digits = "".join(c for c in match.group() if c.isdecimal())
    if what == "phone" and not 9 <= len(digits) <= 15:
        return None
    if stand_in == "[number]" and is_nhs_number(digits):
        return Identifier(match.start(), match.end(), "other", "[health number]", "a number with the check digit of an NHS number")
    return Identifier(match.start(), match.end(), what, stand_in, reason)


def is_nhs_number(digits: str) -> bool:
    """Whether ten digits end in the check digit of an NHS number (modulus 11)."""
    if len(digits) != 10 or not digits.isascii():
        return False
    check = 11 - sum(int(digit) * weight for digit, weight in zip(digits, range(10, 1, -1), strict=False)) % 11
    return check % 11 == int(digits[9]) and check != 10
