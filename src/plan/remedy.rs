//! What you can do about what a provider says.
//!
//! The words are those of the providers' own errors (crossplane-runtime, upjet, the AWS and Google Cloud
//! SDKs), in lower case. A sentence that no row knows stays without advice: a wrong one costs more time
//! than none. No advice costs anything that runs: what a row says to delete is an object of which the cloud made nothing that
//! works.

/// Of a resource without a report so far.
pub(crate) const PROVIDER_SILENT: &str = "if it stays so for minutes, the provider does not run or cannot see the object: \
     look at kubectl get providers.pkg.crossplane.io";

const CREDENTIALS: &str = "give the provider credentials that are valid: see the ProviderConfig that spec.providerConfigRef names, and \
     run bootstrap/up.sh again with new ones; the provider goes on by itself";
const PERMISSION: &str = "give the provider's identity the permission that the message names (docs/compatibility.md lists them)";

/// What to do.
enum Advice {
    /// The same, whether or not the cloud has the object.
    Always(&'static str),
    /// Of what the cloud has given up on: it holds beside any state.
    Final(&'static str),
    /// Before the cloud has reported the object, and afterwards.
    ByExistence {
        absent: &'static str,
        existing: &'static str,
    },
}

use Advice::{Always, ByExistence, Final};

/// Words of an error, each row with what to do. The first row that matches is taken, so the more specific ones
/// come first: a missing ProviderConfig is also a problem of credentials.
const REMEDIES: [(&[&str], Advice); 20] = [
    (
        // Go's resolver, before all others: credentials are asked for over the network, too.
        &[
            "dial tcp: lookup ",
            "no such host",
            "temporary failure in name resolution",
        ],
        Always(
            "the provider cannot resolve DNS names: check DNS of the management cluster (kubectl --namespace kube-system \
             get pods --selector k8s-app=kube-dns); the provider goes on by itself",
        ),
    ),
    (
        &["dial tcp ", "tls handshake timeout"],
        Always(
            "the provider cannot reach the address in the message: check the management cluster's way out (NAT, proxy, \
             firewall); the provider goes on by itself",
        ),
    ),
    (
        // crossplane-runtime, pkg/resource/providerconfig.go; the kind comes with or without "Cluster".
        &[
            "cannot get referenced provider",
            "cannot get provider config",
            "cannot get providerconfig",
        ],
        Always(
            "create the ProviderConfig that spec.providerConfigRef names (bootstrap/providerconfigs), or name another",
        ),
    ),
    (
        &["admission webhook"],
        Always(
            "a policy of the management cluster refuses the object: change the policy that the message names, or make an \
             exception for this object",
        ),
    ),
    (
        // EC2 says it of spot instances in an account that has never had one; it looks like a problem of credentials.
        &[
            "servicelinkedrolecreationnotpermitted",
            "awsserviceroleforec2spot",
        ],
        Final(
            "create the role once in the account: aws iam create-service-linked-role --aws-service-name \
             spot.amazonaws.com; EKS does not retry a node group that is CREATE_FAILED: while it has no nodes, delete its \
             NodeGroup object, and Crossplane creates it again",
        ),
    ),
    (
        &[
            "service_disabled",
            "accessnotconfigured",
            "has not been used in project",
            "billing_disabled",
            "billing to be enabled",
            "billing account",
        ],
        Always(
            "enable the API and billing in the Google Cloud project; the provider tries again by itself",
        ),
    ),
    (
        // Before the permissions: Google answers 403 to both.
        &[
            // Not RequestLimitExceeded and rateLimitExceeded, which pass by themselves.
            "vpclimitexceeded",
            "addresslimitexceeded",
            "natgatewaylimitexceeded",
            "instancelimitexceeded",
            "vcpulimitexceeded",
            "resourcelimitexceeded",
            "limitexceededexception",
            "maxspotinstancecountexceeded",
            "quotaexceeded",
            "quota_exceeded",
            "quota '",
            "insufficient_quota",
            "insufficient regional quota",
            "insufficient project quota",
            "insufficient quota",
            "increase of your google compute engine quota",
            "servicequota",
            "toomanyaddresses",
        ],
        Always(
            "raise the quota that the message names for this account and region; the provider tries again by itself",
        ),
    ),
    (
        // Google answers so both to a region that does not exist and to one that its policies hide.
        &["(or it may not exist)"],
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
                       the provider's credentials are valid; the provider goes on by itself",
        },
    ),
    (
        &[
            "cannot get terraform setup",
            "cannot extract credentials",
            "cannot get credentials",
            "credentials secret",
            "failed to retrieve aws credentials",
            "no valid credential sources",
            "could not find default credentials",
            "invalidclienttokenid",
            "expiredtoken",
            "unrecognizedclientexception",
            "signaturedoesnotmatch",
            "invalid_grant",
            "unauthenticated",
        ],
        Always(CREDENTIALS),
    ),
    (
        &[
            "insufficientinstancecapacity",
            "insufficientfreeaddresses",
            "unfulfillablecapacity",
            "zone_resource_pool_exhausted",
            "gce_stockout",
            "does not have enough resources available",
        ],
        Always(
            "the cloud has no capacity of this kind now; name more machine types for the pool, or wait",
        ),
    ),
    (
        // EKS has no control planes in some zones, whose letters differ from account to account.
        &["unsupportedavailabilityzoneexception"],
        Always(
            "name other zones in spec.network.zoneNames, best by id, such as use1-az1 (aws ec2 describe-availability-zones); \
             zones can change until EKS has made the cluster",
        ),
    ),
    (
        // The provider was restarted while AWS made the gateway. The address is this gateway's alone.
        &["elastic ip address ["],
        Always(NAT_GATEWAY),
    ),
    (
        // The provider was restarted while AWS made the gateway, and keeps the one that it made afterwards.
        &["already has an internet gateway attached"],
        Always(
            "the provider stopped while it made this object, and the VPC has the gateway that it lost: detach and delete that one \
             (aws ec2 detach-internet-gateway, delete-internet-gateway); the provider goes on by itself",
        ),
    ),
    (
        // A right that the identity has does not help against them.
        &["explicit deny", "constraint constraints/"],
        Always(
            "a policy above the provider's identity denies this: ask the organization's administrators to allow what the \
             message names",
        ),
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
        Always(PERMISSION),
    ),
    (
        &["nosuchhostedzone", "no hosted zone found"],
        Always(
            "set traffic.zone.aws.zoneId in the Composition's Input to a zone of the account that its providerConfigRef reaches",
        ),
    ),
    (
        // crossplane-runtime, pkg/reconciler/managed/reconciler.go.
        &["cannot determine creation result"],
        Always(
            "the provider stopped while it created this object: look for it in the cloud by its tags. If it is there, set its id \
             as the annotation crossplane.io/external-name on this object; then remove crossplane.io/external-create-pending",
        ),
    ),
    (
        // Terraform waits for 20 minutes until an add-on works (`waitAddonCreated` in eks/addon.go).
        &["waiting for eks add-on"],
        Always(
            "EKS made the add-on and it does not work: look at its issues with aws eks describe-addon, and mend them; EKS goes on \
             by itself, and the provider does not report whether it has",
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
        Always(
            "the cloud has one already; its tags say who made it. If it is this cluster's, set its id as the annotation \
             crossplane.io/external-name on this object, and the provider takes it over; else ask its owner to release it",
        ),
    ),
];

/// A second gateway with an address that has one fails after its creation, and the provider takes it for this object's.
const NAT_GATEWAY: &str = "delete the NAT gateway that has this object's address and is no object's (docs/troubleshooting.md has the \
     commands); then delete the NATGateway object with kubectl, and Crossplane makes it anew";

const NAT_GATEWAY_OF_ROUTE: &str = "if it stays so for minutes, the NAT gateway of this route has failed, or the provider lost the id of one \
     that works: see aws ec2 describe-nat-gateways, and docs/troubleshooting.md (a NAT gateway whose id is lost)";

const NO_REGION: &str = "enable the region for the account, and the provider goes on by itself; spec.region cannot be changed, so \
     another region needs another cluster; allowedRegions in the Composition's Input refuses that region at once";

/// States that a cloud leaves by itself no more, each with the way out.
///
/// upjet keeps what a failed creation left behind, finds that it exists and differs in nothing, and forgets the error
/// (`Observe` of external_async_tfpluginsdk.go, upjet v2.4). So nothing is tried again.
const GIVEN_UP: [(&str, &str); 2] = [
    (
        // EKS API, Nodegroup.status.
        "CREATE_FAILED",
        "nothing tries again: look at its issues with aws eks describe-nodegroup, and mend them; then delete this NodeGroup \
         object with kubectl, and Crossplane makes it anew",
    ),
    (
        // EKS API, Cluster.status.
        "FAILED",
        "nothing tries again: look at its issues with aws eks describe-cluster, and mend them; then delete this Cluster \
         object with kubectl, and Crossplane makes it anew",
    ),
];

/// What to do about a state that is not the wanted one, of an object that has nothing else to say.
pub(crate) fn in_state(state: &str) -> Option<&'static str> {
    // EC2 API, Route.state: what the route leads to does not work. upjet calls a NAT gateway ready that has failed.
    (state == "blackhole").then_some(NAT_GATEWAY_OF_ROUTE)
}

/// What to do about an object in a state that its cloud leaves by itself no more, and about what the provider says of it.
pub(crate) fn way_out(state: &str, message: &str) -> Option<&'static str> {
    let (_, general) = GIVEN_UP.iter().find(|(known, _)| *known == state)?;
    match row(message) {
        Some(Final(advice)) => Some(advice),
        _ => Some(general),
    }
}

/// What to do about a provider's message about an object, which exists once the cloud has reported it.
pub(crate) fn remedy(message: &str, exists: bool) -> Option<&'static str> {
    Some(match row(message)? {
        Always(advice) | Final(advice) => advice,
        ByExistence { existing, .. } if exists => existing,
        ByExistence { absent, .. } => absent,
    })
}

fn row(message: &str) -> Option<&'static Advice> {
    let message = message.to_ascii_lowercase();
    let mut rows = REMEDIES.iter();
    let found = rows.find(|(words, _)| words.iter().any(|word| message.contains(word)));
    found.map(|(_, advice)| advice)
}

#[cfg(test)]
mod tests;
