//! What a person can do about what a provider says.
//!
//! The words are those of the providers' own errors (crossplane-runtime, upjet, the AWS and Google Cloud
//! SDKs), in lower case. A sentence that no row knows stays without advice: a wrong one costs more time
//! than none.

/// Of a resource on which nobody has reported yet.
pub(crate) const PROVIDER_SILENT: &str = "if it stays so for minutes, the provider does not run or cannot see the object: \
     look at kubectl get providers.pkg.crossplane.io";

/// Of an object in the cloud that another composite or a person made.
pub(crate) const FOREIGN: &str = "another owner made the object of this name: remove spec.cloudName, or choose a name that the account \
     does not have; the function grants access, add-ons, nodes and registration only on a cluster that it made";

/// Words of an error, each row with what to do. The first row that matches is taken, so the more specific ones
/// come first: a missing ProviderConfig is also a problem of credentials.
const REMEDIES: [(&[&str], &str); 9] = [
    (
        // crossplane-runtime, pkg/resource/providerconfig.go; the kind comes with or without "Cluster".
        &[
            "cannot get referenced provider",
            "cannot get provider config",
            "cannot get providerconfig",
        ],
        "create the ProviderConfig that spec.providerConfigRef names (bootstrap/providerconfigs), or name another",
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
        "enable the API and billing in the Google Cloud project; the provider tries again by itself",
    ),
    (
        &[
            "no such host",
            "invalid aws region",
            "unknown region",
            "(or it may not exist)",
            "optinrequired",
            "authfailure",
        ],
        "enable the region for the account, and the provider goes on by itself; or delete this cluster and create it in \
         another, since spec.region cannot be changed; allowedRegions in the Composition's Input refuses such a region at once",
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
        "give the provider credentials that are valid: see the ProviderConfig that spec.providerConfigRef names, and \
         run bootstrap/up.sh again with new ones; the provider goes on by itself",
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
            "quotaexceeded",
            "quota_exceeded",
            "quota '",
            "servicequota",
            "toomanyaddresses",
        ],
        "raise the quota that the message names for this account and region; the provider tries again by itself",
    ),
    (
        &[
            "insufficientinstancecapacity",
            "insufficientfreeaddresses",
            "zone_resource_pool_exhausted",
            "gce_stockout",
            "does not have enough resources available",
        ],
        "the cloud has no capacity of this kind now; allow more machine types or zones, or wait",
    ),
    (
        &[
            "accessdenied",
            "unauthorizedoperation",
            "not authorized to perform",
            "permission_denied",
            "permission denied",
            "error 403",
            "forbidden",
        ],
        "give the provider's identity the permission that the message names (docs/compatibility.md lists them)",
    ),
    (
        &["nosuchhostedzone", "no hosted zone found"],
        "set traffic.zone.aws.zoneId in the Composition's Input to a zone of the account that its providerConfigRef reaches",
    ),
    (
        // EKS, EC2 and Google Cloud networks: a name or a range that somebody else has.
        &["alreadyexists", "already exists", "resourceinuseexception"],
        "something of that name is there already and is not this cluster's: adopt it with spec.cloudName, or rename \
         the cluster",
    ),
];

/// What to do about a provider's message.
pub(crate) fn remedy(message: &str) -> Option<&'static str> {
    let message = message.to_ascii_lowercase();
    let row = REMEDIES
        .iter()
        .find(|(words, _)| words.iter().any(|word| message.contains(word)))?;
    Some(row.1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_providers_say_has_advice() {
        // Sentences as the providers write them.
        let rows = [
            (
                "connect failed: cannot initialize the Terraform plugin SDK async external client: cannot get \
                 terraform setup: cannot get referenced ProviderConfig: ClusterProviderConfig.aws.m.upbound.io \
                 \"default\" not found",
                "create the ProviderConfig",
            ),
            (
                "connect failed: cannot initialize the Terraform plugin SDK async external client: cannot get \
                 terraform setup: failed to retrieve aws credentials from aws config: failed to refresh cached \
                 credentials, no EC2 IMDS role found",
                "give the provider credentials",
            ),
            (
                "cannot extract credentials: cannot get credentials secret: Secret \"gcp-credentials\" not found",
                "give the provider credentials",
            ),
            (
                "observe failed: reading EC2 VPC: operation error EC2: DescribeVpcs, request send failed, Post \
                 \"https://ec2.us-east-9.amazonaws.com/\": dial tcp: lookup ec2.us-east-9.amazonaws.com: no such host",
                "enable the region",
            ),
            (
                "create failed: googleapi: Error 400: Invalid value for field 'region': 'europe-west99'. Unknown \
                 region., invalid",
                "enable the region",
            ),
            (
                "googleapi: Error 403: Permission denied on 'locations/europe-west99' (or it may not exist).",
                "enable the region",
            ),
            (
                "googleapi: Error 403: Quota 'CPUS' exceeded. Limit: 24.0 in region europe-west1., quotaExceeded",
                "raise the quota",
            ),
            (
                "create failed: operation error Route 53: ChangeResourceRecordSets, https response error StatusCode: 404, \
                 NoSuchHostedZone: No hosted zone found with ID: Z1",
                "set traffic.zone.aws.zoneId",
            ),
            (
                "api error VpcLimitExceeded: The maximum number of VPCs has been reached.",
                "raise the quota",
            ),
            (
                "api error UnauthorizedOperation: You are not authorized to perform this operation.",
                "give the provider's identity the permission",
            ),
            (
                "googleapi: Error 403: Kubernetes Engine API has not been used in project 1 before or it is disabled.",
                "enable the API",
            ),
        ];
        for (message, begins) in rows {
            let found = remedy(message).unwrap_or("nothing");
            assert!(found.starts_with(begins), "{message}\n{found}");
        }
    }

    #[test]
    fn what_nobody_knows_has_none() {
        assert_eq!(remedy("InvalidSubnetID: subnet-1"), None);
        assert_eq!(
            remedy("api error RequestLimitExceeded: Request limit exceeded."),
            None
        );
        assert_eq!(remedy(""), None);
    }
}
