//! Which versions of Kubernetes clusters run, and when the clouds' support of them ends.
//!
//! A cluster is called for every few minutes. So a version that no call names for an hour is no cluster's any more, and
//! alerts ask for both: the end is near, and calls still come.

use k8s_openapi::jiff::{civil::Date, tz::TimeZone};
use prometheus_client::encoding::EncodeLabelSet;

use crate::{
    api::{minors, spec::Version},
    wire::proto::v1::RunFunctionResponse,
};

/// A version of Kubernetes on a cloud, and the day on which its support ends.
#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
pub(super) struct VersionLabel {
    provider: String,
    version: String,
    day: String,
}

impl VersionLabel {
    /// What an answer says of its cluster's version, and the end of its support in seconds since 1970. None where that is not
    /// known.
    pub(super) fn of(rsp: &RunFunctionResponse) -> Option<(Self, i64)> {
        let composite = rsp.desired.as_ref()?.composite.as_ref()?;
        let status = composite.resource.as_ref()?;
        let text = |path: &str| status.str_at(&format!("status.{path}"));
        let running = text("kubernetesVersion.controlPlane");
        let version = running.or_else(|| text("kubernetesVersion.desired"))?;
        let day = text("kubernetesVersion.supportEnds")?;
        Self::new(text("provider")?, Version::parse(version)?, day)
    }

    /// What the table of the release has.
    pub(super) fn all() -> impl Iterator<Item = (Self, i64)> {
        minors::days().filter_map(|(cloud, minor, day)| Self::new(cloud.name(), minor, day))
    }

    fn new(provider: &str, version: Version, day: &str) -> Option<(Self, i64)> {
        let label = Self {
            provider: provider.to_owned(),
            version: version.to_string(),
            day: day.to_owned(),
        };
        Some((label, start_of(day)?))
    }
}

/// When a day begins in UTC, in seconds since 1970.
fn start_of(day: &str) -> Option<i64> {
    let day: Date = day.parse().ok()?;
    let start = day.to_zoned(TimeZone::UTC).ok()?;
    Some(start.timestamp().as_second())
}
