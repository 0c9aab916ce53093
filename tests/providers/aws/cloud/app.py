"""One port for everything: a request says in its signature which service it is for."""

import io
import json
import re
import sys
import traceback
from collections.abc import Iterable
from threading import RLock
from typing import Any

from werkzeug.wrappers import Request, Response

import cloud.account  # noqa: F401  Before moto.
from cloud import route53
from cloud.calls import Call, Calls, describe
from cloud.eks import Eks
from cloud.refusal import Refusal
from cloud.services import Services
from cloud.switches import Switches

SCOPE = re.compile(r"Credential=[^/]+/\d+/(?P<region>[^/]+)/(?P<service>[^/]+)/aws4_request")


class Cloud:
    """The cloud as a WSGI application."""

    def __init__(self) -> None:
        self.calls = Calls()
        self.switches = Switches()
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
        self.calls.add(Call(service, action, write, text, response.status_code, message))
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
        match request.method, request.path:
            case "GET", "/_cloud/writes":
                return as_json(self.calls.writes())
            case "GET", "/_cloud/calls":
                return as_json(self.calls.since(int(request.args.get("since", "0"))))
            case "GET", "/_cloud/left":
                with self.lock:
                    return as_json(self.eks.left() + self.services.left())
            case "POST", "/_cloud/zones":
                with self.lock:
                    for zone, name in json.loads(request.get_data()).items():
                        route53.add_zone(zone, name)
                return as_json({})
            case "POST", "/_cloud/switches":
                with self.lock:
                    self.throttled.clear()
                    self.switches.set(json.loads(request.get_data()))
                return as_json({})
            case _:
                return Response(status=404)


def as_json(value: object) -> Response:
    return Response(json.dumps(value), mimetype="application/json")
