"""`kith serve`: a study in the browser, on this machine only."""

import signal
import threading
import webbrowser
from pathlib import Path

import click

from kithwork.cli.main import open_from_command, with_passphrase


@click.command()
@click.argument("study", required=False)
@click.option("--port", type=click.IntRange(1, 65535), help="Port on 127.0.0.1; 8765, or a free one, when not given.")
@click.option("--no-browser", is_flag=True, help="Only print the link.")
@with_passphrase
def command(study: str | None, port: int | None, no_browser: bool, passphrase_file: Path | None) -> None:
    """Open a study in the browser; nothing leaves this machine. The link printed works once.

    Example: kith serve demo.kith
    """
    from kithwork.web.server import serve

    def announce(link: str) -> None:
        click.echo(f"Kithwork is open at {link}")
        click.echo("The link works once, in one browser. Stop with Ctrl+C.")
        if not no_browser:
            threading.Timer(0.3, webbrowser.open, [link]).start()

    signal.signal(signal.SIGTERM, signal.default_int_handler)  # stopped politely, the study is left as one file
    serve(open_from_command(study, passphrase_file) if study else None, port, announce)
