"""Puts the pieces together."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from model_server import errors, health, predict
from model_server.access import Access
from model_server.model import ModelError
from model_server.service import Service

_log = logging.getLogger(__name__)


def create_app(service: Service) -> Access:
    """The whole server as an ASGI application."""

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        # A task: /healthz answers meanwhile, /readyz says what goes on.
        warm_up = asyncio.create_task(_warm_up(service))
        try:
            yield
        finally:
            await warm_up
            service.threads.shutdown()

    model = service.model.description
    app = FastAPI(
        title="model-server",
        summary=f"Predictions of {model.name} {model.version}",
        version=model.version,
        lifespan=lifespan,
        redoc_url=None,
    )
    app.state.service = service
    errors.install(app)
    app.include_router(health.router)
    app.include_router(predict.routes(model, service.settings.max_batch))
    return Access(app, service)


async def _warm_up(service: Service) -> None:
    loop = asyncio.get_running_loop()
    try:
        await loop.run_in_executor(service.threads, service.model.verify)
    except ModelError as error:
        service.lifecycle.fail(str(error))
        _log.error("not ready", extra={"reason": str(error)})
    else:
        service.lifecycle.ready()
        _log.info("ready", extra={"model": service.model.description.name})
