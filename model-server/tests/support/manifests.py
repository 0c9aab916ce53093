"""What deploy/ holds, as data."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from tests.support.paths import ROOT

DEPLOY = ROOT / "deploy"
CLOUDS = ("aws", "gcp")
STATES = ("active", "drained", "evacuated")

Manifest = dict[str, Any]


def files() -> list[Path]:
    return sorted(DEPLOY.rglob("*.yaml"))


def documents(path: Path) -> list[Manifest]:
    return [document for document in yaml.safe_load_all(path.read_text()) if document is not None]


def objects() -> list[Manifest]:
    """Everything that a cluster gets, before kustomize changes it."""
    found = [document for path in files() for document in documents(path)]
    return [document for document in found if "kustomize.config.k8s.io" not in document["apiVersion"]]


def every(manifests: list[Manifest], kind: str) -> list[Manifest]:
    found = [manifest for manifest in manifests if manifest["kind"] == kind]
    assert found, f"no {kind}"
    return found


def one(manifests: list[Manifest], kind: str) -> Manifest:
    (found,) = every(manifests, kind)
    return found


def scalars(value: object, path: str = "") -> Iterator[tuple[str, object]]:
    """Each value that is no list and no object, with where it is."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from scalars(item, f"{path}.{key}")
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from scalars(item, f"{path}[{index}]")
    else:
        yield path, value
