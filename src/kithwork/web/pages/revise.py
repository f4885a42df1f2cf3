"""Correcting a text after a look at what changes; its versions, passages that lost their place, and signing off."""

from typing import Any

from flask import redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response as AnyResponse

from kithwork.model.errors import SelectionError, StudyError
from kithwork.model.rows import Row
from kithwork.store import Study
from kithwork.talk import Edit, anchor_at, apply_edits, changes_between, move_all
from kithwork.talk.words import around
from kithwork.web.desk import desk
from kithwork.web.forms import carry_out, needed, request_key, text_of
from kithwork.web.pages.names import unresolved

AROUND = 60
MOST_SHOWN = 200  # changes


def revise(document_id: str) -> str | AnyResponse | tuple[str, int]:
    """GET shows the whole text to be corrected; POST shows what would change, and keeps it when asked to."""
    study = desk().study
    document, latest = study.row("documents", document_id), _versions(study, document_id)[-1]
    if request.method == "GET":
        return _editor(document, latest, latest["text"])
    new = _typed()
    if request.form.get("do") == "keep":
        entry = carry_out(
            "revise text",
            "The text was corrected.",
            document_id=document_id,
            revision_id=needed("revision_id"),
            text=new,
            reason=text_of("reason") or None,
            coder_id=session.get("coder_id"),
        )
        lost = sum(bool(row and row.get("is_lost")) for row in entry.changed.get("segments", {}).values())
        return redirect(url_for("versions", document_id=document_id, _anchor="lost" if lost else None))
    if needed("revision_id") != latest["id"]:
        return _editor(document, latest, new, problem="This text was changed since; look at what you wrote and take it over by hand."), 409
    if new == latest["text"]:
        return _editor(document, latest, new, problem="Nothing in the text is different yet."), 422
    edits = changes_between(latest["text"], new)
    return _editor(document, latest, new, edits=edits, moved=_moved(study, latest, new, edits), reason=text_of("reason"))


def _typed() -> str:
    """The text as it was sent: a browser sends line ends as two characters."""
    return request.form.get("text", "").replace("\r\n", "\n").replace("\r", "\n")


def _editor(document: Row, latest: Row, text: str, **told: Any) -> str:
    edits = told.pop("edits", None)
    return render_template(
        "revise.html",
        document=document,
        latest=latest,
        text=text,
        edits=None if edits is None else shown(latest["text"], edits[:MOST_SHOWN]),
        more=max(len(edits or ()) - MOST_SHOWN, 0),
        request_key=request_key(),
        **{"problem": None, "moved": None, "reason": "", **told},
    )


def shown(old: str, edits: list[Edit]) -> list[dict[str, str]]:
    """Each change with what stands around it."""
    return [
        {"before": before, "old": old[edit.start : edit.stop], "new": edit.text, "after": after}
        for edit in edits
        for before, after in (around(old, edit.start, edit.stop, AROUND),)
    ]


def _moved(study: Study, latest: Row, new: str, edits: list[Edit]) -> dict[str, Any]:
    """What would become of the passages: how many stay as they are, change in their words, or lose their place."""
    rows = [row for row in study.rows("segments", revision_id=latest["id"]) if not row["is_lost"]]
    anchors = [anchor_at(latest["text"], row["start"], row["stop"]) for row in rows]
    results = move_all(anchors, apply_edits(latest["text"], edits)[1], latest["text"], new)
    both = list(zip(rows, results, strict=True))
    return {
        "stay": sum(result.how in ("offset", "stand_in") for result in results),
        "changed": [(row["quotation"], result.anchor.quotation) for row, result in both if result.how == "edited"],
        "elsewhere": sum(result.how in ("quotation", "context") for result in results),
        "lost": [row["quotation"] for row, result in both if result.is_lost],
    }


# -- versions ------------------------------------------------------------------------------------------------------------------


