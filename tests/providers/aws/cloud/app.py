"""One port for everything: a request says in its signature which service it is for."""

import io
import json
import re
import sys
import traceback
from collections.abc import Callable, Iterable
from threading import RLock
from typing import Any

from werkzeug.wrappers import Request, Response

import cloud.account  # noqa: F401  Before moto.
from cloud import kms, person, route53
from cloud.calls import Call, Calls, describe
from cloud.eks import Eks
from cloud.hold import Hold
from cloud.refusal import Refusal
from cloud.services import Services
from cloud.switches import Switches

SCOPE = re.compile(r"Credential=[^/]+/\d+/(?P<region>[^/]+)/(?P<service>[^/]+)/aws4_request")


class Cloud:
    """The cloud as a WSGI application."""

    def __init__(self) -> None:
        self.calls = Calls()
        self.switches = Switches()
        self.hold = Hold(self.switches)
        self.eks = Eks(self.switches)
        self.services = Services()
        self.throttled: set[str] = set()
        # Neither moto's backends nor EKS' state are for several threads.
        self.lock = RLock()

    def __call__(self, environ: dict[str, Any], start: Any) -> Iterable[bytes]:  # noqa: ANN401
        request = Request(environ)
        if request.path.startswith("/_cloud/"):
            return self.control(request)(environ, start)
        scope = SCOPE.search(request.headers.get("Authorization", ""))
        if scope is None:
            return Response("no signature says which service this is for", status=400)(environ, start)
        body = request.get_data()
        environ["wsgi.input"] = io.BytesIO(body)
        service = scope["service"]
        action, write, text = describe(request, body)
        if service == "eks":
            action, write = self.eks.action(request)
        with self.lock:
            response = self.answer(service, action, scope["region"], request, body)
        message = response.get_data(as_text=True)[:800] if response.status_code >= 400 else ""
        call = Call(service, action, write, text, response.status_code, message)
        self.calls.add(call)
        self.hold.keep(call)
        return response(environ, start)

    def answer(self, service: str, action: str, region: str, request: Request, body: bytes) -> Response:
        try:
            self.throttle(f"{service}.{action}")
            if service == "eks":
                return as_json(self.eks.answer(region, request, body))
            self.services.check(service, region, body)
            return self.services.answer(request.environ)
        except Refusal as refusal:
            return self.services.refuse(service, refusal)
        except Exception:  # A fault of the cloud itself has to be seen.
            traceback.print_exc(file=sys.stderr)
            return self.services.refuse(service, Refusal("ServerException", traceback.format_exc(), 500))

    def throttle(self, name: str) -> None:
        if self.switches.hits(self.switches.throttle, name) and name not in self.throttled:
            self.throttled.add(name)
            raise Refusal("ThrottlingException", "Rate exceeded", 429)

    def control(self, request: Request) -> Response:
        """What tests look at and change."""
        act = self.controls().get((request.method, request.path.removeprefix("/_cloud/")))
        return as_json(act(request)) if act else Response(status=404)

    def controls(self) -> dict[tuple[str, str], Callable[[Request], object]]:
        return {
            ("GET", "writes"): lambda _: self.calls.writes(),
            ("GET", "calls"): lambda it: self.calls.since(int(it.args.get("since", "0"))),
            ("GET", "held"): lambda _: self.hold.held(),
            ("POST", "release"): lambda _: self.hold.release(),
            ("GET", "left"): self.locked(lambda _: self.eks.left() + self.services.left()),
            ("GET", "groups"): self.locked(lambda _: self.eks.groups()),
            ("POST", "resize"): self.locked(lambda it: self.eks.resize(**said(it))),
            ("POST", "find"): self.locked(lambda it: person.find(said(it))),
            ("POST", "remove"): self.locked(lambda it: person.remove(said(it))),
            ("POST", "keys"): self.locked(lambda it: kms.add_key(said(it))),
            ("POST", "switches"): self.locked(lambda it: self.switch(said(it))),
            ("POST", "zones"): self.locked(lambda it: route53.add_zones(said(it))),
        }

    def locked(self, act: Callable[[Request], object]) -> Callable[[Request], object]:
        def locked(request: Request) -> object:
            with self.lock:
                return act(request)

        return locked

    def switch(self, values: dict[str, object]) -> None:
        self.throttled.clear()
        self.switches.set(values)


def said(request: Request) -> Any:  # noqa: ANN401
    return json.loads(request.get_data())


def as_json(value: object) -> Response:
    return Response(json.dumps(value), mimetype="application/json")
