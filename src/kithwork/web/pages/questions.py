"""Ask across talk and ties: choose both, see counts with what they are of, and read the passages behind each."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import polars as pl
from flask import Response, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response as AnyResponse

from kithwork.formats.frames import ENDINGS, frame_bytes
from kithwork.joint import Answer, Question, Said, answer, dimensions_of, labels_of, ready_made
from kithwork.joint.dimensions import code_tree
from kithwork.joint.question import GROUPS_OF_FATE
from kithwork.joint.segments import segment_table
from kithwork.joint.telling import conditions_of, count_table, cuts_of, tie_table
from kithwork.model.errors import KithworkError, SelectionError
from kithwork.web.chosen_by import offers, sealed, sent, unsealed
from kithwork.web.desk import desk
from kithwork.web.forms import carry_out, text_of
from kithwork.web.joined import LISTS, address, answering, asked, measuring, quotations, said, with_words
from kithwork.web.pages.measures import TYPES, attachment
from kithwork.web.pages.register import natural
from kithwork.web.passages import passages_of

PAGE = 25
MANY = 6  # questions of a study listed one by one; more are folded together
FATES = {"stayed": "Stayed (any)", "came": "Came (any)", "went": "Not on the later map (any)"}
_CHOICES = {  # field of a question → dimension whose members are its choices, and its words
    "themes": ("theme", "Themes"),
    "lens": ("lens", "Lens nodes"),
    "speakers": ("speaker", "Who speaks"),
    "coders": ("coder", "Coders"),
    "kinds": ("kind", "Kinds of tie"),
    "circles": ("circle", "Circles, on the map of that interview"),
    "role_groups": ("role_group", "Groups of roles"),
    "roles": ("role", "Roles"),
    "trust": ("trust", "Trust"),
    "valence": ("valence", "Helps or hinders"),
    "supports": ("support", "Kinds of support"),
    "events": ("event", "What happened to it, as told in that interview"),
}
_TALK = ("themes", "lens", "speakers", "coders")


@dataclass(frozen=True)
class Cell:
    """One count with its denominators and where it leads."""

    row: str | None
    column: str | None
    passages: int
    people: int
    people_of: int
    ties: int | None
    ties_of: int | None


def questions() -> str:
    """The questions there are, the one that is asked, its counts and its passages."""
    here = said()
    saved = sorted(desk().study.rows("views", view_kind="talk"), key=lambda row: natural(row["name"]))
    ready = ready_made(here)
    name, question, problem, found = None, Question(), None, None
    try:
        name, question = _chosen(here, saved, ready)
        here = answering(question)
        found = answer(here, question, quotations(question))
    except KithworkError as error:  # told beside the form, so that something else can be asked
        problem = str(error)
    cell = (_key("row", found), _key("column", found)) if found else (None, None)
    segments = found.segments(here, *cell) if found and question.asked_of == "said" else []
    page, pages = _page(len(segments))
    return render_template(
        "questions.html",
        name=name,
        question=question,
        opened=next((row for row in saved if row["id"] == request.args.get("view")), None),
        saved=saved,
        ready=list(ready),
        problem=problem,
        conditions=conditions_of(here, question),
        found=found,
        table=_table(found) if found else None,
        cell=_cell_words(found, *cell),
        total=len(segments),
        passages=passages_of(desk().study, segments[(page - 1) * PAGE : page * PAGE], session.get("coder_id")),
        silent=_silent(here, found, *cell) if found else [],
        gaps=_gaps(here, question),
        page=page,
        pages=pages,
        chosen=address(question),
        at={"row": cell[0], "column": cell[1]},
        at_cell=lambda row, column, kept: {"row": sealed(question.rows, row), "column": sealed(question.columns, column), **kept},
        cuts=cuts_of(here, question) if found else [],
        cut_words=dict(question.cuts),
        numbers=[name for name, one in here.invented.items() if one.is_number],
        options=_options(here),
        talk=[name for name in _CHOICES if name in _TALK],
        ties=[name for name in _CHOICES if name not in _TALK],
        titles={name: label for name, (_, label) in _CHOICES.items()},
        codes=code_tree(here),
        fates=FATES,
        became=labels_of(here, "became"),
        waves=labels_of(here, "wave"),
        offers={side: offers(here, question, side) for side in ("tie", "world")},
        many=MANY,
        dimensions=dimensions_of(here),
        measured={name: one.label for name, one in here.invented.items() if one.is_measured},
        endings=ENDINGS,
    )


def choose_question() -> AnyResponse:
    """POST asks what was chosen; words looked for, which may name somebody, never stand in an address."""
    form = request.form
    given: dict[str, Any] = {one: form.getlist(one) for one in LISTS}
    given |= {
        "waves": form.getlist("waves", type=int),
        "attributes": sent(form),
    }
    given |= {one: form.get(one, type=int) or None for one in ("from_wave", "to_wave")}
    given |= {"words": text_of("words"), "asked_of": form.get("asked_of", "said")}
    given |= {"rows": form.get("rows", "kind"), "columns": form.get("columns", "")}
    cuts = [[given[part], text] for part in ("rows", "columns") if (text := form.get(f"cut_{part}", "").strip())]
    given["cuts"] = [pair for pair in cuts if ":" in pair[0]]
    return redirect(url_for("questions", **address(Question.of(given))) + "#answer", 303)


def download_question(ending: str) -> Response:
    """The counts, the passages or the ties never spoken of, as a file."""
    what = request.args.get("what", "counts")
    question = _chosen(said(), desk().study.rows("views", view_kind="talk"), ready_made(said()))[1]
    here = measuring(with_words(), question) if what == "passages" else answering(question)
    found = answer(here, question, quotations(question))
    cell = (_key("row", found), _key("column", found))
    if what == "passages":
        frame = segment_table(here, found.segments(here, *cell))
    else:
        frame = tie_table(here, found.alters(*cell)) if what == "ties" else count_table(found)
    data = frame_bytes(frame, ending)
    return attachment(data, f"kithwork-{what}-{date.today():%Y-%m-%d}{ending}", TYPES.get(ending, "application/octet-stream"))  # noqa: DTZ011 - the day on this desk


def save_question() -> AnyResponse:
    """POST saves the question under a name, and opens it."""
    question = asked()
    answer(answering(question), question, quotations(question))  # what cannot be answered is refused, not saved
    entry = carry_out("save view", "Question saved.", name=text_of("name"), view_kind="talk", definition=question.definition())
    made = next(iter(entry.changed.get("views", {})), None)
    return redirect(url_for("questions", view=made) if made else url_for("questions"))


def remove_question(view_id: str) -> AnyResponse:
    """POST takes a saved question away."""
    carry_out("remove view", "Question removed.", view_id=view_id)
    return redirect(url_for("questions"))


def _chosen(here: Said, saved: list[dict[str, Any]], ready: dict[str, Question]) -> tuple[str | None, Question]:
    """The name, where it has one, and the question that the address asks: saved, ready-made, or chosen."""
    if view_id := request.args.get("view"):
        row = next((row for row in saved if row["id"] == view_id), None)
        if row is None:
            raise SelectionError("This saved question is not in the study any more; choose another.")
        return row["name"], Question.of(row["definition"])
    if "rows" not in request.args:
        place = min(max(request.args.get("ready", 0, type=int), 0), len(ready) - 1)
        return list(ready.items())[place]
    return None, asked()


def _key(name: str, found: Answer | None) -> str | None:
    if found is None:
        return None
    members, by = (found.rows, found.question.rows) if name == "row" else (found.columns, found.question.columns)
    key = unsealed(said(), by, request.args.get(name))
    return key if key in members else None


def _page(total: int) -> tuple[int, int]:
    pages = max(-(-total // PAGE), 1)
    return min(max(request.args.get("page", 1, type=int), 1), pages), pages


def _table(found: Answer) -> dict[str, Any]:
    """Rows with their cells, the rows of which nothing is said apart, and the totals."""
    cells = {(row, column): Cell(row, column, *numbers) for row, column, *numbers in found.counts.iter_rows()}
    heads = [*found.columns, None] if found.columns else [None]
    lines = [(key, label, [cells[key, head] for head in heads]) for key, label in found.rows.items()]
    is_never = found.question.asked_of == "never"
    filled = [line for line in lines if (line[2][-1].ties if is_never else line[2][-1].passages)]
    empty = [line for line in lines if line not in filled]
    return {"heads": list(found.columns.items()), "lines": filled, "empty": empty, "totals": [cells[None, head] for head in heads]}


def _cell_words(found: Answer | None, row: str | None, column: str | None) -> str:
    if found is None:
        return ""
    return ", ".join([*([found.rows[row]] if row else []), *([found.columns[column]] if column else [])])


def _silent(here: Said, found: Answer, row: str | None, column: str | None) -> list[dict[str, Any]]:
    """The ties never spoken of, by participant and pseudonym, with the maps they stand on."""
    if found.question.asked_of != "never":
        return []
    maps = {(one, wave): map_id for map_id, one, wave in here.maps.select("map_id", "participant_id", "wave").iter_rows()}
    lines = tie_table(here, found.alters(row, column), with_ids=True).to_dicts()
    labels = {int(key): label for key, label in labels_of(here, "wave").items() if key.isdigit()}
    for line in lines:
        stands = (line[f"wave_{wave}"] for wave in labels)
        line["stands"] = [
            (label, words, maps.get((line["participant_id"], wave)))
            for (wave, label), words in zip(labels.items(), stands, strict=True)
            if words
        ]
    return lines


def _gaps(here: Said, question: Question) -> str:
    """How many held interviews in scope have no transcript, so that nothing can be said about what was said there."""
    held = here.maps.select("interview_id", "wave").unique()
    held = held.filter(pl.col("wave").is_in(question.waves)) if question.waves else held
    missing = held.join(here.documents.drop_nulls("interview_id"), on="interview_id", how="anti").height
    return f"{missing:,} of {held.height:,} interviews with a map have no transcript and are left out." if missing else ""


def _options(here: Said) -> dict[str, dict[str, str]]:
    found = {name: labels_of(here, dimension) for name, (dimension, _) in _CHOICES.items()}
    used = set(here.alters["role"].drop_nulls().unique().to_list())
    return found | {"roles": {role: label for role, label in found["roles"].items() if role in used}}


def narrowed(question: Question, **values: Any) -> dict[str, Any]:
    """The address of a question with some of it changed; for pages that lead here."""
    return address(replace(question, **values))


__all__ = ["GROUPS_OF_FATE", "choose_question", "download_question", "questions", "remove_question", "save_question"]
