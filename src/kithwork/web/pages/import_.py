"""Bringing in what another tool exported, after a look at what it would add; and writing the study for other tools."""

import io
import re
import zipfile
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask import Response, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response as AnyResponse

from kithwork.actions.imports import MERGED, import_reading, preview, read_files
from kithwork.actions.matching import Newcomer, columns_of_alters, match_by_key, newcomers, take
from kithwork.actions.parallel import blind_documents, open_to
from kithwork.formats import CHOICES, FORMATS, Options, Reading, named, write
from kithwork.formats.reading import Notes, named_pairs, sides
from kithwork.model.errors import KithworkError, SelectionError
from kithwork.model.schema import KINDS, MAP_STATES, TABLES
from kithwork.web.desk import desk
from kithwork.web.forms import tell, tell_saved
from kithwork.web.uploads import Upload, uploads

SHOWN = 8  # lines a problem
MOST_ASKED = 200  # newcomers shown in full; beyond, only those whose name is like one that is there
MOST_LISTED = 500
ON_PROBLEM, WHO, NOBODY = "on-", "who-", "new"
_LISTS = ("adds", "problems", "losses", "newcomers", "columns")
WRITTEN = {
    "Maps": ("networkcanvas", "egor", "easynwk", "graphml", "gexf", "gephi"),
    "Talk and codes": ("refi-qda", "refi-codebook", "segments", "transcripts"),
    "Tables": ("csv", "xlsx", "parquet", "spss", "stata"),
}
ASPECTS = ("16:9", "16:10", "4:3", "3:2", "1:1")
TITLES = {  # what a problem with a choice is called
    "dangling_alter_tie": "Ties to alters nobody named",
    "repeated_pair": "Pairs tied twice",
    "loop": "Alters tied to themselves",
    "zero_weight": "Weights of zero",
    "negative_weight": "Weights below zero",
    "unknown_ego": "Rows of an ego who is not listed",
    "repeated_ego": "Egos listed twice",
    "repeated_alter": "Alters named twice",
    "repeated_session": "Sessions that are there twice",
    "repeated_case": "One case, several sessions",
    "unfinished_session": "Sessions not finished",
    "mixed_ids": "Ids written in two ways",
    "names_as_ids": "Ids that may be names",
    "read_as_number": "Columns of numbers",
    "read_as_choice": "Columns of a few words",
    "not_a_number": "Words where a number should be",
    "no_id": "Rows without an id",
    "short_row": "Rows with too few cells",
    "long_row": "Rows with too many cells",
    "circles_differ": "Circles other than planned",
    "repeated_column": "Columns of one name",
    "wide_columns": "Alters side by side",
    "wave_column": "Several waves in one file",
    "no_wave": "Rows that say no wave",
    "ego_likely": "Which node is ego",
    "ego_unsure": "Which node may be ego",
    "alter_numbers": "Whether a number is the same alter at each wave",
    "wave_in_name": "Waves in the names",
    "people_alike": "Participants written in two ways",
    "kind_unknown": "Kinds not known here",
    "selection_differs": "Passages that hold other words",
    "selection_outside": "Passages outside their text",
    "path_in_name": "Codes whose names spell a tree",
}
LINES = {  # fields of one pair a line: what it is, an example
    "kinds": ("Kinds for their types of node", "Venue=place"),
    "columns": ("Columns under other names", "ego=respondent"),
    "missing": ("Values that say why there is no answer", "-9=refused"),
    "relations": ("Only these types of alter ties", "Close"),
    "non_ties": ("Answers to a pair that mean: not tied", "1"),
}


@dataclass
class Look:
    """What reading the files said, and what an import of them would do."""

    reading: Reading
    newcomers: list[Newcomer]
    told: Notes = field(default_factory=Notes)  # what was met while saying who is who
    problem: str | None = None  # why what was said of who is who cannot be


def import_page() -> str:
    """Files to choose, and ways to write the study."""
    return render_template(
        "import_.html",
        readable=[known for known in FORMATS if known.read],
        writable={group: [each for each in FORMATS if each.write and each.name in names] for group, names in WRITTEN.items()},
        waves=_waves(),
        states=MAP_STATES,
    )


