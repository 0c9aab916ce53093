//! What passes by itself, and what the account or project allows.

use super::advice::{
    Advice::{ByExistence, Retried},
    PERMISSION, Row,
};

const CREDENTIALS: &str = "give the provider credentials that are valid: see the ProviderConfig that spec.providerConfigRef names, and \
     run bootstrap/up.sh again with new ones";
const NO_REGION: &str = "enable the region for the account; spec.region cannot be changed, so another region needs another \
     cluster; allowedRegions in the Composition's Input refuses that region at once";

/// What passes by itself, and what looks like something else.
pub(super) const CLOUD_SAYS_WAIT: &[Row] = &[
    (
        &[
            "requestlimitexceeded",
            "ratelimitexceeded",
            "rate_limit_exceeded",
            "throttl",
            "rate exceeded",
            "too many requests",
            "toomanyrequests",
            "error 429",
        ],
        Retried("the cloud limits how often it is asked: wait"),
    ),
    (
        &[
            "has an update in progress",
            "operation in progress",
            "incompatible operation",
            "try again once it is done",
            "is still running",
            "concurrent policy changes",
            "concurrentmodification",
            "conflictingoperation",
            "operation in progress on the resource",
        ],
        Retried("another change of the same thing is under way in the cloud: wait"),
    ),
    (
        // EC2, PendingVerification.
        &["in this region is being validated", "pendingverification"],
        Retried(
            "AWS still checks the account for this region, which can take four hours: wait for its mail",
        ),
    ),
    (
        // EKS API, ErrorCode; kube-apiserver, the eviction subresource.
        &[
            "podevictionfailure",
            "trying to evict pods",
            "disruption budget",
            "poddisruptionbudget",
        ],
        Retried(
            "Pods may not leave the old nodes: on the cluster, kubectl get poddisruptionbudgets --all-namespaces shows those that \
             allow 0 disruptions; add replicas, or relax the budget",
        ),
    ),
];

/// What the account or project allows.
pub(super) const ACCOUNT: &[Row] = &[
    (
        &[
            "service_disabled",
            "accessnotconfigured",
            "has not been used in project",
            "api is not enabled for this project",
            "billing_disabled",
            "billing to be enabled",
            "billing account",
        ],
        Retried("enable the API and billing in the Google Cloud project"),
    ),
    (
        &[
            "ip_space_exhausted",
            "insufficientfreeaddresses",
            "free addresses in the specified subnet",
            "free ip addresses",
        ],
        Retried(
            "the subnet has no free addresses: lower the pools' sizes; a range cannot change, so more nodes need another cluster \
             with a larger spec.network.cidr",
        ),
    ),
    (
        // Before the permissions: Google answers 403 to both.
        &[
            "vpclimitexceeded",
            "addresslimitexceeded",
            "natgatewaylimitexceeded",
            "instancelimitexceeded",
            "vcpulimitexceeded",
            "resourcelimitexceeded",
            "limitexceededexception",
            "limitexceeded: ",
            "maxspotinstancecountexceeded",
            "quotaexceeded",
            "quota_exceeded",
            "quota '",
            "insufficient_quota",
            "insufficient regional quota",
            "insufficient project quota",
            "insufficient quota",
            "reached your quota",
            "increase of your google compute engine quota",
            "servicequota",
            "toomanyaddresses",
            "maximum number of addresses",
        ],
        Retried("raise the quota that the message names for this account and region"),
    ),
    (
        // GKE answers so both to a region that does not exist and to one that its policies hide. Of other things than a location
        // Google says "(or it may not exist)" where the right alone is missing.
        &["denied on 'locations/"],
        ByExistence {
            absent: NO_REGION,
            existing: PERMISSION,
        },
    ),
    (
        // EC2 says the second in a region that is not enabled, too.
        &[
            "optinrequired",
            "not able to validate the provided access credentials",
            "invalid aws region",
            "unknown region",
        ],
        ByExistence {
            absent: NO_REGION,
            existing: "the account no longer reaches this region: see that the region is enabled in the account, and that \
                       the provider's credentials are valid",
        },
    ),
    (
        &[
            "cannot get terraform setup",
            "cannot extract credentials",
            "cannot get credentials",
            "credentials secret",
            "failed to retrieve aws credentials",
            "failed to refresh cached credentials",
            "no valid credential sources",
            "could not find default credentials",
            "invalidclienttokenid",
            "invalidaccesskeyid",
            "unrecognizedclientexception",
            "signaturedoesnotmatch",
            "invalididentitytoken",
            "unauthenticated",
            "invalid authentication credentials",
        ],
        Retried(CREDENTIALS),
    ),
    (
        // A right that the identity has does not help against them.
        &[
            "explicit deny",
            "constraint constraints/",
            "constraint `constraints/",
        ],
        Retried(
            "a policy above the provider's identity denies this: ask the organization's administrators to allow what the \
             message names",
        ),
    ),
];
