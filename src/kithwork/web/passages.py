"""Passages as pages show them, in their context: whose words, at which wave, how coded, and whom they speak of."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from kithwork.actions.parallel import blind_documents
from kithwork.model.rows import Row
from kithwork.model.schema import KINDS, TABLES
from kithwork.store import Study, mentions_over

SPEAKERS = TABLES["turns"]["speaker_role"].choices
AROUND = 160  # characters shown to each side, within the line


@dataclass(frozen=True)
class Coded:
    """A code on a passage, and who put it there."""

    code_id: str
    name: str
    color: str | None
    coders: tuple[str, ...]


@dataclass(frozen=True)
class SpokenOf:
    """An alter that a passage speaks of, as it stood on the map of that wave."""

    alter_id: str
    label: str
    kind: str
    role: str
    circle: str  # its label, "in no circle", or "not on this map"; empty where there is no map


@dataclass(frozen=True)
class Passage:
    """What `passages.html` draws."""

    segment_id: str
    document_id: str
    participant_id: str | None
    participant: str | None
    wave: str | None
    map_id: str | None  # the everyday map of that interview
    speaker: str
    before: str
    words: str
    after: str
    is_lost: bool
    codes: tuple[Coded, ...]
    about: tuple[SpokenOf, ...]

    @property
    def lit(self) -> str:
        """The alters as the map's address takes them."""
        return ",".join(one.alter_id for one in self.about)


def passages_of(study: Study, segment_ids: Sequence[str], coder_id: str | None = None) -> list[Passage]:
    """The passages, in the order of their ids given; one query a table however many there are. Ids that are gone are left out.

    In a text that is blind for now, only what the coder put on a passage is among its codes.
    """
    rows = _Rows(study, segment_ids, coder_id)
    return [rows.passage(segment_id) for segment_id in segment_ids if segment_id in rows.segments]


def around(text: str, start: int, stop: int, most: int = AROUND) -> tuple[int, int]:
    """The line in which a passage stands, at most so many characters to each side."""
    begin = max(text.rfind("\n", 0, start) + 1, start - most)
    end = text.find("\n", stop)
    return begin, min(len(text) if end < 0 else end, stop + most)


def by_id(rows: list[Row]) -> dict[str, Row]:
    """Rows by their ids."""
    return {row["id"]: row for row in rows}


class _Rows:
    """The rows that some passages need, by their keys."""

    def __init__(self, study: Study, segment_ids: Sequence[str], coder_id: str | None) -> None:
        self.segments = by_id(study.rows("segments", id=list(segment_ids)))
        self.revisions = by_id(study.rows("revisions", id={row["revision_id"] for row in self.segments.values()}))
        self.turns = _grouped(study.rows("turns", revision_id=list(self.revisions)), "revision_id")
        self.documents = by_id(study.rows("documents", id={row["document_id"] for row in self.revisions.values()}))
        self.interviews = by_id(study.rows("interviews", id={row["interview_id"] for row in self.documents.values()} - {None}))
        self.people = by_id(study.rows("participants", id={row["participant_id"] for row in self.documents.values()} - {None}))
        self.waves = by_id(study.rows("waves"))
        maps = study.rows("maps", interview_id=list(self.interviews), state="everyday")
        self.maps = {row["interview_id"]: row["id"] for row in maps}
        self.codings = _grouped(self._open(study, coder_id), "segment_id")
        self.codes = by_id(study.rows("codes"))
        self.coders = {row["id"]: row["name"] for row in study.rows("coders")}
        mentions = mentions_over(study, list(self.segments))
        self.mentions = _grouped(mentions, "passage_id")
        alters = {row["alter_id"] for row in mentions}
        self.alters = by_id(study.rows("alters", id=alters))
        self.roles = {row["code"]: row["label"] for row in study.rows("roles")}
        self.circles = {(row["version"], row["position"]): row["label"] for row in study.rows("circles")}
        self.ties = {(row["map_id"], row["alter_id"]): row for row in study.rows("ties", alter_id=alters)}

    def _open(self, study: Study, coder_id: str | None) -> list[Row]:
        """Codings that may be seen: in a text that is blind for now only one's own."""
        blind = blind_documents(study)
        shut = {row["id"] for row in self.segments.values() if self.revisions[row["revision_id"]]["document_id"] in blind}
        rows = study.rows("codings", segment_id=list(self.segments))
        return [row for row in rows if row["segment_id"] not in shut or row["coder_id"] == coder_id]

    def passage(self, segment_id: str) -> Passage:
        segment = self.segments[segment_id]
        revision = self.revisions[segment["revision_id"]]
        document = self.documents[revision["document_id"]]
        interview = self.interviews.get(document["interview_id"])
        wave = self.waves[interview["wave_id"]] if interview else None
        map_id = self.maps.get(interview["id"]) if interview else None
        start, stop = around(revision["text"], segment["start"], segment["stop"])
        person = self.people.get(document["participant_id"])
        lost = bool(segment["is_lost"])
        return Passage(
            segment_id=segment_id,
            document_id=document["id"],
            participant_id=document["participant_id"],
            participant=person["pseudonym"] if person else None,
            wave=wave["label"] if wave else None,
            map_id=map_id,
            speaker=self._speaker(segment),
            before="" if lost else revision["text"][start : segment["start"]],
            words=segment["quotation"] or "",
            after="" if lost else revision["text"][segment["stop"] : stop],
            is_lost=lost,
            codes=self._codes(segment_id),
            about=self._about(segment_id, map_id, wave),
        )

    def _speaker(self, segment: Row) -> str:
        turns = self.turns.get(segment["revision_id"], [])
        inside = next((row for row in turns if row["start"] <= segment["start"] < row["stop"]), None)
        return SPEAKERS.get(inside["speaker_role"] or "", "") if inside else ""

    def _codes(self, segment_id: str) -> tuple[Coded, ...]:
        found: dict[str, list[str]] = {}
        for row in self.codings.get(segment_id, []):
            found.setdefault(row["code_id"], []).append(self.coders.get(row["coder_id"], ""))
        named = [(self.codes[code_id], tuple(sorted({name for name in names if name}))) for code_id, names in found.items()]
        named.sort(key=lambda one: one[0]["name"].casefold())
        return tuple(Coded(code["id"], code["name"], code["color"], names) for code, names in named)

    def _about(self, segment_id: str, map_id: str | None, wave: Row | None) -> tuple[SpokenOf, ...]:
        ids = dict.fromkeys(row["alter_id"] for row in self.mentions.get(segment_id, []))
        return tuple(self._spoken_of(self.alters[alter_id], map_id, wave) for alter_id in ids)

    def _spoken_of(self, alter: Row, map_id: str | None, wave: Row | None) -> SpokenOf:
        role = self.roles.get(alter["role"] or "", alter["role"] or "")
        circle = ""
        if map_id and wave:
            tie = self.ties.get((map_id, alter["id"]))
            position = tie["circle"] if tie else None
            named = self.circles.get((wave["circle_version"], position), f"circle {position}")
            circle = "not on this map" if tie is None else "in no circle" if position is None else named
        return SpokenOf(alter["id"], alter["pseudonym"], KINDS[alter["kind"]], role, circle)


def _grouped(rows: list[Row], column: str) -> dict[Any, list[Row]]:
    found: dict[Any, list[Row]] = {}
    for row in rows:
        found.setdefault(row[column], []).append(row)
    return found
