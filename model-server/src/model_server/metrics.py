"""What Prometheus reads."""

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    Info,
    ProcessCollector,
    generate_latest,
)

from model_server.model import Description

_SECONDS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
_BATCH = (1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096)


class Metrics:
    """Has a registry of its own, so that two servers in one process do not meet."""

    def __init__(self, model: Description) -> None:
        self._registry = registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        self.requests = Counter(
            "model_server_requests",
            "Requests answered.",
            ["method", "route", "status"],
            registry=registry,
        )
        self.duration = Histogram(
            "model_server_request_duration_seconds",
            "From the request's head to the end of its answer.",
            ["route"],
            buckets=_SECONDS,
            registry=registry,
        )
        self.in_flight = Gauge("model_server_requests_in_flight", "Requests under way.", registry=registry)
        self.batch_size = Histogram(
            "model_server_batch_size",
            "Instances in a request that was answered with predictions.",
            buckets=_BATCH,
            registry=registry,
        )
        self.inference = Histogram(
            "model_server_inference_duration_seconds",
            "Time in the model, with the wait for its thread.",
            buckets=_SECONDS,
            registry=registry,
        )
        self.ready = Gauge("model_server_ready", "1 while /readyz says so.", registry=registry)
        info = Info("model_server_model", "The model that is served.", registry=registry)
        info.info({"name": model.name, "version": model.version, "sha256": model.sha256})

    def text(self) -> bytes:
        return generate_latest(self._registry)
