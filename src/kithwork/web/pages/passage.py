"""One passage: the talk around it, and the map of that wave with those lit up whom it speaks of."""

from dataclasses import dataclass

from flask import render_template, session

from kithwork.model.errors import SelectionError
from kithwork.model.rows import Row
from kithwork.store import Study
from kithwork.web.desk import desk
from kithwork.web.passages import SPEAKERS, Passage, passages_of
from kithwork.web.person_tables import person_tables
from kithwork.web.pictures import picture

TURNS = 3  # shown before and after


@dataclass(frozen=True)
class Line:
    """One turn around the passage, and which part of it is the passage."""

    speaker: str
    before: str
    words: str
    after: str


def passage_page(segment_id: str) -> str:
    """The passage among the turns around it, beside the map."""
    study = desk().study
    found = passages_of(study, [segment_id], session.get("coder_id"))
    if not found:
        raise SelectionError("This passage is not in the study any more; go back and reload the page.")
    one = found[0]
    return render_template("passage.html", one=one, lines=_lines(study, segment_id), map=_map(study, one))


def _map(study: Study, one: Passage) -> str | None:
    if one.map_id is None or one.participant_id is None:
        return None
    tables, lit = person_tables(study, one.participant_id), [about.alter_id for about in one.about]
    return picture("support_map", tables, one.map_id, names=bool(session.get("with_names")), highlight=lit, is_for_paper=True)


def _lines(study: Study, segment_id: str) -> list[Line]:
    """The turns around a passage; without turns, the lines of the text. None where it lost its place."""
    segment = study.row("segments", segment_id)
    if segment["is_lost"]:
        return []
    text = study.row("revisions", segment["revision_id"])["text"]
    turns = sorted(study.rows("turns", revision_id=segment["revision_id"]), key=lambda row: row["start"]) or _as_turns(text)
    inside = [place for place, turn in enumerate(turns) if turn["start"] < segment["stop"] and turn["stop"] > segment["start"]]
    if not inside:
        return [Line("", "", text[segment["start"] : segment["stop"]], "")]
    return [_line(text, turn, segment) for turn in turns[max(inside[0] - TURNS, 0) : inside[-1] + 1 + TURNS]]


def _line(text: str, turn: Row, segment: Row) -> Line:
    start = min(max(segment["start"], turn["start"]), turn["stop"])
    stop = max(min(segment["stop"], turn["stop"]), start)
    speaker = SPEAKERS.get(turn.get("speaker_role") or "", turn.get("speaker") or "")
    return Line(speaker, text[turn["start"] : start], text[start:stop], text[stop : turn["stop"]])


def _as_turns(text: str) -> list[Row]:
    found, at = [], 0
    for line in text.split("\n"):
        if line.strip():
            found.append({"start": at, "stop": at + len(line)})
        at += len(line) + 1
    return found
