"""Calls that are carried out and not answered: what a provider that dies in the middle of them leaves."""

import re
from threading import Event, Lock

from cloud.calls import Call
from cloud.switches import Switches

# What is drawn anew for each attempt: a client's tokens, and ids of what the attempt before has left.
GIVEN = r"(?:ClientToken|clientRequestToken|CallerReference)\W+[\w-]+"
DRAWN = re.compile(rf"{GIVEN}|\b[a-z]+-[0-9a-f]{{17}}\b|\b[0-9a-f]{{8}}(?:-[0-9a-f]{{4}}){{3}}-[0-9a-f]{{12}}\b")


class Hold:
    """Holds each call once: the same one of a later process is answered."""

    def __init__(self, switches: Switches) -> None:
        self._switches = switches
        self._known: set[str] = set()
        self._held: list[str] = []
        self._end = Event()
        self._lock = Lock()

    def keep(self, call: Call) -> None:
        """Returns when the call may be answered, which nobody hears if its sender has died."""
        name = f"{call.service}.{call.action}"
        if not call.write or call.status >= 300 or not self._switches.hits(self._switches.hold, name):
            return
        # Tags come in any order.
        said = " ".join(sorted(re.findall(r"[\w./:-]+", DRAWN.sub("", f"{name} {call.request}"))))
        with self._lock:
            if said in self._known:
                return
            self._known.add(said)
            self._held.append(name)
            end = self._end
        end.wait()

    def held(self) -> list[str]:
        """The calls that are held now."""
        with self._lock:
            return list(self._held)

    def release(self) -> None:
        with self._lock:
            self._end.set()
            self._end = Event()
            self._held.clear()
