"""Every setting, and what is said about a wrong one."""

import dataclasses
import re
from pathlib import Path

import pytest

from model_server import settings
from model_server.settings import Settings, SettingsError
from tests.support.paths import MODEL, ROOT
from tests.support.variables import RIGHT, SERVED_BY


def problems(variables: dict[str, str]) -> list[str]:
    with pytest.raises(SettingsError) as raised:
        settings.load(variables)
    return str(raised.value).splitlines()


def test_defaults() -> None:
    assert settings.load(RIGHT) == Settings(
        cluster="ml-platform.prod-us",
        provider="aws",
        region="us-east-1",
        host="127.0.0.1",
        port=8080,
        model_folder=MODEL,
        token_file=None,
        max_batch=64,
        max_body_bytes=262_144,
        max_in_flight=64,
        inference_threads=1,
        body_timeout_seconds=10,
        keep_alive_seconds=620,
        drain_seconds=5,
        shutdown_seconds=20,
        log_level="info",
    )


def test_who_served_is_one_header() -> None:
    assert settings.load(RIGHT).served_by == SERVED_BY


def test_a_token_file_is_the_default_way() -> None:
    variables = {**RIGHT, "TOKEN_FILE": "/run/tokens"}
    del variables["AUTH"]
    assert settings.load(variables).token_file == Path("/run/tokens")


@pytest.mark.parametrize(
    ("name", "value", "field", "expected"),
    [
        ("HOST", "::", "host", "::"),
        ("PORT", "0", "port", 0),
        ("PORT", "65535", "port", 65535),
        ("CLOUD_PROVIDER", "gcp", "provider", "gcp"),
        ("CLUSTER_NAME", "x", "cluster", "x"),
        ("LOG_LEVEL", "debug", "log_level", "debug"),
        ("MAX_BATCH", "4096", "max_batch", 4096),
        ("DRAIN_SECONDS", "0", "drain_seconds", 0),
        ("INFERENCE_THREADS", "2", "inference_threads", 2),
    ],
)
def test_a_setting_is_taken(name: str, value: str, field: str, expected: object) -> None:
    assert getattr(settings.load({**RIGHT, name: value}), field) == expected


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("CLUSTER_NAME", "", "what a missing annotation becomes"),
        ("CLUSTER_NAME", "prod us", "no space in a header's value"),
        ("CLUSTER_NAME", "prod;provider=gcp", "it would lie about the provider"),
        ("CLUSTER_NAME", "prod\r\nX-Evil: 1", "it would be a header of its own"),
        ("CLUSTER_NAME", "prod\n", "a trailing newline counts"),
        ("CLUSTER_NAME", "-prod", "starts with a dash"),
        ("CLUSTER_NAME", "x" * 254, "too long"),
        ("CLOUD_PROVIDER", "azure", "unknown"),
        ("CLOUD_PROVIDER", "", "empty"),
        ("CLOUD_REGION", "", "empty"),
        ("HOST", "", "empty"),
        ("HOST", "a b", "no address"),
        ("MODEL_DIR", "", "empty"),
        ("AUTH", "None", "case matters"),
        ("LOG_LEVEL", "INFO", "case matters"),
        ("PORT", "65536", "too high"),
        ("PORT", "-1", "negative"),
        ("PORT", "8080.0", "no whole number"),
        ("PORT", "", "empty"),
        ("PORT", " 80", "a space"),
        ("PORT", "\u0663", "a digit, but not one of ours"),
        ("PORT", "9" * 5000, "longer than Python turns into a number"),
        ("MAX_BATCH", "0", "would refuse everything"),
        ("MAX_BATCH", "4097", "too high"),
        ("MAX_BODY_BYTES", "1023", "too low"),
        ("MAX_IN_FLIGHT", "0", "would refuse everything"),
        ("INFERENCE_THREADS", "0", "nobody would answer"),
        ("BODY_TIMEOUT_SECONDS", "0", "nobody could send"),
        ("KEEP_ALIVE_SECONDS", "0", "too low"),
        ("DRAIN_SECONDS", "301", "longer than a Pod may take"),
        ("SHUTDOWN_SECONDS", "0", "would cut off everything"),
    ],
)
def test_a_wrong_value_is_one_line_with_the_fix(name: str, value: str, reason: str) -> None:
    found = problems({**RIGHT, name: value})
    assert len(found) == 1, reason
    form = rf'{name}: "?.*"?: must be .+; set .*{name}='
    assert re.match(form, found[0]), found[0]


@pytest.mark.parametrize("name", ["CLUSTER_NAME", "CLOUD_PROVIDER", "CLOUD_REGION", "MODEL_DIR"])
def test_a_missing_one_is_named(name: str) -> None:
    variables = dict(RIGHT)
    del variables[name]
    (found,) = problems(variables)
    assert found.startswith(f"{name}: not set: must be ")
    assert f"set for example {name}=" in found


def test_all_mistakes_come_at_once() -> None:
    found = problems({"PORT": "x", "LOG_LEVEL": "loud"})
    names = [line.partition(":")[0] for line in found]
    assert names == [
        "CLUSTER_NAME",
        "CLOUD_PROVIDER",
        "CLOUD_REGION",
        "PORT",
        "MODEL_DIR",
        "TOKEN_FILE",
        "LOG_LEVEL",
    ]


@pytest.mark.parametrize("extra", [{}, {"AUTH": "token"}, {"TOKEN_FILE": ""}])
def test_open_to_anyone_only_when_told_so(extra: dict[str, str]) -> None:
    variables = {name: value for name, value in RIGHT.items() if name != "AUTH"}
    (found,) = problems({**variables, **extra})
    assert found.startswith("TOKEN_FILE: ")
    assert found.endswith("set TOKEN_FILE=/path/to/file, or AUTH=none to serve anyone")


def test_a_token_file_that_would_not_be_used_is_a_mistake() -> None:
    (found,) = problems({**RIGHT, "TOKEN_FILE": "/run/tokens"})
    assert found == 'TOKEN_FILE: "/run/tokens": has no effect with AUTH=none; unset one of the two'


def test_a_long_value_is_cut() -> None:
    (found,) = problems({**RIGHT, "CLOUD_PROVIDER": "x" * 5000})
    assert len(found) < 200


def test_the_readme_has_every_setting() -> None:
    source = (ROOT / "src/model_server/settings.py").read_text()
    names = set(re.findall(r'\(\s*"([A-Z_]{4,})"', source))
    assert len(names) == len(dataclasses.fields(Settings)) + 1, "AUTH has no field of its own"
    readme = (ROOT / "README.md").read_text()
    assert {name for name in names if f"| `{name}` |" not in readme} == set()
