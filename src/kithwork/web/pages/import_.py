"""Bringing in what another tool exported, after a look at what it would add; and writing the study for other tools."""

import io
import zipfile
from collections import Counter
from datetime import date
from typing import Any

from flask import Response, redirect, render_template, request, session, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as AnyResponse

from kithwork.actions.imports import import_reading, preview, read_files
from kithwork.formats import CHOICES, FORMATS, Options, Reading, named, write
from kithwork.model.errors import FormatError, SelectionError
from kithwork.model.schema import MAP_STATES, TABLES
from kithwork.web.desk import desk
from kithwork.web.forms import tell_saved
from kithwork.web.uploads import Upload, uploads

SHOWN = 8  # lines a problem
ON_PROBLEM = "on-"


def import_page() -> str:
    """Files to choose, and ways to write the study."""
    return render_template(
        "import_.html",
        readable=[known for known in FORMATS if known.read],
        writable=[known for known in FORMATS if known.write],
        waves=sorted(desk().study.rows("waves"), key=lambda row: row["position"]),
        states=MAP_STATES,
    )


def upload() -> AnyResponse:
    """POST keeps the files chosen for a look; nothing is imported yet."""
    kept = uploads().keep(file for file in request.files.getlist("files") if file.filename)
    chosen: dict[str, Any] = {name: request.form[name] for name in ("wave", "state", "format") if request.form.get(name)}
    return redirect(url_for("look_at_import", upload_id=kept.id, **chosen))


def look_at_import(upload_id: str) -> str | tuple[str, int]:
    """What importing would add, the problems with a choice for each, and what cannot be kept; changes nothing."""
    kept = uploads().get(upload_id)
    shared: dict[str, Any] = {
        "upload_id": upload_id,
        "said": request.args.to_dict(),
        "states": MAP_STATES,
        "waves": sorted(desk().study.rows("waves"), key=lambda row: row["position"]),
        "all_choices": CHOICES,
        "on": ON_PROBLEM,
        "files": [path.name for path in kept.paths],
    }
    try:
        reading = _read(kept, request.args)
        outcome = preview(desk().study, reading)
    except (FormatError, SelectionError) as error:
        return render_template("import_look.html", problem=str(error), **shared), 422
    counts = Counter(problem.code for problem in outcome["problems"])
    return render_template(
        "import_look.html",
        problem=None,
        format=named(reading.format, "read").title,
        adds=[(TABLES[name].meaning, name.replace("_", " "), number) for name, number in outcome["adds"].items()],
        problems=[(code, number, [line for line in outcome["problems"] if line.code == code][:SHOWN]) for code, number in counts.items()],
        losses=outcome["losses"],
        **shared,
    )


def confirm_import(upload_id: str) -> AnyResponse:
    """POST imports what was looked at, as one entry that can be undone."""
    reading = _read(uploads().get(upload_id), request.form)
    entry = import_reading(desk().study, reading, origin="page", actor=session.get("coder_id"))
    uploads().drop(upload_id)
    tell_saved("Imported." if entry.id else "Everything in these files is in the study already.", entry)
    return redirect(url_for("register"))


def drop_import(upload_id: str) -> AnyResponse:
    """POST throws the uploaded files away."""
    uploads().drop(upload_id)
    return redirect(url_for("import_page"))


def _read(kept: Upload, said: MultiDict[str, str]) -> Reading:
    choices = {name.removeprefix(ON_PROBLEM): value for name, value in said.items() if name.startswith(ON_PROBLEM) and value}
    try:
        wave = int(said.get("wave") or 1)
    except ValueError:
        raise SelectionError("A wave is counted from 1; give a whole number from 1.") from None
    return read_files(kept.paths, said.get("format") or None, Options(wave=wave, state=said.get("state") or "everyday", choices=choices))


def export(format: str) -> Response:  # noqa: A002 - the word of the address
    """The study in a foreign format, as one zip; names never leave, words about people only when asked for."""
    known = named(format, "write")
    writing = write(desk().study.tables(), known.name, with_personal_text=request.args.get("personal") == "yes")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in writing.files.items():
            archive.writestr(name, data)
        if writing.losses:
            archive.writestr("left-out.txt", "".join(f"{sentence}\n" for sentence in writing.losses))
    name = f"kithwork-{known.name}-{date.today():%Y-%m-%d}.zip"  # noqa: DTZ011 - the day on this desk
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(packed.getvalue(), content_type="application/zip", headers=headers)
