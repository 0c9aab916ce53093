"""The server as a process: signals, sockets, files that change, and what it says on the way out."""

import json
import signal
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from tests.support.process import PATIENCE, Server, eventually, refused, running
from tests.support.variables import RIGHT, SERVED_BY

TOKEN = "the-old-token-of-these-tests"
ROTATED = "the-new-token-of-these-tests"


@pytest.fixture
def content(instance: list[float]) -> bytes:
    return json.dumps({"instances": [instance]}).encode()


class Slow:
    """A request whose body arrives in two parts."""

    def __init__(self, server: Server, content: bytes) -> None:
        self._socket = socket.create_connection(("127.0.0.1", int(server.url.rpartition(":")[2])), PATIENCE)
        self._rest = content[10:]
        head = (
            "POST /v1/predict HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(content)}\r\n\r\n"
        )
        self._socket.sendall(head.encode() + content[:10])
        # Under way when the server says so.
        with server.client() as client:
            line = "model_server_requests_in_flight 2.0"
            eventually(lambda: line in client.get("/metrics").text, "the request is under way")

    def finish(self) -> None:
        self._socket.sendall(self._rest)

    def answer(self) -> str:
        """All that comes until the server closes the connection."""
        received = b""
        with self._socket:
            while part := self._socket.recv(65536):
                received += part
        return received.decode()

    def abandon(self) -> None:
        self._socket.close()


def test_it_starts_and_answers(content: bytes) -> None:
    with running() as server, server.client() as client:
        response = client.post("/v1/predict", content=content, headers={"Content-Type": "application/json"})
        assert response.status_code == 200
        assert response.headers["X-Served-By"] == SERVED_BY
        assert "Server" not in response.headers
        (warning,) = server.logged("AUTH=none: /v1/predict serves anyone who can reach it")
        assert warning["level"] == "warning"
        server.terminate()
        assert server.ended() == 0
        assert server.logged("stopped")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_drain_serves_until_it_stops(content: bytes, number: signal.Signals) -> None:
    with running(DRAIN_SECONDS="1") as server, server.client() as client:
        assert client.get("/readyz").status_code == 200
        server.process.send_signal(number)
        began = time.monotonic()
        eventually(lambda: client.get("/readyz").status_code == 503, "not ready")
        response = client.post("/v1/predict", content=content, headers={"Content-Type": "application/json"})
        assert response.status_code == 200
        assert response.headers["Connection"] == "close"
        assert server.ended() == 0
        assert 1 <= time.monotonic() - began < 5
    with pytest.raises(httpx2.ConnectError):
        httpx2.get(f"{server.url}/healthz", trust_env=False)


def test_a_second_signal_ends_the_drain() -> None:
    with running(DRAIN_SECONDS="300") as server, server.client() as client:
        server.terminate()
        eventually(lambda: client.get("/readyz").status_code == 503, "not ready")
        assert server.process.poll() is None
        server.terminate()
        assert server.ended() == 0


def test_a_request_under_way_is_finished(content: bytes) -> None:
    with running(SHUTDOWN_SECONDS="20") as server:
        slow = Slow(server, content)
        server.terminate()
        eventually(lambda: not accepts(server), "no new connections")
        assert server.process.poll() is None
        slow.finish()
        answer = slow.answer()
        assert answer.startswith("HTTP/1.1 200 ")
        assert '"label":"9"' in answer
        assert server.ended() == 0
        assert [record["status"] for record in server.logged("request")] == [200]


def test_a_request_that_never_ends_does_not_hold_the_process(content: bytes) -> None:
    with running(SHUTDOWN_SECONDS="1", BODY_TIMEOUT_SECONDS="300") as server:
        slow = Slow(server, content)
        began = time.monotonic()
        server.terminate()
        assert server.ended() == 0
        assert 1 <= time.monotonic() - began < 5
        assert [record["status"] for record in server.logged("request")] == [503]
        slow.abandon()


def accepts(server: Server) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", int(server.url.rpartition(":")[2])), 1):
            return True
    except OSError:
        return False


def test_a_body_that_does_not_come_is_given_up(content: bytes) -> None:
    with running(BODY_TIMEOUT_SECONDS="1", MAX_IN_FLIGHT="1") as server, server.client() as client:
        slow = Slow(server, content)
        headers = {"Content-Type": "application/json"}
        assert client.post("/v1/predict", content=content, headers=headers).status_code == 503
        answer = slow.answer()
        assert answer.startswith("HTTP/1.1 408 ")
        assert "body: did not arrive within 1 seconds; send it faster, or smaller batches" in answer
        assert client.post("/v1/predict", content=content, headers=headers).status_code == 200


