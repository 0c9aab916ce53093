"""What deploy/ says fits together, and fits the server."""

import re
from typing import Any

import pytest
from starlette.testclient import TestClient

from model_server import settings
from tests.support import crds
from tests.support.manifests import CLOUDS, DEPLOY, Manifest, documents, every, files, objects, one, scalars
from tests.support.paths import ROOT

DOCKERFILE = (ROOT / "Dockerfile").read_text()
ANNOTATIONS = {"cluster": "ml-platform.prod-us", "provider": "aws", "region": "us-east-1"}


@pytest.fixture
def deployment() -> Manifest:
    return one(objects(), "Deployment")


@pytest.fixture
def pod(deployment: Manifest) -> Manifest:
    spec: Manifest = deployment["spec"]["template"]["spec"]
    return spec


@pytest.fixture
def container(pod: Manifest) -> Manifest:
    (found,) = pod["containers"]
    assert isinstance(found, dict)
    return found


@pytest.fixture
def labels(deployment: Manifest) -> dict[str, str]:
    found: dict[str, str] = deployment["spec"]["template"]["metadata"]["labels"]
    return found


@pytest.fixture
def environment(container: Manifest) -> dict[str, str]:
    """What the process finds: the image's variables, then the Deployment's."""
    (line,) = re.findall(r"^ENV (.+)$", DOCKERFILE, re.MULTILINE)
    found = dict(pair.split("=", 1) for pair in line.split())
    for variable in container["env"]:
        value = variable.get("value")
        if value is None:
            field = variable["valueFrom"]["fieldRef"]["fieldPath"]
            (key,) = re.fullmatch(r"metadata\.annotations\['xcluster\.dev/(\w+)'\]", field).groups()  # type: ignore[union-attr]
            value = ANNOTATIONS[key]
        found[variable["name"]] = value
    return found


def test_every_file_is_looked_at() -> None:
    listed = {DEPLOY / "overlays" / cloud for cloud in CLOUDS} | {DEPLOY / "base"}
    for folder in listed:
        (kustomization,) = documents(folder / "kustomization.yaml")
        resources = {(folder / name).resolve() for name in kustomization["resources"]}
        present = {path for path in folder.glob("*.yaml") if path.name != "kustomization.yaml"}
        assert {path for path in resources if path.suffix} == present
    assert len(files()) == len(set(files())) >= 14


@pytest.mark.parametrize(
    ("kind", "path"),
    [
        ("Deployment", ["spec", "selector", "matchLabels"]),
        ("Service", ["spec", "selector"]),
        ("PodDisruptionBudget", ["spec", "selector", "matchLabels"]),
        ("NetworkPolicy", ["spec", "podSelector", "matchLabels"]),
    ],
)
def test_selectors_select_the_pods(kind: str, path: list[str], labels: dict[str, str]) -> None:
    for manifest in every(objects(), kind):
        selector: Any = manifest
        for part in path:
            selector = selector[part]
        assert selector
        assert selector.items() <= labels.items()


def test_the_pods_are_spread(pod: Manifest, labels: dict[str, str]) -> None:
    spread = pod["topologySpreadConstraints"]
    assert {constraint["topologyKey"] for constraint in spread} == {
        "topology.kubernetes.io/zone",
        "kubernetes.io/hostname",
    }
    for constraint in spread:
        assert constraint["labelSelector"]["matchLabels"].items() <= labels.items()


def test_ports_meet(container: Manifest, environment: dict[str, str]) -> None:
    (port,) = container["ports"]
    assert port["containerPort"] == settings.load(environment).port
    assert f"EXPOSE {port['containerPort']}" in DOCKERFILE
    service = one(objects(), "Service")
    (exposed,) = service["spec"]["ports"]
    assert exposed["targetPort"] == port["name"]
    assert service["metadata"]["annotations"]["prometheus.io/port"] == str(port["containerPort"])
    for policy in every(objects(), "NetworkPolicy"):
        (rule,) = policy["spec"]["ingress"]
        assert [allowed["port"] for allowed in rule["ports"]] == [port["name"]]
    rules = one(objects(), "Ingress")["spec"]["rules"]
    for path in [path for rule in rules for path in rule["http"]["paths"]]:
        assert path["backend"]["service"] == {
            "name": service["metadata"]["name"],
            "port": {"name": exposed["name"]},
        }
    (rule,) = one(objects(), "HTTPRoute")["spec"]["rules"]
    assert rule["backendRefs"] == [{"name": service["metadata"]["name"], "port": exposed["port"]}]
    check = one(objects(), "HealthCheckPolicy")["spec"]["default"]["config"]["httpHealthCheck"]
    assert check["port"] == port["containerPort"]


