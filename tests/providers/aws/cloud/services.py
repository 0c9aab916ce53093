"""Every service but EKS: moto, and what AWS refuses where moto does not."""

import json
from collections.abc import Iterable
from typing import Any
from xml.sax.saxutils import escape

from moto.backends import get_backend
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.wrappers import Response

from cloud import corrections, ec2, route53
from cloud.account import ACCOUNT
from cloud.refusal import Refusal


class Services:
    """What moto answers."""

    def __init__(self) -> None:
        corrections.correct()
        self.moto = DomainDispatcherApplication(create_backend_app)

    @staticmethod
    def check(service: str, region: str, body: bytes) -> None:
        """Refuses what AWS refuses and moto does not."""
        if service == "ec2":
            ec2.check(region, body)
        if service == "route53":
            route53.check(body)

    def answer(self, environ: dict[str, Any]) -> Response:
        return Response.from_app(self.moto, environ)

    @staticmethod
    def refuse(service: str, refusal: Refusal) -> Response:
        """A refusal in the words of a service's protocol."""
        code, message = escape(refusal.code), escape(refusal.message)
        if service == "ec2":
            text = (
                f"<Response><Errors><Error><Code>{code}</Code><Message>{message}</Message></Error></Errors></Response>"
            )
            return Response(text, status=refusal.status, mimetype="text/xml")
        if service in {"iam", "route53", "sts"}:
            error = f"<Error><Type>Sender</Type><Code>{code}</Code><Message>{message}</Message></Error>"
            text = f"<ErrorResponse>{error}<RequestId>0</RequestId></ErrorResponse>"
            return Response(text, status=refusal.status, mimetype="text/xml")
        text = json.dumps({"__type": refusal.code, "message": refusal.message})
        headers = {"x-amzn-ErrorType": refusal.code}
        return Response(text, status=refusal.status, headers=headers, mimetype="application/json")

    @staticmethod
    def left() -> list[str]:
        """What there is of what a cluster needs, without what AWS makes by itself."""
        return [*in_regions(), *in_world()]


def backends(service: str) -> Iterable[Any]:
    return get_backend(service)[ACCOUNT].values()


def in_regions() -> Iterable[str]:
    for moto in backends("ec2"):
        yield from (f"vpc {it.id}" for it in moto.vpcs.values() if not it.is_default)
        yield from (f"internet gateway {it}" for it in moto.internet_gateways)
        yield from (f"address {it.allocation_id}" for it in moto.addresses)
        yield from (
            f"nat gateway {it.id}" for it in moto.nat_gateways.values() if it.state not in {"deleted", "failed"}
        )
        yield from (f"launch template {it}" for it in moto.launch_templates)
    for kms in backends("kms"):
        yield from (f"key {it.id}" for it in kms.keys.values() if it.key_state != "PendingDeletion")
        yield from (f"alias {it}" for key in kms.keys.values() for it in key.aliases)
    for logs in backends("logs"):
        yield from (f"log group {it}" for it in logs.groups)


def in_world() -> Iterable[str]:
    for iam in backends("iam"):
        yield from (f"role {it.name}" for it in iam.roles.values())
    yield from route53.left()
