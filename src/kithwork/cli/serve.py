"""`kith serve`: a study in the browser, on this machine only."""

import socket
import threading
import webbrowser
from pathlib import Path

import click

from kithwork.cli.main import open_from_command, with_passphrase
from kithwork.model.errors import StudyError

USUAL_PORT = 8765  # a page left open finds the server again after a restart


@click.command()
@click.argument("study", required=False)
@click.option("--port", type=click.IntRange(1, 65535), help=f"Port on 127.0.0.1; {USUAL_PORT} or a free one when not given.")
@click.option("--no-browser", is_flag=True, help="Only print the link.")
@with_passphrase
def command(study: str | None, port: int | None, no_browser: bool, passphrase_file: Path | None) -> None:
    """Open a study in the browser; nothing leaves this machine. The link printed works once.

    Example: kith serve demo.kith
    """
    import waitress  # noqa: PLC0415
    import waitress.server  # noqa: PLC0415

    from kithwork.web.app import make_app  # noqa: PLC0415

    opened = open_from_command(study, passphrase_file) if study else None
    port = _free_port(port)
    app = make_app(opened, port=port)
    link = f"http://127.0.0.1:{port}/enter/{app.extensions['launch_tokens'].new()}"
    server = waitress.server.create_server(app, host="127.0.0.1", port=port, threads=8, ident=None, clear_untrusted_proxy_headers=True)
    click.echo(f"Kithwork is open at {link}")
    click.echo("The link works once, in one browser. Stop with Ctrl+C.")
    if not no_browser:
        threading.Timer(0.3, webbrowser.open, [link]).start()
    try:
        server.run()
    except KeyboardInterrupt:
        pass
    finally:
        server.close()
        app.extensions["desk"].put(None)


def _free_port(wanted: int | None) -> int:
    for port in (wanted,) if wanted else (USUAL_PORT, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return probe.getsockname()[1]
    raise StudyError(f"Port {wanted} is in use; choose another with --port.")
