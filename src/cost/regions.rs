//! Which region of the other cloud a cluster is compared in.

use crate::xcluster::Provider;

/// Regions of AWS and Google Cloud in one area. Where one has several neighbors, the first counts.
const PAIRS: [(&str, &str); 22] = [
    ("us-east-1", "us-east4"),
    ("us-east-2", "us-east5"),
    ("us-west-1", "us-west2"),
    ("us-west-2", "us-west1"),
    ("ca-central-1", "northamerica-northeast1"),
    ("eu-west-2", "europe-west2"),
    ("eu-west-1", "europe-west2"),
    ("eu-west-3", "europe-west9"),
    ("eu-central-1", "europe-west3"),
    ("eu-north-1", "europe-north1"),
    ("ap-northeast-1", "asia-northeast1"),
    ("ap-northeast-2", "asia-northeast3"),
    ("ap-northeast-3", "asia-northeast2"),
    ("ap-south-1", "asia-south1"),
    ("ap-southeast-1", "asia-southeast1"),
    ("ap-southeast-2", "australia-southeast1"),
    ("sa-east-1", "southamerica-east1"),
    // Regions of Google Cloud without one of AWS in the same place, with the one that is near.
    ("us-east-1", "us-east1"),
    ("us-east-2", "us-central1"),
    ("eu-central-1", "europe-west1"),
    ("eu-central-1", "europe-west4"),
    ("eu-central-1", "europe-west6"),
];

/// The other cloud and its region near this one, if one is.
pub fn counterpart(provider: Provider, region: &str) -> Option<(Provider, &'static str)> {
    let is_here = |(aws, gcp): &&(&str, &str)| match provider {
        Provider::Aws => *aws == region,
        Provider::Gcp => *gcp == region,
    };
    let (aws, gcp) = PAIRS.iter().find(is_here)?;
    Some(match provider {
        Provider::Aws => (Provider::Gcp, gcp),
        Provider::Gcp => (Provider::Aws, aws),
    })
}