def _waves() -> list[tuple[int, str]]:
    """Waves to choose from: those of the study, and the one after."""
    rows = sorted(desk().study.rows("waves"), key=lambda row: row["position"])
    following = rows[-1]["position"] + 1 if rows else 1
    return [*((row["position"], row["label"]) for row in rows), (following, f"A new wave, number {following}")]


def upload() -> AnyResponse:
    """POST keeps the files chosen for a look; nothing is imported yet."""
    kept = uploads().keep(file for file in request.files.getlist("files") if file.filename)
    kept.said.update({name: request.form[name] for name in ("wave", "state", "format") if request.form.get(name)})
    return redirect(url_for("look_at_import", upload_id=kept.id))


def look_at_import(upload_id: str) -> str | tuple[str, int]:
    """What importing would add, who may be whom, the problems with a choice for each, and what cannot be kept; changes nothing."""
    kept = uploads().get(upload_id)
    shared: dict[str, Any] = (
        dict.fromkeys(("format", "people", "is_derived", "is_merged"))
        | dict.fromkeys(_LISTS, ())
        | {
            "upload_id": upload_id,
            "said": kept.said,
            "states": MAP_STATES,
            "kinds": KINDS,
            "waves": _waves(),
            "all_choices": CHOICES,
            "titles": TITLES,
            "on": ON_PROBLEM,
            "who": WHO,
            "nobody": NOBODY,
            "aspects": ASPECTS,
            "lines": LINES,
            "files": [path.name for path in kept.paths],
        }
    )
    try:
        look = _look(kept)
        outcome = preview(desk().study, look.reading)
    except KithworkError as error:
        return render_template("import_look.html", **shared | {"problem": str(error)}), 422
    problems = [*outcome["problems"], *look.told.problems]
    counts = Counter(problem.code for problem in problems)
    found: dict[str, Any] = dict(
        problem=look.problem,
        format=named(look.reading.format, "read"),
        adds=[(TABLES[name].meaning, name.replace("_", " "), number) for name, number in outcome["adds"].items()],
        problems=[(code, number, [line for line in problems if line.code == code][:SHOWN]) for code, number in counts.items()],
        losses=outcome["losses"],
        people=_people(look.reading),
        newcomers=_asked(look.newcomers),
        more=len(look.newcomers) - len(_asked(look.newcomers)),
        columns=_columns(look.reading) if look.newcomers or kept.said.get("alter_key") else [],
        decided=sum(WHO + each.token in kept.said for each in look.newcomers),
        is_merged=look.reading.format in MERGED,
        is_derived=any(problem.code in ("circles_derived", "position_derived") for problem in problems),
    )
    return render_template("import_look.html", **shared | found)


def _people(reading: Reading) -> tuple[list[str], list[str]]:
    """Pseudonyms of participants who are in the study already, and of those who come in new, by what the files call them."""
    there = {row["pseudonym"] for row in desk().study.rows("participants")}
    keys = {row["source_key"] for row in desk().study.rows("participants") if row["source_key"]}
    rows = reading.tables.rows("participants")
    known = sorted(row["pseudonym"] for row in rows if row["pseudonym"] in there or row.get("source_key") in keys)
    return known, sorted({row["pseudonym"] for row in rows} - set(known))


def _columns(reading: Reading) -> list[tuple[str, str]]:
    """Columns to choose as the key of a roster, or none."""
    names = columns_of_alters(reading)
    return [("", "None: I say it below"), *((name, name) for name in names)] if names else []


def _asked(found: list[Newcomer]) -> list[Newcomer]:
    """Those the page asks about: all where they are few, else those whose name is like one that is there."""
    return (found if len(found) <= MOST_ASKED else [each for each in found if each.alike])[:MOST_LISTED]


def look_again(upload_id: str) -> AnyResponse:
    """POST keeps what the form says, and shows what the import would be now."""
    kept = uploads().get(upload_id)
    _keep_said(kept)
    return redirect(url_for("look_at_import", upload_id=upload_id))


def _keep_said(kept: Upload) -> None:
    said = {name: value for name, value in request.form.items() if name != "csrf_token" and value}
    kept.said.clear()
    kept.said.update(said)


