//! Usages: what may not be deleted, and in which order the rest goes.
//!
//! Functions do not run while a composite is being deleted; Kubernetes deletes all composed
//! resources at once. What has to stay until something else is gone is therefore said beforehand.

use serde::Serialize;

use crate::{
    api::composite::Scope,
    plan::{
        build::composed,
        composed::{Composed, Plan, Stage},
        context::Cx,
        key::{CLUSTER, Key, PROTECTION, PROTECTION_CLAIM, PROTECTION_COMPOSITE},
        object::{Managed, Metadata},
    },
    wire::structpb::to_struct,
};

const API_VERSION: &str = "protection.crossplane.io/v1beta1";

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Usage<'a> {
    api_version: &'a str,
    kind: &'a str,
    metadata: Metadata<'a>,
    spec: UsageSpec<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct UsageSpec<'a> {
    of: Target<'a>,
    by: Option<Target<'a>>,
    reason: Option<String>,
    replay_deletion: Option<bool>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Target<'a> {
    api_version: &'a str,
    kind: &'a str,
    resource_ref: Name<'a>,
}

#[derive(Serialize)]
struct Name<'a> {
    name: &'a str,
}

/// Keeps the object of one key until the object of another is gone. It is made once both exist: a
/// Usage of nothing is an error to Crossplane.
pub fn keep_until_gone<Of: Managed, By: Managed>(cx: &Cx<'_>, plan: &mut Plan, of: &Key, by: &Key) {
    keep::<Of, By>(cx, plan, &PROTECTION.of(of.as_str()), of, by);
}

/// The same, of an object that [`keep_until_gone`] keeps for another one already.
pub fn keep_until_also_gone<Of: Managed, By: Managed>(
    cx: &Cx<'_>,
    plan: &mut Plan,
    of: &Key,
    by: &Key,
) {
    let key = PROTECTION.of(&format!("{of}-{by}"));
    keep::<Of, By>(cx, plan, &key, of, by);
}

fn keep<Of: Managed, By: Managed>(cx: &Cx<'_>, plan: &mut Plan, key: &Key, of: &Key, by: &Key) {
    let (of_version, by_version) = (cx.build.api_version::<Of>(), cx.build.api_version::<By>());
    let (of_name, by_name) = (cx.names.object(of.as_str()), cx.names.object(by.as_str()));
    let spec = UsageSpec {
        of: Target {
            api_version: of_version,
            kind: Of::KIND,
            resource_ref: Name { name: &of_name },
        },
        by: Some(Target {
            api_version: by_version,
            kind: By::KIND,
            resource_ref: Name { name: &by_name },
        }),
        reason: None,
        replay_deletion: Some(true),
    };
    let namespaced = cx.build.namespace().is_some();
    let metadata = cx.build.metadata(key);
    plan.add(
        usage(key.clone(), namespaced, metadata, spec).after_existing([of.clone(), by.clone()]),
    );
}

/// Refuses the deletion of the composite, and of its claim, while the spec says so.
///
/// The Usages also stay while the cloud's own protection is still on: with them gone first, the
/// composite could be deleted before the provider has switched it off, and then nothing would.
pub fn refuse_deletion(cx: &Cx<'_>, plan: &mut Plan) {
    let cloud_still_protects = cx.observed.get(&CLUSTER).is_some_and(|object| {
        let reported = object.at("status.atProvider.deletionProtection");
        // Unknown counts as on, unless the cloud never had the cluster: a create that failed must
        // not keep its remains.
        let was_created = cx.observed_composite.str_at("status.clusterId").is_some();
        reported
            .and_then(|value| value.as_bool())
            .unwrap_or(was_created)
    });
    if !cx.spec.deletion_protection && !cloud_still_protects {
        return;
    }
    let composite = cx.composite;
    let reason = if cx.spec.deletion_protection {
        "spec.deletionProtection is true; set it to false, wait until the cluster is Ready again, and delete then"
    } else {
        "the cloud's own deletion protection is being switched off; try again in a minute"
    };
    let of = |api_version, kind, name| UsageSpec {
        of: Target {
            api_version,
            kind,
            resource_ref: Name { name },
        },
        by: None,
        reason: Some(reason.to_owned()),
        replay_deletion: None,
    };
    let spec = of(&composite.api_version, &composite.kind, &composite.name);
    let mut metadata = cx.build.metadata(&PROTECTION_COMPOSITE);
    metadata.namespace = composite.namespace.as_deref();
    let namespaced = composite.scope == Scope::Namespaced;
    plan.add(usage(PROTECTION_COMPOSITE, namespaced, metadata, spec));
    // A Usage of the composite does not stop the deletion of its claim: that would be accepted,
    // and hang.
    if let Some(claim) = &composite.claim {
        let spec = of(&claim.api_version, &claim.kind, &claim.name);
        let mut metadata = cx.build.metadata(&PROTECTION_CLAIM);
        metadata.namespace = Some(&claim.namespace);
        plan.add(usage(PROTECTION_CLAIM, true, metadata, spec));
    }
}

/// A `Usage`, or the `ClusterUsage` that cluster-scoped objects need.
fn usage(key: Key, namespaced: bool, metadata: Metadata<'_>, spec: UsageSpec<'_>) -> Composed {
    let object = to_struct(&Usage {
        api_version: API_VERSION,
        kind: if namespaced { "Usage" } else { "ClusterUsage" },
        metadata,
        spec,
    });
    composed(Stage::Protection, key, object).optional()
}
