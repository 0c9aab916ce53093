"""Only the model that its description names is served."""

import hashlib
import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from model_server import model
from model_server.model import Model, ModelError
from tests.support.paths import MODEL


def change(folder: Path, **fields: object) -> None:
    path = folder / "model.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **fields}))


def reason(folder: Path) -> str:
    with pytest.raises(ModelError) as raised:
        model.load(folder).verify()
    text = str(raised.value)
    assert "\n" not in text
    return text


def test_the_model_answers_its_check(digits: Model) -> None:
    digits.verify()


def test_probabilities_are_some(digits: Model) -> None:
    batch = np.random.default_rng(1).uniform(0, 16, (50, 64)).astype(np.float32)
    found = digits.probabilities(batch)
    assert found.shape == (50, 10)
    assert np.all(found >= 0)
    np.testing.assert_allclose(found.sum(axis=1), 1, atol=1e-5)


def test_a_row_does_not_depend_on_its_batch(digits: Model) -> None:
    batch = np.random.default_rng(2).uniform(0, 16, (33, 64)).astype(np.float32)
    alone = np.concatenate([digits.probabilities(row[None]) for row in batch])
    np.testing.assert_allclose(digits.probabilities(batch), alone, atol=5e-7)


def test_another_model_is_refused(copied_model: Path) -> None:
    path = copied_model / "model.onnx"
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    found = hashlib.sha256(content).hexdigest()
    named = json.loads((MODEL / "model.json").read_text())["sha256"]
    assert reason(copied_model).startswith(f"{path} has SHA-256 {found}, model.json says {named}; ")


@pytest.mark.parametrize("name", ["model.onnx", "model.json"])
def test_a_missing_file_is_named(copied_model: Path, name: str) -> None:
    (copied_model / name).unlink()
    expected = f"cannot read {copied_model / name}: No such file or directory; set MODEL_DIR"
    assert reason(copied_model).startswith(expected)


def test_what_is_no_model_is_refused(copied_model: Path) -> None:
    content = b"not a model"
    (copied_model / "model.onnx").write_bytes(content)
    change(copied_model, sha256=hashlib.sha256(content).hexdigest())
    assert "model.onnx is no model that onnxruntime can load: " in reason(copied_model)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"sha256": "abc"}, r"model\.json: sha256: "),
        ({"classes": ["0"]}, r"model\.json: classes: "),
        ({"features": "64"}, r"model\.json: features: "),
        ({"name": "a b"}, r"model\.json: name: "),
        ({"version": "1\r\nX-Evil: 1"}, r"model\.json: version: "),
        ({"surprise": 1}, r"model\.json: surprise: "),
        ({"check": {"instance": [0.0], "label": "0"}}, "the model cannot answer its check: "),
        ({"classes": ["a", "b"]}, r"shape \[1, 10\], model\.json has 2 classes"),
    ],
)
def test_a_wrong_description_is_refused(copied_model: Path, fields: dict[str, Any], said: str) -> None:
    change(copied_model, **fields)
    assert re.search(said, reason(copied_model))


def test_a_model_that_takes_its_check_for_another_is_refused(copied_model: Path) -> None:
    check = json.loads((copied_model / "model.json").read_text())["check"]
    change(copied_model, check={**check, "label": "0"})
    assert reason(copied_model) == f"the model takes its check for {check['label']!r}, it is '0'"


def test_what_is_no_json_is_refused(copied_model: Path) -> None:
    (copied_model / "model.json").write_text("{")
    assert "model.json: the file: " in reason(copied_model)
