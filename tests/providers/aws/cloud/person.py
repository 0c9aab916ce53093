"""What a person does with the AWS command line where a provider cannot go on."""

from typing import Any

from moto.backends import get_backend

from cloud.account import ACCOUNT

# The tag that upjet puts on everything that takes tags (config.TagInitializer): the name of the managed resource.
TAG = "crossplane-name"


def ec2(region: str) -> Any:  # noqa: ANN401
    return get_backend("ec2")[ACCOUNT][region]


def find(wanted: dict[str, str]) -> list[str]:
    """The ids of what EC2 has for a managed resource; for a subnet, its association with a route table."""
    backend = ec2(wanted["region"])
    if subnet := wanted.get("subnet"):
        tables = backend.route_tables.values()
        return [one for it in tables for one, of in it._associations.items() if of == subnet]
    tags = backend.describe_tags({"key": [TAG], "value": [wanted["name"]]})
    return [tag["resource_id"] for tag in tags]


def remove(wanted: dict[str, str]) -> None:
    """Deletes a gateway: one of NAT, or the internet gateway that a VPC has."""
    backend = ec2(wanted["region"])
    if gateway := wanted.get("nat"):
        backend.delete_nat_gateway(gateway)
    if vpc := wanted.get("vpc"):
        attached = [it.id for it in backend.internet_gateways.values() if it.vpc and it.vpc.id == vpc]
        for gateway in attached:
            backend.detach_internet_gateway(gateway, vpc)
            backend.delete_internet_gateway(gateway)
