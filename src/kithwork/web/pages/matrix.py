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
from kithwork.joint.matrix import Columns, View, cells_of
from kithwork.joint.prompts import PROMPTS, WORDS
from kithwork.model.errors import SelectionError
from kithwork.model.rows import Row
from kithwork.model.schema import MISSED
from kithwork.web.chosen_by import offers, sent
from kithwork.web.desk import desk
from kithwork.web.forms import carry_out, text_of
from kithwork.web.joined import NOT_THEIRS, address, coded, said
from kithwork.web.matrix_view import address_of, conditions, measured, reading, shown_waves, viewed
from kithwork.web.pages.measures import TYPES, attachment
from kithwork.web.pages.register import natural
from kithwork.web.passages import passages_of
from kithwork.web.person_tables import person_tables
from kithwork.web.pictures import drawn, picture

PEOPLE = 30  # participants on one page
MOST = 8  # codes shown where none were chosen
SHOWN = 40  # passages of a wave in one cell
MANY = 6  # questions of a study listed one by one; more are folded together


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
    measured: str = ""  # of the map at that wave, where somebody is shown by a measure
    is_whole: bool = True  # over time: whether all waves are shown


def matrix() -> str:
    """One page of people with their cells."""
    opened, view = viewed()
    by, labels = _columns(view)
    shown = _chosen(view, labels, by)
    people = _people(view)
    pages = max(-(-len(people) // PEOPLE), 1)
    page = min(max(request.args.get("page", 1, type=int), 1), pages)
    here = people[(page - 1) * PEOPLE : page * PEOPLE]
    waves = sorted(desk().study.rows("waves"), key=lambda row: row["position"])
    saved = sorted(desk().study.rows("views", view_kind="matrix"), key=lambda row: natural(row["name"]))
    return render_template(
        "matrix.html",
        by=by,
        labels=labels,
        shown=shown,
        waves=waves,
        view=view,
        blocks=_blocks(here, waves, list(shown), by, view),
        conditions=conditions(view),
        offers=offers(reading(view), view.question, "world"),
        many=MANY,
        people=len(people),
        everybody=len(desk().study.rows("participants")),
        saved=saved,
        opened=opened,
        page=page,
        pages=pages,
        kept={"view": opened["id"]} if opened else address_of(view),
        chosen=address_of(view),
        along=address_of(replace(view, by=by, columns=tuple(shown))),
        everyone=address_of(replace(view, attributes=(), waves=(), at=None)),
        endings=ENDINGS,
    )


def choose_matrix() -> AnyResponse:
    """POST shows what was chosen; answers stand in the address as keys alone."""
    form = request.form
    positions = [row["position"] for row in desk().study.rows("waves")]
    waves = [one for one in form.getlist("waves", type=int) if one in positions]
    by = form.get("by", "")
    view = View(
        by=by,
        columns=tuple(one for one in form.getlist("columns") if by == form.get("was_by", by)),
        waves=tuple(waves) if len(waves) < len(positions) else (),
        has_maps=form.get("maps", "yes") == "yes",
        attributes=tuple((name, value) for name, value in sent(form)),
        at=form.get("at", type=int),
    )
    return redirect(url_for("matrix", **address_of(view)), 303)


def save_matrix() -> AnyResponse:
    """POST saves what is shown under a name, and opens it."""
    _, view = viewed()
    entry = carry_out("save view", "View saved.", name=text_of("name"), view_kind="matrix", definition=view.definition())
    made = next(iter(entry.changed.get("views", {})), None)
    return redirect(url_for("matrix", view=made) if made else url_for("matrix"))


def remove_matrix(view_id: str) -> AnyResponse:
    """POST takes a saved view away; nothing that it shows is touched."""
    carry_out("remove view", "View removed.", view_id=view_id)
    return redirect(url_for("matrix"))


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
    _, view = viewed()
    by, labels = _columns(view)
    shown = _chosen(view, labels, by, whole=True)
    waves = sorted(desk().study.rows("waves"), key=lambda row: row["position"])
    rows = [
        {
            "participant": person["pseudonym"],
            "wave": line.wave["label"] if line.wave else "over time" if line.is_whole else "over the waves shown",
            by: labels[cell.column_id],
            "passages": cell.passages if line.wave is None or not line.gap else None,
            "summary": cell.words or None,
            "gap": line.gap or None,
        }
        for person, lines in _blocks(_people(view), waves, list(shown), by, replace(view, has_maps=False))
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


def _columns(view: View) -> tuple[Columns, dict[str, str]]:
    """Themes, or codes where those are chosen or there are no themes; id → label."""
    by = _side(view.by or "theme")
    labels = labels_of(coded(), by)
    return ("code", labels_of(coded(), "code")) if not view.by and not labels else (by, labels)


def _chosen(view: View, labels: dict[str, str], by: str, *, whole: bool = False) -> dict[str, str]:
    chosen = {one: labels[one] for one in view.columns if one in labels}
    return chosen or (labels if by == "theme" or whole else dict(list(labels.items())[:MOST]))


def _people(view: View) -> list[Row]:
    """The participants who are shown, by pseudonym."""
    waves = shown_waves(view)
    rows = desk().study.rows("participants")
    return sorted((row for row in rows if waves is None or row["id"] in waves), key=lambda row: natural(row["pseudonym"]))


def _blocks(people: list[Row], waves: list[Row], columns: list[str], by: Columns, view: View) -> list[tuple[Row, list[Line]]]:
    """Each person with a line over time, or over the waves shown, and a line a wave."""
    study, ids = desk().study, [person["id"] for person in people]
    counts = _counts(by)
    words: dict[tuple[str, str | None, str], list[str]] = {}
    for row in study.rows("summaries", participant_id=ids):
        if row[f"{by}_id"]:
            words.setdefault((row["participant_id"], row["wave_id"], row[f"{by}_id"]), []).append(_told(row))
    interviews = {(row["participant_id"], row["wave_id"]): row for row in study.rows("interviews", participant_id=ids)}
    texts = {row["interview_id"] for row in study.rows("documents", participant_id=ids)}
    maps = _maps(waves, [row["id"] for row in interviews.values()]) if view.has_maps else {}
    shown, sizes = shown_waves(view), measured(view)
    found = []
    for person in people:
        key = person["id"]
        own = waves if shown is None else [wave for wave in waves if wave["position"] in shown[key]]

        def cells(wave: Row | None, key: str = key, own: list[Row] = own) -> list[Cell]:
            places = [wave["position"]] if wave else [None] if len(own) == len(waves) else [one["position"] for one in own]
            return [
                Cell(
                    one,
                    "\n".join(words.get((key, wave["id"] if wave else None, one), [])),
                    sum(counts.get((key, place, one), 0) for place in places),
                )
                for one in columns
            ]

        lines = [Line(None, "", None, None, cells(None), is_whole=len(own) == len(waves))]
        for wave in own:
            interview = interviews.get((key, wave["id"]))
            map_id, svg = maps.get(interview["id"], (None, None)) if interview else (None, None)
            lines.append(Line(wave, _gap(interview, texts), svg, map_id, cells(wave), sizes.get((key, wave["position"]), "")))
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