@pytest.mark.parametrize(
    ("probe", "path"),
    [("startupProbe", "/readyz"), ("readinessProbe", "/readyz"), ("livenessProbe", "/healthz")],
)
def test_probes_ask_what_is_there(container: Manifest, client: TestClient, probe: str, path: str) -> None:
    asked = container[probe]["httpGet"]
    assert asked == {"path": path, "port": "http"}
    assert client.get(asked["path"]).status_code == 200


def test_load_balancers_ask_what_is_there(client: TestClient) -> None:
    ingress = one(objects(), "Ingress")
    alb = ingress["metadata"]["annotations"]["alb.ingress.kubernetes.io/healthcheck-path"]
    google = one(objects(), "HealthCheckPolicy")["spec"]["default"]["config"]["httpHealthCheck"]
    assert alb == google["requestPath"] == "/readyz"
    service = one(objects(), "Service")["metadata"]["annotations"]
    assert client.get(service["prometheus.io/path"]).status_code == 200


def test_both_clouds_expose_the_same_routes_and_no_metrics() -> None:
    rules = one(objects(), "Ingress")["spec"]["rules"]
    assert all(rule["http"] == rules[0]["http"] for rule in rules), "the same on every host"
    aws = {(path["pathType"], path["path"]) for path in rules[0]["http"]["paths"]}
    route = one(objects(), "HTTPRoute")["spec"]
    matches = [match["path"] for match in route["rules"][0]["matches"]]
    gcp = {(match["type"].removeprefix("Path"), match["value"]) for match in matches}
    assert aws == gcp == {("Prefix", "/v1"), ("Exact", "/readyz")}
    assert [rule["host"] for rule in rules] == route["hostnames"]


def test_the_server_starts_with_this_environment(environment: dict[str, str]) -> None:
    chosen = settings.load(environment)
    assert chosen.served_by == "ml-platform.prod-us;provider=aws;region=us-east-1"
    assert chosen.host == "0.0.0.0"  # noqa: S104
    assert chosen.token_file is not None


def test_a_pod_has_the_time_to_drain(environment: dict[str, str], pod: Manifest) -> None:
    chosen = settings.load(environment)
    assert pod["terminationGracePeriodSeconds"] >= chosen.drain_seconds + chosen.shutdown_seconds + 5
    alb = one(objects(), "Ingress")["metadata"]["annotations"]
    prefix = "alb.ingress.kubernetes.io"
    noticed = int(alb[f"{prefix}/healthcheck-interval-seconds"]) * int(
        alb[f"{prefix}/unhealthy-threshold-count"]
    )
    assert noticed < chosen.drain_seconds
    delay = f"deregistration_delay.timeout_seconds={chosen.drain_seconds}"
    assert alb[f"{prefix}/target-group-attributes"] == delay
    google = one(objects(), "HealthCheckPolicy")["spec"]["default"]
    assert google["checkIntervalSec"] * google["unhealthyThreshold"] < chosen.drain_seconds
    drain = one(objects(), "GCPBackendPolicy")["spec"]["default"]["connectionDraining"]
    assert drain["drainingTimeoutSec"] == chosen.drain_seconds


