"""Pod identity associations."""

import uuid
from typing import Any

from cloud.eks import ground
from cloud.eks.state import State, Thing, now
from cloud.refusal import in_use


def add(state: State, wanted: Thing, owner: str = "") -> Thing:
    """An association. One service account has at most one: user guide, "EKS Pod Identity restrictions"."""
    ground.check_role(wanted["roleArn"], "pods.eks.amazonaws.com")
    of, namespace, account = (wanted[name] for name in ("clusterName", "namespace", "serviceAccount"))
    for it in state.associations.values():
        if (it["clusterName"], it["namespace"], it["serviceAccount"]) == (of, namespace, account):
            raise in_use(f"Association already exists: {it['associationId']}")
    made = f"a-{uuid.uuid4().hex[:17]}"
    association = {
        "clusterName": of,
        "namespace": namespace,
        "serviceAccount": account,
        "roleArn": wanted["roleArn"],
        "associationArn": state.arn(f"podidentityassociation/{of}/{made}"),
        "associationId": made,
        "tags": wanted.get("tags", {}),
        "createdAt": now(),
        "modifiedAt": now(),
        "disableSessionTags": wanted.get("disableSessionTags", False),
    }
    if owner:
        association["ownerArn"] = owner
    state.associations[of, made] = association
    return association


def create(state: State, request: dict[str, Any]) -> dict[str, Any]:
    """CreatePodIdentityAssociation."""
    state.active(request["clusterName"])
    return {"association": add(state, request)}


def found(state: State, request: dict[str, Any]) -> Thing:
    made = request["associationId"]
    return state.part(state.associations, request["clusterName"], made, f"No association found for ID: {made}")


def describe(state: State, request: dict[str, Any]) -> dict[str, Any]:
    """DescribePodIdentityAssociation."""
    return {"association": found(state, request)}


def update(state: State, request: dict[str, Any]) -> dict[str, Any]:
    """UpdatePodIdentityAssociation."""
    association = found(state, request)
    fields = ("roleArn", "targetRoleArn", "disableSessionTags")
    association |= {name: request[name] for name in fields if request.get(name) is not None}
    return {"association": association}


def delete(state: State, request: dict[str, Any]) -> dict[str, Any]:
    """DeletePodIdentityAssociation."""
    association = found(state, request)
    del state.associations[association["clusterName"], association["associationId"]]
    return {"association": association}


def listed(state: State, request: dict[str, Any]) -> dict[str, Any]:
    """ListPodIdentityAssociations."""
    state.cluster(request["clusterName"])
    fields = ("clusterName", "namespace", "serviceAccount", "associationArn", "associationId", "ownerArn")
    found = [it for it in state.associations.values() if it["clusterName"] == request["clusterName"]]
    for field in ("namespace", "serviceAccount"):
        found = [it for it in found if request.get(field, it[field]) == it[field]]
    return {"associations": [{name: it[name] for name in fields if name in it} for it in found]}
