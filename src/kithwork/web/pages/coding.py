"""Coding a transcript: the words, what is coded in them, and of whom they speak."""

from flask import jsonify, render_template, session
from werkzeug.wrappers import Response

from kithwork.web.desk import desk
from kithwork.web.pages.coding_state import coding_state, offers, passages_about


def code_document(document_id: str) -> str:
    """The page on which a text is coded; its script asks for the rest."""
    desk().study.row("documents", document_id)
    return render_template("coding.html", document_id=document_id)


def document_json(document_id: str) -> Response:
    """All that the page shows, see `coding_state`, and who is coding."""
    coder_id = session.get("coder_id")
    state = coding_state(desk().study, document_id, with_names=bool(session.get("with_names")), coder_id=coder_id)
    return jsonify(**state, coder_id=coder_id)


def document_mentions(document_id: str) -> Response:
    """Names in the text that match alters, to be offered as mentions."""
    return jsonify(offers=offers(desk().study, document_id))


def passages_json(alter_id: str) -> Response:
    """What is said about an alter in every wave."""
    return jsonify(passages=passages_about(desk().study, alter_id))