def versions(document_id: str) -> str:
    """The versions of a text with a difference between two, the passages that lost their place, and whether it may leave the study."""
    study = desk().study
    document, every = study.row("documents", document_id), _versions(study, document_id)
    coders = {row["id"]: row["name"] for row in study.rows("coders")}
    replaced: dict[str, list[Row]] = {}
    for row in study.rows("replacements", revision_id=[one["id"] for one in every]):
        replaced.setdefault(row["revision_id"], []).append(row)
    compared = _compared(every)
    return render_template(
        "versions.html",
        document=document,
        latest=every[-1],
        lines=[_line(row, replaced.get(row["id"], []), coders) for row in reversed(every)],
        compared=compared,
        with_names=bool(session.get("with_names")),
        lost=_lost(study, every),
        open_names=unresolved(study, [document_id])[document_id],
    )


def _versions(study: Study, document_id: str) -> list[Row]:
    found = sorted(study.rows("revisions", document_id=document_id), key=lambda row: row["number"])
    if not found:
        raise SelectionError("This text has no words yet; bring it in again.")
    return found


def _line(row: Row, replaced: list[Row], coders: dict[str, str]) -> Row:
    names = sum(one["what"] != "edit" for one in replaced)
    who = next((coders[one["coder_id"]] for one in replaced if one["coder_id"] in coders), None)
    return {**row, "who": who, "names": names, "edits": len(replaced) - names, "signed_by": coders.get(row["coder_id"] or "")}


def _compared(every: list[Row]) -> dict[str, Any] | None:
    """Two versions chosen in the address, with what differs; only where names are shown when one still holds them."""
    by_number = {row["number"]: row for row in every}
    one, other = (by_number.get(request.args.get(name, 0, type=int)) for name in ("from", "to"))
    if one is None or other is None or one is other:
        return None
    one, other = sorted((one, other), key=lambda row: row["number"])
    told = {"from": one["number"], "to": other["number"], "changes": None, "more": 0}
    if bool(other["is_pseudonymised"]) != bool(one["is_pseudonymised"]) and not session.get("with_names"):
        return told
    edits = changes_between(one["text"], other["text"])
    return {**told, "changes": shown(one["text"], edits[:MOST_SHOWN]), "more": max(len(edits) - MOST_SHOWN, 0)}


def _lost(study: Study, every: list[Row]) -> list[Row]:
    rows = study.rows("segments", revision_id=[row["id"] for row in every], is_lost=True)
    codes = {row["id"]: row["name"] for row in study.rows("codes")}
    on: dict[str, list[str]] = {}
    for row in study.rows("codings", segment_id=[row["id"] for row in rows]):
        on.setdefault(row["segment_id"], []).append(codes[row["code_id"]])
    return [{**row, "codes": sorted(set(on.get(row["id"], ())))} for row in rows]


def settle_lost(document_id: str) -> AnyResponse:
    """POST puts a passage that lost its place on words given, which must stand in the text just once; or lets it go."""
    study, segment_id = desk().study, needed("segment_id")
    if request.form.get("do") == "drop":
        carry_out("let passage go", "The passage was let go.", segment_id=segment_id)
    else:
        words = request.form.get("words", "").replace("\r\n", "\n").strip()
        text = _versions(study, document_id)[-1]["text"]
        start = text.find(words) if words else -1
        if start < 0 or text.find(words, start + 1) >= 0:
            raise StudyError(
                "These words stand in the text not at all or more than once; copy a longer stretch, or put the passage back while coding."
            )
        carry_out("put segment back", "The passage has its place again.", segment_id=segment_id, start=start, stop=start + len(words))
    return redirect(url_for("versions", document_id=document_id, _anchor="lost"))


# -- signing off -----------------------------------------------------------------------------------------------------------------


def sign_off() -> AnyResponse:
    """POST signs off the latest versions of the texts ticked, or takes that back."""
    is_signed_off = request.form.get("do") != "take back"
    ids = request.form.getlist("revision")
    said = "Signed off: it may leave the study." if is_signed_off else "Taken back: it stays in the study."
    carry_out("sign off transcripts", said, revision_ids=ids, coder_id=session.get("coder_id"), is_signed_off=is_signed_off)
    back = request.form.get("document")
    return redirect(url_for("versions", document_id=back) if back else url_for("documents"))
