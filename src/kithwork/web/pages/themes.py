"""Themes: codes gathered under a central idea; their order, their passages through the waves, and what can be done to them."""

from typing import Any

import polars as pl
from flask import redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response as AnyResponse

from kithwork.model.errors import SelectionError
from kithwork.model.rows import Row
from kithwork.store import Study
from kithwork.web.coded import Held, codings_held, color_of, held_by, in_order, passages_with, tree
from kithwork.web.desk import desk
from kithwork.web.forms import carry_out, needed, request_key, text_of
from kithwork.web.pages.code import KINDS, memos_on, narrowed
from kithwork.web.pictures import drawn, picture


def themes() -> str:
    """Every theme in order with its idea, its codes and how much they hold; the codes in no theme; and a picture by wave."""
    study = desk().study
    rows, codes, of = in_order(study.rows("themes")), tree(study.rows("codes")), _codes_of(study)
    held = _held(study, of)
    by_code = held_by(codings_held(study), "code_id")
    homeless = [code for _, code in codes if not any(code["id"] in members for members in of.values())]
    return render_template(
        "themes.html",
        themes=rows,
        codes_of={row["id"]: [code for _, code in codes if code["id"] in of.get(row["id"], ())] for row in rows},
        held={row["id"]: held.get(row["id"], Held()) for row in rows},
        by_code={code["id"]: by_code.get(code["id"], Held()) for _, code in codes},
        memos=study.count("memos", by="theme_id"),
        homeless=homeless,
        picture=_picture(study) if rows else None,
        color_of=color_of,
        lines=[{"code": row, "depth": depth} for depth, row in codes],
        key=request_key(),
    )


def theme_page(theme_id: str) -> str:
    """One theme: its idea, its codes, its passages across people and waves, memos, and forms to change it."""
    study = desk().study
    theme, codes, of = study.row("themes", theme_id), tree(study.rows("codes")), _codes_of(study)
    members = [code for _, code in codes if code["id"] in of.get(theme_id, ())]
    found = passages_with(study, [code["id"] for code in members], narrowed(), request.args.get("page", 1, type=int))
    rows = in_order(study.rows("themes"))
    return render_template(
        "theme.html",
        theme=theme,
        place=[row["id"] for row in rows].index(theme_id) + 1,
        themes=rows,
        members=members,
        by_code={code["id"]: found.held.get(code["id"], Held()) for code in members},
        held=found.whole,
        found=found,
        narrowed=narrowed(),
        color_of=color_of,
        lines=[{"code": row, "depth": depth} for depth, row in codes],
        summaries=study.count("summaries", by="theme_id", theme_id=theme_id).get(theme_id, 0),
        memos=memos_on(study, "theme_id", theme_id),
        kinds=KINDS,
        coders={row["id"]: row["name"] for row in study.rows("coders")},
        key=request_key(),
    )


def _codes_of(study: Study) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for row in study.rows("theme_codes"):
        found.setdefault(row["theme_id"], set()).add(row["code_id"])
    return found


def _held(study: Study, of: dict[str, set[str]]) -> dict[str, Held]:
    """How much each theme holds; a passage with two of its codes counts once."""
    pairs = [(theme_id, code_id) for theme_id, members in of.items() for code_id in members]
    frame = pl.DataFrame(pairs, schema={"theme_id": pl.String, "code_id": pl.String}, orient="row")
    return held_by(codings_held(study).join(frame, on="code_id"), "theme_id")


def _picture(study: Study) -> Any:
    columns = {
        "themes": ("id", "name", "position"),
        "theme_codes": ("theme_id", "code_id"),
        "codes": ("id", "parent_id", "name", "position"),
        "waves": ("id", "label", "position"),
        "interviews": ("id", "wave_id", "status"),
        "documents": ("id", "interview_id"),
        "revisions": ("id", "document_id"),
        "segments": ("id", "revision_id"),
        "codings": ("code_id", "segment_id"),
    }
    return drawn(desk().remembered("themes by wave", lambda: str(picture("themes_by_wave", study.columns(columns)))))


# -- changes ---------------------------------------------------------------------------------------------------------------------


def add_theme() -> AnyResponse:
    """POST makes a theme."""
    values: dict[str, Any] = {"name": text_of("name"), "central_idea": text_of("central_idea") or None}
    entry = carry_out("add theme", "The theme is made.", **values)
    made = next(iter(entry.changed.get("themes", {})), None)
    return redirect(url_for("theme_page", theme_id=made) if made else url_for("themes"))


def change_theme(theme_id: str) -> AnyResponse:
    """POST makes one change to a theme."""
    what, why = needed("change"), {"why": text_of("why") or None, "coder_id": session.get("coder_id")}
    codes = request.form.getlist("codes")
    if what == "describe":
        values = {"name": text_of("name"), "central_idea": text_of("central_idea") or None}
        carry_out("describe theme", "Kept.", theme_id=theme_id, values=values)
    elif what == "codes":
        carry_out("choose theme codes", "Kept.", theme_id=theme_id, code_ids=codes, **why)
    elif what in ("up", "down"):
        place = [row["id"] for row in in_order(desk().study.rows("themes"))].index(theme_id) + 1
        carry_out("move theme", "Moved.", theme_id=theme_id, position=max(1, place + (1 if what == "down" else -1)))
        return redirect(url_for("themes", _anchor=f"theme-{theme_id}"))
    elif what == "merge":
        into_id = needed("into")
        carry_out("merge themes", "Merged.", theme_id=theme_id, into_id=into_id, **why)
        return redirect(url_for("theme_page", theme_id=into_id))
    elif what == "split":
        given: Row = {"name": text_of("name"), "central_idea": text_of("central_idea") or None, "code_ids": codes}
        carry_out("split theme", "Split.", theme_id=theme_id, **given, **why)
        return redirect(url_for("themes"))
    elif what == "remove":
        carry_out("remove theme", "The theme is taken away; its codes stay.", theme_id=theme_id, with_words=True, **why)
        return redirect(url_for("themes"))
    else:
        raise SelectionError("There is no such change of a theme; reload the page.")
    return redirect(url_for("theme_page", theme_id=theme_id))
