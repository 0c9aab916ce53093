"""Where the server is in its life, which decides what /readyz says."""

from enum import StrEnum


class Phase(StrEnum):
    """Traffic is wanted in `READY` only, and served in `DRAINING`, too."""

    WARMING_UP = "warming up"
    READY = "ready"
    FAILED = "failed"
    DRAINING = "draining"


class Lifecycle:
    """Moves forward only: a server that drains is never ready again."""

    def __init__(self) -> None:
        self.phase = Phase.WARMING_UP
        self.reason = ""

    @property
    def serves(self) -> bool:
        return self.phase in (Phase.READY, Phase.DRAINING)

    def ready(self) -> None:
        if self.phase is Phase.WARMING_UP:
            self.phase = Phase.READY

    def fail(self, reason: str) -> None:
        self.phase = Phase.FAILED
        self.reason = reason

    def drain(self) -> None:
        self.phase = Phase.DRAINING
