"""What EC2 refuses where moto does not."""

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs

from moto.backends import get_backend

from cloud.account import ACCOUNT
from cloud.refusal import Refusal

Fields = dict[str, str]


def check(region: str, body: bytes) -> None:
    """Refuses a request that EC2 refuses."""
    request = {name: values[0] for name, values in parse_qs(body.decode()).items()}
    rule = RULES.get(request.get("Action", ""))
    if rule:
        rule(get_backend("ec2")[ACCOUNT][region], request)


def release_address(backend: Any, request: Fields) -> None:  # noqa: ANN401
    """The address of a NAT gateway stays until the gateway is gone: genevieve/leftovers#33 has the words."""
    in_use = {
        address.get("allocationId")
        for gateway in backend.nat_gateways.values()
        for address in gateway.address_set
        if gateway.state not in {"deleted", "failed"}
    }
    wanted = {request.get("AllocationId"), request.get("AssociationId")}
    for address in backend.addresses:
        if address.allocation_id in in_use and wanted & {address.allocation_id, address.association_id}:
            raise Refusal("AuthFailure", "You do not have permission to access the specified resource.")


def attach_gateway(backend: Any, request: Fields) -> None:  # noqa: ANN401
    """A VPC has one internet gateway: binlab/terraform-aws-vault-ha-raft#54 has the words."""
    vpc = request.get("VpcId")
    if any(it.vpc and it.vpc.id == vpc for it in backend.internet_gateways.values()):
        raise Refusal("InvalidParameterValue", f"Network {vpc} already has an internet gateway attached")


def associate_table(backend: Any, request: Fields) -> None:  # noqa: ANN401
    """A subnet has one route table: Terraform's documentation of aws_route_table_association has the words."""
    table, subnet = request.get("RouteTableId"), request.get("SubnetId")
    if any(subnet in it._associations.values() for it in backend.route_tables.values()):
        words = f"the specified association for route table {table} conflicts with an existing association"
        raise Refusal("Resource.AlreadyAssociated", words)


RULES: dict[str, Callable[[Any, Fields], None]] = {
    "AssociateRouteTable": associate_table,
    "AttachInternetGateway": attach_gateway,
    "DisassociateAddress": release_address,
    "ReleaseAddress": release_address,
}
