"""Who codes which text, who has finished it, and whether coders see each other's codings before that."""

import random

from flask import redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response as AnyResponse

from kithwork.actions.parallel import blind_documents
from kithwork.measures.coded import Coded
from kithwork.model.errors import StudyError
from kithwork.store import Study
from kithwork.web.coded_work import texts_in_order, whole_work
from kithwork.web.desk import desk
from kithwork.web.forms import carry_out, needed, request_key, tell, text_of
from kithwork.web.pages.register import natural

_SAID = {"yes": True, "no": False, "study": None}


def coding_plan() -> str:
    """Every text with the coders named for it and how far each is."""
    study = desk().study
    coders = sorted(study.rows("coders"), key=lambda row: natural(row["name"]))
    texts = texts_in_order(study)
    return render_template(
        "coding_plan.html",
        coders=coders,
        me=session.get("coder_id"),
        texts=texts,
        ticked=_sample([text.document["id"] for text in texts]),
        plan={(row["document_id"], row["coder_id"]): row for row in study.rows("assignments")},
        counts=_counts(whole_work()),
        shut=blind_documents(study),
        is_blind=any(row["is_blind"] for row in study.rows("studies")),
        share=request.args.get("share", type=int),
        unnamed=_unnamed(study),
        key=request_key(),
    )


def _counts(coded: Coded) -> dict[tuple[str, str], int]:
    """How many codings each coder has in each text."""
    counted = coded.codings.group_by("document", "coder").len()
    return {(document, coder): number for document, coder, number in counted.iter_rows()}


def _unnamed(study: Study) -> bool:
    """Whether there are codings by someone named, in a study where nobody is named for any text yet."""
    return not study.count("assignments", by="coder_id") and any(study.count("codings", by="coder_id").keys() - {None})


def _sample(document_ids: list[str]) -> set[str]:
    """A share of the texts drawn at random, to be coded twice; the same draw for the same address."""
    share, seed = request.args.get("share", type=int), request.args.get("draw", 1, type=int)
    if not share or not document_ids:
        return set()
    size = max(1, round(len(document_ids) * min(share, 100) / 100))
    return set(random.Random(seed).sample(sorted(document_ids), size))  # noqa: S311 - a sample, not a secret


def change_plan() -> AnyResponse:
    """POST does one thing to the texts ticked: name a coder, take one off, or say whether they are blind."""
    chosen, do = request.form.getlist("document_id"), needed("do")
    if not chosen:
        raise StudyError("Tick at least one text first.")
    if do.startswith("blind-") and do.removeprefix("blind-") in _SAID:
        carry_out("code blind", "Saved.", is_blind=_SAID[do.removeprefix("blind-")], document_ids=chosen)
    elif do == "assign":
        carry_out("assign coders", "Named.", document_ids=chosen, coder_ids=_coder_ids())
    else:
        raise StudyError("The page asked for something there is not; reload it.")
    return redirect(url_for("coding_plan"))


def _coder_ids() -> list[str]:
    chosen = request.form.getlist("coder_id")
    if not chosen:
        raise StudyError("Choose at least one coder to name for the texts ticked.")
    return chosen


def set_blind() -> AnyResponse:
    """POST says for the whole study whether coders work blind."""
    carry_out("code blind", "Saved.", is_blind=text_of("is_blind") == "yes")
    return redirect(url_for("coding_plan"))


def take_as_finished() -> AnyResponse:
    """POST takes every coder to have finished what they coded, where nobody is named."""
    carry_out("finish what is coded", "Saved.")
    return redirect(url_for("coding_plan"))


def mark_text(document_id: str, how: str) -> AnyResponse:
    """POST says that the one working has finished a text, goes on with it, or that a coder is off it."""
    me = session.get("coder_id")
    if how == "off":
        carry_out("unassign coder", "Taken off.", document_id=document_id, coder_id=text_of("off") or needed("coder_id"))
    elif me is None:
        tell("Say who is working first; then finish the text in your own name.")
        return redirect(url_for("coders"))
    elif how in ("finished", "open"):
        verb = "finish coding" if how == "finished" else "reopen coding"
        carry_out(verb, "Finished." if how == "finished" else "Open again.", document_id=document_id, coder_id=me)
    return redirect(url_for("coding_plan"))
