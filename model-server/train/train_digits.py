"""Trains the digit classifier and writes it, with its description, to a folder.

python train/train_digits.py [FOLDER]
"""

import hashlib
import json
import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from onnx import ModelProto, TensorProto, checker, helper, numpy_helper
from sklearn.neural_network import MLPClassifier

from digits_data import SEED, Split, splits

NAME = "digits"
VERSION = "1.0.0"
HIGHEST_PIXEL = 16.0


def trained(learn: Split) -> MLPClassifier:
    """Hidden layer and penalty were chosen by cross-validation: see MODEL_CARD.md."""
    classifier = MLPClassifier((128,), alpha=0.1, max_iter=600, random_state=SEED)
    return classifier.fit(learn.images / HIGHEST_PIXEL, learn.digits)


def exported(classifier: MLPClassifier) -> ModelProto:
    """As ONNX, in float32, with the scaling of pixels inside: whoever calls it cannot forget it."""
    weights = {
        "scale": np.array(1 / HIGHEST_PIXEL),
        "hidden_weight": classifier.coefs_[0],
        "hidden_bias": classifier.intercepts_[0],
        "digit_weight": classifier.coefs_[1],
        "digit_bias": classifier.intercepts_[1],
    }
    nodes = [
        helper.make_node("Mul", ["images", "scale"], ["scaled"]),
        helper.make_node("Gemm", ["scaled", "hidden_weight", "hidden_bias"], ["hidden"]),
        helper.make_node("Relu", ["hidden"], ["active"]),
        helper.make_node("Gemm", ["active", "digit_weight", "digit_bias"], ["scores"]),
        helper.make_node("Softmax", ["scores"], ["probabilities"], axis=1),
    ]
    graph = helper.make_graph(
        nodes,
        NAME,
        [helper.make_tensor_value_info("images", TensorProto.FLOAT, ["batch", 64])],
        [helper.make_tensor_value_info("probabilities", TensorProto.FLOAT, ["batch", 10])],
        [numpy_helper.from_array(as_float32(value), name) for name, value in weights.items()],
    )
    opset = [helper.make_opsetid("", 17)]
    model = helper.make_model(graph, opset_imports=opset, ir_version=8, producer_name="train_digits.py")
    checker.check_model(model, full_check=True)
    return model


def as_float32(value: NDArray[np.float64]) -> NDArray[np.float32]:
    return value.astype(np.float32)


def main(folder: Path) -> None:
    learn, held_out = splits()
    classifier = trained(learn)
    accuracy = classifier.score(held_out.images / HIGHEST_PIXEL, held_out.digits)
    content = exported(classifier).SerializeToString(deterministic=True)
    description = {
        "name": NAME,
        "version": VERSION,
        "sha256": hashlib.sha256(content).hexdigest(),
        "classes": [str(digit) for digit in classifier.classes_],
        "features": int(classifier.n_features_in_),
        "lowest": 0.0,
        "highest": HIGHEST_PIXEL,
        # The first image that the model has not learned from: what the server answers before it
        # says that it is ready.
        "check": {
            "instance": held_out.images[0].tolist(),
            "label": str(held_out.digits[0]),
        },
    }
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "model.onnx").write_bytes(content)
    (folder / "model.json").write_text(json.dumps(description, indent=2) + "\n")
    print(f"{description['sha256']}  {len(content)} bytes")
    print(f"held-out accuracy {accuracy:.4f} on {len(held_out.digits)} images")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "model"))
