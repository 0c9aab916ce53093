"""What a test makes the cloud do wrong."""

import re
from dataclasses import dataclass, fields

from cloud.refusal import invalid


@dataclass
class Switches:
    """Each is a regular expression on names, except for the counts."""

    # Things whose creation ends in CREATE_FAILED, a cluster's in FAILED.
    fail_cluster: str = ""
    fail_nodegroup: str = ""
    fail_addon: str = ""
    # Add-ons that come up DEGRADED.
    degraded_addon: str = ""
    # Actions that are throttled once each, as Service.Action.
    throttle: str = ""
    # Calls that change something, as Service.Action: each is carried out, and not answered the first time.
    hold: str = ""
    # How many times a thing is looked at until what goes on with it has ended.
    looks: int = 2

    def set(self, values: dict[str, object]) -> None:
        known = {field.name for field in fields(self)}
        for name, value in values.items():
            if name not in known:
                raise invalid(f"there is no switch {name}")
            setattr(self, name, value)

    @staticmethod
    def hits(pattern: str, name: str) -> bool:
        return bool(pattern) and re.search(pattern, name) is not None
