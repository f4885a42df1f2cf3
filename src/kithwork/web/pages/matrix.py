"""The framework matrix: participants by themes or codes, wave by wave, with the analyst's words, the passages and the map."""

from dataclasses import dataclass, replace
from datetime import date
from typing import cast

import polars as pl
from flask import Response, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response as AnyResponse

from kithwork.figures.thumbnail import thumbnail
from kithwork.formats.frames import ENDINGS, frame_bytes
from kithwork.joint import Question, answer, labels_of
from kithwork.joint.matrix import Columns, cells_of
from kithwork.joint.prompts import PROMPTS, WORDS
from kithwork.model.errors import SelectionError
from kithwork.model.rows import Row
from kithwork.model.schema import MISSED
from kithwork.web.desk import desk
from kithwork.web.forms import carry_out, text_of
from kithwork.web.joined import NOT_THEIRS, address, coded, said
from kithwork.web.pages.measures import TYPES, attachment
from kithwork.web.pages.register import natural
from kithwork.web.passages import passages_of
from kithwork.web.person_tables import person_tables
from kithwork.web.pictures import drawn, picture

PEOPLE = 30  # participants on one page
MOST = 8  # codes shown where none were chosen
SHOWN = 40  # passages of a wave in one cell


@dataclass(frozen=True)
class Cell:
    """A cell at one wave, or over time: the analyst's words, and how many passages."""

    column_id: str
    words: str
    passages: int


@dataclass(frozen=True)
class Line:
    """One wave of one person, or all waves together where `wave` is empty."""

    wave: Row | None
    gap: str
    map: str | None
    map_id: str | None
    cells: list[Cell]


