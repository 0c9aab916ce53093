"""Where moto differs from AWS in what a provider looks at."""

from typing import Any

from moto.ec2.exceptions import ResourceAlreadyAssociatedError
from moto.ec2.models import EC2Backend, launch_templates
from moto.ec2.models.nat_gateways import NatGateway, NatGatewayBackend
from moto.ec2.models.route_tables import Route


class Version(launch_templates.LaunchTemplateVersion):
    """A version without the tags of its template.

    EC2 API reference, CreateLaunchTemplate: TagSpecification is for the template itself, and those in
    LaunchTemplateData are for what is launched. moto keeps both in the version.
    """

    def __init__(self, template: launch_templates.LaunchTemplate, number: int, data: Any, description: str) -> None:  # noqa: ANN401
        kept = [it for it in data.pop("TagSpecifications", []) if it["ResourceType"] != "launch-template"]
        if kept:
            data["TagSpecifications"] = kept
        super().__init__(template, number, data, description)


def create_nat_gateway(backend: EC2Backend, subnet_id: str, allocation_id: str, **more: Any) -> NatGateway:  # noqa: ANN401
    """A gateway that fails after its creation when another one has its address, where moto refuses the creation.

    EC2 API reference, NatGateway, failureCode; terraform-provider-aws#709 has an answer.
    """
    try:
        return NatGatewayBackend.create_nat_gateway(backend, subnet_id, allocation_id, **more)
    except ResourceAlreadyAssociatedError:
        failed = NatGatewayBackend.create_nat_gateway(backend, subnet_id, "", **more)
        failed.state = "failed"
        failed.failure_code = "Resource.AlreadyAssociated"
        failed.failure_message = f"Elastic IP address [{allocation_id}] is already associated"
        failed.address_set[0]["allocationId"] = allocation_id
        return failed


def delete_nat_gateway(backend: EC2Backend, nat_gateway_id: str) -> NatGateway:
    """EC2 API reference, DeleteNatGateway: it disassociates the address and does not release it."""
    gateway = NatGatewayBackend.delete_nat_gateway(backend, nat_gateway_id)
    for address in backend.addresses:
        if address.eni is gateway._eni:
            address.eni = address.association_id = None
    return gateway


def state_of(route: Route) -> str:
    """EC2 API reference, Route, state: "blackhole" is one whose target is not available."""
    gateway = route.nat_gateway
    return "blackhole" if gateway and gateway.state != "available" else "active"


def correct() -> None:
    """Corrects moto for this process."""
    Route.state = property(state_of, lambda _, __: None)
    EC2Backend.create_nat_gateway = create_nat_gateway
    EC2Backend.delete_nat_gateway = delete_nat_gateway
    launch_templates.LaunchTemplateVersion = Version
    # CreateTags changes a template's tags: moto answers with those of its creation.
    launch_templates.LaunchTemplate.tags = property(lambda it: it.get_tags(), lambda _, __: None)
