"""What EKS has in a region, and what goes on with it."""

import time
import uuid
from collections.abc import Callable
from typing import Any

from cloud.account import ACCOUNT
from cloud.refusal import in_use, not_found
from cloud.switches import Switches

Thing = dict[str, Any]


class State:
    """Clusters and what belongs to them."""

    def __init__(self, region: str, switches: Switches) -> None:
        self.region = region
        self.switches = switches
        self.clusters: dict[str, Thing] = {}
        # By the cluster's name and the thing's own.
        self.nodegroups: dict[tuple[str, str], Thing] = {}
        self.addons: dict[tuple[str, str], Thing] = {}
        self.entries: dict[tuple[str, str], Thing] = {}
        self.associations: dict[tuple[str, str], Thing] = {}
        # By access entry, then by the policy's ARN.
        self.policies: dict[tuple[str, str], dict[str, Thing]] = {}
        # Updates by their ids, with the ARN of what they change.
        self.updates: dict[str, tuple[str, Thing]] = {}
        self._ends: dict[str, tuple[int, Callable[[], None]]] = {}

    def arn(self, what: str) -> str:
        return f"arn:aws:eks:{self.region}:{ACCOUNT}:{what}"

    def later(self, arn: str, end: Callable[[], None]) -> None:
        """What happens to a thing when it was looked at as often as the switch says."""
        self._ends[arn] = (self.switches.looks, end)

    def look(self, arn: str) -> None:
        """Somebody looks at a thing. Nothing here depends on a clock."""
        if arn not in self._ends:
            return
        looks, end = self._ends.pop(arn)
        if looks > 0:
            self._ends[arn] = (looks - 1, end)
        else:
            end()

    def update(self, thing: Thing, arn: str, kind: str, apply: Callable[[], None]) -> Thing:
        """Begins the one update that a thing can have: ResourceInUseException, "The specified resource is in use"."""
        if thing["status"] != "ACTIVE" and not (kind == "AddonUpdate" and thing["status"] in SETTLED):
            name = thing.get("name") or thing.get("nodegroupName") or thing.get("addonName")
            raise in_use(f"Cannot update {name}: it is currently in {thing['status']} state")
        update = {
            "id": str(uuid.uuid4()),
            "status": "InProgress",
            "type": kind,
            "params": [],
            "createdAt": now(),
            "errors": [],
        }
        self.updates[update["id"]] = (arn, update)
        thing["status"] = "UPDATING"

        def end() -> None:
            apply()
            thing["status"] = "ACTIVE"
            update["status"] = "Successful"

        self.later(arn, end)
        return update

    def cluster(self, name: str) -> Thing:
        """A cluster that can be asked about. One that does not exist has things of none."""
        found = self.clusters.get(name)
        if found is None:
            raise not_found(f"No cluster found for name: {name}.")
        return found

    def active(self, name: str) -> Thing:
        """A cluster to which things can be added."""
        cluster = self.cluster(name)
        if cluster["status"] not in {"ACTIVE", "UPDATING"}:
            raise in_use(f"Cluster {name} is not in ACTIVE status, but in {cluster['status']}")
        return cluster

    def part(self, parts: dict[tuple[str, str], Thing], cluster: str, name: str, missing: str) -> Thing:
        """What belongs to a cluster, by its own name."""
        self.cluster(cluster)
        found = parts.get((cluster, name))
        if found is None:
            raise not_found(missing)
        return found

    def left(self) -> list[str]:
        return [
            *(f"cluster {name}" for name in self.clusters),
            *(f"node group {name}" for _, name in self.nodegroups),
            *(f"add-on {name}" for _, name in self.addons),
            *(f"access entry {name}" for _, name in self.entries),
            *(f"association {name}" for _, name in self.associations),
        ]


# An add-on in these states can be updated.
SETTLED = {"ACTIVE", "CREATE_FAILED", "DEGRADED", "UPDATE_FAILED"}


def now() -> float:
    return time.time()


def merged(into: Thing, more: Thing) -> Thing:
    """A structure with the members of another in it."""
    for name, value in more.items():
        had = into.get(name)
        into[name] = merged(had, value) if isinstance(had, dict) and isinstance(value, dict) else value
    return into
