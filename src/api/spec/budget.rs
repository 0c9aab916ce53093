//! What a cluster may cost, and what its author knows about its use. None of it changes the cluster.

use serde::Serialize;

use crate::api::{defaults, reader::Object};

/// Most GiB a month, vCPU and GiB of memory: ten million, far beyond any account's quota.
const MOST: u32 = 10_000_000;

/// The budget, and what the estimate needs to know.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Budget {
    /// Most dollars a month.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub monthly_usd: Option<u32>,
    /// What is sent and received in a month.
    pub traffic: Usage,
    /// What Pods ask for, in mode auto.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pods: Option<Pods>,
}

/// What a month carries.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Usage {
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
pub struct Pods {
    /// Virtual CPUs.
    pub vcpu: u32,
    /// Memory.
    #[serde(rename = "memoryGiB")]
    pub memory_gib: u32,
}

pub(super) fn budget(mut object: Object<'_, '_>) -> Budget {
    let monthly_usd = object.integer("monthlyUsd", &(1..=MOST));
    let traffic = traffic(object.object("traffic"));
    let pods = object.optional_object("pods").and_then(pods);
    object.finish();
    Budget {
        monthly_usd,
        traffic,
        pods,
    }
}

fn traffic(mut object: Object<'_, '_>) -> Usage {
    let mut gib = |key| {
        object
            .integer(key, &(0..=MOST))
            .unwrap_or(defaults::TRAFFIC_GIB)
    };
    let (internet_egress_gib, inter_zone_gib) = (gib("internetEgressGiB"), gib("interZoneGiB"));
    let (inter_region_gib, nat_gib) = (gib("interRegionGiB"), gib("natGiB"));
    let log_gib = gib("logGiB");
    let load_balancers = object.integer("loadBalancers", &(0..=50));
    object.finish();
    Usage {
        internet_egress_gib,
        inter_zone_gib,
        inter_region_gib,
        nat_gib,
        log_gib,
        load_balancers: load_balancers.unwrap_or(defaults::LOAD_BALANCERS),
    }
}

fn pods(mut object: Object<'_, '_>) -> Option<Pods> {
    let vcpu = object
        .need("vcpu", "say how many vCPU all Pods ask for, such as 16")
        .integer(&(1..=MOST));
    let memory_gib = object
        .need(
            "memoryGiB",
            "say how much memory all Pods ask for, such as 64",
        )
        .integer(&(1..=MOST));
    object.finish();
    Some(Pods {
        vcpu: vcpu?,
        memory_gib: memory_gib?,
    })
}
