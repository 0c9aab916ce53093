"""Reads typed values from environment variables and keeps every mistake for one answer."""

import re
from collections.abc import Mapping

from model_server.problem import Problem, shown


class Environment:
    """Environment variables. A wrong one becomes a problem, and its value does not matter any more."""

    def __init__(self, variables: Mapping[str, str]) -> None:
        self._variables = variables
        self.problems: list[Problem] = []

    def wrong(self, name: str, wrong: str, fix: str) -> None:
        """Adds a problem with the value that the variable has."""
        value = self._variables.get(name)
        self.problems.append(Problem(name, "not set" if value is None else shown(value), wrong, fix))

    def given(self, name: str) -> str | None:
        return self._variables.get(name)

    def text(self, name: str, pattern: str, rule: str, example: str) -> str:
        """A value that must be set and match."""
        value = self._variables.get(name, "")
        if re.fullmatch(pattern, value) is None:
            self.wrong(name, f"must be {rule}", f"set for example {name}={example}")
        return value

    def choice(self, name: str, choices: tuple[str, ...], default: str | None = None) -> str:
        value = self._variables.get(name, default)
        if value not in choices:
            example = default or choices[0]
            self.wrong(name, f"must be {' or '.join(choices)}", f"set for example {name}={example}")
            return ""
        return value

    def whole(self, name: str, default: int, lowest: int, highest: int) -> int:
        """A whole number within bounds."""
        text = self._variables.get(name)
        if text is None:
            return default
        if re.fullmatch(r"[0-9]{1,12}", text, re.ASCII) and lowest <= int(text) <= highest:
            return int(text)
        self.wrong(
            name,
            f"must be a whole number from {lowest} to {highest}",
            f"set for example {name}={default}, or unset it for that value",
        )
        return default