def test_the_token_comes_from_the_store(
    pod: Manifest, container: Manifest, environment: dict[str, str]
) -> None:
    external = one(objects(), "ExternalSecret")["spec"]
    assert external["secretStoreRef"] == {"kind": "ClusterSecretStore", "name": "platform"}
    (volume,) = pod["volumes"]
    (mount,) = container["volumeMounts"]
    assert volume["secret"]["secretName"] == external["target"]["name"]
    assert mount["name"] == volume["name"]
    assert "subPath" not in mount, "kubelet would never update it"
    (data,) = external["data"]
    assert environment["TOKEN_FILE"] == f"{mount['mountPath']}/{data['secretKey']}"
    assert re.fullmatch(r"[A-Za-z0-9_-]{1,255}", data["remoteRef"]["key"]), "legal on both clouds"


def test_the_external_secret_is_one_that_the_controller_takes() -> None:
    found = crds.schema("external-secrets", "externalsecrets", "v1")
    assert list(crds.problems(one(objects(), "ExternalSecret"), found)) == []


def test_the_external_secret_is_checked_at_all() -> None:
    found = crds.schema("external-secrets", "externalsecrets", "v1")
    broken = {**one(objects(), "ExternalSecret"), "spec": {"dat": [], "target": {"creationPolicy": "Own"}}}
    assert [line.partition(":")[0] for line in crds.problems(broken, found)] == [
        ".spec.dat",
        ".spec.target.creationPolicy",
    ]


def test_no_secret_is_in_git() -> None:
    for manifest in objects():
        assert manifest["kind"] != "Secret"
        for path, value in scalars(manifest):
            assert not re.search(r"[A-Za-z0-9+/_=-]{40,}", str(value)), path
    literal = {
        variable["name"]
        for variable in one(objects(), "Deployment")["spec"]["template"]["spec"]["containers"][0]["env"]
        if "value" in variable
    }
    assert literal == {"TOKEN_FILE", "DRAIN_SECONDS", "SHUTDOWN_SECONDS"}


def test_the_image_is_this_version(container: Manifest) -> None:
    version = re.search(r'^version = "(.+)"$', (ROOT / "pyproject.toml").read_text(), re.MULTILINE)
    assert version is not None
    assert container["image"] == f"ghcr.io/function-xcluster/model-server:v{version[1]}"


def test_the_pods_may_do_nothing_they_need_not(pod: Manifest, container: Manifest) -> None:
    assert pod["automountServiceAccountToken"] is False
    assert one(objects(), "ServiceAccount")["metadata"]["name"] == pod["serviceAccountName"]
    context = pod["securityContext"]
    assert context["runAsNonRoot"] is True
    assert context["seccompProfile"] == {"type": "RuntimeDefault"}
    assert f"USER {context['runAsUser']}:{context['runAsGroup']}\n" in DOCKERFILE
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "capabilities": {"drop": ["ALL"]},
        "privileged": False,
        "readOnlyRootFilesystem": True,
    }
    policies = [manifest["spec"] for manifest in every(objects(), "NetworkPolicy")]
    assert [policy["policyTypes"] for policy in policies if "egress" in policy] == [["Ingress", "Egress"]]
    for policy in policies:
        assert policy.get("egress", []) == []
        (rule,) = policy["ingress"]
        assert rule["from"], "an empty list lets everybody in"


def test_the_autoscaler_owns_the_replicas(deployment: Manifest, container: Manifest) -> None:
    assert "replicas" not in deployment["spec"]
    autoscaler = one(objects(), "HorizontalPodAutoscaler")["spec"]
    target = autoscaler["scaleTargetRef"]
    assert (target["apiVersion"], target["kind"], target["name"]) == (
        deployment["apiVersion"],
        deployment["kind"],
        deployment["metadata"]["name"],
    )
    assert autoscaler["minReplicas"] > one(objects(), "PodDisruptionBudget")["spec"]["maxUnavailable"]
    (metric,) = autoscaler["metrics"]
    assert metric["resource"]["name"] in container["resources"]["requests"]


def test_the_base_of_the_image_is_pinned() -> None:
    stages = re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE)
    assert len(stages) == 2
    assert len(set(stages)) == 1
    assert re.fullmatch(r"python:3\.\d+\.\d+-slim-\w+(@sha256:[0-9a-f]{64})?", stages[0])
