"""What every answer and every log line has, whatever happened."""

import json
import logging
import re
from collections.abc import Iterator

import numpy as np
import pytest
from numpy.typing import NDArray
from starlette.testclient import TestClient

from model_server.logs import JsonFormatter
from model_server.model import Model
from model_server.service import Service
from tests.support.variables import SERVED_BY


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> Iterator[list[str]]:
    """The log as it would be written."""
    written: list[str] = []

    class Handler(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            written.append(JsonFormatter().format(record))

    handler = Handler()
    logger = logging.getLogger("model_server")
    caplog.set_level(logging.INFO, "model_server")
    logger.addHandler(handler)
    yield written
    logger.removeHandler(handler)


def logged(lines: list[str], message: str = "request") -> list[dict[str, object]]:
    return [record for record in map(json.loads, lines) if record["message"] == message]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/healthz", 200),
        ("GET", "/readyz", 200),
        ("GET", "/metrics", 200),
        ("GET", "/openapi.json", 200),
        ("GET", "/nothing", 404),
        ("PUT", "/v1/predict", 405),
        ("POST", "/v1/predict", 415),
    ],
)
def test_every_answer_says_who_gave_it(client: TestClient, method: str, path: str, status: int) -> None:
    response = client.request(method, path)
    assert response.status_code == status
    assert response.headers["X-Served-By"] == SERVED_BY
    assert response.headers["X-Model-Version"] == "1.0.0"
    assert re.fullmatch("[0-9a-f]{32}", response.headers["X-Request-Id"])
    assert "Connection" not in response.headers


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("abc-123.X_y", True),
        ("x" * 64, True),
        ("x" * 65, False),
        ("a b", False),
        ('"}{', False),
        ("", False),
    ],
)
def test_the_request_id_of_the_caller(client: TestClient, given: str, kept: bool) -> None:
    found = client.get("/healthz", headers={"X-Request-Id": given}).headers["X-Request-Id"]
    assert (found == given) is kept


def test_errors_of_the_framework_have_the_form(client: TestClient) -> None:
    assert client.get("/nothing").json()["problems"] == [
        'path: "/nothing": does not exist; see /docs for those that do'
    ]
    response = client.put("/v1/predict")
    assert response.headers["Allow"] == "POST"
    assert response.json()["problems"] == ['method: PUT: is not for "/v1/predict"; use POST']


def test_one_line_a_request(client: TestClient, lines: list[str], instance: list[float]) -> None:
    headers = {"X-Request-Id": "mine", "Authorization": "Bearer do-not-log-this-one"}
    client.post("/v1/predict?secret=1", json={"instances": [instance] * 3}, headers=headers)
    (record,) = logged(lines)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", str(record.pop("time")))
    duration = record.pop("duration_ms")
    assert isinstance(duration, float)
    assert 0 < duration < 10_000
    assert record == {
        "level": "info",
        "message": "request",
        "request_id": "mine",
        "method": "POST",
        "path": "/v1/predict",
        "status": 200,
        "batch_size": 3,
    }
    assert len(lines) == 1


def test_nothing_of_a_body_or_a_token_is_logged(client: TestClient, lines: list[str]) -> None:
    headers = {"Authorization": "Bearer do-not-log-this-one"}
    client.post("/v1/predict", json={"instances": [["do-not-log-this-value"]]}, headers=headers)
    assert len(lines) == 1
    assert "do-not-log" not in "".join(lines)


def test_a_path_cannot_forge_a_line(client: TestClient, lines: list[str]) -> None:
    client.get("/x%0A%7B%22message%22%3A1%7D" + "y" * 500)
    (line,) = lines
    assert "\n" not in line
    assert len(json.loads(line)["path"]) == 200


def test_probes_are_quiet_unless_they_fail(client: TestClient, service: Service, lines: list[str]) -> None:
    client.get("/readyz")
    client.get("/metrics")
    assert lines == []
    service.lifecycle.drain()
    client.get("/readyz")
    assert [(record["path"], record["status"]) for record in logged(lines)] == [("/readyz", 503)]


def test_a_crash_is_an_answer_and_a_line_without_its_text(
    client: TestClient,
    digits: Model,
    lines: list[str],
    instance: list[float],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def crash(_: NDArray[np.float32]) -> NDArray[np.float32]:
        raise ValueError("do-not-log-this-text")

    monkeypatch.setattr(digits, "probabilities", crash)
    response = client.post("/v1/predict", json={"instances": [instance]})
    assert response.status_code == 500
    assert response.headers["X-Served-By"] == SERVED_BY
    assert response.json()["problems"] == ["server: failed unexpectedly; report the request_id"]
    (error,) = logged(lines, "unexpected error")
    assert error["type"] == "ValueError"
    assert error["request_id"] == response.headers["X-Request-Id"]
    assert "test_access.py:" in str(error["where"])
    assert [record["status"] for record in logged(lines)] == [500]
    assert "do-not-log" not in "".join(lines) + response.text
    monkeypatch.undo()
    assert client.post("/v1/predict", json={"instances": [instance]}).status_code == 200
