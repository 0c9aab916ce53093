"""Around every request: its id, the headers that say who answered, its log line, its metrics."""

import asyncio
import logging
import re
import time
import traceback
import uuid
from http import HTTPStatus

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from model_server.lifecycle import Phase
from model_server.service import Service

_log = logging.getLogger(__name__)

# Asked every few seconds; what they answer shows in metrics.
_PROBES = ("/healthz", "/readyz", "/metrics")
# Bounded, because each value of a label is a series.
_ROUTES = (*_PROBES, "/v1/predict", "/docs", "/openapi.json")
_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
_CLIENT_WENT_AWAY = 499


class Access:
    """Outside of everything, so that an answer to a mistake or a crash has the headers, too."""

    def __init__(self, app: ASGIApp, service: Service) -> None:
        self._app = app
        self._service = service
        self._headers = {
            "X-Served-By": service.settings.served_by,
            "X-Model-Version": service.model.description.version,
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = time.perf_counter()
        status = 0
        request_id = _request_id(Headers(scope=scope).get("x-request-id", ""))
        state = scope.setdefault("state", {})
        state["request_id"] = request_id

        async def send_with_headers(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                headers.update(self._headers)
                headers["X-Request-Id"] = request_id
                if self._service.lifecycle.phase is Phase.DRAINING:
                    # The next request of this connection goes to a server that stays.
                    headers["Connection"] = "close"
            await send(message)

        self._service.metrics.in_flight.inc()
        try:
            await self._app(scope, receive, send_with_headers)
        except ClientDisconnect:
            # The framework has answered 500, to nobody.
            status = _CLIENT_WENT_AWAY
        except asyncio.CancelledError:
            status = status or HTTPStatus.SERVICE_UNAVAILABLE.value
            raise
        except Exception as error:  # noqa: BLE001 - the caller has its answer, the log has the rest
            # Where it happened, and not its text, which may quote what a caller sent.
            places = traceback.extract_tb(error.__traceback__)[-3:]
            where = [f"{place.filename}:{place.lineno}" for place in places]
            detail = {"request_id": request_id, "type": type(error).__name__, "where": where}
            _log.error("unexpected error", extra=detail)
        finally:
            self._service.metrics.in_flight.dec()
            self._record(scope, status, time.perf_counter() - began)

    def _record(self, scope: Scope, status: int, seconds: float) -> None:
        path, method = scope["path"], scope["method"]
        route = path if path in _ROUTES else "other"
        metrics = self._service.metrics
        label = method if method in _METHODS else "other"
        metrics.requests.labels(label, route, str(status)).inc()
        metrics.duration.labels(route).observe(seconds)
        quiet = route in _PROBES and status < HTTPStatus.BAD_REQUEST
        fields = {
            "request_id": scope["state"]["request_id"],
            "method": method[:20],
            "path": path[:200],
            "status": status,
            "duration_ms": round(seconds * 1000, 3),
            "batch_size": scope["state"].get("batch_size", 0),
        }
        _log.log(logging.DEBUG if quiet else logging.INFO, "request", extra=fields)


def _request_id(given: str) -> str:
    """The caller's, if it is fit for a log and a header."""
    return given if re.fullmatch(r"[A-Za-z0-9._-]{1,64}", given) else uuid.uuid4().hex
