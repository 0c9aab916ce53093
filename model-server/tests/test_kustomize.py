"""What Argo CD would apply: each cloud in each state of its traffic, rendered by kubectl."""

import json
import os
import re
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.support import crds
from tests.support.manifests import CLOUDS, DEPLOY, STATES, Manifest, one
from tests.support.paths import REPOSITORY

GUIDE = (DEPLOY / "README.md").read_text()


def kubectl() -> str:
    folders = [os.environ.get("XCLUSTER_TOOLS", ""), str(REPOSITORY / ".tools/bin"), os.environ["PATH"]]
    found = shutil.which("kubectl", path=os.pathsep.join(filter(None, folders)))
    if found is None:
        pytest.skip("no kubectl in XCLUSTER_TOOLS, .tools/bin or PATH; run `make tools`")
    return found


def source() -> dict[str, Any]:
    """The ApplicationSet's source as the guide shows it."""
    (block,) = re.findall(r"```yaml\n(source:.*?)```", GUIDE, re.DOTALL)
    found: dict[str, Any] = yaml.safe_load(block)["source"]
    return found


def filled(cloud: str, state: str) -> dict[str, Any]:
    """As the ApplicationSet's controller fills the template in."""
    text = json.dumps(source())
    values = {
        "{{.name}}": "ml-platform.prod-us",
        label("provider"): cloud,
        label("region"): "us-east-1",
        label("traffic"): state,
        "{{.values.host}}": "inference.acme.example",
        '{{.nameNormalized | replace \\".\\" \\"-\\"}}': "ml-platform-prod-us",
        annotation("network-cidr"): "192.168.16.0/20",
        RESERVED: "{type: NamedAddress, value: prod-eu-1a2b3c-ingress}",
    }
    for pattern, value in values.items():
        assert pattern in text
        text = text.replace(pattern, value)
    assert "{{" not in text
    found: dict[str, Any] = json.loads(text)
    return found


def label(name: str) -> str:
    return f'{{{{index .metadata.labels \\"xcluster.dev/{name}\\"}}}}'


def annotation(name: str) -> str:
    return f'{{{{index .metadata.annotations \\"xcluster.dev/{name}\\"}}}}'


# The template's only condition: an address that is there on one cloud, or on none.
RESERVED = (
    '{{with index .metadata.annotations \\"xcluster.dev/ingress-address-name\\"}}'
    "{type: NamedAddress, value: {{.}}}{{end}}"
)


