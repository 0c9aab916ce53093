"""Control planes: what is created, how it looks, and how it goes."""

import hashlib
from typing import Any

from cloud.eks import ground
from cloud.eks.state import State, Thing, merged, now
from cloud.refusal import Refusal, in_use, invalid

# The platform's minors: user guide, "Kubernetes versions".
VERSIONS = [f"1.{minor}" for minor in range(31, 38)]
LOGS = ["api", "audit", "authenticator", "controllerManager", "scheduler"]


def create(state: State, request: dict[str, Any]) -> dict[str, Any]:
    """CreateCluster."""
    name = request["name"]
    if name in state.clusters:
        raise in_use(f"Cluster already exists with name: {name}")
    wanted = request["resourcesVpcConfig"]
    vpc = ground.check_cluster_subnets(state.region, name, wanted.get("subnetIds", []))
    ground.check_role(request["roleArn"], "eks.amazonaws.com")
    for config in request.get("encryptionConfig", []):
        ground.check_key(state.region, config["provider"]["keyArn"])
    version = request.get("version", "1.34")
    if version not in VERSIONS:
        raise invalid(f"unsupported Kubernetes version {version}")
    auto = check_auto_mode(request)
    public = wanted.get("endpointPublicAccess", True)
    cluster: Thing = {
        "name": name,
        "arn": state.arn(f"cluster/{name}"),
        "createdAt": now(),
        "version": version,
        "roleArn": request["roleArn"],
        "status": "CREATING",
        "platformVersion": "eks.1",
        "tags": request.get("tags", {}),
        # Defaults: VpcConfigRequest.
        "resourcesVpcConfig": {
            "subnetIds": wanted["subnetIds"],
            "securityGroupIds": wanted.get("securityGroupIds", []),
            "vpcId": vpc,
            "endpointPublicAccess": public,
            "endpointPrivateAccess": wanted.get("endpointPrivateAccess", False),
            "publicAccessCidrs": wanted.get("publicAccessCidrs") or (["0.0.0.0/0"] if public else []),
        },
        # serviceIpv4Cidr: "from either the 10.100.0.0/16 or 172.20.0.0/16 CIDR blocks".
        "kubernetesNetworkConfig": merged(
            {
                "serviceIpv4Cidr": "172.20.0.0/16",
                "ipFamily": "ipv4",
                "elasticLoadBalancing": {"enabled": auto},
            },
            request.get("kubernetesNetworkConfig", {}),
        ),
        "logging": logging(request.get("logging", {}), {}),
        "encryptionConfig": request.get("encryptionConfig", []),
        "health": {"issues": []},
        # "the default is CONFIG_MAP"
        "accessConfig": {"authenticationMode": request.get("accessConfig", {}).get("authenticationMode", "CONFIG_MAP")},
        # "New clusters, by default, have extended support enabled."
        "upgradePolicy": request.get("upgradePolicy", {"supportType": "EXTENDED"}),
        "zonalShiftConfig": {"enabled": request.get("zonalShiftConfig", {}).get("enabled", False)},
        "deletionProtection": request.get("deletionProtection", False),
        "controlPlaneScalingConfig": request.get("controlPlaneScalingConfig", {"tier": "standard"}),
        "certificateAuthority": {},
    }
    if "computeConfig" in request:
        cluster["computeConfig"] = compute(request["computeConfig"])
        cluster["storageConfig"] = {"blockStorage": {"enabled": auto}}
    state.clusters[name] = cluster

    def end() -> None:
        if state.switches.hits(state.switches.fail_cluster, name):
            cluster["status"] = "FAILED"
            issue = {"code": "InternalFailure", "message": "The cluster was not created.", "resourceIds": []}
            cluster["health"] = {"issues": [issue]}
            return
        comes_up(state, cluster)

    state.later(cluster["arn"], end)
    return {"cluster": cluster}


