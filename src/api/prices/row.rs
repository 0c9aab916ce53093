//! One price as it stands in a book.

use std::fmt;

use serde::Serialize;

use super::money::Rate;
use crate::api::{choice::Choice, provider::Provider};

/// What a price is for one of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Unit {
    /// A control plane for an hour.
    #[serde(rename = "cluster-hour")]
    ClusterHour,
    /// A machine for an hour.
    #[serde(rename = "instance-hour")]
    InstanceHour,
    /// A NAT gateway for an hour.
    #[serde(rename = "gateway-hour")]
    GatewayHour,
    /// A machine behind NAT for an hour.
    #[serde(rename = "VM-hour")]
    VmHour,
    /// An address for an hour.
    #[serde(rename = "IP-hour")]
    IpHour,
    /// A load balancer for an hour.
    #[serde(rename = "LB-hour")]
    LbHour,
    /// A load balancer's capacity unit for an hour.
    #[serde(rename = "LCU-hour")]
    LcuHour,
    /// A vCPU that Pods ask for, for an hour.
    #[serde(rename = "vCPU-hour")]
    VcpuHour,
    /// A GiB of memory that Pods ask for, for an hour.
    #[serde(rename = "GiB-hour")]
    GibHour,
    /// A GiB of disk for a month.
    #[serde(rename = "GiB-month")]
    GibMonth,
    /// A GiB once.
    #[serde(rename = "GiB")]
    Gib,
    /// A key for a month.
    #[serde(rename = "key-month")]
    KeyMonth,
    /// A health check, or an option of one, for a month.
    #[serde(rename = "check-month")]
    CheckMonth,
    /// A share of another price.
    #[serde(rename = "percent")]
    Percent,
}

impl Choice for Unit {
    const ALL: &'static [(&'static str, Self)] = &[
        ("cluster-hour", Self::ClusterHour),
        ("instance-hour", Self::InstanceHour),
        ("gateway-hour", Self::GatewayHour),
        ("VM-hour", Self::VmHour),
        ("IP-hour", Self::IpHour),
        ("LB-hour", Self::LbHour),
        ("LCU-hour", Self::LcuHour),
        ("vCPU-hour", Self::VcpuHour),
        ("GiB-hour", Self::GibHour),
        ("GiB-month", Self::GibMonth),
        ("GiB", Self::Gib),
        ("key-month", Self::KeyMonth),
        ("check-month", Self::CheckMonth),
        ("percent", Self::Percent),
    ];
}

/// One price as it stands in a book.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Row {
    /// The cloud.
    pub provider: Provider,
    /// The region, or how regions begin: `us-*`, `*`.
    pub region: String,
    /// A machine type, or a name of ours.
    pub sku: String,
    /// What the price is for one of.
    pub unit: Unit,
    /// The price.
    pub usd: Rate,
    /// Where it was read.
    pub source: String,
    /// When it was published: a day, a month, a year, or `-`.
    pub date: String,
    /// Whether it was read there as it stands here.
    pub verified: bool,
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verified = if self.verified { "yes" } else { "no" };
        let (provider, unit) = (self.provider.name(), self.unit.name());
        write!(
            f,
            "{provider}\t{}\t{}\t{unit}\t{}\t{}\t{}\t{verified}",
            self.region, self.sku, self.usd, self.source, self.date
        )
    }
}
