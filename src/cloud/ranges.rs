//! From where a control plane can be reached, and who says so.

use std::borrow::Cow;

use crate::{
    plan::{context::Cx, key::CLUSTER, object::Label},
    wire::structpb::Value,
};

/// The label of a control plane that tells who named its ranges.
const NAMED_BY: &str = "xcluster.dev/ranges-named-by";
const PLATFORM: &str = "platform";
const SPEC: &str = "spec";

/// From where a control plane can be reached, as IPv4 ranges.
pub struct Ranges {
    /// The ranges; none where nobody names any.
    pub list: Vec<String>,
    /// Who named them.
    named_by: &'static str,
}

impl Ranges {
    /// The cluster's ranges, else the platform's. While neither names any, a control plane keeps those that the platform
    /// named before: an Input that has lost them locks nobody out. Ranges without a label count as the platform's.
    /// `sent` finds them in the object.
    pub fn of<'o>(cx: &Cx<'o>, sent: impl Fn(Value<'o>) -> Vec<&'o str>) -> Self {
        let (own, platform) = (&cx.spec.endpoint.allowed_cidrs, &cx.input.allowed_cidrs);
        let (named, named_by) = if own.is_empty() {
            (platform, PLATFORM)
        } else {
            (own, SPEC)
        };
        let mut list: Vec<_> = named.iter().map(ToString::to_string).collect();
        if list.is_empty()
            && let Some(cluster) = cx.observed.get(&CLUSTER)
        {
            let labels = cluster.at("metadata.labels").and_then(Value::as_struct);
            let was_named_by = labels.and_then(|labels| labels.get(NAMED_BY)?.as_str());
            let kept = cluster
                .at("spec.forProvider")
                .filter(|_| was_named_by != Some(SPEC));
            let kept = kept.into_iter().flat_map(sent);
            list = kept.map(str::to_owned).collect();
        }
        Self { list, named_by }
    }

    /// Labels of the control plane.
    pub fn labels(&self) -> Vec<Label> {
        let label = (Cow::Borrowed(NAMED_BY), Cow::Borrowed(self.named_by));
        let is_named = !self.list.is_empty();
        is_named.then_some(label).into_iter().collect()
    }
}
