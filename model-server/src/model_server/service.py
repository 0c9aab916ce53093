"""What requests share."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import cast

from fastapi import Request

from model_server.capacity import Capacity
from model_server.lifecycle import Lifecycle
from model_server.metrics import Metrics
from model_server.model import Model
from model_server.settings import Settings
from model_server.tokens import TokenFile


@dataclass(frozen=True, slots=True)
class Service:
    """One for each server."""

    settings: Settings
    model: Model
    tokens: TokenFile | None
    lifecycle: Lifecycle
    capacity: Capacity
    metrics: Metrics
    threads: ThreadPoolExecutor


def assemble(settings: Settings, model: Model, tokens: TokenFile | None) -> Service:
    return Service(
        settings=settings,
        model=model,
        tokens=tokens,
        lifecycle=Lifecycle(),
        capacity=Capacity(settings.max_in_flight),
        metrics=Metrics(model.description),
        threads=ThreadPoolExecutor(settings.inference_threads, thread_name_prefix="inference"),
    )


async def service(request: Request) -> Service:
    """The one that the request came to. Async, because FastAPI runs other dependencies in threads."""
    return cast("Service", request.app.state.service)