def matrix() -> str:
    """One page of people with their cells."""
    by, labels = _columns()
    shown = _chosen(labels, by)
    people = sorted(desk().study.rows("participants"), key=lambda row: natural(row["pseudonym"]))
    pages = max(-(-len(people) // PEOPLE), 1)
    page = min(max(request.args.get("page", 1, type=int), 1), pages)
    here = people[(page - 1) * PEOPLE : page * PEOPLE]
    waves = sorted(desk().study.rows("waves"), key=lambda row: row["position"])
    wanted = [wave for wave in waves if str(wave["position"]) in request.args.getlist("waves")] or waves
    with_maps = request.args.get("maps", "yes") == "yes"
    return render_template(
        "matrix.html",
        by=by,
        labels=labels,
        shown=shown,
        waves=waves,
        wanted=wanted,
        with_maps=with_maps,
        blocks=[(person, lines) for person, lines in _blocks(here, wanted, list(shown), by, with_maps)],
        page=page,
        pages=pages,
        kept={"by": by, "columns": list(shown), "waves": [wave["position"] for wave in wanted], "maps": "yes" if with_maps else "no"},
        endings=ENDINGS,
    )


def matrix_cell(participant_id: str, by: str, column_id: str) -> str:
    """One cell through all waves: words to write, passages to read, and the maps with those lit of whom they speak."""
    study, labels = desk().study, labels_of(said(), _side(by))
    if column_id not in labels:
        raise SelectionError("This theme or code is not in the study any more; go back to the matrix.")
    tables = person_tables(study, participant_id)
    person = tables["participants"].to_dicts()[0]
    question = _question(participant_id, by, column_id)
    found = answer(said(), question)
    waves = sorted(study.rows("waves"), key=lambda row: row["position"])
    parts, lit = [], set()
    for wave in waves:
        ids = found.segments(said(), str(wave["position"]))
        passages = passages_of(study, ids[:SHOWN], session.get("coder_id"))
        lit |= {one.alter_id for passage in passages for one in passage.about}
        parts.append((wave, len(ids), passages))
    summaries = study.rows("summaries", participant_id=participant_id, **{f"{by}_id": column_id})
    return render_template(
        "matrix_cell.html",
        person=person,
        by=by,
        column_id=column_id,
        label=labels[column_id],
        parts=parts,
        words={(row["wave_id"], row["prompt"]): row["text"] for row in summaries},
        prompts=PROMPTS,
        prompt_words=WORDS,
        answered=[row for row in summaries if row["prompt"]],
        maps=picture("maps_side_by_side", tables, participant_id, names=bool(session.get("with_names")), highlight=lit) if lit else None,
        question=address(question),
        shown=SHOWN,
    )


def write_summary(participant_id: str, by: str, column_id: str) -> AnyResponse:
    """POST writes the analyst's words in a cell; empty words clear it."""
    cell = {"participant_id": participant_id, f"{_side(by)}_id": column_id, "wave_id": text_of("wave_id") or None}
    given = {**cell, "text": text_of("text"), "prompt": text_of("prompt") or None, "coder_id": session.get("coder_id")}
    carry_out("write summary", "Summary saved.", **given)
    return redirect(
        url_for("matrix_cell", participant_id=participant_id, by=by, column_id=column_id) + f"#wave-{cell['wave_id'] or 'all'}", 303
    )


def download_matrix(ending: str) -> Response:
    """Every cell of the columns chosen, as a table: a row a participant, wave and column."""
    by, labels = _columns()
    shown = _chosen(labels, by, whole=True)
    people = sorted(desk().study.rows("participants"), key=lambda row: natural(row["pseudonym"]))
    waves = sorted(desk().study.rows("waves"), key=lambda row: row["position"])
    rows = [
        {
            "participant": person["pseudonym"],
            "wave": line.wave["label"] if line.wave else "over time",
            by: labels[cell.column_id],
            "passages": cell.passages if line.wave is None or not line.gap else None,
            "summary": cell.words or None,
            "gap": line.gap or None,
        }
        for person, lines in _blocks(people, waves, list(shown), by, with_maps=False)
        for line in lines
        for cell in line.cells
    ]
    text = pl.String
    frame = pl.DataFrame(
        rows, schema={"participant": text, "wave": text, by: text, "passages": pl.Int64, "summary": text, "gap": text}, orient="row"
    )
    name = f"kithwork-matrix-{date.today():%Y-%m-%d}{ending}"  # noqa: DTZ011 - the day on this desk
    return attachment(frame_bytes(frame, ending), name, TYPES.get(ending, "application/octet-stream"))


def _question(participant_id: str, by: str, column_id: str) -> Question:
    chosen = Question(people=(participant_id,), rows="wave", columns="")
    return replace(chosen, themes=(column_id,)) if by == "theme" else replace(chosen, codes=(column_id,))


def _side(by: str) -> Columns:
    if by not in ("theme", "code"):
        raise SelectionError("A matrix has themes or codes for columns; choose one of the two.")
    return cast(Columns, by)


def _columns() -> tuple[Columns, dict[str, str]]:
    """Themes, or codes where those are chosen or there are no themes; id → label."""
    by = _side(request.args.get("by", "theme"))
    labels = labels_of(coded(), by)
    return ("code", labels_of(coded(), "code")) if by == "theme" and not labels and "by" not in request.args else (by, labels)


def _chosen(labels: dict[str, str], by: str, *, whole: bool = False) -> dict[str, str]:
    chosen = {one: labels[one] for one in request.args.getlist("columns") if one in labels}
    return chosen or (labels if by == "theme" or whole else dict(list(labels.items())[:MOST]))


def _blocks(people: list[Row], waves: list[Row], columns: list[str], by: Columns, with_maps: bool) -> list[tuple[Row, list[Line]]]:
    """Each person with a line over time and a line a wave."""
    study, ids = desk().study, [person["id"] for person in people]
    counts = _counts(by)
    words: dict[tuple[str, str | None, str], list[str]] = {}
    for row in study.rows("summaries", participant_id=ids):
        if row[f"{by}_id"]:
            words.setdefault((row["participant_id"], row["wave_id"], row[f"{by}_id"]), []).append(_told(row))
    interviews = {(row["participant_id"], row["wave_id"]): row for row in study.rows("interviews", participant_id=ids)}
    texts = {row["interview_id"] for row in study.rows("documents", participant_id=ids)}
    maps = _maps(waves, [row["id"] for row in interviews.values()]) if with_maps else {}
    found = []
    for person in people:
        key = person["id"]

        def cells(wave: Row | None, key: str = key) -> list[Cell]:
            return [
                Cell(
                    one,
                    "\n".join(words.get((key, wave["id"] if wave else None, one), [])),
                    counts.get((key, wave["position"] if wave else None, one), 0),
                )
                for one in columns
            ]

        lines = [Line(None, "", None, None, cells(None))]
        for wave in waves:
            interview = interviews.get((key, wave["id"]))
            map_id, svg = maps.get(interview["id"], (None, None)) if interview else (None, None)
            lines.append(Line(wave, _gap(interview, texts), svg, map_id, cells(wave)))
        found.append((person, lines))
    return found


def _told(row: Row) -> str:
    prompt = WORDS.get(row["prompt"] or "", row["prompt"] or "")
    return f"{prompt} {row['text']}" if prompt else row["text"]


def _counts(by: Columns) -> dict[tuple[str, int | None, str], int]:
    """Passages by participant, wave and column; without a wave, all of them."""
    here = coded()
    cells = desk().remembered(("cells", by, session.get("coder_id")), lambda: cells_of(here, by), NOT_THEIRS)
    found: dict[tuple[str, int | None, str], int] = {}
    for person, wave, column, passages in cells.iter_rows():
        if wave is not None:
            found[person, wave, column] = passages
        found[person, None, column] = found.get((person, None, column), 0) + passages
    return found


def _gap(interview: Row | None, texts: set[str]) -> str:
    """Why there is nothing to read at a wave; a gap, never an absence."""
    if interview is None or interview["status"] == "due":
        return "not held yet"
    if interview["status"] != "held":
        return f"no interview: {MISSED.get(interview['missed_reason'] or '', 'reason not recorded').lower()}"
    return "" if interview["id"] in texts else "no transcript"


def _maps(waves: list[Row], interviews: list[str]) -> dict[str, tuple[str, str]]:
    """Interview → its everyday map's id and little picture; no wave is read twice."""
    study = desk().study
    rows = {row["id"]: row for row in study.rows("maps", interview_id=interviews, state="everyday")}
    ties: dict[str, list[Row]] = {}
    kinds = {row["id"]: row["kind"] for row in study.rows("alters")}
    for tie in study.rows("ties", map_id=list(rows)):
        ties.setdefault(tie["map_id"], []).append({**tie, "kind": kinds[tie["alter_id"]]})
    rings = {row["version"]: 0 for row in study.rows("circles")}
    for row in study.rows("circles"):
        rings[row["version"]] = max(rings[row["version"]], row["position"])
    versions = {row["id"]: rings.get(row["circle_version"], 3) for row in waves}
    wave_of = {row["id"]: row["wave_id"] for row in study.rows("interviews", id=interviews)}
    return {
        row["interview_id"]: (
            map_id,
            drawn(thumbnail(ties.get(map_id, []), versions.get(wave_of[row["interview_id"]], 3), "The map of this wave")),
        )
        for map_id, row in rows.items()
    }
