"""`kith serve` in a process of its own, and a way in, for tests and benchmarks."""

import contextlib
import http.client
import re
import signal
import socket
import subprocess
import sys


class Server:
    """`kith serve` in a process of its own, which can be killed and started again on the same port."""

    def __init__(self, study: str) -> None:
        self.study = study
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.link = self.start()

    def start(self) -> str:
        command = [sys.executable, "-m", "kithwork.cli.main", "serve", self.study, "--port", str(self.port), "--no-browser"]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if found := re.search(r"http://\S+", line):
                return found.group()
        raise AssertionError("the server did not start")

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        assert self.process.stdout is not None
        self.process.stdout.close()


def enter(link: str, port: int) -> tuple[str, str]:
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", port, timeout=20)) as connection:
        return cookie_and_token(connection, link, port)


def cookie_and_token(connection: http.client.HTTPConnection, link: str, port: int) -> tuple[str, str]:
    connection.request("GET", link.removeprefix(f"http://127.0.0.1:{port}"))
    response = connection.getresponse()
    response.read()
    cookie = response.getheader("Set-Cookie", "").split(";")[0]
    connection.request("GET", "/", headers={"Cookie": cookie})
    response = connection.getresponse()
    page = response.read().decode()
    cookie = response.getheader("Set-Cookie", cookie).split(";")[0]
    found = re.search(r'csrf-token" content="([^"]+)"', page)
    assert found is not None, page
    return cookie, found.group(1)
