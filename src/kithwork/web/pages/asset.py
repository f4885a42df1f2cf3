"""Bundled scripts, styles and fonts; the address carries a stamp, so they may be kept by the browser."""

from flask import Response, send_from_directory

from kithwork.web.desk import assets


def asset(name: str) -> Response:
    """One file of the bundle."""
    return send_from_directory(assets(), name, max_age=31536000)