def test_a_caller_who_goes_away_is_no_error(content: bytes) -> None:
    with running() as server:
        Slow(server, content).abandon()
        eventually(lambda: bool(server.logged("request")), "its line")
        assert [record["status"] for record in server.logged("request")] == [499]
        assert server.logged("unexpected error") == []


@pytest.mark.parametrize("chunked", [False, True])
def test_a_huge_body_is_refused_and_the_server_lives(content: bytes, chunked: bool) -> None:
    def chunks() -> Iterator[bytes]:
        yield from [b" " * 65536] * 160

    headers = {"Content-Type": "application/json"}
    with running() as server, server.client() as client:
        huge = chunks() if chunked else b" " * 10_485_760
        assert client.post("/v1/predict", content=huge, headers=headers).status_code == 413
        assert client.post("/v1/predict", content=content, headers=headers).status_code == 200


def test_a_token_is_replaced_without_a_restart(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "tokens"
    path.write_text(TOKEN)

    def status(token: str) -> int:
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}
        return client.post("/v1/predict", content=content, headers=headers).status_code

    with running(AUTH="token", TOKEN_FILE=str(path)) as server, server.client() as client:
        assert (status(TOKEN), status(ROTATED)) == (200, 401)
        fresh = tmp_path / "fresh"
        fresh.write_text(ROTATED)
        fresh.replace(path)
        assert (status(TOKEN), status(ROTATED)) == (401, 200)
        assert [record["tokens"] for record in server.logged("token file read again")] == [1]
        server.terminate()
        assert server.ended() == 0
        written = "".join(server.lines)
        assert TOKEN not in written
        assert ROTATED not in written


def test_what_is_no_http_does_no_harm() -> None:
    with running() as server, server.client() as client:
        with socket.create_connection(("127.0.0.1", int(server.url.rpartition(":")[2])), PATIENCE) as raw:
            raw.sendall(b"\x16\x03\x01\x02\x00\r\n\r\n")
            assert raw.recv(100).startswith(b"HTTP/1.1 400 ")
        assert client.get("/healthz").status_code == 200
        assert all(json.loads(line) for line in server.lines)


def test_bad_settings_are_all_named_and_nothing_starts() -> None:
    found = refused({**RIGHT, "PORT": "http", "CLUSTER_NAME": ""})
    assert [line.partition(": must")[0] for line in found] == [
        'model-server: cannot start: CLUSTER_NAME: ""',
        'model-server: cannot start: PORT: "http"',
    ]


def test_open_to_anyone_only_when_told_so() -> None:
    variables = {name: value for name, value in RIGHT.items() if name != "AUTH"}
    assert refused(variables) == [
        "model-server: cannot start: TOKEN_FILE: not set: must name the file with the tokens that "
        "/v1/predict accepts; set TOKEN_FILE=/path/to/file, or AUTH=none to serve anyone"
    ]


def test_a_model_that_is_another_is_refused(copied_model: Path) -> None:
    with (copied_model / "model.onnx").open("ab") as file:
        file.write(b"\0")
    (line,) = refused({**RIGHT, "MODEL_DIR": str(copied_model)})
    assert line.startswith(f"model-server: cannot start: {copied_model}/model.onnx has SHA-256 ")


def test_a_token_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "missing"
    (line,) = refused({**RIGHT, "AUTH": "token", "TOKEN_FILE": str(path)})
    assert line.startswith(f"model-server: cannot start: cannot read token file {path}: No such file")


def test_a_port_that_is_taken_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert refused({**RIGHT, "PORT": str(port)}) == [
            f"model-server: cannot start: cannot listen on 127.0.0.1:{port}: Address already in use; "
            "set HOST and PORT to an address that is free"
        ]


def test_an_address_that_is_not_ours_is_named() -> None:
    (line,) = refused({**RIGHT, "HOST": "no-such-host.invalid", "PORT": "0"})
    assert line.startswith("model-server: cannot start: cannot listen on no-such-host.invalid:0: ")


@pytest.mark.skipif(not socket.has_ipv6, reason="this machine has no IPv6")
def test_it_listens_on_ipv6() -> None:
    with running(HOST="::1") as server:
        port = server.logged("listening")[0]["port"]
        response = httpx2.get(f"http://[::1]:{port}/healthz", trust_env=False)
        assert response.status_code == 200
