//! What a cluster may cost, and what its author knows about its use. None of it changes the cluster.

use serde::Serialize;

use crate::api::{
    defaults,
    draft::{Maybe, drafted},
    reader::{Object, Optional as _},
};

/// Most GiB a month, vCPU and GiB of memory: ten million, far beyond any account's quota.
const MOST: u32 = 10_000_000;

drafted! {
    /// The budget, and what the estimate needs to know.
    #[derive(Clone, Debug, Serialize)]
    #[serde(rename_all = "camelCase")]
    pub struct Budget, BudgetDraft {
        /// Most dollars a month.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub monthly_usd: Option<u32>,
        /// What is sent and received in a month.
        pub traffic: Usage = UsageDraft,
        /// What Pods ask for, in mode auto.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub pods: Option<Pods> = Maybe<PodsDraft>,
    }

    /// What a month carries.
    #[derive(Clone, Debug, Serialize)]
    #[serde(rename_all = "camelCase")]
    pub struct Usage, UsageDraft {
        /// To the internet, through the load balancers.
        #[serde(rename = "internetEgressGiB")]
        pub internet_egress_gib: u32,
        /// Between zones.
        #[serde(rename = "interZoneGiB")]
        pub inter_zone_gib: u32,
        /// To other regions of the cloud.
        #[serde(rename = "interRegionGiB")]
        pub inter_region_gib: u32,
        /// Through NAT, both ways: images, models, calls to others.
        #[serde(rename = "natGiB")]
        pub nat_gib: u32,
        /// Logs that the cloud keeps.
        #[serde(rename = "logGiB")]
        pub log_gib: u32,
        /// Load balancers that services ask for.
        pub load_balancers: u32,
    }

    /// What all Pods together ask for, on average.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
    #[serde(rename_all = "camelCase")]
    pub struct Pods, PodsDraft {
        /// Virtual CPUs.
        pub vcpu: u32,
        /// Memory.
        #[serde(rename = "memoryGiB")]
        pub memory_gib: u32,
    }
}

pub(super) fn budget(mut object: Object<'_, '_>) -> BudgetDraft {
    let draft = BudgetDraft {
        monthly_usd: object.integer("monthlyUsd", &(1..=MOST)),
        traffic: traffic(object.object("traffic")),
        pods: object.optional_object("pods", pods),
    };
    object.finish();
    draft
}

fn traffic(mut object: Object<'_, '_>) -> UsageDraft {
    let mut gib = |key| {
        object
            .integer(key, &(0..=MOST))
            .default_to(defaults::TRAFFIC_GIB)
    };
    let draft = UsageDraft {
        internet_egress_gib: gib("internetEgressGiB"),
        inter_zone_gib: gib("interZoneGiB"),
        inter_region_gib: gib("interRegionGiB"),
        nat_gib: gib("natGiB"),
        log_gib: gib("logGiB"),
        load_balancers: object
            .integer("loadBalancers", &(0..=50))
            .default_to(defaults::LOAD_BALANCERS),
    };
    object.finish();
    draft
}

fn pods(mut object: Object<'_, '_>) -> PodsDraft {
    let draft = PodsDraft {
        vcpu: object
            .need("vcpu", "say how many vCPU all Pods ask for, such as 16")
            .integer(&(1..=MOST)),
        memory_gib: object
            .need(
                "memoryGiB",
                "say how much memory all Pods ask for, such as 64",
            )
            .integer(&(1..=MOST)),
    };
    object.finish();
    draft
}
