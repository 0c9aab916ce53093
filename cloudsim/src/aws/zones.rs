//! The zones that the simulated account has: a letter is another zone in each account.

use serde_json::Value;

use crate::{
    clouds::Clouds,
    object::{field, name_of, text, works},
};

/// Letters and ids in the regions where it matters.
const ZONES: &[(&str, &[(&str, &str)])] = &[
    (
        "us-east-1",
        &[
            ("a", "use1-az6"),
            ("b", "use1-az1"),
            ("c", "use1-az3"),
            ("d", "use1-az2"),
            ("e", "use1-az4"),
            ("f", "use1-az5"),
        ],
    ),
    // An account has two of the three.
    ("us-west-1", &[("b", "usw1-az3"), ("c", "usw1-az1")]),
    (
        "ca-central-1",
        &[
            ("a", "cac1-az1"),
            ("b", "cac1-az3"),
            ("c", "cac1-az2"),
            ("d", "cac1-az4"),
        ],
    ),
];

/// Where EKS makes no control plane (EKS user guide, "VPC and subnet requirements").
const WITHOUT_EKS: [&str; 3] = ["use1-az3", "usw1-az2", "cac1-az3"];

/// The zone of a subnet by letter and by id, if the account has it. In other regions it has all.
fn zone_of(subnet: &Value) -> Option<(String, String)> {
    let region = field(subnet, "region");
    let [letter, id] = ["availabilityZone", "availabilityZoneId"].map(|it| field(subnet, it));
    let known = ZONES.iter().find(|(known, _)| *known == region);
    let Some((_, zones)) = known else {
        return Some((letter.to_owned(), id.to_owned()));
    };
    let mut named = zones
        .iter()
        .map(|(own, id)| (format!("{region}{own}"), (*id).to_owned()));
    named.find(|(name, own)| {
        if id.is_empty() {
            name == letter
        } else {
            own == id
        }
    })
}

/// Why EC2 would not make a subnet now.
pub(super) fn subnet_lacks(object: &Value, clouds: &Clouds<'_>) -> Option<String> {
    let [letter, id] = ["availabilityZone", "availabilityZoneId"].map(|it| field(object, it));
    if letter.is_empty() == id.is_empty() {
        return Some("InvalidParameterCombination: a zone by name or by id".to_owned());
    }
    if zone_of(object).is_none() {
        return Some(format!(
            "operation error EC2: CreateSubnet, api error InvalidParameterValue: Value ({letter}{id}) for parameter \
             availabilityZone is invalid"
        ));
    }
    let range = field(object, "cidrBlock");
    let mut subnets = clouds.all("Subnet");
    let taken = subnets.any(|other| {
        text(other, "/metadata/name") != text(object, "/metadata/name")
            && !name_of(other).is_empty()
            && field(other, "vpcId") == field(object, "vpcId")
            && field(other, "cidrBlock") == range
    });
    taken.then(|| {
        format!(
            "operation error EC2: CreateSubnet, api error InvalidSubnet.Conflict: The CIDR '{range}' conflicts with \
             another subnet"
        )
    })
}

/// A subnet's zone, by name and by id.
pub(super) fn report(subnet: &Value, at: &mut Value) {
    let Some((letter, id)) = zone_of(subnet) else {
        return;
    };
    for (name, zone) in [("availabilityZone", letter), ("availabilityZoneId", id)] {
        if !zone.is_empty() {
            at[name] = zone.into();
        }
    }
}

/// Why EKS would not make a control plane in these subnets.
pub(super) fn unsupported(subnets: &[&str], clouds: &Clouds<'_>) -> Option<String> {
    let all = clouds.all("Subnet").filter(|subnet| works(subnet));
    let own = all.filter(|subnet| subnets.contains(&name_of(subnet)));
    let (letter, _) = own
        .filter_map(zone_of)
        .find(|(_, id)| WITHOUT_EKS.contains(&id.as_str()))?;
    Some(format!(
        "operation error EKS: CreateCluster, UnsupportedAvailabilityZoneException: Cannot create cluster because EKS does \
         not support creating control plane instances in {letter}, the targeted availability zone"
    ))
}
