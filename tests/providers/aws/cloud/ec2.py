"""What EC2 refuses where moto does not."""

from urllib.parse import parse_qs

from moto.backends import get_backend

from cloud.account import ACCOUNT
from cloud.refusal import Refusal


def check(region: str, body: bytes) -> None:
    """The address of a NAT gateway stays until the gateway is gone: genevieve/leftovers#33 has the words."""
    request = {name: values[0] for name, values in parse_qs(body.decode()).items()}
    if request.get("Action") not in {"DisassociateAddress", "ReleaseAddress"}:
        return
    backend = get_backend("ec2")[ACCOUNT][region]
    in_use = {
        address.get("allocationId")
        for gateway in backend.nat_gateways.values()
        for address in gateway.address_set
        if gateway.state != "deleted"
    }
    wanted = {request.get("AllocationId"), request.get("AssociationId")}
    for address in backend.addresses:
        if address.allocation_id in in_use and wanted & {address.allocation_id, address.association_id}:
            raise Refusal("AuthFailure", "You do not have permission to access the specified resource.")
