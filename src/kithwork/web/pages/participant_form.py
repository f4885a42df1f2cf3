"""Enrolling a participant, and changing what is recorded about one."""

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from kithwork.model.errors import KithworkError, StudyError
from kithwork.model.rows import Row, now
from kithwork.web.desk import desk
from kithwork.web.forms import Field, carry_out, fields, given, request_key, text_of

ABOUT = ("enrolled_on", "site", "gender", "age_band", "lives_alone", "housing", "education", "employment", "notes")


def enrol() -> str | AnyResponse | tuple[str, int]:
    """GET the form; POST enrols."""
    _ = desk().study
    if request.method == "GET":
        return _page(None, {"enrolled_on": now()[:10]})
    try:
        values = given("participants", ABOUT)
        if not text_of("pseudonym"):
            raise StudyError("A pseudonym is needed; a code such as P01 will do.")
        entry = carry_out("enrol participant", "Enrolled.", pseudonym=text_of("pseudonym"), values=values, name=text_of("name") or None)
    except KithworkError as error:
        return _page(None, request.form.to_dict(), str(error)), 422
    if text_of("then") == "another":
        return redirect(url_for("enrol"))
    return redirect(url_for("person", participant_id=next(iter(entry.changed["participants"]))))


def edit_participant(participant_id: str) -> str | AnyResponse | tuple[str, int]:
    """GET the form; POST keeps what was changed."""
    person = desk().study.row("participants", participant_id)
    if request.method == "GET":
        return _page(person, person)
    try:
        values = given("participants", (*ABOUT, "status"))
        if not text_of("pseudonym"):
            raise StudyError("A pseudonym is needed; a code such as P01 will do.")
        values["pseudonym"] = text_of("pseudonym")
        carry_out("describe participant", "Changed.", participant_id=participant_id, values=values)
    except KithworkError as error:
        return _page(person, request.form.to_dict(), str(error)), 422
    return redirect(url_for("person", participant_id=participant_id))


def name_participant(participant_id: str) -> AnyResponse:
    """POST keeps the name and how to reach the person, apart from the research data."""
    carry_out(
        "name participant", "Name kept.", participant_id=participant_id, name=text_of("name") or None, contact=text_of("contact") or None
    )
    return redirect(url_for("edit_participant", participant_id=participant_id))


def withdraw_participant(participant_id: str) -> AnyResponse:
    """POST records that the person withdrew; what was given stays."""
    carry_out(
        "withdraw participant",
        "Withdrawal recorded. What was given so far stays.",
        participant_id=participant_id,
        withdrawn_on=text_of("withdrawn_on") or None,
        reason=text_of("reason") or None,
    )
    return redirect(url_for("person", participant_id=participant_id))


def _page(person: Row | None, values: Row, problem: str | None = None) -> str:
    columns = ("pseudonym", *ABOUT) if person is None else ("pseudonym", "status", *ABOUT)
    shown = fields("participants", columns, values, enrolled_on="Day of enrolment")
    identity = desk().study.rows("identities", participant_id=person["id"]) if person else []
    names = {
        "name": Field(
            "name", "Name", "Kept apart from the research data; may stay empty.", value=(identity[0]["name"] if identity else None)
        ),
        "contact": Field("contact", "How to reach the person", "", "long", value=(identity[0]["contact"] if identity else None)),
    }
    return render_template(
        "participant_form.html", person=person, fields=shown, names=names, problem=problem, key=request_key(), today=now()[:10]
    )
