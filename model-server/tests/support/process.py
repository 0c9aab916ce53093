"""The server as the process that it is in production."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import httpx2

from tests.support.paths import ROOT
from tests.support.variables import RIGHT

PATIENCE = 20


def command() -> list[str]:
    return [sys.executable, "-m", "model_server"]


def environment(variables: Mapping[str, str]) -> dict[str, str]:
    """Only what the server needs: no setting of the machine leaks in."""
    kept = {name: os.environ[name] for name in os.environ if name.startswith(("PATH", "COVERAGE"))}
    return {**kept, "PYTHONPATH": str(ROOT / "src"), **variables}


def refused(variables: Mapping[str, str]) -> list[str]:
    """What a server says that does not start, line by line."""
    done = subprocess.run(
        command(),
        env=environment(variables),
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 2, done.stderr
    assert done.stdout == ""
    return done.stderr.splitlines()


def eventually(holds: Callable[[], bool], what: str) -> None:
    end = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < end, f"not within {PATIENCE} s: {what}"
        time.sleep(0.02)


class Server:
    """A running server and what it has logged so far."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.lines: list[str] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        eventually(lambda: bool(self.logged("ready")) or not self._reader.is_alive(), "ready")
        assert process.poll() is None, "".join(self.lines)
        self.url = f"http://127.0.0.1:{self.logged('listening')[0]['port']}"

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append(line)

    def logged(self, message: str) -> list[dict[str, Any]]:
        records = [json.loads(line) for line in list(self.lines)]
        return [record for record in records if record["message"] == message]

    def client(self) -> httpx2.Client:
        return httpx2.Client(base_url=self.url, timeout=PATIENCE, trust_env=False)

    def terminate(self) -> None:
        self.process.send_signal(signal.SIGTERM)

    def ended(self) -> int:
        code = self.process.wait(PATIENCE)
        self._reader.join(PATIENCE)
        return code


@contextmanager
def running(**variables: str) -> Iterator[Server]:
    """A server that listens on a free port of the loopback interface."""
    chosen = {**RIGHT, "PORT": "0", "DRAIN_SECONDS": "0", "SHUTDOWN_SECONDS": "5", **variables}
    with subprocess.Popen(
        command(),
        env=environment(chosen),
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        try:
            yield Server(process)
        finally:
            if process.poll() is None:
                process.terminate()
                try:
                    process.wait(PATIENCE)
                except subprocess.TimeoutExpired:
                    process.kill()
