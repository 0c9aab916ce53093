//! Add-ons of a cluster.

use serde::Serialize;

use crate::api::{defaults, reader::Object, rules};

/// Add-ons of the cluster.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Addons {
    /// Pod networking and network policies.
    pub networking: Pinned,
    /// Service routing.
    pub kube_proxy: Pinned,
    /// Cloud identities for Pods.
    pub pod_identity: Pinned,
    /// Cluster DNS.
    pub dns: Pinned,
    /// Persistent volumes on block storage.
    pub block_storage: Switch,
    /// CPU and memory metrics for autoscalers.
    pub metrics_server: Switch,
}

/// An add-on that every cluster has.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Pinned {
    /// Its version; the cloud's default without one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
}

/// An add-on that can be left out.
#[derive(Clone, Debug, Serialize)]
pub struct Switch {
    /// Whether the cluster has it.
    pub enabled: bool,
    /// Its version; the cloud's default without one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
}

pub(super) fn addons(mut object: Object<'_, '_>) -> Addons {
    let addons = Addons {
        networking: pinned(object.object("networking")),
        kube_proxy: pinned(object.object("kubeProxy")),
        pod_identity: pinned(object.object("podIdentity")),
        dns: pinned(object.object("dns")),
        block_storage: switch(object.object("blockStorage"), defaults::BLOCK_STORAGE),
        metrics_server: switch(object.object("metricsServer"), defaults::METRICS_SERVER),
    };
    object.finish();
    addons
}

fn pinned(mut object: Object<'_, '_>) -> Pinned {
    let version = object.string_that("version", &rules::ADDON_VERSION);
    object.finish();
    Pinned { version }
}

fn switch(mut object: Object<'_, '_>, default: bool) -> Switch {
    let enabled = object.boolean("enabled", default);
    let version = object.string_that("version", &rules::ADDON_VERSION);
    object.finish();
    Switch { enabled, version }
}
