"""The app: put together here and nowhere else; where errors become pages."""

import json
import logging
import traceback
from pathlib import Path
from types import CodeType
from typing import Any, ClassVar

from flask import Flask, Response, current_app, jsonify, render_template, request
from jinja2 import BytecodeCache, StrictUndefined
from jinja2.bccache import Bucket
from werkzeug.exceptions import HTTPException, SecurityError
from werkzeug.wrappers import Response as AnyResponse

from kithwork.model.errors import ConflictError, KithworkError, SelectionError
from kithwork.model.rows import LONGEST_NAME
from kithwork.store import Study
from kithwork.web import routes, security
from kithwork.web.desk import Desk, assets, desk
from kithwork.web.uploads import Uploads
from kithwork.web.words import FILTERS, about_study

log = logging.getLogger("kithwork.web")


class _Compiled(BytecodeCache):
    """Templates as compiled once in this process: an app made again does not compile them again."""

    _code: ClassVar[dict[tuple[str, str], CodeType | None]] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._code.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._code[bucket.key, bucket.checksum] = bucket.code


def make_app(study: Study | None, *, port: int) -> Flask:
    """The app on one open study (or none), to be served on loopback."""
    app = Flask("kithwork.web", template_folder=str(Path(__file__).parent / "pages"), static_folder=None)
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.bytecode_cache = _Compiled()
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(FILTERS)
    app.jinja_env.globals["longest_name"] = LONGEST_NAME
    app.extensions["desk"] = Desk(study)
    app.extensions["uploads"] = Uploads()
    app.extensions["launch_tokens"] = security.LaunchTokens()
    app.extensions["asset_stamp"] = _asset_stamp()
    security.guard(app, port)
    app.context_processor(_for_every_page)
    app.register_error_handler(KithworkError, _tell)
    app.register_error_handler(HTTPException, _tell_http)
    app.register_error_handler(Exception, _tell_unexpected)
    routes.add(app)
    return app


def _asset_stamp() -> str:
    folder = assets()
    newest = max((path.stat().st_mtime_ns for path in folder.glob("*.*")), default=0)
    return f"{newest:x}"


def _for_every_page() -> dict[str, Any]:
    here = desk()
    return {
        "stamp": current_app.extensions["asset_stamp"],
        "nav": routes.NAVIGATION,
        "here": request.endpoint,
        "within": routes.UNDER.get(request.endpoint or "", request.endpoint),
        **about_study(None if here.is_empty else here.study),
    }


def wants_json() -> bool:
    """Whether the request came from a script of ours."""
    return request.path.startswith("/api/")


def _answer(status: int, sentence: str) -> AnyResponse:
    if wants_json():
        response = jsonify(error=sentence)
    else:
        response = current_app.make_response(render_template("problem.html", sentence=sentence, status=status))
    response.status_code = status
    return response


def _tell(error: KithworkError) -> AnyResponse:
    status = 409 if isinstance(error, ConflictError) else 404 if isinstance(error, SelectionError) else 422
    return _answer(status, str(error))


_SENTENCES = {
    400: "The browser's request could not be understood; reload the page and try again.",
    401: "This browser is not let in yet: use the link that 'kith serve' prints; each link works once.",
    403: "This request did not come from a page of Kithwork, so it was refused.",
    404: "There is nothing here; go back to the register.",
    405: "This address does not do that; go back to the register.",
    413: "The file is too large for the page; use 'kith import' on the command line.",
}


def _tell_http(error: HTTPException) -> AnyResponse:
    if isinstance(error, SecurityError):  # no page can be built for a host that is not ours
        return Response("This address is not Kithwork's.", 400, content_type="text/plain")
    status = error.code or 500
    return _answer(status, _SENTENCES.get(status, "Something went wrong; reload the page and try again."))


def _tell_unexpected(error: Exception) -> AnyResponse:
    # Type and line only: a message may hold what somebody typed.
    last = traceback.extract_tb(error.__traceback__)[-1]
    rule = request.url_rule.rule if request.url_rule else "?"
    log.error(json.dumps({"error": type(error).__name__, "at": f"{Path(last.filename).name}:{last.lineno}", "route": rule}))
    return _answer(500, "Something went wrong in Kithwork; nothing was lost. Reload the page and try again.")
