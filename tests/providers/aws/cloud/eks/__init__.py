"""EKS as AWS describes it.

Requests and answers are held against botocore's model of the API, whose words are also the source of most rules here.
Words in quotes are of that model, of the EKS user guide or of the issue that is named.
"""

import copy
from typing import Any

from werkzeug.wrappers import Request

from cloud.eks.model import Model
from cloud.eks.operations import OPERATIONS
from cloud.eks.state import State, Thing
from cloud.refusal import Refusal
from cloud.switches import Switches


class Eks:
    """The service in all regions."""

    def __init__(self, switches: Switches) -> None:
        self.model = Model()
        self.switches = switches
        self.regions: dict[str, State] = {}

    def action(self, request: Request) -> tuple[str, bool]:
        """The operation of a request, and whether it is to change something."""
        found = self.model.find(request.method, path_of(request))
        name = found[0].name if found else f"{request.method} {request.path}"
        return name, request.method != "GET"

    def answer(self, region: str, request: Request, body: bytes) -> dict[str, Any]:
        found = self.model.find(request.method, path_of(request))
        if found is None or found[0].name not in OPERATIONS:
            raise Refusal("NotImplemented", f"{request.method} {request.path}", 501)
        operation, variables = found
        parameters = self.model.parameters(operation, variables, request.args, body)
        state = self.regions.setdefault(region, State(region, self.switches))
        answer = copy.deepcopy(OPERATIONS[operation.name](state, parameters))
        self.model.check_answer(operation, answer)
        return answer

    def groups(self) -> list[Thing]:
        """All node groups, as the API describes them."""
        return [group for state in self.regions.values() for group in state.nodegroups.values()]

    def resize(self, group: str, nodes: int) -> None:
        """The autoscaler gives a node group so many nodes."""
        for found in self.groups():
            if found["nodegroupName"] == group:
                found["scalingConfig"]["desiredSize"] = nodes

    def left(self) -> list[str]:
        return [it for state in self.regions.values() for it in state.left()]


def path_of(request: Request) -> str:
    """The path as it was sent: an ARN in it has slashes that are encoded."""
    raw = request.environ.get("RAW_URI") or request.environ.get("REQUEST_URI") or request.path
    return str(raw).split("?", 1)[0]
