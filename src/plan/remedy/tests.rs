use super::*;

/// Sentences as the providers and clouds write them, whether the cloud has the object, and how the advice begins.
const SAID: [(&str, bool, &str); 38] = [
    // crossplane-runtime, errCreateIncomplete.
    (
        "cannot determine creation result - remove the crossplane.io/external-create-pending annotation if it is safe to \
         proceed",
        false,
        "the provider stopped while it created this object",
    ),
    (
        "connect failed: cannot initialize the Terraform plugin SDK async external client: cannot get terraform setup: \
         cannot get referenced ProviderConfig: ClusterProviderConfig.aws.m.upbound.io \"default\" not found",
        false,
        "create the ProviderConfig",
    ),
    (
        "connect failed: cannot initialize the Terraform plugin SDK async external client: cannot get terraform setup: \
         failed to retrieve aws credentials from aws config: failed to refresh cached credentials, no EC2 IMDS role found",
        false,
        "give the provider credentials",
    ),
    (
        "cannot extract credentials: cannot get credentials secret: Secret \"gcp-credentials\" not found",
        false,
        "give the provider credentials",
    ),
    // The management cluster's own DNS; the words name a region, and are not about it.
    (
        "observe failed: failed to observe the resource: [{0 reading EKS Cluster (prod-us-917d92): operation error EKS: \
         DescribeCluster, https response error StatusCode: 0, RequestID: , request send failed, Get \
         \"https://eks.us-east-1.amazonaws.com/clusters/prod-us-917d92\": dial tcp: lookup eks.us-east-1.amazonaws.com on \
         10.96.0.10:53: no such host  []}]",
        true,
        "the provider cannot resolve DNS names: check DNS of the management cluster",
    ),
    (
        "observe failed: failed to observe the resource: operation error EC2: DescribeVpcs, get identity: get credentials: \
         failed to refresh cached credentials, operation error STS: AssumeRoleWithWebIdentity, https response error \
         StatusCode: 0, request send failed, Post \"https://sts.us-east-1.amazonaws.com/\": dial tcp: lookup \
         sts.us-east-1.amazonaws.com on 10.96.0.10:53: server misbehaving",
        false,
        "the provider cannot resolve DNS names",
    ),
    (
        "observe failed: Get \"https://container.googleapis.com/v1/projects/acme-prod/locations/asia-east1/clusters/x\": \
         dial tcp: lookup container.googleapis.com on 10.96.0.10:53: no such host",
        true,
        "the provider cannot resolve DNS names",
    ),
    (
        "cannot get terraform setup: failed to retrieve aws credentials from aws config: operation error STS: \
         AssumeRole, request send failed, Post \"https://sts.us-east-1.amazonaws.com/\": dial tcp 209.54.177.164:443: i/o \
         timeout",
        true,
        "the provider cannot reach the address",
    ),
    (
        "create failed: operation error EC2: CreateVpc, https response error StatusCode: 400, api error OptInRequired: You \
         are not subscribed to this service. Please go to http://aws.amazon.com to subscribe.",
        false,
        "enable the region",
    ),
    (
        "observe failed: operation error EC2: DescribeVpcs, https response error StatusCode: 401, api error AuthFailure: \
         AWS was not able to validate the provided access credentials",
        false,
        "enable the region",
    ),
    (
        "observe failed: operation error EC2: DescribeVpcs, https response error StatusCode: 401, api error AuthFailure: \
         AWS was not able to validate the provided access credentials",
        true,
        "the account no longer reaches this region",
    ),
    (
        "create failed: googleapi: Error 400: Invalid value for field 'region': 'europe-west99'. Unknown region., invalid",
        false,
        "enable the region",
    ),
    (
        "googleapi: Error 403: Permission denied on 'locations/europe-west99' (or it may not exist).",
        false,
        "enable the region",
    ),
    (
        "googleapi: Error 403: Permission denied on 'locations/europe-west1' (or it may not exist).",
        true,
        "give the provider's identity the permission",
    ),
    (
        "waiting for EKS Node Group (prod-us-917d92:prod-us-917d92-gpu-400b5f) create: unexpected state 'CREATE_FAILED', \
         wanted target 'ACTIVE'. last error: eks-prod-us-gpu-12ab: AsgInstanceLaunchFailures: Could not launch Spot \
         Instances. AuthFailure.ServiceLinkedRoleCreationNotPermitted - The provided credentials do not have permission \
         to create the service-linked role for EC2 Spot Instances. Launching EC2 instance failed.",
        true,
        "create the role once in the account: aws iam create-service-linked-role --aws-service-name spot.amazonaws.com;",
    ),
    (
        "create failed: googleapi: Error 403: Kubernetes Engine API has not been used in project 1 before or it is disabled.",
        false,
        "enable the API",
    ),
    (
        "googleapi: Error 403: Quota 'CPUS' exceeded. Limit: 24.0 in region europe-west1., quotaExceeded",
        false,
        "raise the quota",
    ),
    (
        "error creating NodePool: googleapi: Error 403: \n\t(1) insufficient regional quota to satisfy request: resource \
         \"CPUS\": request requires '72.0' and is short '48.0'. project has a quota of '24.0' with '24.0' available. View \
         and manage quotas at https://console.cloud.google.com/iam-admin/quotas?usage=USED&project=acme-prod., forbidden",
        false,
        "raise the quota",
    ),
    (
        "googleapi: Error 403: Insufficient project quota to satisfy request: resource \"CPUS_ALL_REGIONS\": request \
         requires '16.0' and is short '8.0'. project has a quota of '12.0' with '8.0' available., forbidden",
        true,
        "raise the quota",
    ),
    (
        "Error: googleapi: Error 403: You cannot create more than 3 clusters in location us-central1; to create more than \
         3, you must request an increase of your Google Compute Engine quota for region us-central1 to 25 CPUs or more.",
        false,
        "raise the quota",
    ),
    (
        "Error waiting for creating GKE NodePool: Insufficient quota to satisfy the request: Not all instances running in \
         IGM after 26.6s. Expected 3, running 0, transitioning 3. Current errors: [GCE_QUOTA_EXCEEDED]: Instance \
         'gke-x-xwl9' creation failed: Quota 'IN_USE_ADDRESSES' exceeded.  Limit: 8.0 in region europe-central2.",
        false,
        "raise the quota",
    ),
    (
        "api error VpcLimitExceeded: The maximum number of VPCs has been reached.",
        false,
        "raise the quota",
    ),
    (
        "Error waiting for creating GKE NodePool: Current errors: [GCE_STOCKOUT]: Instance 'gke-x-k7xw' creation failed: \
         The zone 'projects/acme-prod/zones/europe-west3-c' does not have enough resources available to fulfill the request.",
        false,
        "the cloud has no capacity",
    ),
    // terraform-provider-aws: FailureCode and FailureMessage of the gateway that could not be made.
    (
        "create failed: waiting for EC2 NAT Gateway (nat-0fc57955740de49c4) create: unexpected state 'failed', wanted \
         target 'available'. last error: Resource.AlreadyAssociated: Elastic IP address [eipalloc-0fdc3348a65a44a19] is \
         already associated",
        false,
        "delete the NAT gateway that has this object's address",
    ),
    (
        "update failed: attaching EC2 Internet Gateway (igw-0b1) to VPC (vpc-0a1): operation error EC2: AttachInternetGateway, \
         api error InvalidParameterValue: Network vpc-0a1 already has an internet gateway attached",
        true,
        "the provider stopped while it made this object",
    ),
    (
        "create failed: creating Route Table (rtb-0b1) Association: api error Resource.AlreadyAssociated: the specified \
         association for route table rtb-0b1 conflicts with an existing association",
        false,
        "the cloud has one already",
    ),
    (
        "api error UnauthorizedOperation: You are not authorized to perform this operation. User: \
         arn:aws:sts::111122223333:assumed-role/crossplane/1 is not authorized to perform: ec2:CreateVpc on resource: \
         arn:aws:ec2:us-east-1:111122223333:vpc/* with an explicit deny in a service control policy.",
        false,
        "a policy above the provider's identity",
    ),
    (
        "googleapi: Error 412: Constraint constraints/compute.restrictVpcPeering violated for project acme-prod., \
         conditionNotMet",
        false,
        "a policy above the provider's identity",
    ),
    (
        "cannot apply composed resource: admission webhook \"validate.kyverno.svc-fail\" denied the request: forbidden",
        true,
        "a policy of the management cluster",
    ),
    (
        "api error UnauthorizedOperation: You are not authorized to perform this operation.",
        false,
        "give the provider's identity the permission",
    ),
    (
        "aws_eip: AuthFailure: You do not have permission to access the specified resource.",
        true,
        "give the provider's identity the permission",
    ),
    (
        "create failed: operation error Route 53: ChangeResourceRecordSets, https response error StatusCode: 404, \
         NoSuchHostedZone: No hosted zone found with ID: Z1",
        false,
        "set traffic.zone.aws.zoneId",
    ),
    (
        "create failed: creating EKS Access Entry (prod-us:arn:aws:iam::111122223333:role/argocd): operation error EKS: \
         CreateAccessEntry, https response error StatusCode: 409, ResourceInUseException: The specified access entry \
         resource is already in use on this cluster.",
        false,
        "the cloud has one already",
    ),
    (
        "create failed: operation error EKS: CreatePodIdentityAssociation, https response error StatusCode: 409, \
         ResourceInUseException: Association already exists: a-1",
        true,
        "the cloud has one already",
    ),
    (
        "creating IAM Role (prod-us-node): operation error IAM: CreateRole, https response error StatusCode: 409, \
         EntityAlreadyExists: Role with name prod-us-node already exists.",
        true,
        "the cloud has one already",
    ),
    (
        "googleapi: Error 409: Already exists: projects/acme-prod/locations/europe-west1/clusters/prod-eu., alreadyExists",
        false,
        "the cloud has one already",
    ),
    // AWS-5.
    (
        "create failed: async create failed: failed to create the resource: [{0 creating EKS Cluster (prod-us-917d92): \
         operation error EKS: CreateCluster, UnsupportedAvailabilityZoneException: Cannot create cluster 'prod-us-917d92' \
         because EKS does not support creating control plane instances in us-east-1e, the targeted availability zone.  []}]",
        false,
        "name other zones in spec.network.zoneNames",
    ),
    // AWS-7.
    (
        "create failed: async create failed: failed to create the resource: [{0 waiting for EKS Add-On \
         (prod-us-917d92:coredns) create: timeout while waiting for state to become 'ACTIVE' (last state: 'DEGRADED', \
         timeout: 20m0s)  []}]",
        true,
        "EKS made the add-on and it does not work",
    ),
];

