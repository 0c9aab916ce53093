//! Add-ons of a cluster.

use serde::Serialize;

use crate::api::{defaults, draft::drafted, reader::Object, rules};

drafted! {
    /// Add-ons of the cluster.
    #[derive(Clone, Debug, Serialize)]
    #[serde(rename_all = "camelCase")]
    pub struct Addons, AddonsDraft {
        /// Pod networking and network policies.
        pub networking: Pinned = PinnedDraft,
        /// Service routing.
        pub kube_proxy: Pinned = PinnedDraft,
        /// Cloud identities for Pods.
        pub pod_identity: Pinned = PinnedDraft,
        /// Cluster DNS.
        pub dns: Pinned = PinnedDraft,
        /// Persistent volumes on block storage.
        pub block_storage: Switch = SwitchDraft,
        /// CPU and memory metrics for autoscalers.
        pub metrics_server: Switch = SwitchDraft,
    }

    /// An add-on that every cluster has.
    #[derive(Clone, Debug, Default, Serialize)]
    pub struct Pinned, PinnedDraft {
        /// Its version; the cloud's default without one.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub version: Option<String>,
    }

    /// An add-on that can be left out.
    #[derive(Clone, Debug, Serialize)]
    pub struct Switch, SwitchDraft {
        /// Whether the cluster has it.
        pub enabled: bool,
        /// Its version; the cloud's default without one.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub version: Option<String>,
    }
}

pub(super) fn addons(mut object: Object<'_, '_>) -> AddonsDraft {
    let draft = AddonsDraft {
        networking: pinned(object.object("networking")),
        kube_proxy: pinned(object.object("kubeProxy")),
        pod_identity: pinned(object.object("podIdentity")),
        dns: pinned(object.object("dns")),
        block_storage: switch(object.object("blockStorage"), defaults::BLOCK_STORAGE),
        metrics_server: switch(object.object("metricsServer"), defaults::METRICS_SERVER),
    };
    object.finish();
    draft
}

fn pinned(mut object: Object<'_, '_>) -> PinnedDraft {
    let draft = PinnedDraft {
        version: object.string_that("version", &rules::ADDON_VERSION),
    };
    object.finish();
    draft
}

fn switch(mut object: Object<'_, '_>, default: bool) -> SwitchDraft {
    let draft = SwitchDraft {
        enabled: object.boolean("enabled", default),
        version: object.string_that("version", &rules::ADDON_VERSION),
    };
    object.finish();
    draft
}
