"""What Route 53 refuses, and the hosted zones that the platform has."""

import xml.etree.ElementTree as ET
from collections.abc import Iterable
from typing import Any

from moto.backends import get_backend

from cloud.account import ACCOUNT
from cloud.refusal import Refusal

NAMESPACE = {"r": "https://route53.amazonaws.com/doc/2013-04-01/"}


def backend() -> Any:  # noqa: ANN401
    return get_backend("route53")[ACCOUNT]["aws"]


def add_zones(names: dict[str, str]) -> None:
    """Hosted zones by their ids, which are known before, as those of a platform are. moto draws ids."""
    moto = backend()
    for zone, name in names.items():
        made = moto.create_hosted_zone(name, private_zone=False)
        del moto.zones[made.resource_id]
        made.resource_id = zone
        moto.zones[zone] = made


def left() -> Iterable[str]:
    moto = backend()
    yield from (f"health check {it}" for it in moto.health_checks)
    for zone in moto.zones.values():
        yield from (f"record {it.name} {it.type}" for it in zone.rrsets if it.type not in {"SOA", "NS"})


def check(body: bytes) -> None:
    """Refuses changes of records that Route 53 refuses.

    A set of records needs its TTL, whatever changes: provider-upjet-aws#1806 has the message. Records of one weighted
    set have one TTL: API reference, ResourceRecordSet, TTL.
    """
    if b"ChangeResourceRecordSetsRequest" not in body:
        return
    root = ET.fromstring(body)  # noqa: S314  The provider of the test sends it.
    for change in root.iterfind(".//r:Change", NAMESPACE):
        action = text(change, "r:Action")
        record = change.find("r:ResourceRecordSet", NAMESPACE)
        if record is None:
            raise Refusal("InvalidInput", "a change without a ResourceRecordSet")
        name, kind = text(record, "r:Name"), text(record, "r:Type")
        one = text(record, "r:SetIdentifier") or None
        ttl = text(record, "r:TTL")
        if record.find("r:AliasTarget", NAMESPACE) is None and not ttl:
            raise Refusal(
                "InvalidInput",
                "Invalid request: Expected exactly one of [AliasTarget, all of [TTL, and ResourceRecords], or"
                f" TrafficPolicyInstanceId], but found none in Change with [Action={action}, Name={name},"
                f" Type={kind}, SetIdentifier={one}]",
            )
        if action != "DELETE" and one and any(differs(it, name, kind, one, ttl) for it in records()):
            raise Refusal(
                "InvalidChangeBatch",
                f"[RRSet with DNS name {name}, type {kind}, SetIdentifier {one} cannot be created because"
                " weighted sets must contain the same TTL]",
            )


def records() -> Iterable[Any]:
    for zone in backend().zones.values():
        yield from zone.rrsets


def differs(other: Any, name: str, kind: str, one: str, ttl: str) -> bool:  # noqa: ANN401
    """Whether a record of the same weighted set has another TTL."""
    same = (other.name.rstrip("."), other.type) == (name.rstrip("."), kind)
    return same and other.set_identifier not in {None, one} and str(other.ttl) != ttl


def text(of: ET.Element, path: str) -> str:
    found = of.find(path, NAMESPACE)
    return (found.text or "") if found is not None else ""
