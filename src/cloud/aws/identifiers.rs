//! What resources of AWS are known by.

use crate::plan::{context::Cx, tags::Tags};

/// The tags of a resource, its name among them.
pub(super) fn tags(cx: &Cx<'_>, name: &str) -> Tags {
    cx.tags.with("Name", name)
}

/// The partition of a region, which begins its ARNs (aws-sdk-go-base, endpoints_gen.go).
pub(super) fn partition(region: &str) -> &'static str {
    if region.starts_with("cn-") {
        "aws-cn"
    } else if region.starts_with("us-gov-") {
        "aws-us-gov"
    } else if region.starts_with("eusc-") {
        "aws-eusc"
    } else {
        "aws"
    }
}
