"""Updates of control planes."""

from collections.abc import Callable
from typing import Any

from cloud.eks import clusters, ground
from cloud.eks.state import State, Thing, merged
from cloud.refusal import invalid, not_found

# What UpdateClusterConfig changes, one at a time, and the type of the update.
KINDS = {
    "resourcesVpcConfig": "VpcConfigUpdate",
    "logging": "LoggingUpdate",
    "accessConfig": "AccessConfigUpdate",
    "upgradePolicy": "UpgradePolicyUpdate",
    "zonalShiftConfig": "ZonalShiftConfigUpdate",
    "computeConfig": "AutoModeUpdate",
    "remoteNetworkConfig": "RemoteNetworkConfigUpdate",
    "deletionProtection": "DeletionProtectionUpdate",
    "controlPlaneScalingConfig": "ControlPlaneScalingConfigUpdate",
}
ACCESS = {"endpointPublicAccess", "endpointPrivateAccess", "publicAccessCidrs"}


def describe(state: State, request: dict[str, Any]) -> dict[str, Any]:
    """DescribeUpdate."""
    if request["updateId"] not in state.updates:
        raise not_found(f"No update found for ID: {request['updateId']}")
    arn, update = state.updates[request["updateId"]]
    state.look(arn)
    return {"update": update}


def config(state: State, request: dict[str, Any]) -> dict[str, Any]:
    """UpdateClusterConfig.

    The user guide's pages on endpoint access and logs: one kind of update a call, and one that changes something.
    """
    cluster = state.cluster(request["name"])
    kinds = [kind for kind in KINDS if request.get(kind) is not None]
    if len(kinds) != 1:
        raise invalid(f"Only one type of update can be allowed, not {kinds}")
    kind, wanted = kinds[0], request[kinds[0]]
    if kind == "resourcesVpcConfig":
        check_endpoint(state, cluster, wanted)
    apply = apply_of(cluster, kind, wanted, request)
    return {"update": state.update(cluster, cluster["arn"], KINDS[kind], apply)}


def apply_of(cluster: Thing, kind: str, wanted: Any, request: Thing) -> Callable[[], None]:  # noqa: ANN401
    match kind:
        case "logging":
            after = clusters.logging(wanted, cluster["logging"])
        case "computeConfig":
            on = clusters.check_auto_mode(request | {"bootstrapSelfManagedAddons": False})
            cluster_after = {
                "computeConfig": clusters.compute(wanted),
                "storageConfig": {"blockStorage": {"enabled": on}},
                "kubernetesNetworkConfig": cluster["kubernetesNetworkConfig"]
                | {"elasticLoadBalancing": {"enabled": on}},
            }
            return lambda: cluster.update(cluster_after)
        case "deletionProtection":
            after = wanted
        case _:
            after = merged({**cluster.get(kind, {})}, wanted)
    if after == cluster.get(kind):
        raise invalid("No changes needed for the update provided")
    return lambda: cluster.update({kind: after})


def check_endpoint(state: State, cluster: Thing, wanted: Thing) -> None:
    """Networks and access to the endpoint change apart, and an endpoint is open to somebody."""
    if ACCESS & set(wanted) and {"subnetIds", "securityGroupIds"} & set(wanted):
        raise invalid("Only one type of update can be allowed.")
    if "subnetIds" in wanted:
        ground.check_cluster_subnets(state.region, cluster["name"], wanted["subnetIds"])
    after = cluster["resourcesVpcConfig"] | wanted
    if not after["endpointPublicAccess"] and not after["endpointPrivateAccess"]:
        raise invalid("Private and public endpoint access cannot both be disabled")


def version(state: State, request: dict[str, Any]) -> dict[str, Any]:
    """UpdateClusterVersion. User guide, "Update existing cluster": one minor at a time."""
    cluster = state.cluster(request["name"])
    now, then = minor(cluster["version"]), minor(request["version"])
    if then != now + 1 or request["version"] not in clusters.VERSIONS:
        raise invalid(f"Unsupported Kubernetes minor version update from {cluster['version']} to {request['version']}")
    # User guide, the same page: nodes are not more than three minors older.
    for (of, name), group in state.nodegroups.items():
        if of == cluster["name"] and then - minor(group["version"]) > 3:
            raise invalid(f"Nodegroup {name} must be updated before the control plane")
    apply = lambda: cluster.update(version=request["version"])  # noqa: E731
    return {"update": state.update(cluster, cluster["arn"], "VersionUpdate", apply)}


def minor(text: str) -> int:
    return int(text.split(".")[1])
