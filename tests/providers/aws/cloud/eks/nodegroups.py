"""Managed node groups."""

import uuid
from typing import Any

from cloud.eks import ground
from cloud.eks.state import State, Thing, now
from cloud.eks.updates import minor
from cloud.refusal import in_use, invalid

# terraform-aws-modules/terraform-aws-eks#3625: EKS answers with it, whether it was asked for or not.
STRATEGY = "DEFAULT"


def create(state: State, request: dict[str, Any]) -> dict[str, Any]:
    """CreateNodegroup."""
    cluster, name = state.active(request["clusterName"]), request["nodegroupName"]
    key = (cluster["name"], name)
    if key in state.nodegroups:
        raise in_use(f"NodeGroup already exists with name {name} and cluster name {cluster['name']}")
    version = request.get("version", cluster["version"])
    # "By default, the Kubernetes version of the cluster is used, and this is the only accepted specified value."
    if version != cluster["version"]:
        raise invalid(f"Requested Nodegroup version {version} is not that of the cluster, {cluster['version']}")
    ground.check_subnets(state.region, request["subnets"])
    ground.check_role(request["nodeRole"], "ec2.amazonaws.com")
    scaling = request.get("scalingConfig", {"minSize": 1, "maxSize": 2, "desiredSize": 2})
    check_scaling(scaling)
    group: Thing = {
        "nodegroupName": name,
        "clusterName": cluster["name"],
        "nodegroupArn": state.arn(f"nodegroup/{cluster['name']}/{name}/{uuid.uuid4()}"),
        "version": version,
        "releaseVersion": release(version),
        "createdAt": now(),
        "modifiedAt": now(),
        "status": "CREATING",
        "capacityType": request.get("capacityType", "ON_DEMAND"),
        "scalingConfig": scaling,
        "subnets": request["subnets"],
        "amiType": request.get("amiType", "AL2023_x86_64_STANDARD"),
        "nodeRole": request["nodeRole"],
        "labels": request.get("labels", {}),
        "taints": request.get("taints", []),
        "resources": {"autoScalingGroups": [{"name": f"eks-{name}-{uuid.uuid4().hex[:8]}"}]},
        "health": {"issues": []},
        "updateConfig": {"updateStrategy": STRATEGY} | request.get("updateConfig", {"maxUnavailable": 1}),
        "tags": request.get("tags", {}),
    }
    if "nodeRepairConfig" in request:
        group["nodeRepairConfig"] = request["nodeRepairConfig"]
    group |= machines(state, request)
    state.nodegroups[key] = group

    def end() -> None:
        if not state.switches.hits(state.switches.fail_nodegroup, name):
            group["status"] = "ACTIVE"
            return
        # User guide, "Troubleshoot problems with Amazon EKS clusters and nodes": a group that failed stays.
        group["status"] = "CREATE_FAILED"
        issue = {
            "code": "AsgInstanceLaunchFailures",
            "message": "Could not launch On-Demand Instances. VcpuLimitExceeded",
            "resourceIds": [group["resources"]["autoScalingGroups"][0]["name"]],
        }
        group["health"] = {"issues": [issue]}

    state.later(group["nodegroupArn"], end)
    return {"nodegroup": group}


def machines(state: State, request: Thing) -> Thing:
    """Instance types, and disks or a launch template.

    "If you specify launchTemplate, then don't specify diskSize, or the node group deployment will fail." And "if you
    don't specify an instance type [...], then t3.medium is used", and 20 GiB.
    """
    template = request.get("launchTemplate")
    if template is None:
        return {
            "instanceTypes": request.get("instanceTypes", ["t3.medium"]),
            "diskSize": request.get("diskSize", 20),
        }
    if "diskSize" in request or "remoteAccess" in request:
        raise invalid("You cannot specify disk size or remote access with a launch template")
    made = {"launchTemplate": ground.launch_template(state.region, template)}
    if request.get("instanceTypes"):
        made["instanceTypes"] = request["instanceTypes"]
    return made


