"""One interview: whether it was held, when, who was there; its maps and transcripts; the way to the map."""

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from kithwork.model.errors import KithworkError
from kithwork.model.rows import Row, now
from kithwork.model.schema import MAP_STATES, TABLES
from kithwork.web.desk import desk
from kithwork.web.forms import Field, carry_out, fields, given, needed, request_key, text_of

COLUMNS = ("status", "missed_reason", "held_on", "mode", "place", "coder_id", "others_present", "minutes", "is_recorded", "notes")
STAGES = TABLES["maps"]["stage"].choices


def interview(participant_id: str, wave_id: str) -> str | AnyResponse | tuple[str, int]:
    """GET what is recorded; POST keeps what was changed."""
    study = desk().study
    person, wave = study.row("participants", participant_id), study.row("waves", wave_id)
    found = study.rows("interviews", participant_id=participant_id, wave_id=wave_id)
    held = found[0] if found else None
    if request.method == "GET":
        return _page(person, wave, held, held or {"status": "held" if person["status"] == "enrolled" else "due", "held_on": now()[:10]})
    try:
        values = given("interviews", COLUMNS)
        if values["status"] != "held":
            values["held_on"] = None
        if values["status"] != "missed":
            values["missed_reason"] = None
        carry_out("describe interview", "Interview recorded.", participant_id=participant_id, wave_id=wave_id, values=values)
    except KithworkError as error:
        return _page(person, wave, held, request.form.to_dict(), str(error)), 422
    return redirect(url_for("interview", participant_id=participant_id, wave_id=wave_id))


def _page(person: Row, wave: Row, held: Row | None, values: Row, problem: str | None = None) -> str:
    study = desk().study
    maps = study.rows("maps", interview_id=held["id"]) if held else []
    ties = study.count("ties", by="map_id", map_id=[row["id"] for row in maps])
    coders = {row["id"]: row["name"] for row in study.rows("coders")}
    shown = fields("interviews", COLUMNS, values, held_on="Day it was held", minutes="Minutes", is_recorded="Sound recorded", place="Place")
    shown["coder_id"] = Field("coder_id", "Interviewer", "", "select", values.get("coder_id"), coders)
    return render_template(
        "interview_form.html",
        person=person,
        wave=wave,
        held=held,
        maps=maps,
        ties=ties,
        states=MAP_STATES,
        stages=STAGES,
        documents=study.rows("documents", interview_id=held["id"]) if held else [],
        fields=shown,
        problem=problem,
        key=request_key(),
    )


def start_state(participant_id: str, wave_id: str) -> AnyResponse:
    """POST begins a map of another state of the same network, from a copy of the everyday map where that is wished."""
    state, copy_of = needed("state"), text_of("copy_map_id") or None
    entry = carry_out("start map", "A map is begun.", participant_id=participant_id, wave_id=wave_id, state=state, copy_map_id=copy_of)
    return redirect(url_for("map_page", map_id=next(iter(entry.changed["maps"]))), 303)
