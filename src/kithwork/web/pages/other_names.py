"""Names known besides the maps: listed, added, changed, tied to somebody who is on a map by now, and taken away after a look."""

from collections import Counter
from typing import Any

from flask import redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response as AnyResponse

from kithwork.actions.roster import offers
from kithwork.model.rows import Row
from kithwork.model.schema import TABLES
from kithwork.store import Study
from kithwork.web.desk import desk
from kithwork.web.forms import carry_out, given, needed, request_key, text_of
from kithwork.web.pages.names import proposed_as
from kithwork.web.pages.register import natural
from kithwork.web.pages.renamed import standing_now

KINDS = TABLES["other_names"]["what"].choices


def other_names() -> AnyResponse | str:
    """Every name known besides the maps, by what is put in its place; POST adds one."""
    study = desk().study
    if request.method == "POST":
        carry_out(
            "remember names", "It is proposed in all texts from now on.", names=[_sent("name", "pseudonym", "what", "participant_id")]
        )
        return redirect(url_for("other_names"))
    replaced = Counter(one.row["other_name_id"] for _, one in standing_now(study))
    rows = sorted(study.rows("other_names"), key=lambda row: natural(row["pseudonym"]))
    people = _people(study)
    labels = {row["id"]: row["pseudonym"] for row in people}
    return render_template(
        "other_names.html",
        others=[(row, replaced[row["id"]]) for row in rows],
        offers=[(offer, labels[offer.person_id]) for offer in offers(study)],
        **_for_both(people, labels),
    )


def other_name(other_name_id: str) -> str:
    """One of them: what it is, where it is proposed and was replaced, and what taking it away does."""
    study = desk().study
    row, people = study.row("other_names", other_name_id), _people(study)
    return render_template(
        "other_name.html",
        other=row,
        group=proposed_as(study, other_name_id),
        replaced=sum(one.row["other_name_id"] == other_name_id for _, one in standing_now(study)),
        titles={one["id"]: one["title"] for one in study.rows("documents")},
        **_for_both(people, {one["id"]: one["pseudonym"] for one in people}),
    )


def change_other_name(other_name_id: str) -> AnyResponse:
    """POST changes a name, what is put in its place, what it is or whose talk it is met in; the name only where names are shown."""
    values = _sent("pseudonym", "what", "participant_id")
    if session.get("with_names") and text_of("name"):
        values["name"] = text_of("name")
    carry_out("change other name", "Changed.", other_name_id=other_name_id, values=values)
    return redirect(url_for("other_names"))


def forget_other_name(other_name_id: str) -> AnyResponse:
    """POST takes a name away from those known besides the maps."""
    carry_out("forget other name", "It is no longer remembered; no text was changed.", other_name_id=other_name_id)
    return redirect(url_for("other_names"))


def tie_other_name(other_name_id: str) -> AnyResponse:
    """POST makes it a further name of somebody who goes by it on a map."""
    of = needed("of")
    whose = {"alter_id" if of == "alter_id" else "participant_id": needed("owner")}
    carry_out("tie other name", "It is theirs now, beside the name they have.", other_name_id=other_name_id, **whose)
    return redirect(url_for("other_names"))


def _sent(*names: str) -> dict[str, Any]:
    return given("other_names", names)


def _people(study: Study) -> list[Row]:
    return sorted(study.rows("participants"), key=lambda row: natural(row["pseudonym"]))


def _for_both(people: list[Row], labels: dict[str, str]) -> dict[str, Any]:
    return {
        "participants": people,
        "labels": labels,
        "kinds": KINDS,
        "with_names": bool(session.get("with_names")),
        "request_key": request_key(),
    }
