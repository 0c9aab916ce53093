//! What cannot change once a cluster exists, read off what exists.
//!
//! The XRD's rules refuse such a change at the API server. Where they did not get to see it (an
//! older XRD, a restored backup, `render`), the change would make the function stop sending what
//! the cluster consists of, and Crossplane would delete it.

use crate::{
    api::{
        choice::{Choice as _, Mode},
        violation::{Violation, Violations, printable},
    },
    plan::{
        context::Cx,
        key::{CLUSTER, Family, Key, NETWORK},
        object::external_name,
    },
};

/// Compares a spec with the objects that were made from an earlier one.
pub struct Unchanged<'a> {
    /// The spec and the objects.
    pub cx: &'a Cx<'a>,
    /// Where differences go.
    pub violations: &'a Violations,
}

/// The zones of a cluster.
pub struct Zones<'a> {
    /// The zones that the spec asks for.
    pub now: &'a [String],
    /// The subnets of zones.
    pub subnets: Family,
}

/// Checks that the composite's resources are of its cloud and its scope: a change of either would
/// address every one of them anew.
pub fn check_kinds(cx: &Cx<'_>, violations: &Violations) {
    let wanted = cx.spec.provider.name();
    let namespaced = cx.build.namespace().is_some();
    for key in [&CLUSTER, &NETWORK] {
        let Some(found) = cx.observed.str_at(key, "apiVersion") else {
            continue;
        };
        let group = found.split('/').next().unwrap_or_default();
        let Some(group) = group.strip_suffix(".upbound.io") else {
            continue;
        };
        let (cloud, is_namespaced) = match group.strip_suffix(".m") {
            Some(rest) => (rest, true),
            None => (group, false),
        };
        let cloud = cloud.rsplit('.').next().unwrap_or_default();
        if cloud != wanted {
            let unchanged = Unchanged { cx, violations };
            unchanged.refuse("spec.provider", wanted, cloud);
        } else if is_namespaced != namespaced {
            violations.add(Violation::new(
                "metadata",
                "",
                format!(
                    "says another scope than the existing {key}, which is {}",
                    printable(found)
                ),
                "move a cluster between scopes with spec.cloudName, which the platform has to allow, never in place",
            ));
        } else {
            check_namespace(cx, violations, key);
        }
        return;
    }
}

/// The namespace of a cluster-scoped composite's resources: in another one Crossplane would make them
/// all anew and delete those that exist.
fn check_namespace(cx: &Cx<'_>, violations: &Violations, key: &Key) {
    let was = cx.observed.str_at(key, "metadata.namespace");
    if cx.composite.namespace.is_none()
        && let (Some(now), Some(was)) = (cx.build.namespace(), was)
        && now != was
    {
        let unchanged = Unchanged { cx, violations };
        unchanged.refuse("input.resourceNamespace", now, was);
    }
}

impl Unchanged<'_> {
    /// A field whose value stands in an object.
    pub fn check(&self, field: &str, now: &str, key: &Key, path: &str) {
        self.check_value(field, now, self.cx.observed.str_at(key, path));
    }

    /// A field whose earlier value is known.
    pub fn check_value(&self, field: &str, now: &str, was: Option<&str>) {
        if let Some(was) = was.filter(|was| *was != now) {
            self.refuse(field, now, was);
        }
    }

    /// A field whose value is an object's name in the cloud.
    pub fn check_external_name(&self, field: &str, now: &str, key: &Key) {
        let was = self.cx.observed.get(key).and_then(external_name);
        self.check_value(field, now, was);
    }

    /// The mode of an existing cluster, which has a switch at `path` that is on in mode auto.
    pub fn check_mode(&self, key: &Key, path: &str) {
        let Some(cluster) = self.cx.observed.get(key) else {
            return;
        };
        let is_auto = cluster.at(path).and_then(|switch| switch.as_bool()) == Some(true);
        let was = if is_auto { Mode::Auto } else { Mode::Standard };
        self.check_value("spec.mode", self.cx.spec.mode.name(), Some(was.name()));
    }

    /// The credentials that an existing cluster was made with.
    pub fn check_provider_config(&self, key: &Key) {
        let now = &self.cx.spec.provider_config_ref.name;
        self.check(
            "spec.providerConfigRef.name",
            now,
            key,
            "spec.providerConfigRef.name",
        );
    }

    /// Zones that have a subnet and are not asked for any more.
    pub fn check_zones(&self, zones: &Zones<'_>) {
        for key in self.cx.observed.keys(zones.subnets) {
            let zone = zones.subnets.name_in(&key).unwrap_or_default();
            if !zones.now.iter().any(|now| now == zone) {
                self.refuse("spec.network.zoneNames", &zones.now.join(","), zone);
            }
        }
    }

    /// The encryption key: a cluster cannot exchange it, and one that we made must not go while a
    /// cluster uses it.
    pub fn check_key(&self, cluster: &Key, path: &str, own: &Key) {
        let Some(wanted) = &self.cx.spec.encryption.key_id else {
            // The key is created when the cluster is; one that came later would not be used.
            let foreign = self.cx.observed.exists(cluster) && !self.cx.observed.exists(own);
            if let (true, Some(was)) = (foreign, self.cx.observed.str_at(cluster, path)) {
                self.refuse("spec.encryption.keyId", "", was);
            }
            return;
        };
        if self.cx.observed.exists(own) {
            self.refuse("spec.encryption.keyId", wanted, "the cluster's own key");
        } else {
            self.check("spec.encryption.keyId", wanted, cluster, path);
        }
    }

    fn refuse(&self, field: &str, now: &str, was: &str) {
        self.violations.add(Violation::quoting(
            field,
            now,
            "cannot change once the cluster exists",
            format!("set it back to {}, or make a new cluster", printable(was)),
        ));
    }
}
