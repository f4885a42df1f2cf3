"""An EgoWeb `.study` file: what a question asks, of whom, with which options, and which values say why an answer is missing."""

import html
import re
from dataclasses import dataclass, field

from kithwork.formats.building import slug
from kithwork.formats.markup import elements
from kithwork.formats.sources import Source

REASONS = {"-1": "refused", "-2": "dont_know", "-3": "skipped", "-4": "not_yet"}
"""Why an answer is missing, by EgoWeb's usual values."""
_VALUES = {
    "valueRefusal": "refused",
    "valueDontKnow": "dont_know",
    "valueLogicalSkip": "skipped",
    "valueNotYetAnswered": "not_yet",
}
_KINDS = {"NUMERICAL": "number", "SELECTION": "choice", "MULTIPLE_SELECTION": "choices"}
_TAG = re.compile(r"<[^>]{0,2000}>")


@dataclass
class Asked:
    """One question of the study."""

    title: str
    subject: str  # EGO_ID, EGO, ALTER, ALTER_PAIR, NETWORK, NAME_GENERATOR, PREVIOUS_ALTER …
    answer_kind: str
    wording: str
    options: list[list[str]] = field(default_factory=list)

    @property
    def code(self) -> str:
        return slug(self.title)


@dataclass
class Design:
    """What the study files given say; nothing where none was given."""

    questions: dict[str, Asked] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=lambda: dict(REASONS))


def plain_words(text: str) -> str:
    """Words without their markup, on one line."""
    return " ".join(html.unescape(_TAG.sub(" ", html.unescape(text))).replace("\x00", "").split())


def read_design(sources: list[Source]) -> Design:
    """The questions of `.study` files; where two files ask under one title, the first has the say."""
    design = Design()
    for source in sources:
        asked: Asked | None = None
        values = 0
        for element in elements(source):
            name, own = element.local, element.attributes
            if element.text is None:
                if name == "study":
                    told = {own[key]: reason for key, reason in _VALUES.items() if own.get(key)}
                    design.reasons = design.reasons | told if values else {**told} or design.reasons
                    values += 1
                elif name == "question" and own.get("title"):
                    kind = _KINDS.get(own.get("answerType", ""), "text")
                    asked = Asked(own["title"].strip(), own.get("subjectType", ""), kind, own["title"])
                elif name == "option" and asked is not None and own.get("value"):
                    asked.options.append([own["value"], plain_words(own.get("name", "")) or own["value"]])
            elif name == "prompt" and asked is not None:
                asked.wording = plain_words(element.text) or asked.title
            elif name == "question" and asked is not None:
                asked.options = list({code: [code, label] for code, label in asked.options}.values())
                if not asked.options and asked.answer_kind in ("choice", "choices"):
                    asked.answer_kind = "text"
                design.questions.setdefault(asked.title, asked)
                asked = None
    return design
