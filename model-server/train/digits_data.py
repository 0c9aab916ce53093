"""The data, and the split that training and evaluation share."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

SEED = 20240
HELD_OUT = 0.25


class Split(NamedTuple):
    """Images as rows of 64 pixels from 0 to 16, and the digit that each one shows."""

    images: NDArray[np.float32]
    digits: NDArray[np.int64]


def splits() -> tuple[Split, Split]:
    """What the model learns from, and what it never sees."""
    images, digits = load_digits(return_X_y=True)
    learn_x, held_x, learn_y, held_y = train_test_split(
        images.astype(np.float32),
        digits.astype(np.int64),
        test_size=HELD_OUT,
        random_state=SEED,
        stratify=digits,
    )
    return Split(learn_x, learn_y), Split(held_x, held_y)
