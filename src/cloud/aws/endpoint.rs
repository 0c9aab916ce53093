//! From where the control plane of EKS can be reached.

use ipnet::{IpNet, Ipv4Net};

use super::api::VpcConfig;
use crate::{
    cloud::ranges::Ranges,
    plan::{context::Cx, object::Ref},
    wire::structpb::Value,
};

/// Ranges that no packet from the internet comes from: RFC 1918, RFC 6598, RFC 1122 and RFC 3927.
const NOT_PUBLIC: [&str; 6] = [
    "10.0.0.0/8",
    "172.16.0.0/12",
    "192.168.0.0/16",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "169.254.0.0/16",
];

/// From where the control plane can be reached.
pub(super) fn ranges(cx: &Cx<'_>) -> Ranges {
    Ranges::of(cx, |cluster| {
        let ranges = cluster.at("vpcConfig.publicAccessCidrs").into_iter();
        let ranges = ranges.flat_map(Value::items);
        ranges.filter_map(|range| range.as_str()).collect()
    })
}

/// The public endpoint is on only with a list of who may reach it: without one EKS would open it
/// to the whole internet.
///
/// EKS takes no reserved addresses there (EKS user guide, "Cluster API server endpoint"), and refuses the
/// whole update for one. Clients in that range reach the private endpoint, which is always on.
pub(super) fn endpoint(cx: &Cx<'_>, ranges: &Ranges, subnet_id_refs: Vec<Ref>) -> VpcConfig {
    let mut allowed = ranges.list.clone();
    allowed.retain(|range| range.parse().is_ok_and(|range| is_public(&range)));
    let public = cx.spec.endpoint.public && !allowed.is_empty();
    VpcConfig {
        endpoint_private_access: true,
        endpoint_public_access: public,
        public_access_cidrs: public.then_some(allowed),
        subnet_id_refs,
    }
}

/// Whether the public endpoint takes a range.
pub(super) fn is_public(range: &IpNet) -> bool {
    let reserved = NOT_PUBLIC.iter();
    let mut reserved = reserved.filter_map(|it| it.parse::<Ipv4Net>().ok());
    !reserved.any(|it| IpNet::V4(it).contains(range))
}
