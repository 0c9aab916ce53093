//! Registration in Argo CD.

use std::collections::BTreeMap;

use serde::Serialize;

use super::Provider;
use crate::reader::Choice;

/// Registration in Argo CD.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ArgoCd {
    /// Whether to register at all.
    pub register: bool,
    /// The cluster's name in Argo CD.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Argo CD's namespace.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
    /// How Argo CD proves who it is.
    pub auth: Auth,
    /// More labels on the cluster Secret.
    pub labels: BTreeMap<String, String>,
    /// More annotations on the cluster Secret.
    pub annotations: BTreeMap<String, String>,
    /// Tell Argo CD to leave the cluster alone.
    pub skip_reconcile: bool,
}

/// How Argo CD proves to the cluster who it is.
#[derive(Clone, Debug, Serialize)]
pub struct Auth {
    /// The way; the platform's default without one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mode: Option<AuthMode>,
}

/// A keyless way for Argo CD to authenticate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum AuthMode {
    /// EKS target; Argo CD has an AWS role by Pod Identity or IRSA.
    AwsPodIdentity,
    /// EKS target; Argo CD runs elsewhere and trades a projected token for an AWS role.
    AwsWebIdentity,
    /// EKS target; Argo CD has an AWS profile.
    AwsProfile,
    /// EKS target; Argo CD is the EKS capability.
    EksCapability,
    /// GKE target; Argo CD has Google application default credentials.
    GcpAdc,
    /// GKE target; Argo CD runs elsewhere and uses workload identity federation.
    GcpWif,
}

impl Choice for AuthMode {
    const ALL: &'static [(&'static str, Self)] = &[
        ("awsPodIdentity", Self::AwsPodIdentity),
        ("awsWebIdentity", Self::AwsWebIdentity),
        ("awsProfile", Self::AwsProfile),
        ("eksCapability", Self::EksCapability),
        ("gcpAdc", Self::GcpAdc),
        ("gcpWif", Self::GcpWif),
    ];
}

impl AuthMode {
    /// The modes of a cloud, as a message names them.
    pub fn names_on(provider: Provider) -> String {
        let of_cloud = Self::ALL
            .iter()
            .filter(|(_, mode)| mode.provider() == provider);
        let names: Vec<_> = of_cloud.map(|(name, _)| *name).collect();
        names.join(" or ")
    }

    /// The cloud whose clusters it reaches.
    pub fn provider(self) -> Provider {
        match self {
            Self::AwsPodIdentity
            | Self::AwsWebIdentity
            | Self::AwsProfile
            | Self::EksCapability => Provider::Aws,
            Self::GcpAdc | Self::GcpWif => Provider::Gcp,
        }
    }
}
