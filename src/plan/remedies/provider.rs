//! The management cluster, the way to the clouds, and who the provider is there.

use super::advice::{
    Advice::{Once, Retried},
    Row,
};

/// The management cluster and what is between it and the clouds. They come first: credentials are asked for over the network,
/// too.
pub(super) const MANAGEMENT_CLUSTER: &[Row] = &[
    (
        // k8s.io/apiserver, admission/plugin/webhook.
        &["failed calling webhook"],
        Retried(
            "a webhook of the management cluster does not answer: see that its Pods run, with the name in the message and \
             kubectl get validatingwebhookconfigurations,mutatingwebhookconfigurations",
        ),
    ),
    (
        &["admission webhook"],
        Retried(
            "a policy of the management cluster refuses the object: change the policy that the message names, or make an \
             exception for this object",
        ),
    ),
    (
        // Go's resolver.
        &[
            "dial tcp: lookup ",
            "no such host",
            "temporary failure in name resolution",
        ],
        Retried(
            "the provider cannot resolve DNS names: check DNS of the management cluster (kubectl --namespace kube-system \
             get pods --selector k8s-app=kube-dns)",
        ),
    ),
    (
        &["x509: "],
        Retried(
            "the provider does not trust the certificate of the address in the message: give it the certificate authority of the \
             proxy in between",
        ),
    ),
    (
        &["dial tcp ", "tls handshake timeout", "proxyconnect tcp"],
        Retried(
            "the provider cannot reach the address in the message: check the management cluster's way out (NAT, proxy, firewall)",
        ),
    ),
    (
        // crossplane-runtime, pkg/resource/providerconfig.go; the kind comes with or without "Cluster".
        &[
            "cannot get referenced provider",
            "cannot get provider config",
            "cannot get providerconfig",
        ],
        Retried(
            "create the ProviderConfig that spec.providerConfigRef names (bootstrap/providerconfigs), or name another",
        ),
    ),
    (
        // upjet, panicHandler.
        &["recovered from panic"],
        Once(
            "this is a fault of the provider's release: install one that docs/compatibility.md lists",
        ),
    ),
    (
        // crossplane-runtime, pkg/reconciler/managed/reconciler.go.
        &["cannot determine creation result"],
        Once(
            "the provider stopped while it created this object: look for it in the cloud by its tags. If it is there, set its id: \
             kubectl annotate --overwrite {object} crossplane.io/external-name=ID. Then: kubectl annotate {object} \
             crossplane.io/external-create-pending-",
        ),
    ),
];

/// Who the provider is, and what it may do where that is particular.
pub(super) const IDENTITY: &[Row] = &[
    (
        &[
            "signature expired",
            "requesttimetooskewed",
            "signature not yet current",
        ],
        Retried("the clock of the management cluster's nodes is wrong: set it by NTP"),
    ),
    (
        // STS.
        &[
            "not authorized to perform sts:assumerole",
            "not authorized to perform: sts:assumerole",
            "not authorized to perform: sts:tagsession",
        ],
        Retried(
            "the role in the ProviderConfig does not trust the provider: compare its trust policy with the provider's \
             ServiceAccount (bootstrap has both)",
        ),
    ),
    (
        &[
            "expiredtoken",
            "token expired",
            "token has expired",
            "token is expired",
            "token included in the request is expired",
            "invalid_grant",
            "requestexpired",
        ],
        Retried("the provider's credentials have expired: run bootstrap/up.sh again with new ones"),
    ),
    (
        // EC2 says it of spot instances in an account that has never had one; it looks like a problem of credentials.
        &[
            "servicelinkedrolecreationnotpermitted",
            "awsserviceroleforec2spot",
        ],
        Once(
            "create the role once in the account: aws iam create-service-linked-role --aws-service-name spot.amazonaws.com",
        ),
    ),
    (
        &[
            "iam:createservicelinkedrole",
            "create service linked role",
            "failed to validate if slr",
            "service linked role",
        ],
        Retried(
            "create the service-linked role once in the account: aws iam create-service-linked-role --aws-service-name SERVICE, \
             with the service that the message names, such as eks-nodegroup.amazonaws.com; or allow the provider's identity \
             iam:CreateServiceLinkedRole",
        ),
    ),
    (
        &[
            "kmsinvalidstate",
            "kms key is disabled",
            "is pending deletion",
            "key_disabled",
            "is not enabled, current state is",
        ],
        Retried(
            "the encryption key is disabled or about to be destroyed: enable it, or cancel that, before what it encrypts is \
             lost",
        ),
    ),
    (
        // EC2 Auto Scaling, of the key that the account encrypts volumes with.
        &["invalidkmskey"],
        Retried(
            "nodes cannot use the key of their volumes: see that the account's default key for EBS is enabled, and that its policy \
             allows the role AWSServiceRoleForAutoScaling (aws ec2 get-ebs-default-kms-key-id)",
        ),
    ),
    (
        &[
            "kms:creategrant",
            "access denied to kms key",
            "cloudkms.cryptokeyversions.useto",
            "permission denied on cloud kms key",
            "kms.notfoundexception",
        ],
        Retried(
            "let the cloud use the encryption key: on AWS its policy must allow the cluster's role and the provider's identity \
             kms:CreateGrant; on Google Cloud give the project's GKE service agent the role \
             roles/cloudkms.cryptoKeyEncrypterDecrypter on it",
        ),
    ),
];
