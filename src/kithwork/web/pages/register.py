"""The register: participants × waves."""

from flask import render_template


def register() -> str:
    """Who is in the study and how far each interview has come."""
    return render_template("register.html")