def release(version: str) -> str:
    return f"{version}.1-20260901"


def check_scaling(scaling: Thing) -> None:
    low, desired, high = (scaling.get(name) for name in ("minSize", "desiredSize", "maxSize"))
    if low is None or high is None or desired is None or not low <= desired <= high or high < 1:
        raise invalid(f"desired capacity {desired} must be between {low} and {high}, and the maximum at least 1")


def found(state: State, request: dict[str, Any]) -> Thing:
    name = request["nodegroupName"]
    return state.part(state.nodegroups, request["clusterName"], name, f"No node group found for name: {name}.")


def describe(state: State, request: dict[str, Any]) -> dict[str, Any]:
    """DescribeNodegroup."""
    state.look(found(state, request)["nodegroupArn"])
    return {"nodegroup": found(state, request)}


def update_config(state: State, request: dict[str, Any]) -> dict[str, Any]:
    """UpdateNodegroupConfig. What is not in the request stays."""
    group = found(state, request)
    scaling = group["scalingConfig"] | request.get("scalingConfig", {})
    check_scaling(scaling)
    labels, taints = request.get("labels", {}), request.get("taints", {})
    after: Thing = {"scalingConfig": scaling}
    kept = {name: it for name, it in group["labels"].items() if name not in labels.get("removeLabels", [])}
    after["labels"] = kept | labels.get("addOrUpdateLabels", {})
    after["taints"] = tainted(group["taints"], taints)
    for name in ("updateConfig", "nodeRepairConfig"):
        if name in request:
            after[name] = request[name]
    if "updateConfig" in after:
        after["updateConfig"] = {"updateStrategy": STRATEGY} | after["updateConfig"]
    if all(group.get(name) == value for name, value in after.items()):
        raise invalid("No changes needed for the update provided")
    apply = lambda: group.update(after)  # noqa: E731
    return {"update": state.update(group, group["nodegroupArn"], "ConfigUpdate", apply)}


def tainted(had: list[Thing], change: Thing) -> list[Thing]:
    """A taint is known by its key and its effect: UpdateTaintsPayload."""
    gone = {(it["key"], it["effect"]) for part in change.values() for it in part}
    kept = [it for it in had if (it["key"], it["effect"]) not in gone]
    return kept + change.get("addOrUpdateTaints", [])


def update_version(state: State, request: dict[str, Any]) -> dict[str, Any]:
    """UpdateNodegroupVersion."""
    group, cluster = found(state, request), state.cluster(request["clusterName"])
    template = request.get("launchTemplate")
    # "If no version is specified, then the node group will be updated to match the cluster's current" version.
    version = request.get("version", group["version"] if template else cluster["version"])
    if minor(version) > minor(cluster["version"]):
        raise invalid(f"Requested Nodegroup version {version} is newer than the cluster's, {cluster['version']}")
    after: Thing = {"version": version, "releaseVersion": request.get("releaseVersion", release(version))}
    if template:
        after["launchTemplate"] = ground.launch_template(state.region, template)
        # "you must specify the same launch template ID or name that was used to create the node group"
        if after["launchTemplate"]["id"] != group.get("launchTemplate", {}).get("id"):
            raise invalid("You cannot specify a different launch template")
    if all(group.get(name) == value for name, value in after.items()):
        raise invalid("No changes needed for the update provided")
    apply = lambda: group.update(after)  # noqa: E731
    return {"update": state.update(group, group["nodegroupArn"], "VersionUpdate", apply)}


def delete(state: State, request: dict[str, Any]) -> dict[str, Any]:
    """DeleteNodegroup."""
    group = found(state, request)
    if group["status"] in {"UPDATING", "DELETING"}:
        raise in_use(f"Cannot delete {group['nodegroupName']}: it is currently in {group['status']} state")
    group["status"] = "DELETING"
    key = (group["clusterName"], group["nodegroupName"])
    state.later(group["nodegroupArn"], lambda: state.nodegroups.pop(key, None))
    return {"nodegroup": group}
