//! The regions of AWS.

use crate::cost::Area;

/// Those known in November 2026, of all partitions, with those that an account has to ask for. The first is the one that
/// messages give as an example. One that is missing here can be allowed by the Input.
pub(super) const REGIONS: &[&str] = &[
    "us-east-1",
    "us-east-2",
    "us-west-1",
    "us-west-2",
    "af-south-1",
    "ap-east-1",
    "ap-east-2",
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-northeast-3",
    "ap-south-1",
    "ap-south-2",
    "ap-southeast-1",
    "ap-southeast-2",
    "ap-southeast-3",
    "ap-southeast-4",
    "ap-southeast-5",
    "ap-southeast-6",
    "ap-southeast-7",
    "ca-central-1",
    "ca-west-1",
    "eu-central-1",
    "eu-central-2",
    "eu-north-1",
    "eu-south-1",
    "eu-south-2",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "il-central-1",
    "me-central-1",
    "me-south-1",
    "mx-central-1",
    "sa-east-1",
    "us-gov-east-1",
    "us-gov-west-1",
    "cn-north-1",
    "cn-northwest-1",
    "eusc-de-east-1",
];

/// The area that a region is in, for those that have one of another cloud in it.
pub(super) const AREAS: &[(&str, Area)] = &[
    ("us-east-1", Area::Virginia),
    ("us-east-2", Area::Ohio),
    ("us-west-1", Area::California),
    ("us-west-2", Area::Oregon),
    ("ca-central-1", Area::Montreal),
    ("eu-west-2", Area::London),
    ("eu-west-1", Area::London),
    ("eu-west-3", Area::Paris),
    ("eu-central-1", Area::Frankfurt),
    ("eu-north-1", Area::NorthernEurope),
    ("ap-northeast-1", Area::Tokyo),
    ("ap-northeast-2", Area::Seoul),
    ("ap-northeast-3", Area::Osaka),
    ("ap-south-1", Area::Mumbai),
    ("ap-southeast-1", Area::Singapore),
    ("ap-southeast-2", Area::Sydney),
    ("sa-east-1", Area::SaoPaulo),
];

/// The zones of a cluster whose author names none.
///
/// EKS makes no control plane in use1-az3, usw1-az2 and cac1-az3 (EKS user guide, "VPC and subnet
/// requirements"), and letters mean another zone in each account. So in the regions of these the zones
/// are named by id. An account has two zones in us-west-1. There are `count` of them, or as many as the region has.
pub(super) fn default_zones(region: &str, count: u32) -> Vec<String> {
    let ids: &[&str] = match region {
        "us-east-1" => &["use1-az1", "use1-az2", "use1-az4"],
        "us-west-1" => &["usw1-az1", "usw1-az3"],
        "ca-central-1" => &["cac1-az1", "cac1-az2", "cac1-az4"],
        _ => return default_letters(region, count),
    };
    let ids = ids.iter().take(count as usize);
    ids.map(|id| (*id).to_owned()).collect()
}

/// The same zones by letter. In every region clusters of earlier releases are in these.
pub(super) fn default_letters(region: &str, count: u32) -> Vec<String> {
    // Regions whose first letters are not open to every account, from the AWS documentation.
    let letters = match region {
        "ap-northeast-1" => ["a", "c", "d"],
        "ca-central-1" => ["a", "b", "d"],
        _ => ["a", "b", "c"],
    };
    let letters = letters.iter().take(count as usize);
    letters.map(|letter| [region, letter].concat()).collect()
}

/// Whether a zone is named by its id, such as use1-az4, and not by its letter.
pub(super) fn is_zone_id(zone: &str) -> bool {
    let number = zone.rsplit_once("-az").map(|(_, number)| number);
    number.is_some_and(|it| !it.is_empty() && it.bytes().all(|b| b.is_ascii_digit()))
}
