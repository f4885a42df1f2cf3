"""The codebook: its tree with what each code holds, put in order by hand, and taken along as a file."""

from datetime import date

from flask import Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from kithwork.formats.codebook import codebook_frame, qdc
from kithwork.formats.frames import frame_bytes
from kithwork.model.errors import SelectionError
from kithwork.model.rows import Row
from kithwork.model.schema import TABLES
from kithwork.web.coded import Held, codings_held, color_of, held_by, tree
from kithwork.web.desk import desk
from kithwork.web.forms import carry_out, needed, request_key, text_of
from kithwork.web.pages.measures import TYPES, attachment

ENDINGS = (".csv", ".xlsx", ".qdc")


def codebook() -> str:
    """Every code in its place, with how many passages, texts, people and coders it has; `arrange` gives buttons to move each."""
    study = desk().study
    codings = codings_held(study)
    held = held_by(codings, "code_id")
    memos = study.count("memos", by="code_id")
    lines = [
        {"code": code, "depth": depth, "color": color_of(code), "held": held.get(code["id"], Held()), "memos": memos.get(code["id"], 0)}
        for depth, code in tree(study.rows("codes"))
    ]
    return render_template(
        "codebook.html",
        lines=lines,
        passages=codings["segment_id"].n_unique(),
        codings=codings.height,
        is_arranging=request.args.get("arrange") == "yes",
        endings=ENDINGS,
        key=request_key(),
    )


def download_codebook(ending: str) -> Response:
    """The codebook as a table, or as REFI-QDA for another program."""
    if ending not in ENDINGS:
        raise SelectionError(f"A codebook is written as {', '.join(ENDINGS)}.")
    tables = desk().study.columns(
        {
            **{name: TABLES[name].names for name in ("codes", "themes", "theme_codes")},
            "codings": ("id", "code_id"),
        }
    )
    name = f"kithwork-codebook-{date.today():%Y-%m-%d}{ending}"  # noqa: DTZ011 - the day on this desk
    if ending == ".qdc":
        return attachment(qdc(tables), name, "application/xml")
    return attachment(frame_bytes(codebook_frame(tables), ending), name, TYPES.get(ending, "application/octet-stream"))


def add_code() -> AnyResponse:
    """POST adds a code at the top or under another."""
    values = {"name": needed("name"), "parent_id": text_of("parent_id") or None, "definition": text_of("definition") or None}
    entry = carry_out("add code", "A code is added.", **values)
    made = next(iter(entry.changed.get("codes", {})), "")
    return redirect(url_for("codebook", _anchor=f"code-{made}"))


def arrange_code(code_id: str) -> AnyResponse:
    """POST moves a code one place: up, down, under the one above it, out of the one it stands under; or under one named."""
    codes = desk().study.rows("codes")
    parent_id, position = _place(codes, code_id, needed("to"))
    carry_out("move code", "Moved.", code_id=code_id, parent_id=parent_id, position=position)
    return redirect(url_for("codebook", arrange="yes", _anchor=f"code-{code_id}"))


def _place(codes: list[Row], code_id: str, to: str) -> tuple[str | None, int | None]:
    """Parent and position, from 1, to which a step leads; where there is no such step the code stays."""
    by_id = {row["id"]: row for row in codes}
    if code_id not in by_id:
        raise SelectionError("This code is not in the codebook any more; reload the page.")
    parent_id = by_id[code_id]["parent_id"]
    siblings = [row["id"] for _, row in tree(codes) if row["parent_id"] == parent_id]
    at = siblings.index(code_id)
    if to == "up" or to == "down":
        return parent_id, at + (0 if to == "up" else 2) or 1
    if to == "in" and at > 0:
        return siblings[at - 1], None
    if to == "out" and parent_id is not None:
        above = by_id[parent_id]["parent_id"]
        uncles = [row["id"] for _, row in tree(codes) if row["parent_id"] == above]
        return above, uncles.index(parent_id) + 2
    if to == "top":
        return None, None
    if to in by_id:
        return to, None
    return parent_id, at + 1
