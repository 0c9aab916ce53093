"""The process: listens, drains when it is told to stop, then ends."""

import logging
import socket
import time
from types import FrameType

import uvicorn

from model_server.app import create_app
from model_server.service import Service

_log = logging.getLogger(__name__)


def listen(host: str, port: int) -> socket.socket:
    """Raises OSError. An IPv6 wildcard takes IPv4, too."""
    if ":" not in host:
        return socket.create_server((host, port), backlog=2048)
    dual = host == "::" and socket.has_dualstack_ipv6()
    return socket.create_server((host, port), family=socket.AF_INET6, dualstack_ipv6=dual, backlog=2048)


class DrainingServer(uvicorn.Server):
    """On the first signal it asks for no more traffic but serves what comes; then it stops accepting
    and finishes what is under way. A second signal ends the first part at once."""

    def __init__(self, service: Service) -> None:
        settings = service.settings
        config = uvicorn.Config(
            create_app(service),
            ws="none",
            lifespan="on",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            timeout_keep_alive=settings.keep_alive_seconds,
            timeout_graceful_shutdown=settings.shutdown_seconds,
        )
        super().__init__(config)
        self._lifecycle = service.lifecycle
        self._drain_seconds = settings.drain_seconds
        self._stop_at: float | None = None

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:  # noqa: ARG002
        """Runs as a signal handler, so it only says what `on_tick` is to do."""
        wait = 0 if self._stop_at is not None else self._drain_seconds
        self._stop_at = time.monotonic() + wait
        self._lifecycle.drain()

    async def on_tick(self, counter: int) -> bool:
        if self._stop_at is not None and time.monotonic() >= self._stop_at:
            return True
        return await super().on_tick(counter)


def serve(service: Service, listener: socket.socket) -> None:
    """Returns when the server was told to stop and has finished."""
    host, port = listener.getsockname()[:2]
    _log.info("listening", extra={"host": host, "port": port})
    DrainingServer(service).run(sockets=[listener])
    _log.info("stopped")
