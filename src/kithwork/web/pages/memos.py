"""Memos: every one of them by kind and by what it is on; the study's own reflexive memos are written here."""

from dataclasses import dataclass
from typing import Any

from flask import redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response as AnyResponse

from kithwork.actions.parallel import blind_documents
from kithwork.model.rows import Row
from kithwork.model.schema import TABLES
from kithwork.store import Study
from kithwork.web.desk import desk
from kithwork.web.forms import carry_out, needed, request_key, text_of, way_back
from kithwork.web.passages import by_id

KINDS = TABLES["memos"]["memo_kind"].choices
ABOUT = {
    "study": "The study",
    "code": "Codes",
    "theme": "Themes",
    "segment": "Passages",
    "document": "Texts",
    "participant": "Participants",
    "map": "Maps",
    "alter": "Alters",
}
PAGE = 50


@dataclass(frozen=True)
class Thing:
    """What a memo is on, in words, and where it is looked at."""

    words: str
    address: str | None


def memos() -> str:
    """Memos, latest first; the address narrows them down by kind, by what they are on, and by coder."""
    study = desk().study
    chosen = {name: request.args.get(name, "") for name in ("kind", "about", "coder")}
    rows = sorted(study.rows("memos"), key=lambda row: (row["written_at"] or "", row["id"]), reverse=True)
    rows = _open(study, rows)
    fitting = [row for row in rows if _fits(row, chosen)]
    page, pages = request.args.get("page", 1, type=int), max(1, -(-len(fitting) // PAGE))
    page = min(max(page, 1), pages)
    shown = fitting[(page - 1) * PAGE : page * PAGE]
    things = _things(study, shown)
    studies = study.rows("studies")
    return render_template(
        "memos.html",
        memos=[(row, about_of(row), things[row["id"]]) for row in shown],
        total=len(fitting),
        page=page,
        pages=pages,
        chosen=chosen,
        kinds=KINDS,
        about=ABOUT,
        counts={
            "kind": _counted(row["memo_kind"] for row in rows),
            "about": _counted(about_of(row) for row in rows),
        },
        coders={row["id"]: row["name"] for row in study.rows("coders")},
        study_id=studies[0]["id"] if studies else None,
        key=request_key(),
    )


def write_memo() -> AnyResponse:
    """POST writes a memo on one thing, changes one, or removes it; then back to where it was written."""
    memo_id = text_of("id")
    if memo_id and text_of("do") == "remove":
        carry_out("remove memo", "The memo is removed.", memo_id=memo_id)
    else:
        given: dict[str, Any] = {"text": text_of("text"), "about": needed("about"), "about_id": needed("about_id"), "id": memo_id or None}
        carry_out("write memo", "Memo kept.", **given, memo_kind=text_of("memo_kind") or None, coder_id=session.get("coder_id"))
    return redirect(way_back() or url_for("memos"))


def about_of(memo: Row) -> str:
    """What sort of thing a memo is on."""
    return next(column.removesuffix("_id") for column in TABLES["memos"].exactly_one if memo[column])


def _fits(row: Row, chosen: dict[str, str]) -> bool:
    return chosen["kind"] in ("", row["memo_kind"]) and chosen["about"] in ("", about_of(row)) and chosen["coder"] in ("", row["coder_id"])


def _open(study: Study, rows: list[Row]) -> list[Row]:
    """Memos that may be seen: on a text that is blind for now, and on its passages, only one's own."""
    blind, mine = blind_documents(study), session.get("coder_id")
    if not blind:
        return rows
    revisions = [row["id"] for row in study.columns({"revisions": ("id", "document_id")}).rows("revisions") if row["document_id"] in blind]
    shut = blind | {row["id"] for row in study.rows("segments", revision_id=revisions)}
    return [row for row in rows if not shut & {row["document_id"], row["segment_id"]} or row["coder_id"] == mine]


def _counted(values: Any) -> dict[str, int]:
    counts: dict[str, int] = {}
    for value in values:
        counts[value or ""] = counts.get(value or "", 0) + 1
    return counts


def _things(study: Study, memos: list[Row]) -> dict[str, Thing]:
    """What each memo is on; one query a table."""
    wanted: dict[str, set[str]] = {about: {row[f"{about}_id"] for row in memos if row[f"{about}_id"]} for about in ABOUT}
    rows = {about: by_id(study.rows(str(TABLES["memos"][f"{about}_id"].table), id=ids)) for about, ids in wanted.items()}
    revisions = by_id(study.rows("revisions", id={row["revision_id"] for row in rows["segment"].values()}))
    interviews = by_id(study.rows("interviews", id={row["interview_id"] for row in rows["map"].values()}))
    people, waves = by_id(study.rows("participants")), by_id(study.rows("waves"))
    found = {}
    for memo in memos:
        about = about_of(memo)
        row = rows[about][memo[f"{about}_id"]]
        if about == "study":
            thing = Thing("The study as a whole", None)
        elif about in ("code", "theme"):
            thing = Thing(row["name"], url_for(f"{about}_page", **{f"{about}_id": row["id"]}))
        elif about == "segment":
            document_id = revisions[row["revision_id"]]["document_id"]
            thing = Thing(f"“{row['quotation'] or ''}”", url_for("code_document", document_id=document_id, _anchor=row["id"]))
        elif about == "document":
            thing = Thing(row["title"], url_for("code_document", document_id=row["id"]))
        elif about == "participant":
            thing = Thing(row["pseudonym"], url_for("person", participant_id=row["id"]))
        elif about == "map":
            interview = interviews[row["interview_id"]]
            words = f"{people[interview['participant_id']]['pseudonym']}, {waves[interview['wave_id']]['label']}"
            thing = Thing(words, url_for("map_page", map_id=row["id"]))
        else:
            owner = people[row["participant_id"]]
            thing = Thing(f"{row['pseudonym']} of {owner['pseudonym']}", url_for("person", participant_id=owner["id"]))
        found[memo["id"]] = thing
    return found
