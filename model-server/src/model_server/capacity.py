"""How many predictions may be under way at once."""

from collections.abc import Iterator
from contextlib import contextmanager


class FullError(Exception):
    """All slots are taken: to answer so at once is better than to answer late."""


class Capacity:
    """Slots for requests. It is used on the event loop alone, so it needs no lock."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._taken = 0

    @contextmanager
    def slot(self) -> Iterator[None]:
        """Raises FullError when there is none."""
        if self._taken >= self._limit:
            raise FullError
        self._taken += 1
        try:
            yield
        finally:
            self._taken -= 1
