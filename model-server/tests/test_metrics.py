"""What Prometheus sees."""

import pytest
from prometheus_client.parser import text_string_to_metric_families
from starlette.testclient import TestClient

from model_server.service import Service


def samples(client: TestClient) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    response = client.get("/metrics")
    assert response.headers["Content-Type"].startswith("text/plain; version=")
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(response.text)
        for sample in family.samples
    }


def requests(client: TestClient, method: str, route: str, status: str) -> float:
    labels = (("method", method), ("route", route), ("status", status))
    return samples(client).get(("model_server_requests_total", labels), 0)


def test_requests_and_batches_are_counted(client: TestClient, instance: list[float]) -> None:
    for batch in (1, 3):
        client.post("/v1/predict", json={"instances": [instance] * batch})
    client.post("/v1/predict", json={})
    assert requests(client, "POST", "/v1/predict", "200") == 2
    assert requests(client, "POST", "/v1/predict", "422") == 1
    found = samples(client)
    route = (("route", "/v1/predict"),)
    assert found["model_server_request_duration_seconds_count", route] == 3
    assert 0 < found["model_server_request_duration_seconds_sum", route] < 30
    assert found["model_server_inference_duration_seconds_count", ()] == 2
    assert found["model_server_batch_size_count", ()] == 2
    assert found["model_server_batch_size_sum", ()] == 4
    assert found["model_server_batch_size_bucket", (("le", "1.0"),)] == 1


def test_callers_cannot_make_series(client: TestClient) -> None:
    for path in ("/a", "/b", "/v1/predict/c"):
        client.request("BREW", path)
    assert requests(client, "other", "other", "404") == 3
    assert not [key for key in samples(client) if "BREW" in str(key) or "/a" in str(key)]


def test_the_model_and_the_process_are_described(client: TestClient, service: Service) -> None:
    found = samples(client)
    model = service.model.description
    labels = (("name", "digits"), ("sha256", model.sha256), ("version", "1.0.0"))
    assert found["model_server_model_info", labels] == 1
    assert found["process_resident_memory_bytes", ()] > 0


def test_ready_is_what_readyz_says(client: TestClient, service: Service) -> None:
    assert samples(client)["model_server_ready", ()] == 1
    service.lifecycle.drain()
    assert samples(client)["model_server_ready", ()] == 0


@pytest.mark.parametrize("path", ["/metrics", "/nothing", "/v1/predict"])
def test_in_flight_goes_back_to_what_it_was(client: TestClient, path: str) -> None:
    client.post(path)
    # The request for the metrics itself is one.
    assert samples(client)["model_server_requests_in_flight", ()] == 1
