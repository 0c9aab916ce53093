"""What kubelet, load balancers and Prometheus ask."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Response
from fastapi.responses import PlainTextResponse
from prometheus_client import CONTENT_TYPE_LATEST
from pydantic import BaseModel

from model_server.lifecycle import Phase
from model_server.service import Service, service

router = APIRouter()

_Service = Annotated[Service, Depends(service)]


class Health(BaseModel):
    """The state in a word, and the reason where there is one."""

    status: str
    reason: str = ""


@router.get("/healthz")
async def healthz() -> Health:
    """The process answers. It says nothing of the model, since a restart would not mend that."""
    return Health(status="ok")


@router.get(
    "/readyz",
    responses={503: {"model": Health, "description": "Send no traffic: starting, or stopping."}},
)
async def readyz(service: _Service, response: Response) -> Health:
    """Traffic is wanted: the model has answered once, and the server does not stop."""
    lifecycle = service.lifecycle
    if lifecycle.phase is not Phase.READY:
        response.status_code = HTTPStatus.SERVICE_UNAVAILABLE
    return Health(status=lifecycle.phase, reason=lifecycle.reason)


@router.get("/metrics", response_class=PlainTextResponse)
async def metrics(service: _Service) -> Response:
    """Metrics in the text format of Prometheus."""
    service.metrics.ready.set(service.lifecycle.phase is Phase.READY)
    return Response(service.metrics.text(), media_type=CONTENT_TYPE_LATEST)
