"""Which function answers which operation."""

from collections.abc import Callable
from typing import Any

from cloud.eks import access, addons, clusters, identities, nodegroups, tags, updates
from cloud.eks.state import State

OPERATIONS: dict[str, Callable[[State, dict[str, Any]], dict[str, Any]]] = {
    "AssociateAccessPolicy": access.associate,
    "CreateAccessEntry": access.create,
    "CreateAddon": addons.create,
    "CreateCluster": clusters.create,
    "CreateNodegroup": nodegroups.create,
    "CreatePodIdentityAssociation": identities.create,
    "DeleteAccessEntry": access.delete,
    "DeleteAddon": addons.delete,
    "DeleteCluster": clusters.delete,
    "DeleteNodegroup": nodegroups.delete,
    "DeletePodIdentityAssociation": identities.delete,
    "DescribeAccessEntry": access.describe,
    "DescribeAddon": addons.describe,
    "DescribeAddonVersions": addons.versions,
    "DescribeCluster": clusters.describe,
    "DescribeNodegroup": nodegroups.describe,
    "DescribePodIdentityAssociation": identities.describe,
    "DescribeUpdate": updates.describe,
    "DisassociateAccessPolicy": access.disassociate,
    "ListAssociatedAccessPolicies": access.policies,
    "ListPodIdentityAssociations": identities.listed,
    "ListTagsForResource": tags.listed,
    "TagResource": tags.tag,
    "UntagResource": tags.untag,
    "UpdateAccessEntry": access.update,
    "UpdateAddon": addons.update,
    "UpdateClusterConfig": updates.config,
    "UpdateClusterVersion": updates.version,
    "UpdateNodegroupConfig": nodegroups.update_config,
    "UpdateNodegroupVersion": nodegroups.update_version,
    "UpdatePodIdentityAssociation": identities.update,
}
