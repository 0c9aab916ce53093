"""Access entries and their policies."""

import uuid
from typing import Any

from cloud.account import ACCOUNT
from cloud.eks.state import State, Thing, now
from cloud.refusal import Refusal, in_use, invalid, not_found


def create(state: State, request: dict[str, Any]) -> dict[str, Any]:
    """CreateAccessEntry."""
    cluster, principal = state.active(request["clusterName"]), request["principalArn"]
    # User guide, "Change authentication mode to use access entries".
    if cluster["accessConfig"]["authenticationMode"] == "CONFIG_MAP":
        raise Refusal("InvalidRequestException", "The cluster's authentication mode must be set to use access entries")
    key = (cluster["name"], principal)
    if key in state.entries:
        raise in_use("The specified access entry resource is already in use on this cluster.")
    # "If you don't specify a value, Amazon EKS sets the value to STANDARD."
    kind = request.get("type", "STANDARD")
    if kind != "STANDARD" and (request.get("kubernetesGroups") or request.get("username")):
        raise invalid(f"Groups and user names cannot be set for the type {kind}")
    name = principal.rsplit("/", 1)[-1]
    state.entries[key] = {
        "clusterName": cluster["name"],
        "principalArn": principal,
        "kubernetesGroups": request.get("kubernetesGroups", []),
        "accessEntryArn": state.arn(f"access-entry/{cluster['name']}/role/{ACCOUNT}/{name}/{uuid.uuid4()}"),
        "createdAt": now(),
        "modifiedAt": now(),
        "tags": request.get("tags", {}),
        "username": request.get("username", username(principal, name, kind)),
        "type": kind,
    }
    return {"accessEntry": state.entries[key]}


def username(principal: str, name: str, kind: str) -> str:
    """User guide, "Create access entries": the user name that EKS gives."""
    if kind != "STANDARD":
        return "system:node:{{EC2PrivateDNSName}}"
    if ":role/" in principal:
        return f"arn:aws:sts::{ACCOUNT}:assumed-role/{name}/{{{{SessionName}}}}"
    return principal


def found(state: State, request: dict[str, Any]) -> Thing:
    missing = "The specified principalArn could not be found. You can view your available access entries"
    return state.part(state.entries, request["clusterName"], request["principalArn"], missing)


def describe(state: State, request: dict[str, Any]) -> dict[str, Any]:
    """DescribeAccessEntry."""
    return {"accessEntry": found(state, request)}


def update(state: State, request: dict[str, Any]) -> dict[str, Any]:
    """UpdateAccessEntry."""
    entry = found(state, request)
    entry |= {name: request[name] for name in ("kubernetesGroups", "username") if name in request}
    entry["modifiedAt"] = now()
    return {"accessEntry": entry}


def delete(state: State, request: dict[str, Any]) -> dict[str, Any]:
    """DeleteAccessEntry. Its policies go along."""
    found(state, request)
    key = (request["clusterName"], request["principalArn"])
    del state.entries[key]
    state.policies.pop(key, None)
    return {}


def associate(state: State, request: dict[str, Any]) -> dict[str, Any]:
    """AssociateAccessPolicy."""
    entry = found(state, request)
    scope = request["accessScope"]
    # AccessScope: namespaces are for the type namespace alone.
    if (scope["type"] == "namespace") != bool(scope.get("namespaces")):
        raise invalid("The namespaces of an access scope are given with its type namespace, and only then")
    policy = {
        "policyArn": request["policyArn"],
        "accessScope": {"namespaces": [], **scope},
        "associatedAt": now(),
        "modifiedAt": now(),
    }
    key = (entry["clusterName"], entry["principalArn"])
    state.policies.setdefault(key, {})[policy["policyArn"]] = policy
    return {"clusterName": key[0], "principalArn": key[1], "associatedAccessPolicy": policy}


def policies(state: State, request: dict[str, Any]) -> dict[str, Any]:
    """ListAssociatedAccessPolicies."""
    entry = found(state, request)
    key = (entry["clusterName"], entry["principalArn"])
    listed = list(state.policies.get(key, {}).values())
    return {"clusterName": key[0], "principalArn": key[1], "associatedAccessPolicies": listed}


def disassociate(state: State, request: dict[str, Any]) -> dict[str, Any]:
    """DisassociateAccessPolicy."""
    entry = found(state, request)
    associated = state.policies.get((entry["clusterName"], entry["principalArn"]), {})
    if associated.pop(request["policyArn"], None) is None:
        raise not_found(f"The policy {request['policyArn']} is not associated")
    return {}
