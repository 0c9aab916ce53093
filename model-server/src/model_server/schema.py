"""What /v1/predict takes and gives."""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, FailFast, Strict

from model_server.model import Description

# The first wrong value of an instance is enough: a body of a million wrong ones costs no more.
Instance = Annotated[list[Annotated[float, Strict()]], FailFast()]


class PredictRequest(BaseModel):
    """Instances, each with one number for each feature."""

    model_config = ConfigDict(strict=True, extra="forbid")
    instances: list[Instance]


class Prediction(BaseModel):
    """The most likely class, and how likely each one is (6 decimals)."""

    label: str
    probability: float
    probabilities: dict[str, float]


class ServedModel(BaseModel):
    """What the predictions come from."""

    name: str
    version: str
    sha256: str


class PredictResponse(BaseModel):
    """One prediction for each instance, in the order of the request."""

    model: ServedModel
    predictions: list[Prediction]


def request_body(model: Description, max_batch: int) -> dict[str, Any]:
    """The request for OpenAPI, with the bounds that depend on the model and on settings."""
    number = {"type": "number", "minimum": model.lowest, "maximum": model.highest}
    size = {"minItems": model.features, "maxItems": model.features}
    instances = {
        "type": "array",
        "minItems": 1,
        "maxItems": max_batch,
        "items": {"type": "array", **size, "items": number},
    }
    schema = {
        "title": "PredictRequest",
        "type": "object",
        "required": ["instances"],
        "additionalProperties": False,
        "properties": {"instances": instances},
    }
    example = {"instances": [model.check.instance]}
    return {
        "required": True,
        "content": {"application/json": {"schema": schema, "example": example}},
    }
