"""Serving the app on this machine only."""

import gc
import socket
from collections.abc import Callable

import waitress.server

from kithwork.model.errors import StudyError
from kithwork.store import Study
from kithwork.web.app import make_app

USUAL_PORT = 8765  # a page left open finds the server again after a restart


def serve(study: Study | None, port: int | None, announce: Callable[[str], None]) -> None:
    """Serve until interrupted; `announce` gets the one-time link once the port is held."""
    port = free_port(port)
    app = make_app(study, port=port)
    server = waitress.server.create_server(app, host="127.0.0.1", port=port, threads=16, ident=None, clear_untrusted_proxy_headers=True)
    announce(f"http://127.0.0.1:{port}/enter/{app.extensions['launch_tokens'].new()}")
    gc.collect()
    gc.freeze()  # what was loaded stays: walking over all of it again and again would hold a page up for a tenth of a second
    try:
        server.run()
    except KeyboardInterrupt:
        pass
    finally:
        server.close()
        app.extensions["desk"].put(None)
        app.extensions["uploads"].clear()


def free_port(wanted: int | None) -> int:
    """The port wanted, or the usual one, or any free one."""
    for port in (wanted,) if wanted else (USUAL_PORT, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return probe.getsockname()[1]
    raise StudyError(f"Port {wanted} is in use; choose another with --port.")
