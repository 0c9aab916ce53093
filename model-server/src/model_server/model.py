"""The model: loaded only when it is the one its description names, then asked for probabilities."""

import hashlib
from pathlib import Path
from typing import cast

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, ValidationError


class ModelError(Exception):
    """Why there is no model to serve, in one line."""


class Check(BaseModel):
    """An instance whose label is known."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)
    instance: list[float]
    label: str


class Description(BaseModel):
    """What model.json says about model.onnx."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)
    name: str = Field(pattern=r"^[A-Za-z0-9._-]+$")
    version: str = Field(pattern=r"^[A-Za-z0-9._-]+$")
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    classes: list[str] = Field(min_length=2)
    features: int = Field(ge=1)
    lowest: float
    highest: float
    check: Check


class Model:
    """A model in memory. Any thread may call it."""

    def __init__(self, description: Description, session: onnxruntime.InferenceSession) -> None:
        self.description = description
        self._session = session
        self._input: str = session.get_inputs()[0].name

    def probabilities(self, instances: NDArray[np.float32]) -> NDArray[np.float32]:
        """A row for each instance, a column for each class."""
        (output,) = self._session.run(None, {self._input: instances})
        return cast("NDArray[np.float32]", output)

    def verify(self) -> None:
        """Answers once what is known already, which also makes the first real request a fast one."""
        expected, check = self.description, self.description.check
        try:
            found = self.probabilities(np.array([check.instance], dtype=np.float32))
        except Exception as error:
            # onnxruntime's exceptions share no type, and one may have several lines.
            raise ModelError(f"the model cannot answer its check: {_line(error)}") from error
        if found.shape != (1, len(expected.classes)):
            raise ModelError(
                f"the model answers its check with shape {list(found.shape)}, "
                f"model.json has {len(expected.classes)} classes"
            )
        label = expected.classes[int(found[0].argmax())]
        if label != check.label:
            raise ModelError(f"the model takes its check for {label!r}, it is {check.label!r}")


def load(folder: Path) -> Model:
    """Raises ModelError. What was hashed is what is loaded: the file is read once."""
    description = _described(_read(folder / "model.json"), folder / "model.json")
    path = folder / "model.onnx"
    content = _read(path)
    found = hashlib.sha256(content).hexdigest()
    if found != description.sha256:
        raise ModelError(
            f"{path} has SHA-256 {found}, model.json says {description.sha256}; "
            "restore both from one release, or train again as MODEL_CARD.md says"
        )
    options = onnxruntime.SessionOptions()
    # Requests are what runs in parallel. More threads inside one would only wait for each other.
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    try:
        session = onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
    except Exception as error:
        raise ModelError(f"{path} is no model that onnxruntime can load: {_line(error)}") from error
    return Model(description, session)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ModelError(
            f"cannot read {path}: {error.strerror}; set MODEL_DIR to the folder that has it"
        ) from error


def _described(content: bytes, path: Path) -> Description:
    try:
        return Description.model_validate_json(content)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(map(str, first["loc"])) or "the file"
        raise ModelError(f"{path}: {field}: {first['msg']}; restore it from a release") from error


def _line(error: Exception) -> str:
    return " ".join(str(error).split())[:300]
