"""The server in this process, with the real model."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from model_server import model, settings
from model_server.app import create_app
from model_server.model import Model
from model_server.service import Service, assemble
from tests.support.paths import MODEL
from tests.support.process import eventually
from tests.support.variables import RIGHT


@pytest.fixture(scope="session")
def digits() -> Model:
    return model.load(MODEL)


@pytest.fixture
def variables() -> dict[str, str]:
    """Settings of the server. A test that needs others overrides this fixture or changes it."""
    return dict(RIGHT)


@pytest.fixture
def service(digits: Model, variables: dict[str, str]) -> Service:
    return assemble(settings.load(variables), digits, None)


@pytest.fixture
def client(service: Service) -> Iterator[TestClient]:
    with TestClient(create_app(service), raise_server_exceptions=False) as client:
        eventually(lambda: service.lifecycle.serves, "ready")
        yield client


@pytest.fixture
def instance(digits: Model) -> list[float]:
    return list(digits.description.check.instance)


@pytest.fixture
def copied_model(tmp_path: Path) -> Path:
    """The model's files in a folder where a test may spoil them."""
    folder = tmp_path / "model"
    folder.mkdir()
    for name in ("model.onnx", "model.json"):
        (folder / name).write_bytes((MODEL / name).read_bytes())
    return folder
