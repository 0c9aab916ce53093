"""Tags of everything that has an ARN."""

from typing import Any

from cloud.eks.state import State, Thing
from cloud.refusal import Refusal

ARNS = ("arn", "nodegroupArn", "addonArn", "accessEntryArn", "associationArn")


def found(state: State, arn: str) -> Thing:
    kinds = (state.clusters, state.nodegroups, state.addons, state.entries, state.associations)
    for field, things in zip(ARNS, kinds, strict=True):
        for thing in things.values():
            if thing[field] == arn:
                return thing
    raise Refusal("NotFoundException", f"No resource found for {arn}", 404)


def tag(state: State, request: dict[str, Any]) -> dict[str, Any]:
    """TagResource: tags that are not in the request "aren't changed"."""
    found(state, request["resourceArn"])["tags"].update(request["tags"])
    return {}


def untag(state: State, request: dict[str, Any]) -> dict[str, Any]:
    """UntagResource."""
    tags = found(state, request["resourceArn"])["tags"]
    for key in request["tagKeys"]:
        tags.pop(key, None)
    return {}


def listed(state: State, request: dict[str, Any]) -> dict[str, Any]:
    """ListTagsForResource."""
    return {"tags": found(state, request["resourceArn"])["tags"]}
