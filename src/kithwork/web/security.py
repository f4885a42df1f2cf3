"""Who may talk to the server: this machine only, with a cookie that a one-time link gave.

Loopback is not a boundary (any web page and any user of the machine can reach it), so every request needs the cookie, a known
Host, and, to change anything, the anti-forgery token from a page of ours.
"""

import hmac
import os
import secrets
from pathlib import Path

import platformdirs
from flask import Flask, Response, abort, current_app, redirect, request, session, url_for
from flask_wtf import CSRFProtect
from secure import ContentSecurityPolicy, CrossOriginOpenerPolicy, ReferrerPolicy, Secure, XContentTypeOptions, XFrameOptions
from werkzeug.wrappers import Response as AnyResponse

HOSTS = ["127.0.0.1", "localhost", "[::1]"]
OPEN_ENDPOINTS = {"enter", "asset"}
_POLICY = (
    ContentSecurityPolicy()
    .default_src("'none'")
    .script_src("'self'")
    .style_src("'self'")
    .img_src("'self'", "data:")
    .font_src("'self'")
    .connect_src("'self'")
    .form_action("'self'")
    .base_uri("'none'")
    .frame_ancestors("'none'")
    .object_src("'none'")
)
_HEADERS = Secure(
    csp=_POLICY,
    referrer=ReferrerPolicy().set("no-referrer"),
    xcto=XContentTypeOptions(),
    xfo=XFrameOptions().deny(),
    coop=CrossOriginOpenerPolicy().same_origin(),
)
csrf = CSRFProtect()


class LaunchTokens:
    """One-time links into the app; only their holders get a cookie."""

    def __init__(self) -> None:
        self._waiting: set[str] = set()

    def new(self) -> str:
        token = secrets.token_urlsafe(32)
        self._waiting.add(token)
        return token

    def spend(self, given: str) -> bool:
        """Whether the token was waiting; it is not afterwards."""
        match = next((token for token in self._waiting if hmac.compare_digest(token.encode(), given.encode())), None)
        if match is not None:
            self._waiting.discard(match)
        return match is not None


def machine_secret() -> bytes:
    """The key that signs cookies, kept with the user's own data so that a page left open outlives a restart of the server."""
    path = Path(platformdirs.user_data_dir("kithwork", appauthor=False)) / "cookie-key"
    try:
        key = path.read_bytes()
        if len(key) >= 32:
            return key
    except OSError:
        pass
    key = secrets.token_bytes(32)
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with open(os.open(path, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "wb") as file:
            file.write(key)
    except OSError:
        pass  # without a home the key lives as long as the server
    return key


def guard(app: Flask, port: int) -> None:
    """Put every check and header on an app."""
    app.config.update(
        SECRET_KEY=machine_secret(),
        SESSION_COOKIE_NAME=f"kith_{port}",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Strict",
        TRUSTED_HOSTS=HOSTS,
        WTF_CSRF_TIME_LIMIT=None,
        MAX_CONTENT_LENGTH=256 * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=8 * 1024 * 1024,
    )
    csrf.init_app(app)
    app.before_request(_check_host)
    app.before_request(_check_visitor)
    app.after_request(_add_headers)


def _check_host() -> None:
    _ = request.host  # werkzeug refuses a host that is not ours


def _check_visitor() -> None:
    if request.method not in ("GET", "HEAD", "OPTIONS") and request.headers.get("Sec-Fetch-Site", "same-origin") not in (
        "same-origin",
        "none",
    ):
        abort(403)
    if request.endpoint not in OPEN_ENDPOINTS and not session.get("is_in"):
        abort(401)


def _add_headers(response: Response) -> Response:
    for name, value in _HEADERS.headers.items():
        response.headers[name] = value
    if request.endpoint != "asset" or response.status_code != 200:
        response.headers["Cache-Control"] = "no-store"
    return response


def enter(token: str) -> AnyResponse:
    """Trade a one-time link for a cookie."""
    if not session.get("is_in") and not current_app.extensions["launch_tokens"].spend(token):
        abort(401)
    session["is_in"] = True
    return redirect(url_for("register"))
