//! The clusters of a dump.

use std::path::Path;

use manifests::{ScopeArg, composite_of, dump};
use serde_json::Value;
use xcluster::wire::structpb::Struct;

use super::args::PlanError;

/// The group of the XRDs.
const GROUP: &str = "xcluster.dev/";
/// How to get what is asked for.
const HOW: &str = "kubectl get xclusters.xcluster.dev --all-namespaces --output yaml";
/// How many objects of other kinds are named.
const MOST: usize = 3;

/// A cluster of a dump.
pub(super) struct Member {
    /// As people call it: `NAMESPACE/NAME`, or its name where it has no namespace.
    pub(super) name: String,
    /// The composite that Crossplane hands over.
    pub(super) composite: Struct,
    /// Whether it is being deleted. No function is called for it then.
    pub(super) is_going: bool,
}

/// The clusters of a dump: claims, composites of claims, cluster-scoped and namespaced ones.
///
/// # Errors
/// [`PlanError`] where a file cannot be read, or holds something else.
pub(super) fn read(path: &Path, scope: Option<ScopeArg>) -> Result<Vec<Member>, PlanError> {
    let objects = dump(path)?;
    let others: Vec<_> = objects.iter().filter(|it| !is_ours(it)).collect();
    let file = path.display();
    if !others.is_empty() {
        let named: Vec<_> = others.iter().take(MOST).map(|it| title(it)).collect();
        let more = match others.len().saturating_sub(MOST) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        return Err(PlanError::Dump(format!(
            "{file}: {}{more}: no Cluster or XCluster of xcluster.dev; dump them with: {HOW}",
            named.join(", ")
        )));
    }
    if objects.is_empty() {
        return Err(PlanError::Dump(format!(
            "{file} holds no clusters; dump them with: {HOW}"
        )));
    }
    let member = |object: &Value| {
        Ok(Member {
            name: name(object),
            composite: composite_of(&without_bulk(object.clone()), scope, path)?,
            is_going: !object["metadata"]["deletionTimestamp"].is_null(),
        })
    };
    objects.iter().map(member).collect()
}

fn is_ours(object: &Value) -> bool {
    let text = |field: &str| object[field].as_str().unwrap_or_default();
    text("apiVersion").starts_with(GROUP) && matches!(text("kind"), "Cluster" | "XCluster")
}

/// A claim and its composite have one name, the claim's.
fn name(object: &Value) -> String {
    let claim = &object["spec"]["claimRef"];
    let of = |value: &Value| match (value["namespace"].as_str(), value["name"].as_str()) {
        (Some(namespace), Some(name)) => Some(format!("{namespace}/{name}")),
        (None, Some(name)) => Some(name.to_owned()),
        _ => None,
    };
    of(claim)
        .or_else(|| of(&object["metadata"]))
        .unwrap_or_default()
}

fn title(object: &Value) -> String {
    let kind = object["kind"].as_str().unwrap_or("an object without kind");
    format!("{kind} {}", name(object)).trim_end().to_owned()
}

/// What an API server keeps in an object for itself, and what no cluster is composed by.
fn without_bulk(mut object: Value) -> Value {
    if let Some(fields) = object.as_object_mut() {
        fields.remove("status");
    }
    for (part, field) in [("metadata", "managedFields"), ("spec", "resourceRefs")] {
        if let Some(fields) = object[part].as_object_mut() {
            fields.remove(field);
        }
    }
    object
}
