"""Everything that can be set, from the environment, checked once at the start."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from model_server.environment import Environment
from model_server.problem import Problem

# It goes into a header, so it holds nothing that a header would need to quote.
_NAME = r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,251}[A-Za-z0-9])?"
_NAME_RULE = "letters, digits, '.', '_' and '-', at most 253, with a letter or digit at both ends"


class SettingsError(Exception):
    """Every setting that is wrong."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Settings:
    """README.md has a table of them with what each one means."""

    cluster: str
    provider: str
    region: str
    host: str
    port: int
    model_folder: Path
    token_file: Path | None
    max_batch: int
    max_body_bytes: int
    max_in_flight: int
    inference_threads: int
    body_timeout_seconds: int
    keep_alive_seconds: int
    drain_seconds: int
    shutdown_seconds: int
    log_level: str

    @property
    def served_by(self) -> str:
        """Who answered: the value of X-Served-By."""
        return f"{self.cluster};provider={self.provider};region={self.region}"


def load(variables: Mapping[str, str]) -> Settings:
    """Raises SettingsError with all mistakes at once."""
    environment = Environment(variables)
    settings = Settings(
        cluster=environment.text("CLUSTER_NAME", _NAME, _NAME_RULE, "prod-us"),
        provider=environment.choice("CLOUD_PROVIDER", ("aws", "gcp", "local")),
        region=environment.text("CLOUD_REGION", _NAME, _NAME_RULE, "us-east-1"),
        host=environment.text("HOST", r"\S+", "an address to listen on", "127.0.0.1")
        if environment.given("HOST") is not None
        else "127.0.0.1",
        port=environment.whole("PORT", 8080, 0, 65535),
        model_folder=Path(
            environment.text("MODEL_DIR", r".+", "the folder of model.onnx and model.json", "model")
        ),
        token_file=_token_file(environment),
        max_batch=environment.whole("MAX_BATCH", 64, 1, 4096),
        max_body_bytes=environment.whole("MAX_BODY_BYTES", 262_144, 1024, 67_108_864),
        max_in_flight=environment.whole("MAX_IN_FLIGHT", 64, 1, 10_000),
        inference_threads=environment.whole("INFERENCE_THREADS", 1, 1, 64),
        body_timeout_seconds=environment.whole("BODY_TIMEOUT_SECONDS", 10, 1, 300),
        keep_alive_seconds=environment.whole("KEEP_ALIVE_SECONDS", 620, 1, 3600),
        drain_seconds=environment.whole("DRAIN_SECONDS", 5, 0, 300),
        shutdown_seconds=environment.whole("SHUTDOWN_SECONDS", 20, 1, 300),
        log_level=environment.choice("LOG_LEVEL", ("debug", "info", "warning", "error"), "info"),
    )
    if environment.problems:
        raise SettingsError(environment.problems)
    return settings


def _token_file(environment: Environment) -> Path | None:
    """The file that holds the tokens, or None for a server that was told to run open."""
    path = environment.given("TOKEN_FILE")
    auth = environment.choice("AUTH", ("token", "none"), "token")
    if auth == "none":
        if path is not None:
            environment.wrong("TOKEN_FILE", "has no effect with AUTH=none", "unset one of the two")
        return None
    if auth == "token" and not path:
        environment.wrong(
            "TOKEN_FILE",
            "must name the file with the tokens that /v1/predict accepts",
            "set TOKEN_FILE=/path/to/file, or AUTH=none to serve anyone",
        )
    return Path(path) if path else None
