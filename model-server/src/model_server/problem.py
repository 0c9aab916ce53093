"""What is wrong, in one line: where, which value, why, and what to do about it."""

import json
from typing import NamedTuple

_LONGEST_VALUE = 60


class Problem(NamedTuple):
    """One mistake of a caller or an operator."""

    path: str
    value: str
    wrong: str
    fix: str

    def __str__(self) -> str:
        where = f"{self.path}: {self.value}" if self.value else self.path
        return f"{where}: {self.wrong}; {self.fix}"


def shown(value: object) -> str:
    """A value as its author wrote it, on one line and never longer than a line."""
    if isinstance(value, list):
        return f"a list of {len(value)}"
    if isinstance(value, dict):
        return f"an object with {len(value)} fields"
    text = json.dumps(value, ensure_ascii=True, default=str)
    return text if len(text) <= _LONGEST_VALUE else f"{text[: _LONGEST_VALUE - 3]}..."