/// Passes by itself, or has a way out that no row knows.
const NOT_KNOWN: [&str; 6] = [
    "",
    "InvalidSubnetID: subnet-1",
    "api error RequestLimitExceeded: Request limit exceeded.",
    "ResourceInUseException: Cannot LoggingUpdate because cluster prod-us currently has an update in progress",
    "ResourceInUseException: Cluster has nodegroups attached",
    "googleapi: Error 429: Quota exceeded for quota metric 'Queries' and limit 'Queries per minute', RATE_LIMIT_EXCEEDED",
];

#[test]
fn what_providers_say_has_advice() {
    for (message, exists, begins) in SAID {
        let found = remedy(message, exists).unwrap_or("nothing");
        assert!(found.starts_with(begins), "{message}\n{found}");
    }
}

#[test]
fn what_no_row_knows_has_none() {
    for message in NOT_KNOWN {
        assert_eq!(remedy(message, false), None, "{message}");
        assert_eq!(remedy(message, true), None, "{message}");
    }
}

#[test]
fn no_advice_costs_what_exists() {
    for (words, advice) in &REMEDIES {
        let (absent, existing) = match advice {
            Always(advice) | Final(advice) => (advice, advice),
            ByExistence { absent, existing } => (absent, existing),
        };
        for text in [absent, existing] {
            for harm in [
                "delete this cluster",
                "delete the cluster",
                "rename",
                "cloudName",
            ] {
                assert!(!text.contains(harm), "{words:?}: {text}");
            }
        }
        assert!(!existing.contains("spec.region"), "{words:?}: {existing}");
    }
}

/// AWS-7: what a message says of another attempt is wrong where there is none.
#[test]
fn what_the_cloud_has_given_up_on_has_a_way_out() {
    let quota = "NodeCreationFailure: VcpuLimitExceeded: You have requested more vCPU capacity";
    for (state, message, has) in [
        ("CREATE_FAILED", "", "delete this NodeGroup object"),
        ("CREATE_FAILED", quota, "delete this NodeGroup object"),
        (
            "CREATE_FAILED",
            "AuthFailure.ServiceLinkedRoleCreationNotPermitted",
            "create-service-linked-role",
        ),
        ("FAILED", "", "delete this Cluster object"),
    ] {
        let found = way_out(state, message).unwrap_or("nothing");
        assert!(found.contains(has), "{state} {message}\n{found}");
        assert!(!found.contains("by itself"), "{found}");
    }
    for state in ["ACTIVE", "CREATING", "UPDATING", ""] {
        assert_eq!(way_out(state, quota), None, "{state}");
    }
}
