"""Looking for words in all that was said: who said it, at which wave, and of what kind of alter."""

from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qs, urlencode

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from kithwork.model.errors import StudyError
from kithwork.model.rows import Row
from kithwork.model.schema import KINDS, TABLES
from kithwork.model.terms import Search
from kithwork.store import Hit, Hits
from kithwork.talk import parse_search, places_of
from kithwork.talk.words import word_start, word_stop
from kithwork.web.desk import desk
from kithwork.web.forms import text_of
from kithwork.web.pages.register import natural

PAGE = 20
AROUND = 140  # characters shown to each side of what was found
MOST_SHOWN = 4  # stretches of one turn
ROLES = TABLES["turns"]["speaker_role"].choices
FILTERS = {"speaker": "speakers", "wave": "waves", "kind": "kinds", "participant": "participants"}


@dataclass(frozen=True)
class Piece:
    """A stretch of a turn as it is shown: words found, words around them, or a gap."""

    text: str
    is_found: bool = False


def search() -> str | tuple[str, int]:
    """What was looked for, from the key in the address: the words stay out of it."""
    study = desk().study
    asked = {name: values[0] for name, values in parse_qs(desk().sought.get(request.args.get("find", ""), "")).items()}
    skip = max(request.args.get("from", 0, type=int), 0)
    texts = desk().remembered("texts to search", _texts)
    found, problem = None, None
    if asked:
        try:
            sought = _search(asked, texts)
            found = study.search(sought, list(texts), skip, PAGE)
        except StudyError as error:
            problem = str(error)
    page = render_template(
        "search.html",
        asked=asked,
        problem=problem,
        found=found,
        passages=[_passage(hit, texts, sought) for hit in found.hits] if found else [],
        by_wave=_by_wave(found, texts) if found else [],
        key=request.args.get("find"),
        skip=skip,
        step=PAGE,
        roles=ROLES,
        kinds=KINDS,
        waves=sorted(study.rows("waves"), key=lambda row: row["position"]),
        participants=sorted(study.rows("participants"), key=lambda row: natural(row["pseudonym"])),
        is_empty=not texts,
    )
    return (page, 422) if problem else page


def look_for() -> AnyResponse:
    """POST takes what was typed and leads to what is found; nothing is changed and nothing typed stands in the address."""
    asked = {name: text_of(name) for name in ("words", *FILTERS)}
    key = desk().seek(urlencode({name: value for name, value in asked.items() if value}))
    return redirect(url_for("search", find=key))


def _search(asked: dict[str, str], texts: dict[str, dict[str, Any]]) -> Search:
    found = parse_search(asked.get("words", ""))
    people = {text["person"]["id"]: text["person"]["pseudonym"] for text in texts.values() if text["person"]}
    told = {**asked, "participant": people.get(asked.get("participant", ""))} if asked.get("participant") else asked
    chosen = {field: (told[name],) for name, field in FILTERS.items() if told.get(name)}
    return replace(found, **chosen)


def _texts() -> dict[str, dict[str, Any]]:
    """Document id → its title, participant and wave, in the order of participants and waves."""
    study = desk().study
    people = {row["id"]: row for row in study.rows("participants")}
    waves = {row["id"]: row for row in study.rows("waves")}
    interviews = {row["id"]: row for row in study.rows("interviews")}
    lines = []
    for row in study.rows("documents"):
        interview = interviews.get(row["interview_id"])
        owner = interview["participant_id"] if interview else row["participant_id"]
        lines.append({**row, "person": people.get(owner), "wave": waves.get(interview["wave_id"]) if interview else None})
    return {line["id"]: line for line in sorted(lines, key=in_order)}


def in_order(line: Row) -> tuple[Any, ...]:
    """A key that puts texts in the order of participants, waves and titles; nobody's last."""
    person, wave = line["person"], line["wave"]
    return (person is None, natural(person["pseudonym"]) if person else [], wave["position"] if wave else 0, natural(line["title"]))


def _by_wave(found: Hits, texts: dict[str, dict[str, Any]]) -> list[tuple[str, int]]:
    counted: dict[tuple[int, str], int] = {}
    for document, number in found.by_document.items():
        wave = texts[document]["wave"] if document in texts else None
        key = (wave["position"], wave["label"]) if wave else (10**6, "No wave")
        counted[key] = counted.get(key, 0) + number
    return [(label, number) for (_, label), number in sorted(counted.items())]


def _passage(hit: Hit, texts: dict[str, dict[str, Any]], sought: Search) -> dict[str, Any]:
    places = places_of(sought, hit.text)
    start, stop = (hit.start + places[0][0], hit.start + places[0][1]) if places else (hit.start, hit.stop)
    role = ROLES.get(hit.speaker_role or "")
    return {
        "document": texts.get(hit.document_id),
        "document_id": hit.document_id,
        "anchor": f"at-{start}-{stop}",
        "speaker": " · ".join(filter(None, (hit.speaker, role if role != hit.speaker else None))),
        "pieces": excerpt(hit.text, places),
        "more": max(len(places) - MOST_SHOWN, 0),
    }


def excerpt(text: str, places: list[tuple[int, int]]) -> list[Piece]:
    """The words found, each with what stands around it; a gap where something is left out."""
    pieces: list[Piece] = []
    at = 0
    shown = places[:MOST_SHOWN] or [(0, 0)]
    for number, (start, stop) in enumerate(shown):
        begin = max(at, word_start(text, start - AROUND))
        if begin > at:
            pieces.append(Piece("… "))
        pieces += [Piece(text[begin:start]), Piece(text[start:stop], is_found=True)] if stop > at else []
        at = max(at, stop)
        following = shown[number + 1][0] if number + 1 < len(shown) else len(text)
        end = min(max(at, following), word_stop(text, at + AROUND))
        pieces.append(Piece(text[at:end]))
        at = end
    return [piece for piece in [*pieces, Piece(" …" if at < len(text) else "")] if piece.text]
