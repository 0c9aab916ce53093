"""The model card tells the truth, and the training can be repeated."""

import json
import re
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

import train_digits
from digits_data import splits
from model_server import model
from model_server.model import Model
from tests.support.paths import MODEL, ROOT

CARD = (ROOT / "MODEL_CARD.md").read_text()


def labels(served: Model, images: NDArray[np.float32]) -> NDArray[np.intp]:
    best: NDArray[np.intp] = served.probabilities(images).argmax(axis=1)
    return best


def test_nothing_is_learned_from_and_held_out() -> None:
    learn, held_out = splits()
    rows = {image.tobytes() for image in learn.images}
    assert len(rows) == len(learn.images) == 1347
    assert not [image for image in held_out.images if image.tobytes() in rows]


def test_the_card_states_the_accuracy(digits: Model) -> None:
    _, held_out = splits()
    right = int((labels(digits, held_out.images) == held_out.digits).sum())
    assert f"| held-out images | {len(held_out.digits)} |" in CARD
    assert f"| right | {right} ({right / len(held_out.digits):.1%}) |" in CARD


def test_the_card_states_each_digit(digits: Model) -> None:
    _, held_out = splits()
    found = labels(digits, held_out.images)
    rows = re.findall(r"^\| (\d) \| (\d+) of (\d+) \|$", CARD, re.MULTILINE)
    stated = [(int(digit), int(right), int(of)) for digit, right, of in rows]
    held = held_out.digits
    assert stated == [(d, int((found[held == d] == d).sum()), int((held == d).sum())) for d in range(10)]


def test_the_card_names_this_model(digits: Model) -> None:
    assert digits.description.sha256 in CARD
    assert f"`{digits.description.name}` {digits.description.version}" in CARD


@pytest.fixture(scope="module")
def repeated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("trained")
    train_digits.main(folder)
    return folder


def test_training_again_gives_the_same_answers(repeated: Path, digits: Model) -> None:
    """Not always the same bytes: sums differ in their last bits between kinds of processors."""
    again = model.load(repeated)
    again.verify()
    _, held_out = splits()
    ours, theirs = labels(digits, held_out.images), labels(again, held_out.images)
    assert (ours == theirs).mean() >= 0.99


def test_training_again_gives_the_same_description(repeated: Path) -> None:
    ours, theirs = (json.loads((folder / "model.json").read_text()) for folder in (MODEL, repeated))
    del ours["sha256"], theirs["sha256"]
    assert ours == theirs
