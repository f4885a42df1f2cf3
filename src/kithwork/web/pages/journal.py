"""The journal: who did what and when; taking an entry back; whether the study is sound; a copy of it."""

import datetime
from pathlib import Path

from flask import redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response as AnyResponse

from kithwork.actions import ACTIONS, take_back
from kithwork.model.rows import Row
from kithwork.store import Study
from kithwork.web.desk import desk
from kithwork.web.forms import tell, tell_saved, way_back

PAGE = 100


def journal() -> str:
    """Entries, latest first; `participant` narrows them down, `before` goes further back."""
    study = desk().study
    where = {"participant": request.args["participant"]} if request.args.get("participant") else {}
    entries = study.entries(**where)
    newest = request.args.get("before", type=int)
    shown = [row for row in reversed(entries) if newest is None or row["place"] < newest]
    return render_template(
        "journal.html",
        entries=shown[:PAGE],
        is_more=len(shown) > PAGE,
        total=len(entries),
        undone=_undone(entries),
        meanings={name: verb.meaning.split("\n")[0] for name, verb in ACTIONS.items()},
        participants=sorted(study.rows("participants"), key=lambda row: row["pseudonym"]),
        chosen=request.args.get("participant", ""),
        names=_names(study),
        is_file=study.place.is_file,
    )


def _undone(entries: list[Row]) -> dict[str, str]:
    """Entry taken back, as things stand → the undo that did it, which is what must be undone to bring it back."""
    undone: dict[str, str] = {}
    root: dict[str, str] = {}
    for row in entries:
        undoes: str | None = row["undoes"]
        if undoes is None:
            continue
        target: str = root.get(undoes, undoes)
        root[row["id"]] = target
        if target in undone:
            del undone[target]
        else:
            undone[target] = row["id"]
    return undone


def _names(study: Study) -> dict[str, dict[str, str]]:
    return {
        "coders": {row["id"]: row["name"] for row in study.rows("coders")},
        "participants": {row["id"]: row["pseudonym"] for row in study.rows("participants")},
    }


def undo_entry(entry_id: str) -> AnyResponse:
    """POST takes one entry back, or brings back what an undo took; told plainly when it was changed again since."""
    entry = take_back(desk().study, entry_id, origin="page", actor=session.get("coder_id"))
    tell_saved("Taken back." if entry.verb == "undo" else "Brought back.", entry)
    back = way_back()
    if back is None:
        return redirect(url_for("journal"))
    gone = {row_id for rows in entry.changed.values() for row_id, row in rows.items() if row is None}
    return redirect(url_for("register") if gone & set(back.split("/")) else back)


def verify_study() -> str:
    """POST looks at everything and says whether it is sound."""
    return render_template("verified.html", findings=desk().study.verify())


def back_up() -> AnyResponse:
    """POST makes a verified copy beside the study's file."""
    study = desk().study
    path = study.place.path or Path(study.place.name)  # a study on a server refuses, and says what to use instead
    stamp = datetime.datetime.now(datetime.UTC).astimezone().strftime("%Y-%m-%d %H.%M.%S")
    copy = study.back_up(path.with_name(f"{path.stem} backup {stamp}{path.suffix}"))
    tell(f"A verified copy lies beside the study: {copy.name}.")
    return redirect(url_for("journal"))
