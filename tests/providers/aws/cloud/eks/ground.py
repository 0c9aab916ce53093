"""What a cluster stands on: networks, roles, keys and launch templates of the account."""

import json
from typing import Any

from moto.backends import get_backend

from cloud.account import ACCOUNT
from cloud.refusal import Refusal, invalid


def ec2(region: str) -> Any:  # noqa: ANN401
    return get_backend("ec2")[ACCOUNT][region]


# Where EKS has no control planes. User guide, "VPC and subnet requirements".
WITHOUT_EKS = {"use1-az3", "usw1-az2", "cac1-az3"}


def check_subnets(region: str, names: list[str]) -> list[Any]:
    """Subnets that there are, of one VPC."""
    known = {it.id: it for zone in ec2(region).subnets.values() for it in zone.values()}
    missing = [name for name in names if name not in known]
    if missing:
        raise invalid(f"The subnet ID '{missing[0]}' does not exist")
    found = [known[name] for name in names]
    if len({it.vpc_id for it in found}) != 1:
        raise invalid("Subnets specified are not in the same VPC")
    return found


def check_cluster_subnets(region: str, name: str, names: list[str]) -> str:
    """The VPC of a control plane's subnets. User guide, "Subnet requirements for clusters": at least two zones.

    A control plane is not everywhere: the API's UnsupportedAvailabilityZoneException.
    """
    found = check_subnets(region, names)
    for subnet in found:
        if subnet.availability_zone_id in WITHOUT_EKS:
            words = (
                f"Cannot create cluster '{name}' because EKS does not support creating control plane instances in"
                f" {subnet.availability_zone}, the targeted availability zone."
            )
            raise Refusal("UnsupportedAvailabilityZoneException", words)
    if len({it.availability_zone for it in found}) < 2:
        raise invalid("Subnets specified must be in at least two different AZs")
    return str(found[0].vpc_id)


def check_role(arn: str, service: str) -> None:
    """A role that exists and that the service may assume. User guide, "Amazon EKS cluster IAM role"."""
    roles = get_backend("iam")[ACCOUNT]["aws"].roles.values()
    found = next((it for it in roles if it.arn == arn), None)
    statements = json.loads(found.assume_role_policy_document)["Statement"] if found else []
    trusted = [it["Principal"].get("Service") for it in statements if it["Effect"] == "Allow"]
    if not any(service in ([it] if isinstance(it, str) else it or []) for it in trusted):
        raise invalid(
            f"Role with arn: {arn}, could not be assumed because it does not exist or the trusted entity is not correct"
        )


def check_key(region: str, arn: str) -> None:
    """A key that can be used. User guide, "Encrypt Kubernetes secrets with KMS"."""
    keys = get_backend("kms")[ACCOUNT][region].keys.values()
    if not any(it.arn == arn and it.key_state == "Enabled" for it in keys):
        raise invalid(f"the key {arn} is not found or not enabled")


def launch_template(region: str, wanted: dict[str, Any]) -> dict[str, Any]:
    """What a node group says of its launch template. LaunchTemplateSpecification: by name or by id, not by both."""
    if ("name" in wanted) == ("id" in wanted):
        raise invalid("You must specify either the launch template ID or the launch template name")
    templates = ec2(region).launch_templates.values()
    found = next((it for it in templates if wanted.get("name", wanted.get("id")) in {it.name, it.id}), None)
    if found is None:
        raise invalid("The launch template was not found")
    # "If no version is specified, then the template's default version is used."
    version = wanted.get("version") or str(found.default_version_number)
    if version not in {str(it.number) for it in found.versions}:
        raise invalid(f"Could not find the launch template version {version}")
    return {"id": found.id, "name": found.name, "version": version}
