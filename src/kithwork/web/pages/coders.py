"""Who is working: chosen once for this browser, so that the journal can say who did what; and a link for another browser."""

from flask import current_app, redirect, render_template, session, url_for
from werkzeug.wrappers import Response as AnyResponse

from kithwork.web.desk import desk
from kithwork.web.forms import carry_out, request_key, tell, text_of


def coders() -> str:
    """Everyone who works on the study, and who it is now."""
    people = sorted(desk().study.rows("coders"), key=lambda row: row["name"].casefold())
    return render_template("coders.html", coders=people, chosen=session.get("coder_id"), key=request_key(), link=None)


def choose_coder() -> AnyResponse:
    """POST chooses who is working in this browser; nobody, when left empty."""
    coder_id = text_of("coder_id")
    if coder_id:
        desk().study.row("coders", coder_id)
        session["coder_id"] = coder_id
    else:
        session.pop("coder_id", None)
    return redirect(url_for("coders"))


def add_coder() -> AnyResponse:
    """POST adds someone who works on the study, and chooses them."""
    entry = carry_out("add coder", "Added.", name=text_of("name"))
    session["coder_id"] = next(iter(entry.changed["coders"]))
    return redirect(url_for("coders"))


def another_browser() -> AnyResponse | str:
    """POST makes a link that lets one more browser of this machine in, once."""
    token = current_app.extensions["launch_tokens"].new()
    people = sorted(desk().study.rows("coders"), key=lambda row: row["name"].casefold())
    tell("The link below works once.")
    link = url_for("enter", token=token, _external=True)
    return render_template("coders.html", coders=people, chosen=session.get("coder_id"), key=request_key(), link=link)
