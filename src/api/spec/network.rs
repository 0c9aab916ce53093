//! `network` and `endpoint`: the ranges of a cluster, and from where it can be reached.

use std::net::Ipv4Addr;

use ipnet::{IpNet, Ipv4Net};
use serde::Serialize;

use crate::{
    api::{
        choice::Nat,
        defaults,
        draft::{Field, Items, Unsound, drafted},
        reader::{Object, Optional as _, show},
        rules,
        violation::Violation,
    },
    wire::structpb::Value,
};

/// Most ranges of a list: EKS takes 40, GKE 100.
const MOST_CIDRS: usize = 40;

drafted! {
    /// The cluster's own network.
    #[derive(Clone, Debug, Serialize)]
    #[serde(rename_all = "camelCase")]
    pub struct Network, NetworkDraft {
        /// The private range everything in the network is cut from.
        pub cidr: Ipv4Net,
        /// How many zones to use.
        pub zones: u32,
        /// Which zones, instead of the region's first ones.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        pub zone_names: Vec<String> = Items<Field<String>>,
        /// Outbound internet access of private nodes.
        pub nat: Nat,
    }

    /// Who can reach the control plane. It is always reachable from the cluster's own network.
    #[derive(Clone, Debug, Serialize)]
    #[serde(rename_all = "camelCase")]
    pub struct Endpoint, EndpointDraft {
        /// Whether it can be reached from outside at all.
        pub public: bool,
        /// From where.
        pub allowed_cidrs: Vec<IpNet> = Items<Field<IpNet>>,
    }
}

/// The `n`th part of a network's range that is `bits` longer: of four with 2, of sixty-four with 6. The
/// parser admits /16 to /20, so every part that is asked for exists.
pub fn part(cidr: Ipv4Net, bits: u8, n: u32) -> String {
    let length = cidr.prefix_len() + bits;
    let size = 1_u32 << (32 - length);
    let first = u32::from(cidr.network()) + n * size;
    format!("{}/{length}", Ipv4Addr::from(first))
}

pub(super) fn network(mut object: Object<'_, '_>) -> NetworkDraft {
    let cidr = object
        .need("cidr", "set it to a private range such as 10.20.0.0/16")
        .string();
    let draft = NetworkDraft {
        cidr: cidr.and_then(|text| range(&object, &text)),
        zones: object
            .integer("zones", &(2..=3))
            .default_to(defaults::ZONES),
        zone_names: object.strings_that("zoneNames", 3, &rules::ZONE),
        nat: object.choice("nat").default_to(defaults::NAT),
    };
    object.finish();
    draft
}

/// The network's range: private, /16 to /20, and written without host bits.
fn range(object: &Object<'_, '_>, text: &str) -> Field<Ipv4Net> {
    let refuse =
        |problem: &str, fix: String| Err(object.refuse("cidr", Value::String(text), problem, fix));
    let Some(net) = ipv4(text) else {
        let fix = "use one such as 10.20.0.0/16".to_owned();
        return refuse("is not an IPv4 range", fix);
    };
    if !(16..=20).contains(&net.prefix_len()) {
        let fix = format!("use one such as {}/16", net.network());
        return refuse("is not from /16 to /20", fix);
    }
    if net.addr() != net.network() {
        return refuse("has host bits set", format!("use {}", net.trunc()));
    }
    // RFC 1918, and the shared address space of RFC 6598 that both clouds route privately.
    let private = [
        "10.0.0.0/8",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "100.64.0.0/10",
    ];
    let mut private = private
        .iter()
        .filter_map(|range| range.parse::<Ipv4Net>().ok());
    if !private.any(|range| range.contains(&net)) {
        let fix = "use a part of 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16 or 100.64.0.0/10";
        return refuse("is not a private range", fix.to_owned());
    }
    Ok(net)
}

/// A range as people write it. `010.0.0.0/8` is ten to some programs and eight to others.
fn ipv4(text: &str) -> Option<Ipv4Net> {
    let net: Ipv4Net = text.parse().ok()?;
    (net.to_string() == text).then_some(net)
}

pub(super) fn endpoint(mut object: Object<'_, '_>) -> EndpointDraft {
    let draft = EndpointDraft {
        public: object.boolean("public", defaults::ENDPOINT_PUBLIC),
        allowed_cidrs: cidrs(&mut object, "allowedCidrs"),
    };
    object.finish();
    draft
}

/// IPv4 ranges, each written without host bits. The Input has such a list too.
pub(crate) fn cidrs(object: &mut Object<'_, '_>, key: &'static str) -> Items<Field<IpNet>> {
    Items(object.list(key, MOST_CIDRS).map(|items| {
        let mut found: Vec<Field<IpNet>> = Vec::with_capacity(items.len());
        for (path, item) in items {
            let net = item.as_str().and_then(ipv4);
            let (problem, fix) = match net {
                Some(net) if net.addr() != net.network() => {
                    ("has host bits set", format!("use {}", net.trunc()))
                }
                Some(net) if found.contains(&Ok(IpNet::V4(net))) => {
                    ("is there twice", "remove one of them".to_owned())
                }
                Some(net) => {
                    found.push(Ok(IpNet::V4(net)));
                    continue;
                }
                None => (
                    "is not an IPv4 range",
                    "use one such as 203.0.113.0/24, or /32 for one address".to_owned(),
                ),
            };
            object.violation(Violation::new(path, show(item), problem, fix));
            found.push(Err(Unsound));
        }
        found
    }))
}
