"""Requests and answers by botocore's model of EKS."""

import json
import re
from typing import Any
from urllib.parse import unquote

from botocore.loaders import Loader
from botocore.model import OperationModel, ServiceModel
from botocore.validate import ParamValidator
from werkzeug.datastructures import MultiDict

from cloud.refusal import Refusal


class Model:
    """The operations of EKS, by method and path."""

    def __init__(self) -> None:
        service = ServiceModel(Loader().load_service_model("eks", "service-2"))
        self.operations: list[tuple[str, re.Pattern[str], OperationModel]] = []
        for name in service.operation_names:
            operation = service.operation_model(name)
            path = re.sub(r"\{(\w+)\+?\}", r"(?P<\1>[^/]+)", operation.http["requestUri"].split("?", 1)[0])
            self.operations.append((operation.http["method"], re.compile(f"^{path}$"), operation))

    def find(self, method: str, path: str) -> tuple[OperationModel, dict[str, str]] | None:
        for of, pattern, operation in self.operations:
            match = pattern.match(path) if of == method else None
            if match:
                return operation, {name: unquote(value) for name, value in match.groupdict().items()}
        return None

    @staticmethod
    def parameters(
        operation: OperationModel, variables: dict[str, str], query: MultiDict[str, str], body: bytes
    ) -> dict[str, Any]:
        """What a request says. What the model does not know, or with another type, is refused."""
        rest: dict[str, Any] = json.loads(body or b"{}")
        found: dict[str, Any] = {}
        for name, shape in operation.input_shape.members.items():
            wire = shape.serialization.get("name", name)
            match shape.serialization.get("location"):
                case "uri" if wire in variables:
                    found[name] = variables[wire]
                case "querystring" if wire in query:
                    values = query.getlist(wire)
                    found[name] = values if shape.type_name == "list" else typed(shape.type_name, values[0])
                case None if wire in rest:
                    found[name] = rest.pop(wire)
        found |= rest
        problems = ParamValidator().validate(found, operation.input_shape)
        if problems.has_errors():
            raise Refusal("InvalidParameterException", problems.generate_report())
        return found

    @staticmethod
    def check_answer(operation: OperationModel, answer: dict[str, Any]) -> None:
        problems = ParamValidator().validate(answer, operation.output_shape)
        if problems.has_errors():
            raise Refusal("ServerException", f"this cloud's own answer is wrong: {problems.generate_report()}", 500)


def typed(kind: str, text: str) -> str | int | bool:
    match kind:
        case "integer":
            return int(text)
        case "boolean":
            return text == "true"
        case _:
            return text
