"""Checks objects as an API server does that refuses unknown fields."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.support.paths import REPOSITORY

_TYPES: dict[str, type | tuple[type, ...]] = {
    "array": list,
    "boolean": bool,
    "integer": int,
    "number": (int, float),
    "object": dict,
    "string": str,
}


def schema(folder: str, name: str, version: str) -> dict[str, Any]:
    """From the definitions that the repository's tests use, which are no part of it."""
    root = os.environ.get("XCLUSTER_CRDS") or str(REPOSITORY / ".crds")
    if root == "none":
        pytest.skip("NOT TESTED: anything against CRDs, since XCLUSTER_CRDS is none")
    for path in sorted(Path(root).glob(f"{folder}-v*/*_{name}.yaml")):
        definition = yaml.safe_load(path.read_text())
        for found in definition["spec"]["versions"]:
            if found["name"] == version:
                answer: dict[str, Any] = found["schema"]["openAPIV3Schema"]
                return answer
    pytest.fail(f"no definition of {name} in {root}; run `make crds`")


def problems(value: object, schema: dict[str, Any], path: str = "") -> Iterator[str]:
    kind = schema.get("type")
    if schema.get("x-kubernetes-int-or-string"):
        kind = "string" if isinstance(value, str) else "integer"
    if kind is not None and not isinstance(value, _TYPES[kind]):
        yield f"{path}: {value!r} is no {kind}"
        return
    if "enum" in schema and value not in schema["enum"]:
        yield f"{path}: {value!r} is none of {schema['enum']}"
    if isinstance(value, dict):
        yield from _of_object(value, schema, path)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from problems(item, schema.get("items", {}), f"{path}[{index}]")


def _of_object(value: dict[str, Any], schema: dict[str, Any], path: str) -> Iterator[str]:
    known = schema.get("properties", {})
    others = schema.get("additionalProperties")
    for name in schema.get("required", []):
        if name not in value:
            yield f"{path}.{name}: is required"
    for name, item in value.items():
        if name in known:
            yield from problems(item, known[name], f"{path}.{name}")
        elif isinstance(others, dict):
            yield from problems(item, others, f"{path}.{name}")
        elif known and not others and not schema.get("x-kubernetes-preserve-unknown-fields"):
            yield f"{path}.{name}: is no known field"
