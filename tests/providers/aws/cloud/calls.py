"""What was called: service, action, whether it was to change something, and how it ended."""

import re
import urllib.parse
from dataclasses import asdict, dataclass
from threading import Lock

from werkzeug.wrappers import Request

READS = re.compile(r"^(Describe|Filter|Get|List|Search|Simulate|Test)")


@dataclass(frozen=True)
class Call:
    """A call that was answered."""

    service: str
    action: str
    write: bool
    request: str
    status: int
    message: str


class Calls:
    """All calls, oldest first."""

    def __init__(self) -> None:
        self._calls: list[Call] = []
        self._lock = Lock()

    def add(self, call: Call) -> None:
        with self._lock:
            self._calls.append(call)

    def since(self, number: int) -> list[dict[str, object]]:
        with self._lock:
            return [asdict(call) for call in self._calls[number:]]

    def writes(self) -> int:
        with self._lock:
            return sum(call.write for call in self._calls)


def describe(request: Request, body: bytes) -> tuple[str, bool, str]:
    """A request's action, whether it is to change something, and what it says."""
    text = body.decode(errors="replace")
    target = request.headers.get("X-Amz-Target", "")
    if target:
        action = target.rsplit(".", 1)[-1]
        return action, not READS.match(action), text
    if b"Action=" in body:
        fields = dict(urllib.parse.parse_qsl(text, keep_blank_values=True))
        action = fields.pop("Action", "")
        fields.pop("Version", None)
        return action, not READS.match(action), str(fields)
    return f"{request.method} {request.path}", request.method not in {"GET", "HEAD"}, text
