"""Ready, busy, failed, draining: what the server says of itself in this process."""

import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager

import httpx2
import numpy as np
import pytest
from numpy.typing import NDArray
from starlette.testclient import TestClient

from model_server.app import create_app
from model_server.lifecycle import Lifecycle, Phase
from model_server.model import Model, ModelError
from model_server.service import Service
from tests.support.process import PATIENCE, eventually


class Gate:
    """Lets nobody pass until it is opened."""

    def __init__(self) -> None:
        self.waiting = 0
        self._open = threading.Event()

    def wait(self) -> None:
        self.waiting += 1
        assert self._open.wait(PATIENCE)

    def open(self) -> None:
        self._open.set()


@pytest.fixture
def gate() -> Iterator[Gate]:
    gate = Gate()
    yield gate
    gate.open()


def test_not_ready_before_the_model_has_answered(
    service: Service, digits: Model, gate: Gate, instance: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(digits, "verify", gate.wait)
    with TestClient(create_app(service)) as client:
        response = client.get("/readyz")
        assert (response.status_code, response.json()) == (503, {"status": "warming up", "reason": ""})
        assert client.get("/healthz").json() == {"status": "ok", "reason": ""}
        response = client.post("/v1/predict", json={"instances": [instance]})
        assert response.status_code == 503
        assert response.headers["Retry-After"] == "1"
        assert response.json()["problems"] == ["server: is warming up; try again after a second"]
        gate.open()
        eventually(lambda: client.get("/readyz").status_code == 200, "ready")
        assert client.get("/readyz").json() == {"status": "ready", "reason": ""}
        assert client.post("/v1/predict", json={"instances": [instance]}).status_code == 200


def test_never_ready_when_the_model_cannot_answer(
    service: Service, digits: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> None:
        raise ModelError("the reason")

    monkeypatch.setattr(digits, "verify", fail)
    with TestClient(create_app(service)) as client:
        eventually(lambda: service.lifecycle.phase is not Phase.WARMING_UP, "an answer")
        response = client.get("/readyz")
        assert (response.status_code, response.json()) == (503, {"status": "failed", "reason": "the reason"})
        assert client.post("/v1/predict").status_code == 503


def test_draining_serves_but_wants_no_traffic(
    client: TestClient, service: Service, instance: list[float]
) -> None:
    service.lifecycle.drain()
    response = client.get("/readyz")
    assert (response.status_code, response.json()["status"]) == (503, "draining")
    assert client.get("/healthz").status_code == 200
    response = client.post("/v1/predict", json={"instances": [instance]})
    assert response.status_code == 200
    assert response.headers["Connection"] == "close"


def test_a_warm_up_that_ends_late_does_not_end_a_drain() -> None:
    lifecycle = Lifecycle()
    lifecycle.drain()
    lifecycle.ready()
    assert lifecycle.phase is Phase.DRAINING


class TestBusy:
    @pytest.fixture
    def variables(self, variables: dict[str, str]) -> dict[str, str]:
        return {**variables, "MAX_IN_FLIGHT": "2"}

    @contextmanager
    def held(
        self, client: TestClient, instance: list[float], count: int
    ) -> Iterator[list[Future[httpx2.Response]]]:
        with ThreadPoolExecutor(count) as threads:
            body = {"instances": [instance]}
            yield [threads.submit(client.post, "/v1/predict", json=body) for _ in range(count)]

    def test_more_than_the_limit_is_refused_at_once(
        self,
        client: TestClient,
        service: Service,
        digits: Model,
        gate: Gate,
        instance: list[float],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        real = digits.probabilities

        def slow(batch: NDArray[np.float32]) -> NDArray[np.float32]:
            gate.wait()
            return real(batch)

        monkeypatch.setattr(digits, "probabilities", slow)
        with self.held(client, instance, 2) as requests:
            # One is in the model, the other waits for the only thread.
            eventually(lambda: gate.waiting == 1 and service.threads._work_queue.qsize() == 1, "both")
            refused = client.post("/v1/predict", json={"instances": [instance]})
            assert refused.status_code == 503
            assert refused.headers["Retry-After"] == "1"
            assert refused.json()["problems"] == [
                "server: has 2 requests under way, its limit; try again after a second"
            ]
            # The event loop is free: what the kubelet asks is answered.
            assert client.get("/readyz").status_code == 200
            gate.open()
            assert [request.result(PATIENCE).status_code for request in requests] == [200, 200]
        assert client.post("/v1/predict", json={"instances": [instance]}).status_code == 200

    @pytest.mark.parametrize(("content", "status"), [(b"{}", 422), (b"x" * 300_000, 413)])
    def test_a_request_that_fails_gives_its_slot_back(
        self, client: TestClient, content: bytes, status: int
    ) -> None:
        headers = {"Content-Type": "application/json"}
        statuses = {
            client.post("/v1/predict", content=content, headers=headers).status_code for _ in range(5)
        }
        assert statuses == {status}
