"""Add-ons."""

import json
import uuid
from typing import Any

from cloud.eks import identities
from cloud.eks.state import State, Thing, now
from cloud.refusal import Refusal, in_use, invalid

# The add-ons that are composed. Which versions there are for which minor is not asked here.
NAMES = ["aws-ebs-csi-driver", "coredns", "eks-pod-identity-agent", "kube-proxy", "metrics-server", "vpc-cni"]
# These run as Deployments: without nodes they come up DEGRADED. User guide, "Troubleshoot EKS add-ons".
ON_NODES = {"aws-ebs-csi-driver", "coredns", "metrics-server"}


def default(name: str, version: str) -> str:
    """The version that a new add-on gets: kube-proxy's minor is the cluster's. The numbers are made up."""
    return f"v{version}.9-eksbuild.1" if name == "kube-proxy" else f"v2.{version.split('.')[1]}.0-eksbuild.1"


def create(state: State, request: dict[str, Any]) -> dict[str, Any]:
    """CreateAddon."""
    cluster, name = state.active(request["clusterName"]), request["addonName"]
    key = (cluster["name"], name)
    if key in state.addons:
        raise in_use("Addon already exists.")
    if name not in NAMES:
        raise invalid(f"Addon {name} specified is not supported")
    check_values(request)
    addon: Thing = {
        "addonName": name,
        "clusterName": cluster["name"],
        "status": "CREATING",
        "addonVersion": request.get("addonVersion", default(name, cluster["version"])),
        "health": {"issues": []},
        "addonArn": state.arn(f"addon/{cluster['name']}/{name}/{uuid.uuid4()}"),
        "createdAt": now(),
        "modifiedAt": now(),
        "tags": request.get("tags", {}),
        # AddonNamespaceConfigResponse: the namespace that was asked for, or the add-on's own.
        "namespaceConfig": {"namespace": request.get("namespaceConfig", {}).get("namespace", "kube-system")},
    }
    for field in ("serviceAccountRoleArn", "configurationValues"):
        if request.get(field):
            addon[field] = request[field]
    associate(state, addon, request.get("podIdentityAssociations", []))
    state.addons[key] = addon

    def end() -> None:
        if state.switches.hits(state.switches.fail_addon, name):
            addon["status"] = "CREATE_FAILED"
            ails(addon, "ConfigurationConflict", "Conflicts found when trying to apply.")
        elif state.switches.hits(state.switches.degraded_addon, name) or not runs(state, cluster, name):
            lacks(addon)
        else:
            addon["status"] = "ACTIVE"

    state.later(addon["addonArn"], end)
    return {"addon": addon}


def runs(state: State, cluster: Thing, name: str) -> bool:
    """Whether there is a node for it."""
    if name not in ON_NODES or cluster.get("computeConfig", {}).get("enabled"):
        return True
    groups = [it for (of, _), it in state.nodegroups.items() if of == cluster["name"]]
    return any(it["status"] in {"ACTIVE", "UPDATING"} and it["scalingConfig"]["desiredSize"] for it in groups)


def lacks(addon: Thing) -> None:
    """It has not enough Pods that run."""
    addon["status"] = "DEGRADED"
    ails(
        addon,
        "InsufficientNumberOfReplicas",
        "The add-on is unhealthy because it doesn't have the desired number of replicas.",
    )


def ails(addon: Thing, code: str, message: str) -> None:
    addon["health"] = {"issues": [{"code": code, "message": message, "resourceIds": []}]}


def check_values(request: Thing) -> None:
    """Configuration is JSON here. User guide, "Add-on configuration values"."""
    try:
        json.loads(request.get("configurationValues") or "{}")
    except ValueError as error:
        raise invalid(f"ConfigurationValue provided in request is not supported: {error}") from error


def associate(state: State, addon: Thing, wanted: list[Thing]) -> None:
    """AddonPodIdentityAssociations: they are owned by the add-on, and in its namespace."""
    made = []
    for one in wanted:
        association = {
            "clusterName": addon["clusterName"],
            "namespace": addon["namespaceConfig"]["namespace"],
            "serviceAccount": one["serviceAccount"],
            "roleArn": one["roleArn"],
        }
        made.append(identities.add(state, association, addon["addonArn"])["associationArn"])
    if made:
        addon["podIdentityAssociations"] = made


def found(state: State, request: dict[str, Any]) -> Thing:
    cluster, name = request["clusterName"], request["addonName"]
    return state.part(state.addons, cluster, name, f"No addon: {name} found in cluster: {cluster}")


def describe(state: State, request: dict[str, Any]) -> dict[str, Any]:
    """DescribeAddon. It is DEGRADED while its Pods do not run, and ACTIVE when they do."""
    addon = found(state, request)
    state.look(addon["addonArn"])
    addon = found(state, request)
    degraded = state.switches.hits(state.switches.degraded_addon, addon["addonName"])
    if addon["status"] == "ACTIVE" and degraded:
        lacks(addon)
    if addon["status"] == "DEGRADED" and not degraded:
        cluster = state.cluster(request["clusterName"])
        if runs(state, cluster, addon["addonName"]):
            addon |= {"status": "ACTIVE", "health": {"issues": []}}
    return {"addon": addon}


def update(state: State, request: dict[str, Any]) -> dict[str, Any]:
    """UpdateAddon."""
    addon = found(state, request)
    check_values(request)

    def apply() -> None:
        for field in ("addonVersion", "configurationValues", "serviceAccountRoleArn"):
            if request.get(field) is not None:
                addon[field] = request[field]
        # "If this value is left blank, no change. If an empty array is provided, existing associations owned by the
        # add-on are deleted."
        if request.get("podIdentityAssociations") is not None:
            disown(state, addon)
            associate(state, addon, request["podIdentityAssociations"])
        addon["health"] = {"issues": []}
        addon["modifiedAt"] = now()

    return {"update": state.update(addon, addon["addonArn"], "AddonUpdate", apply)}


def disown(state: State, addon: Thing) -> None:
    addon.pop("podIdentityAssociations", None)
    for key in [key for key, it in state.associations.items() if it.get("ownerArn") == addon["addonArn"]]:
        del state.associations[key]


def delete(state: State, request: dict[str, Any]) -> dict[str, Any]:
    """DeleteAddon."""
    addon = found(state, request)
    if addon["status"] == "DELETING":
        raise Refusal("InvalidRequestException", f"Addon {addon['addonName']} is being deleted")
    addon["status"] = "DELETING"

    def end() -> None:
        disown(state, addon)
        state.addons.pop((addon["clusterName"], addon["addonName"]), None)

    state.later(addon["addonArn"], end)
    return {"addon": addon}


def versions(_: State, request: dict[str, Any]) -> dict[str, Any]:
    """DescribeAddonVersions."""
    return {
        "addons": [
            {"addonName": name, "addonVersions": [{"addonVersion": default(name, request["kubernetesVersion"])}]}
            for name in NAMES
            if request.get("addonName", name) == name
        ]
    }
