"""Every route on one screen."""

from flask import Flask

from kithwork.web import api, security
from kithwork.web.pages import asset, register


def add(app: Flask) -> None:
    """Put all routes on the app; GET never changes a study."""
    page = app.add_url_rule
    page("/enter/<token>", "enter", security.enter)
    page("/assets/<path:name>", "asset", asset.asset)
    page("/", "register", register.register)
    # what scripts call
    page("/api/actions/<verb>", "do_action", api.do_action, methods=["POST"])
    page("/api/maps/<map_id>/undo", "undo", api.undo, methods=["POST"])
    page("/api/maps/<map_id>/redo", "redo", api.redo, methods=["POST"])
