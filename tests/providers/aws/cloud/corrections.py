"""Where moto differs from AWS in what a provider looks at."""

from typing import Any

from moto.ec2.models import launch_templates


class Version(launch_templates.LaunchTemplateVersion):
    """A version without the tags of its template.

    EC2 API reference, CreateLaunchTemplate: TagSpecification is for the template itself, and those in
    LaunchTemplateData are for what is launched. moto keeps both in the version.
    """

    def __init__(self, template: launch_templates.LaunchTemplate, number: int, data: Any, description: str) -> None:  # noqa: ANN401
        kept = [it for it in data.pop("TagSpecifications", []) if it["ResourceType"] != "launch-template"]
        if kept:
            data["TagSpecifications"] = kept
        super().__init__(template, number, data, description)


def correct() -> None:
    """Corrects moto for this process."""
    launch_templates.LaunchTemplateVersion = Version
    # CreateTags changes a template's tags: moto answers with those of its creation.
    launch_templates.LaunchTemplate.tags = property(lambda it: it.get_tags(), lambda _, __: None)
