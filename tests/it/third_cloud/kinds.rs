//! `forProvider` of the lab's kinds.

use serde::Serialize;
use xcluster::plan::object::{Managed, NamedBy, Ref};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Network {
    pub(super) region: String,
    pub(super) range: String,
}

impl Managed for Network {
    const KIND: &'static str = "LabNetwork";
    const CLUSTER_SCOPED: &'static str = "net.lab.upbound.io/v1beta1";
    const NAMESPACED: &'static str = "net.lab.m.upbound.io/v1beta1";
    const NAMED_BY: NamedBy = NamedBy::Cloud;
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Cluster {
    pub(super) region: String,
    pub(super) version: String,
    pub(super) lab_network_ref: Ref,
}

impl Managed for Cluster {
    const KIND: &'static str = "LabCluster";
    const CLUSTER_SCOPED: &'static str = "k8s.lab.upbound.io/v1beta1";
    const NAMESPACED: &'static str = "k8s.lab.m.upbound.io/v1beta1";
    const NAMED_BY: NamedBy = NamedBy::Function;
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Pool {
    pub(super) region: String,
    pub(super) lab_cluster_ref: Ref,
    pub(super) machine: String,
    pub(super) size: u32,
}

impl Managed for Pool {
    const KIND: &'static str = "LabPool";
    const CLUSTER_SCOPED: &'static str = "k8s.lab.upbound.io/v1beta1";
    const NAMESPACED: &'static str = "k8s.lab.m.upbound.io/v1beta1";
    const NAMED_BY: NamedBy = NamedBy::Function;
}
