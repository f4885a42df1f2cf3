"""One code: what it covers, all its passages in context, and what can be done to it, with what that does said beforehand."""

from typing import Any

from flask import redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response as AnyResponse

from kithwork.model.errors import SelectionError
from kithwork.model.rows import Row
from kithwork.model.schema import TABLES
from kithwork.store import Study, codings_in_place
from kithwork.web.coded import Held, Narrowed, below, codings_held, color_of, held_by, in_order, passages_with, tree
from kithwork.web.desk import desk
from kithwork.web.forms import carry_out, needed, request_key, text_of

KINDS = TABLES["memos"]["memo_kind"].choices


def narrowed() -> Narrowed:
    """What the address narrows passages down to."""
    return Narrowed(*(request.args.get(name, "") for name in ("participant", "wave", "coder", "code")))


def memos_on(study: Study, column: str, row_id: str) -> list[Row]:
    """Memos on one thing, latest first."""
    return sorted(study.rows("memos", **{column: row_id}), key=lambda row: (row["written_at"] or "", row["id"]), reverse=True)


def code_page(code_id: str) -> str:
    """The code, its passages across people and waves, and forms to change it."""
    study = desk().study
    code, codes = study.row("codes", code_id), study.rows("codes")
    under = below(codes, code_id)
    is_whole = request.args.get("under") == "yes"
    found = passages_with(study, [code_id, *under] if is_whole else [code_id], narrowed(), request.args.get("page", 1, type=int))
    by_id = {row["id"]: row for row in codes}
    above = []
    while (parent_id := (above[0] if above else code)["parent_id"]) in by_id and by_id[parent_id] not in above:
        above.insert(0, by_id[parent_id])
    nodes = {row["id"]: row for row in study.rows("lenses") if row["is_on"] is not False}
    return render_template(
        "code.html",
        code=code,
        color=color_of(code),
        above=above,
        under=[by_id[row_id] for row_id in under],
        is_whole=is_whole,
        found=found,
        narrowed=narrowed(),
        held=found.held.get(code_id, Held()),
        lines=[{"code": row, "depth": depth} for depth, row in tree(codes)],
        branch=[code_id, *under],
        themes=in_order(study.rows("themes")),
        in_themes={row["theme_id"] for row in study.rows("theme_codes", code_id=code_id)},
        links=[(nodes[row["lens_id"]], row) for row in study.rows("lens_links", code_id=code_id) if row["lens_id"] in nodes],
        memos=memos_on(study, "code_id", code_id),
        kinds=KINDS,
        coders={row["id"]: row["name"] for row in study.rows("coders")},
        key=request_key(),
    )


def change_code(code_id: str) -> AnyResponse:
    """POST keeps what a code covers, its name and its colour; or its themes, or its place in the tree."""
    what = needed("change")
    if what == "describe":
        values: dict[str, Any] = {name: text_of(name) or None for name in ("name", "definition", "example", "limits")}
        color = text_of("color")
        if color and color != color_of(desk().study.row("codes", code_id)):
            values["color"] = color
        carry_out("describe code", "Kept.", code_id=code_id, values=values)
    elif what == "themes":
        carry_out("choose code themes", "Kept.", code_id=code_id, theme_ids=request.form.getlist("themes"))
    elif what == "move":
        arguments = {"parent_id": text_of("parent_id") or None, "why": text_of("why") or None, "coder_id": session.get("coder_id")}
        carry_out("move code", "Moved.", code_id=code_id, **arguments)
    else:
        raise SelectionError("There is no such change of a code; reload the page.")
    return redirect(url_for("code_page", code_id=code_id))


def split_code(code_id: str) -> AnyResponse:
    """POST gives the passages ticked to a new code beside this one."""
    codings = [coding_id for ticked in request.form.getlist("codings") for coding_id in ticked.split(",")]
    part = {"name": text_of("name"), "definition": text_of("definition") or None, "coding_ids": codings}
    entry = carry_out("split code", "Split.", code_id=code_id, parts=[part], **_why())
    made = next((row_id for row_id, row in entry.changed.get("codes", {}).items() if row and row_id != code_id), code_id)
    return redirect(url_for("code_page", code_id=made))


def before_merging(code_id: str) -> str | AnyResponse:
    """What merging a code into another would do; POST merges."""
    study = desk().study
    code = study.row("codes", code_id)
    if request.method == "POST":
        into_id = needed("into")
        carry_out("merge codes", "Merged.", code_ids=[code_id], into_id=into_id, **_why())
        return redirect(url_for("code_page", code_id=into_id))
    into = study.row("codes", request.args.get("into", ""))
    frame = codings_in_place(study, [code_id, into["id"]])
    of = {one: set(frame.filter(frame["code_id"] == one)["segment_id"]) for one in (code_id, into["id"])}
    return render_template(
        "code_merge.html",
        code=code,
        into=into,
        color=color_of(code),
        passages=len(of[code_id]),
        both=len(of[code_id] & of[into["id"]]),
        after=len(of[code_id] | of[into["id"]]),
        rests=_resting(study, code_id),
        key=request_key(),
    )


def before_removing(code_id: str) -> str | AnyResponse:
    """What taking a code out would take along; POST takes it out."""
    study = desk().study
    if request.method == "POST":
        carry_out("remove code", "The code is taken out.", code_id=code_id, with_codings=True, **_why())
        return redirect(url_for("codebook"))
    code, codes = study.row("codes", code_id), study.rows("codes")
    return render_template(
        "code_remove.html",
        code=code,
        color=color_of(code),
        held=held_by(codings_held(study), "code_id").get(code_id, Held()),
        rests=_resting(study, code_id),
        lines=[{"code": row, "depth": depth} for depth, row in tree(codes)],
        key=request_key(),
    )


def _why() -> dict[str, Any]:
    return {"why": text_of("why") or None, "coder_id": session.get("coder_id")}


def _resting(study: Study, code_id: str) -> dict[str, int]:
    """How many rows of each sort rest on a code."""
    tables = ("memos", "summaries", "decisions", "theme_codes", "lens_links")
    counts = {table: study.count(table, by="code_id", code_id=code_id).get(code_id, 0) for table in tables}
    return {**counts, "under": study.count("codes", by="parent_id", parent_id=code_id).get(code_id, 0)}