def comes_up(state: State, cluster: Thing) -> None:
    """What a control plane has only when it is ACTIVE."""
    unique = hashlib.sha256(cluster["name"].encode()).hexdigest().upper()[:32]
    cluster["status"] = "ACTIVE"
    cluster["endpoint"] = f"https://{unique}.gr7.{state.region}.eks.amazonaws.com"
    cluster["certificateAuthority"] = {"data": "QSBjZXJ0aWZpY2F0ZSBhdXRob3JpdHkK"}
    cluster["identity"] = {"oidc": {"issuer": f"https://oidc.eks.{state.region}.amazonaws.com/id/{unique}"}}
    cluster["resourcesVpcConfig"]["clusterSecurityGroupId"] = f"sg-0{unique[:16].lower()}"


def check_auto_mode(request: dict[str, Any]) -> bool:
    """EKS Auto Mode is on or off as a whole.

    User guide, "Create an EKS Auto Mode Cluster with the AWS CLI": all three parts are enabled together, and
    bootstrapSelfManagedAddons is false.
    """
    network = request.get("kubernetesNetworkConfig", {}).get("elasticLoadBalancing", {}).get("enabled", False)
    storage = request.get("storageConfig", {}).get("blockStorage", {}).get("enabled", False)
    on = request.get("computeConfig", {}).get("enabled", False)
    if len({on, network, storage}) > 1:
        raise invalid(
            "For EKS Auto Mode, please ensure that all required configs, including computeConfig,"
            " kubernetesNetworkConfig, and blockStorage are all either fully enabled or fully disabled."
        )
    if on and request.get("bootstrapSelfManagedAddons", True):
        raise invalid("bootstrapSelfManagedAddons must be false if you are enabling EKS Auto Mode")
    return bool(on)


def compute(wanted: Thing) -> Thing:
    if not wanted.get("enabled"):
        return {"enabled": False, "nodePools": []}
    made = {"enabled": True, "nodePools": wanted.get("nodePools", [])}
    if "nodeRoleArn" in wanted:
        ground.check_role(wanted["nodeRoleArn"], "ec2.amazonaws.com")
        made["nodeRoleArn"] = wanted["nodeRoleArn"]
    return made


def logging(wanted: Thing, had: Thing) -> Thing:
    """LogSetup: "Each individual log type can be enabled or disabled independently." """
    on = {kind for setup in had.get("clusterLogging", []) if setup["enabled"] for kind in setup["types"]}
    for setup in wanted.get("clusterLogging", []):
        types = set(setup.get("types", []))
        on = on | types if setup.get("enabled") else on - types
    setups = [
        {"types": [kind for kind in LOGS if (kind in on) == enabled], "enabled": enabled} for enabled in (True, False)
    ]
    return {"clusterLogging": [setup for setup in setups if setup["types"]]}


def describe(state: State, request: dict[str, Any]) -> dict[str, Any]:
    """DescribeCluster."""
    state.look(state.cluster(request["name"])["arn"])
    return {"cluster": state.cluster(request["name"])}


def delete(state: State, request: dict[str, Any]) -> dict[str, Any]:
    """DeleteCluster. A deleted cluster takes its add-ons, access entries and associations along."""
    name = request["name"]
    cluster = state.cluster(name)
    # User guide, "Protect EKS clusters from accidental deletion": a failed one can be deleted.
    if cluster["deletionProtection"] and cluster["status"] in {"ACTIVE", "UPDATING"}:
        raise Refusal("InvalidRequestException", f"Cluster {name} has deletion protection enabled")
    # "If you have managed node groups [...] attached to the cluster, you must delete them first."
    if any(of == name for of, _ in state.nodegroups):
        raise in_use("Cluster has nodegroups attached")
    if cluster["status"] in {"CREATING", "UPDATING", "DELETING"}:
        raise in_use(f"Cannot delete cluster {name}: it is currently in {cluster['status']} state")
    cluster["status"] = "DELETING"

    def end() -> None:
        del state.clusters[name]
        for things in (state.addons, state.entries, state.policies, state.associations):
            for key in [key for key in things if key[0] == name]:
                del things[key]

    state.later(cluster["arn"], end)
    return {"cluster": cluster}
