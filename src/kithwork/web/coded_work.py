"""Coders' work as several pages need it: all of it, remembered until something changes, or that on one text, fresh and quick."""

from collections.abc import Callable
from dataclasses import dataclass

from kithwork.formats.codebook import paths_of
from kithwork.measures.coded import NEEDED, Coded, coded
from kithwork.model.rows import Row
from kithwork.model.tables import StudyTables
from kithwork.store import Study
from kithwork.talk import sentences
from kithwork.web.desk import desk
from kithwork.web.pages.register import natural


@dataclass(frozen=True)
class Text:
    """A document with whose it is and from which wave."""

    document: Row
    pseudonym: str = ""
    wave: str = ""


def whole_work() -> Coded:
    """Every coder's work on every text."""
    return desk().remembered("coded work", lambda: coded(desk().study.columns(NEEDED)))


def work_on(study: Study, document_id: str) -> Coded:
    """Every coder's work on one text."""
    revisions = study.rows("revisions", document_id=document_id)
    ids = [row["id"] for row in revisions]
    segments = study.rows("segments", revision_id=ids)
    rows: dict[str, list[Row]] = {
        "revisions": revisions,
        "turns": study.rows("turns", revision_id=ids),
        "segments": segments,
        "codings": study.rows("codings", segment_id=[row["id"] for row in segments]),
        "assignments": study.rows("assignments", document_id=document_id),
    }
    return coded(StudyTables.from_rows(rows))


def texts_in_order(study: Study) -> list[Text]:
    """Every document by participant and wave, then by title."""
    people = {row["id"]: row["pseudonym"] for row in study.rows("participants")}
    waves = {row["id"]: row for row in study.rows("waves")}
    wave_of = {row["id"]: waves[row["wave_id"]] for row in study.rows("interviews")}
    found = []
    for row in study.rows("documents"):
        wave = wave_of.get(row["interview_id"])
        place = (row["participant_id"] is None, natural(people.get(row["participant_id"], "")), wave["position"] if wave else 0)
        found.append((place, natural(row["title"]), Text(row, people.get(row["participant_id"], ""), wave["label"] if wave else "")))
    return [text for *_, text in sorted(found, key=lambda each: each[:2])]


def code_paths(study: Study) -> dict[str, str]:
    """Each code's names from the top of the tree."""
    return paths_of(study.tables("codes"))


_DIVIDED: dict[str, list[tuple[int, int]]] = {}  # by version: a version's text never changes
_MOST_DIVIDED = 2_000


def sentences_of(work: Coded) -> Callable[[str, str], list[tuple[int, int]]]:
    """Divides a text into sentences, once a version."""

    def divide(document_id: str, text: str) -> list[tuple[int, int]]:
        version = work.revisions[document_id]
        if version not in _DIVIDED:
            if len(_DIVIDED) >= _MOST_DIVIDED:
                _DIVIDED.clear()
            _DIVIDED[version] = sentences(text)
        return _DIVIDED[version]

    return divide