@cache
def output(folder: Path, cloud: str, state: str) -> str:
    """With the options that Argo CD adds to the overlay's own kustomization."""
    chosen = filled(cloud, state)
    copy = folder / f"{cloud}-{state}"
    shutil.copytree(DEPLOY, copy)
    overlay = copy / Path(chosen["path"]).relative_to("model-server/deploy")
    file = overlay / "kustomization.yaml"
    kustomization = yaml.safe_load(file.read_text())
    options = chosen["kustomize"]
    kustomization["components"] = options["components"]
    kustomization["commonAnnotations"] = options["commonAnnotations"]
    kustomization["patches"] = options["patches"]
    file.write_text(yaml.safe_dump(kustomization))
    command = [kubectl(), "kustomize", str(overlay)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def rendered(folder: Path, cloud: str, state: str) -> list[Manifest]:
    return list(yaml.safe_load_all(output(folder, cloud, state)))


def template(folder: Path, cloud: str, state: str) -> Manifest:
    found: Manifest = one(rendered(folder, cloud, state), "Deployment")["spec"]["template"]
    return found


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("kustomize")


@pytest.mark.parametrize("cloud", CLOUDS)
@pytest.mark.parametrize("state", STATES)
def test_traffic_decides_on_replicas_and_nothing_else(folder: Path, cloud: str, state: str) -> None:
    found = rendered(folder, cloud, state)
    deployment = one(found, "Deployment")
    autoscalers = [manifest for manifest in found if manifest["kind"] == "HorizontalPodAutoscaler"]
    if state == "evacuated":
        assert deployment["spec"].pop("replicas") == 0
        assert autoscalers == []
    else:
        assert "replicas" not in deployment["spec"]
        assert len(autoscalers) == 1
    assert deployment["metadata"]["annotations"]["xcluster.dev/traffic"] == state
    # Pods that were replaced because traffic moves would be the outage that the move avoids.
    assert deployment["spec"]["template"] == template(folder, cloud, "active")


@pytest.mark.parametrize("cloud", CLOUDS)
def test_pods_learn_where_they_are(folder: Path, cloud: str) -> None:
    assert template(folder, cloud, "active")["metadata"]["annotations"] == {
        "xcluster.dev/cluster": "ml-platform.prod-us",
        "xcluster.dev/provider": cloud,
        "xcluster.dev/region": "us-east-1",
    }


@pytest.mark.parametrize("cloud", CLOUDS)
def test_selectors_are_as_narrow_as_before(folder: Path, cloud: str) -> None:
    found = rendered(folder, cloud, "active")
    name = {"app.kubernetes.io/name": "inference"}
    assert one(found, "Deployment")["spec"]["selector"] == {"matchLabels": name}
    assert one(found, "Service")["spec"]["selector"] == name


def test_clouds_differ_only_where_they_must(folder: Path) -> None:
    def by_name(cloud: str) -> dict[tuple[str, str], Manifest]:
        return {
            (manifest["kind"], manifest["metadata"]["name"]): manifest
            for manifest in rendered(folder, cloud, "active")
        }

    aws, gcp = (by_name(cloud) for cloud in CLOUDS)
    assert aws.keys() - gcp.keys() == {("Ingress", "inference"), ("NetworkPolicy", "inference-vpc")}
    assert {kind for kind, _ in gcp.keys() - aws.keys()} == {
        "Gateway",
        "HTTPRoute",
        "HealthCheckPolicy",
        "GCPBackendPolicy",
        "NetworkPolicy",
    }
    same = aws.keys() & gcp.keys()
    differ = {key for key in same if aws[key].get("spec") != gcp[key].get("spec")}
    # The Deployment's Pods carry the provider as an annotation.
    assert differ == {("Deployment", "inference")}
    (key,) = differ
    aws[key]["spec"]["template"]["metadata"].pop("annotations")
    gcp[key]["spec"]["template"]["metadata"].pop("annotations")
    assert aws[key]["spec"] == gcp[key]["spec"]


@pytest.mark.parametrize(
    ("cloud", "ranges"),
    [("aws", ["192.168.16.0/20"]), ("gcp", ["35.191.0.0/16", "130.211.0.0/22"])],
)
def test_the_load_balancers_are_let_in(folder: Path, cloud: str, ranges: list[str]) -> None:
    found = rendered(folder, cloud, "active")
    policies = [manifest["spec"] for manifest in found if manifest["kind"] == "NetworkPolicy"]
    peers = [peer for policy in policies for rule in policy["ingress"] for peer in rule["from"]]
    assert [peer["ipBlock"]["cidr"] for peer in peers if "ipBlock" in peer] == ranges
    assert len(peers) == len(ranges) + 2


@pytest.mark.parametrize("cloud", CLOUDS)
def test_the_hosts_come_from_outside(folder: Path, cloud: str) -> None:
    found = rendered(folder, cloud, "active")
    if cloud == "aws":
        hosts = [rule["host"] for rule in one(found, "Ingress")["spec"]["rules"]]
    else:
        hosts = one(found, "HTTPRoute")["spec"]["hostnames"]
    assert hosts == ["inference.acme.example", "ml-platform-prod-us.inference.acme.example"]


@pytest.mark.parametrize(("kind", "plural"), [("Gateway", "gateways"), ("HTTPRoute", "httproutes")])
def test_gke_takes_the_gateway(folder: Path, kind: str, plural: str) -> None:
    found = crds.schema("gateway-api", plural, "v1")
    manifest = one(rendered(folder, "gcp", "active"), kind)
    assert list(crds.problems(manifest, found)) == []
    broken = {**manifest, "spec": {**manifest["spec"], "listener": []}}
    assert list(crds.problems(broken, found)) == [".spec.listener: is no known field"]


def test_argo_cd_takes_the_source_of_the_guide() -> None:
    found = crds.schema("argocd", "applications", "v1alpha1")
    assert list(crds.problems(source(), found["properties"]["spec"]["properties"]["source"])) == []


def test_the_gateway_has_the_reserved_address(folder: Path) -> None:
    gateway = one(rendered(folder, "gcp", "active"), "Gateway")
    assert gateway["spec"]["addresses"] == [{"type": "NamedAddress", "value": "prod-eu-1a2b3c-ingress"}]