def confirm_import(upload_id: str) -> AnyResponse:
    """POST imports what was looked at, as one entry that can be undone; where the form reads it otherwise, it is looked at again first."""
    kept = uploads().get(upload_id)
    before = _reading_of(kept.said)
    _keep_said(kept)
    if _reading_of(kept.said) != before:
        tell("You changed how the files are read, so nothing was imported yet. Look at what they would add now.")
        return redirect(url_for("look_at_import", upload_id=upload_id))
    try:
        look = _look(kept)
    except KithworkError:
        look = None
    if look is None or look.problem:
        return redirect(url_for("look_at_import", upload_id=upload_id))
    entry = import_reading(desk().study, look.reading, origin="page", actor=session.get("coder_id"))
    uploads().drop(upload_id)
    tell_saved("Imported." if entry.id else "Everything in these files is in the study already.", entry)
    return redirect(url_for("register"))


def drop_import(upload_id: str) -> AnyResponse:
    """POST throws the uploaded files away."""
    uploads().drop(upload_id)
    return redirect(url_for("import_page"))


def _reading_of(said: dict[str, str]) -> dict[str, str]:
    """What of a form says how the files are read; who is who is not part of it, and a choice left as it would be is none."""
    defaults = {"wave": "1", "state": "everyday", "aspect": ASPECTS[0]}
    defaults |= {ON_PROBLEM + code: next(iter(choices)) for code, choices in CHOICES.items()}
    return {name: value for name, value in said.items() if not name.startswith(WHO) and defaults.get(name) != value}


def _look(kept: Upload) -> Look:
    """The files read as the form says, with who is who; changes nothing."""
    said, study = kept.said, desk().study
    reading = read_files(kept.paths, said.get("format") or None, _options(said))
    if reading.format in MERGED:
        return Look(reading, [])
    if said.get("alter_key"):
        reading.problems += match_by_key(study, reading, said["alter_key"])
    look = Look(reading, newcomers(study, reading))
    answers = [
        (each.participant, each.key, said[WHO + each.token], "", None)
        for each in look.newcomers
        if said.get(WHO + each.token, NOBODY) != NOBODY
    ]
    if answers:
        try:
            take(study, reading, answers, look.told, None)
        except KithworkError:
            look.problem = "Two alters of one map were said to be the same as one other; say it of one of them. Nothing was imported."
    return look


def _options(said: dict[str, str]) -> Options:
    try:
        wave = int(said.get("wave") or 1)
    except ValueError:
        raise SelectionError("A wave is counted from 1; give a whole number from 1.") from None
    lines = {name: [line.strip() for line in re.split(r"[\r\n]+", said.get(name, "")) if line.strip()] for name in LINES}
    pairs = {name: named_pairs(lines[name], f"'{LINES[name][0]}'", LINES[name][1]) for name in ("kinds", "columns", "missing")}
    relations: dict[str, str | None] = {}
    for each in lines["relations"]:
        name, sign, word = each.rpartition("=")
        relations[name if sign else each] = word if sign else None
    choices = {name.removeprefix(ON_PROBLEM): value for name, value in said.items() if name.startswith(ON_PROBLEM) and value}
    return Options(
        wave=wave,
        state=said.get("state") or "everyday",
        aspect=sides(said.get("aspect") or ASPECTS[0], "The shape of the canvas"),
        relations=relations,
        choices=choices,
        non_ties=tuple(lines["non_ties"]),
        **pairs,
    )


def export(format: str) -> Response:  # noqa: A002 - the word of the address
    """The study in a foreign format, as one zip; names never leave, words about people only when asked for.

    Of texts still coded blind, what others coded stays here, and a sentence in the zip says so.
    """
    known = named(format, "write")
    study = desk().study
    tables, left_out = study.tables(), []
    if shut := blind_documents(study):
        tables = open_to(tables, shut, session.get("coder_id"))
        left_out = [f"Texts still coded blind: {len(shut)}. Of what was coded in them, only your own work is here."]
    writing = write(tables, known.name, with_personal_text=request.args.get("personal") == "yes")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in writing.files.items():
            archive.writestr(name, data)
        if losses := [*left_out, *writing.losses]:
            archive.writestr("left-out.txt", "".join(f"{sentence}\n" for sentence in losses))
    name = f"kithwork-{known.name}-{date.today():%Y-%m-%d}.zip"  # noqa: DTZ011 - the day on this desk
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(packed.getvalue(), content_type="application/zip", headers=headers)
