"""The kind of one network: the rule, what it rests on, how near it was to another, and another label put in its place with a reason."""

from typing import Any

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from kithwork.measures.typology import QUESTIONS, STEMS, kinds_of_network
from kithwork.model.errors import SelectionError
from kithwork.model.schema import MAP_STATES
from kithwork.web.desk import desk
from kithwork.web.forms import carry_out, needed, request_key, text_of
from kithwork.web.pages.kinds import INPUTS, LABELS

CONTACT = {"family": "family", "friends": "friends", "groups": "groups"}
SHARES = {
    "inner_share_people": "people and groups",
    "inner_share_place_activity": "places, activities, things and online ties",
    "inner_share_animal": "animals",
    "inner_share_service": "professionals",
}


def kind_of_map(map_id: str) -> str:
    """Both labels of a map, with all that they rest on, and a form to put another in the place of either."""
    drawn, interview, person, wave = _about(map_id)
    frame = kinds_of_network(desk().study.tables()).filter(participant=person["pseudonym"], wave=wave["position"], state=drawn["state"])
    row: dict[str, Any] = frame.row(0, named=True) if not frame.is_empty() else {}
    return render_template(
        "kind_of_map.html", map_id=map_id, person=person, wave=wave, state=MAP_STATES[drawn["state"]], row=row, interview=interview,
        labels=LABELS, questions={stem: code for code, stem in STEMS.items()}, choices={STEMS[code]: QUESTIONS[code] for code in QUESTIONS},
        inputs=INPUTS, contact=CONTACT, shares=SHARES, key={stem: request_key() for stem in LABELS},
    )  # fmt: skip


def label_map(map_id: str) -> Response:
    """POST puts another label in the place of the rule's, or takes it away again."""
    question = needed("question")
    if question not in QUESTIONS:
        raise SelectionError("There is no such label; go back to the map's kind of network.")
    if text_of("do") == "rule":
        carry_out("label network by rule", "The rule's own label stands again.", map_id=map_id, question=question)
    else:
        label = text_of("own") or text_of("label")
        carry_out("label network", "The label was put in place.", map_id=map_id, question=question, label=label, reason=text_of("reason"))
    return redirect(url_for("kind_of_map", map_id=map_id))


def _about(map_id: str) -> tuple[dict[str, Any], ...]:
    study = desk().study
    drawn = study.row("maps", map_id)
    interview = study.row("interviews", drawn["interview_id"])
    return drawn, interview, study.row("participants", interview["participant_id"]), study.row("waves", interview["wave_id"])
