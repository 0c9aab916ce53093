"""Turns a body into a batch for the model, or into everything that is wrong with it."""

from http import HTTPStatus

import numpy as np
from numpy.typing import NDArray
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from model_server.errors import ApiError
from model_server.model import Description
from model_server.problem import Problem, shown
from model_server.schema import PredictRequest

_MOST_PROBLEMS = 20
# Details of a hundred thousand would keep the event loop busy for a second.
_MOST_DETAILS = 1000
_EXAMPLE = 'send {"instances": [[...], ...]}'


def parse(body: bytes, model: Description, max_batch: int) -> NDArray[np.float32]:
    """Raises ApiError with status 422."""
    try:
        instances = PredictRequest.model_validate_json(body).instances
    except ValidationError as error:
        raise _invalid(_structural(error)) from error
    count = len(instances)
    if not 1 <= count <= max_batch:
        wrong = f"is not a batch of 1 to {max_batch}"
        raise _invalid([Problem("instances", shown(instances), wrong, "send that many instances")])
    problems = _wrong_lengths(instances, model)
    if problems:
        raise _invalid(problems)
    # Compared before they become narrower: what is just outside must not be rounded into the range.
    values = np.array(instances, dtype=np.float64)
    outside = ~((values >= model.lowest) & (values <= model.highest))
    if outside.any():
        places = [(int(row), int(column)) for row, column in np.argwhere(outside)[:_MOST_PROBLEMS]]
        found = [_outside(row, column, instances[row][column], model) for row, column in places]
        raise _invalid(found, int(outside.sum()))
    return values.astype(np.float32)


def _wrong_lengths(instances: list[list[float]], model: Description) -> list[Problem]:
    wrong = f"does not have {model.features} numbers"
    fix = f"send one for each of the {model.features} features"
    return [
        Problem(f"instances[{row}]", shown(instance), wrong, fix)
        for row, instance in enumerate(instances)
        if len(instance) != model.features
    ]


def _outside(row: int, column: int, value: float, model: Description) -> Problem:
    wrong = f"is not a number from {model.lowest:g} to {model.highest:g}"
    fix = "scale the value into that range"
    if not np.isfinite(value):
        fix = "send a finite number"
    return Problem(f"instances[{row}][{column}]", shown(value), wrong, fix)


def _structural(error: ValidationError) -> list[Problem]:
    count = error.error_count()
    if count > _MOST_DETAILS:
        wrong = "are of a wrong type or unknown"
        return [Problem("body", f"{count} values", wrong, _EXAMPLE)]
    return [_detailed(detail) for detail in error.errors(include_url=False)]


def _detailed(detail: ErrorDetails) -> Problem:
    path = _path(detail["loc"])
    match detail["type"]:
        case "json_invalid":
            reason = str(detail.get("ctx", {}).get("error", "it does not parse"))
            return Problem("body", "", f"is not JSON: {reason}", _EXAMPLE)
        case "missing":
            return Problem(path, "not there", "is required", _EXAMPLE)
        case "extra_forbidden":
            return Problem(path, shown(detail["input"]), "is not a known field", "leave it out")
        case "list_type":
            return Problem(path, shown(detail["input"]), "is not a list", _EXAMPLE)
        case "model_type":
            return Problem("body", shown(detail["input"]), "is not an object", _EXAMPLE)
        case _:
            return Problem(path, shown(detail["input"]), "is not a number", "send a JSON number")


def _path(location: tuple[int | str, ...]) -> str:
    """`instances[3][7]`, and a field that someone made up cut to the length of a line."""
    text = ""
    for part in location:
        if isinstance(part, int):
            text += f"[{part}]"
        elif part.isidentifier() and len(part) <= 60:
            text += f".{part}" if text else part
        else:
            text += f"[{shown(part)}]"
    return text


def _invalid(problems: list[Problem], count: int | None = None) -> ApiError:
    listed = problems[:_MOST_PROBLEMS]
    more = (count or len(problems)) - len(listed)
    if more:
        listed.append(Problem("body", "", f"has {more} more problems", "mend those above first"))
    return ApiError(HTTPStatus.UNPROCESSABLE_ENTITY, listed)
