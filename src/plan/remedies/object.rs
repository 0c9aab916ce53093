//! Where the object is to be, and the object itself.

use super::advice::{
    Advice::{ByName, Once, Retried},
    PERMISSION, Row,
};

/// Where it is to be, and what the cloud has there.
pub(super) const PLACE_AND_CAPACITY: &[Row] = &[
    (
        &[
            "insufficientinstancecapacity",
            "insufficientreservedinstancecapacity",
            "unfulfillablecapacity",
            "zone_resource_pool_exhausted",
            "gce_stockout",
            "does not have enough resources available",
            "do not have sufficient",
        ],
        Retried(
            "the cloud has no capacity of this kind now; name more machine types or other zones for the pool, or wait",
        ),
    ),
    (
        // EC2, Unsupported; Compute Engine.
        &[
            "accelerator type && does not exist in zone",
            "machine type && does not exist in zone",
            "acceleratortypes/ && was not found",
            "machinetypes/ && was not found",
            "is not supported in your requested availability zone",
            "requested configuration is currently not supported",
            "instancetypenotsupported",
        ],
        Retried(
            "the zone does not have this machine: name zones that have it in the pool's zones, or another machine type",
        ),
    ),
    (
        // EKS has no control planes in some zones, whose letters differ from account to account.
        &[
            "unsupportedavailabilityzoneexception",
            "subnets can currently only be created in the following availability zones",
        ],
        Once(
            "name other zones in spec.network.zoneNames, best by id, such as use1-az1 (aws ec2 describe-availability-zones); \
             zones can change until EKS has made the cluster",
        ),
    ),
    (
        &[
            "unsupported kubernetes version",
            "master version && is unsupported",
            "node version && is unsupported",
            "no valid versions with the prefix",
        ],
        Retried(
            "set spec.kubernetesVersion to one that the cloud offers: aws eks describe-cluster-versions, or gcloud container \
             get-server-config --region REGION",
        ),
    ),
];

/// The object itself.
pub(super) const OBJECT: &[Row] = &[
    (
        // The provider was restarted while AWS made the gateway. The address is this gateway's alone.
        &["elastic ip address ["],
        Once(
            "delete the NAT gateway that has this object's address and is no object's (docs/troubleshooting.md has the commands); \
             then kubectl delete {object}, and Crossplane creates it anew",
        ),
    ),
    (
        // The provider was restarted while AWS made the gateway, and keeps the one that it made afterwards.
        &["already has an internet gateway attached"],
        Retried(
            "the provider stopped while it made this object, and the VPC has the gateway that it lost: detach and delete that one \
             (aws ec2 detach-internet-gateway, delete-internet-gateway)",
        ),
    ),
    (
        // EKS; IAM of Google Cloud.
        &[
            "principalarn is invalid",
            "invalid principal in policy",
            "error 400: user && does not exist",
            "error 400: group && does not exist",
            "error 400: service account && does not exist",
            "error 400: principal && does not exist",
        ],
        Retried(
            "there is nobody of this name: correct it in spec.access, with the whole path of a role; or wait, if it was created \
             just now",
        ),
    ),
    (
        &["nosuchhostedzone", "no hosted zone found"],
        Retried(
            "set traffic.zone.aws.zoneId in the Composition's Input to a zone of the account that its providerConfigRef reaches",
        ),
    ),
    (
        // Terraform waits for 20 minutes until an add-on works (`waitAddonCreated` in eks/addon.go).
        &["waiting for eks add-on", "unexpected eks add-on"],
        Once(
            "look at its issues with aws eks describe-addon, and fix them; EKS goes on by itself, and the provider does not report \
             whether it has. If it does not, kubectl delete {object}: its Pods keep running, and Crossplane creates the add-on \
             anew",
        ),
    ),
    (
        // Terraform, resource_container_node_pool.go: GKE made the pool and no nodes.
        &["nodepool && was created in the error state"],
        Once(
            "ask GKE why: gcloud container node-pools describe --format 'value(status,statusMessage)'. From RUNNING_WITH_ERROR it \
             goes on by itself. From ERROR it does not: fix the cause, then kubectl delete {object}; the pool has no nodes that \
             work, and Crossplane creates it anew",
        ),
    ),
    (
        // Terraform, resource_container_cluster.go.
        &["cluster && was created in the error state"],
        Once(
            "ask GKE why: gcloud container clusters describe --format 'value(status,statusMessage)'; docs/troubleshooting.md, \"A \
             GKE cluster is half made\", has the way out",
        ),
    ),
    (
        // EKS API, IssueCode. After quota and capacity, which it names, too.
        &[
            "nodecreationfailure",
            "failed to join the kubernetes cluster",
            "unhealthy nodes in the kubernetes cluster",
        ],
        Once(
            "nodes came and did not join: see that they reach the control plane and the registry (docs/troubleshooting.md, \"No way \
             out\")",
        ),
    ),
    (
        // upjet, pkg/controller/external_tfpluginsdk.go.
        &["the following update requires replacing it"],
        Once("the cloud cannot change this in place: set the field back to what it was"),
    ),
    (
        // EKS API, CreatePodIdentityAssociation: a service account has one.
        &["association already exists"],
        Retried(
            "another Pod Identity association has the add-on's service account: find it with aws eks \
             list-pod-identity-associations, and have its owner release it",
        ),
    ),
    (
        // Not ResourceInUseException by itself: EKS says it of a cluster that is busy.
        &[
            "alreadyexists",
            "already exists",
            "is already in use on this cluster",
            // A route table of a subnet.
            "conflicts with an existing association",
            "invalidsubnet.conflict",
            "invalidgroup.duplicate",
            "invalidpermission.duplicate",
        ],
        ByName {
            chosen: "the cloud has one of this name already, and the provider takes it over when it finds it. If the message \
                     stays, its tags say who made it: ask its owner to release it",
            unknown: "the cloud has one already; its tags say who made it. If it is this cluster's: kubectl annotate --overwrite \
                      {object} crossplane.io/external-name=ID, with its id, and the provider takes it over; else ask its owner to \
                      release it",
        },
    ),
    (
        &[
            "accessdenied",
            "authfailure",
            "unauthorizedoperation",
            "not authorized to perform",
            "permission_denied",
            "permission denied",
            "error 403",
            "forbidden",
        ],
        Retried(PERMISSION),
    ),
];
