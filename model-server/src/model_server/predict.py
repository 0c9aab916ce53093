"""POST /v1/predict."""

import asyncio
import time
from http import HTTPStatus
from typing import Annotated, Any

import numpy as np
from fastapi import APIRouter, Depends, Request, Response
from numpy.typing import NDArray

from model_server import body, instances
from model_server.auth import authorized
from model_server.capacity import FullError
from model_server.errors import ApiError, ErrorBody
from model_server.model import Description
from model_server.problem import Problem
from model_server.schema import Prediction, PredictResponse, ServedModel, request_body
from model_server.service import Service, service

_ERRORS: dict[int | str, dict[str, Any]] = {
    401: {"model": ErrorBody, "description": "No token, or one that is not valid."},
    408: {"model": ErrorBody, "description": "The body came too slowly."},
    413: {"model": ErrorBody, "description": "The body is too large."},
    415: {"model": ErrorBody, "description": "The body is not plain JSON."},
    422: {"model": ErrorBody, "description": "The request is wrong: every problem, with its fix."},
    503: {"model": ErrorBody, "description": "Not ready, or busy: try again after Retry-After."},
}


def routes(model: Description, max_batch: int) -> APIRouter:
    """The route, described for this model."""
    router = APIRouter()

    @router.post(
        "/v1/predict",
        dependencies=[Depends(authorized)],
        response_model=PredictResponse,
        responses={200: {"content": {"application/json": {"example": _example(model)}}}, **_ERRORS},
        openapi_extra={"requestBody": request_body(model, max_batch)},
    )
    async def predict(request: Request, service: Annotated[Service, Depends(service)]) -> Response:
        """Predicts the class of each instance."""
        if not service.lifecycle.serves:
            raise _unavailable(f"is {service.lifecycle.phase}")
        try:
            with service.capacity.slot():
                return await _predicted(request, service)
        except FullError as error:
            limit = service.settings.max_in_flight
            raise _unavailable(f"has {limit} requests under way, its limit") from error

    return router


async def _predicted(request: Request, service: Service) -> Response:
    settings, model, metrics = service.settings, service.model, service.metrics
    content = await body.read(request, settings.max_body_bytes, settings.body_timeout_seconds)
    batch = instances.parse(content, model.description, settings.max_batch)
    request.state.batch_size = len(batch)
    began = time.perf_counter()
    # Off the event loop, which goes on to answer probes. Measured: batching requests together would
    # not pay, since the model takes a small part of a request's time (README.md, "Load").
    loop = asyncio.get_running_loop()
    found = await loop.run_in_executor(service.threads, model.probabilities, batch)
    metrics.inference.observe(time.perf_counter() - began)
    metrics.batch_size.observe(len(batch))
    content = answer(model.description, found).model_dump_json().encode()
    return Response(content, media_type="application/json")


def answer(model: Description, found: NDArray[np.float32]) -> PredictResponse:
    # Float32 has no more, and further ones differ between processors.
    rounded = np.round(found.astype(np.float64), 6)
    return PredictResponse(
        model=ServedModel(name=model.name, version=model.version, sha256=model.sha256),
        predictions=[
            Prediction(
                label=model.classes[best],
                probability=row[best],
                probabilities=dict(zip(model.classes, row, strict=True)),
            )
            for row, best in zip(rounded.tolist(), found.argmax(axis=1).tolist(), strict=True)
        ],
    )


def _example(model: Description) -> dict[str, Any]:
    """How an answer looks, without asking a model that may not have answered anything yet."""
    scores = [[float(name == model.check.label) for name in model.classes]]
    return answer(model, np.array(scores, dtype=np.float32)).model_dump()


def _unavailable(wrong: str) -> ApiError:
    problem = Problem("server", "", wrong, "try again after a second")
    return ApiError(HTTPStatus.SERVICE_UNAVAILABLE, [problem], {"Retry-After": "1"})
