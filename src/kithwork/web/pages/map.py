"""Drawing the map with the person."""

from flask import jsonify, redirect, render_template, session, url_for
from werkzeug.wrappers import Response

from kithwork.actions import act
from kithwork.web.desk import desk
from kithwork.web.pages.map_state import map_state


def map_page(map_id: str) -> str:
    """The page on which a map is drawn; its script asks for the rest."""
    desk().study.row("maps", map_id)
    return render_template("map.html", map_id=map_id)


def map_json(map_id: str) -> Response:
    """All that the page shows, see `map_state`."""
    return jsonify(map_state(desk().study, map_id))


def open_map(participant_id: str, wave_id: str) -> Response:
    """Open the everyday map of an interview, or begin it."""
    study = desk().study
    study.row("participants", participant_id)
    study.row("waves", wave_id)
    interviews = [row["id"] for row in study.rows("interviews", participant_id=participant_id, wave_id=wave_id)]
    maps = study.rows("maps", interview_id=interviews)
    if not maps:
        act(study, "start map", {"participant_id": participant_id, "wave_id": wave_id}, origin="page", actor=session.get("coder_id"))
        interview = study.rows("interviews", participant_id=participant_id, wave_id=wave_id)[0]
        maps = study.rows("maps", interview_id=interview["id"])
    first = min(maps, key=lambda row: (row["state"] != "everyday", row["id"]))
    return redirect(url_for("map_page", map_id=first["id"]), 303)
