//! What cannot change once a cluster exists, read off what exists.
//!
//! The XRD's rules refuse such a change at the API server. Where they did not get to see it (an
//! older XRD, a restored backup, `render`), the change would make the function stop sending what
//! the cluster consists of, and Crossplane would delete it.

use crate::{
    api::{
        asked::{Asked, Checked},
        choice::{Choice as _, Mode},
        composite::{Composite, Scope},
        draft::{Field, Unsound},
        names::Names,
        violation::printable,
    },
    plan::{
        key::{ACCESS, CLUSTER, Key, NETWORK, POOL},
        object::external_name,
        observed::{Condition, Observed, condition},
    },
};

/// Compares what is asked for with the objects that were made from an earlier spec.
#[derive(Clone, Copy)]
pub struct Unchanged<'a> {
    /// What is asked for.
    pub asked: Asked<'a>,
    /// The composite's identity.
    pub composite: &'a Composite,
    /// What exists.
    pub observed: Observed<'a>,
    /// Where the load balancer is.
    pub address: Field<Option<&'a str>>,
    names: &'a Names,
}

/// A check of a field that cannot change.
pub type Check = fn(&Unchanged<'_>) -> Checked;

impl<'a> Unchanged<'a> {
    /// Compares these. A name that an author chose counts only where it is sound.
    pub fn new(
        asked: Asked<'a>,
        composite: &'a Composite,
        names: &'a Names,
        observed: Observed<'a>,
        address: Field<Option<&'a str>>,
    ) -> Self {
        Self {
            asked,
            composite,
            observed,
            address,
            names,
        }
    }

    /// Makes checks, each whatever becomes of the others.
    pub fn check_all(&self, checks: &[Check]) {
        for check in checks {
            check(self).ok();
        }
    }

    /// The cluster's name in the cloud.
    ///
    /// # Errors
    /// [`Unsound`].
    pub fn cloud_name(&self) -> Field<&'a str> {
        self.asked.spec.cloud_name.as_ref()?;
        Ok(&self.names.cloud)
    }

    /// The cluster's name in Argo CD.
    ///
    /// # Errors
    /// [`Unsound`].
    pub fn argocd_name(&self) -> Field<&'a str> {
        self.asked.spec.argocd.name.as_ref()?;
        Ok(&self.names.argocd)
    }

    /// Checks that the composite's resources are of its cloud and its scope: a change of either would
    /// address every one of them anew, so no other one is told.
    ///
    /// # Errors
    /// [`Unsound`] when one of them has changed.
    pub fn kinds(&self) -> Checked {
        let Some((key, version, group)) = self.made() else {
            return Ok(());
        };
        let (cloud, is_namespaced) = match group.strip_suffix(".m") {
            Some(rest) => (rest, true),
            None => (group, false),
        };
        let cloud = cloud.rsplit('.').next().unwrap_or_default();
        if let Ok(wanted) = self.asked.provider()
            && cloud != wanted.name()
        {
            self.refuse("spec.provider", wanted.name(), cloud);
            return Err(Unsound);
        }
        if is_namespaced == (self.composite.scope == Scope::Claims) {
            let version = printable(version);
            let problem = format!("says another scope than the existing {key}, which is {version}");
            let fix = "move a cluster between scopes with spec.cloudName, which the platform has to allow, never in place";
            self.asked.refuse("metadata", "", problem, fix);
            return Err(Unsound);
        }
        Ok(())
    }

    /// The namespace of a cluster-scoped composite's resources: in another one Crossplane would make them
    /// all anew and delete those that exist.
    ///
    /// # Errors
    /// [`Unsound`] when the Input's is, and the check is left out.
    pub fn namespace(&self) -> Checked {
        let of_input = self.asked.input.resource_namespace.as_ref()?;
        if let Some((key, ..)) = self.made()
            && self.composite.scope == Scope::Cluster
        {
            let path = "metadata.namespace";
            self.check("input.resourceNamespace", of_input, key, path);
        }
        Ok(())
    }

    /// A resource that exists, with its API version and the group of that.
    fn made(&self) -> Option<(&'static Key, &'a str, &'a str)> {
        const MADE: [&Key; 2] = [&CLUSTER, &NETWORK];
        MADE.into_iter().find_map(|key| {
            let version = self.observed.str_at(key, "apiVersion")?;
            let group = version.split('/').next()?.strip_suffix(".upbound.io")?;
            Some((key, version, group))
        })
    }

    /// A field whose value stands in an object.
    pub fn check(&self, field: &str, now: &str, key: &Key, path: &str) {
        self.check_value(field, now, self.observed.str_at(key, path));
    }

    /// A field whose earlier value is known.
    pub fn check_value(&self, field: &str, now: &str, was: Option<&str>) {
        if let Some(was) = was.filter(|was| *was != now) {
            self.refuse(field, now, was);
        }
    }

    /// The name of an existing cluster.
    ///
    /// # Errors
    /// [`Unsound`] when what is asked for is, and the check is left out; so for all of these.
    pub fn check_cloud_name(&self) -> Checked {
        let was = self.observed.get(&CLUSTER).and_then(external_name);
        self.check_value("spec.cloudName", self.cloud_name()?, was);
        Ok(())
    }

    /// The mode of an existing cluster, which has a switch at `path` that is on in mode auto.
    ///
    /// # Errors
    /// [`Unsound`].
    pub fn check_mode(&self, path: &str) -> Checked {
        let now = self.asked.spec.mode?;
        if let Some(cluster) = self.observed.get(&CLUSTER) {
            let is_auto = cluster.at(path).and_then(|switch| switch.as_bool()) == Some(true);
            let was = if is_auto { Mode::Auto } else { Mode::Standard };
            self.check_value("spec.mode", now.name(), Some(was.name()));
        }
        Ok(())
    }

    /// The credentials that an existing cluster was made with.
    ///
    /// # Errors
    /// [`Unsound`].
    pub fn check_provider_config(&self) -> Checked {
        let now = &self.asked.spec.provider_config_ref;
        let path = "spec.providerConfigRef.name";
        self.check(path, now.name.as_ref()?, &CLUSTER, path);
        let path = "spec.providerConfigRef.kind";
        self.check(path, now.kind?.name(), &CLUSTER, path);
        Ok(())
    }

    /// Whether the cloud has the cluster, or may be making it.
    ///
    /// upjet reports nothing while it creates (`Observe` of external_async_tfpluginsdk.go, upjet v2.4), so
    /// only a creation that failed shows that there is none. What is built on a cluster shows that there is one.
    pub fn may_have_cluster(&self) -> bool {
        let Some(cluster) = self.observed.get(&CLUSTER) else {
            return false;
        };
        let is_known = cluster.str_at("status.atProvider.id").is_some()
            || self.asked.composite.str_at("status.clusterId").is_some();
        let mut built = [POOL, ACCESS].into_iter();
        let is_used = built.any(|family| self.observed.keys(family).next().is_some());
        let failed = condition(cluster, "Synced").is_some_and(Condition::fails);
        is_known || is_used || !failed
    }

    /// The encryption key, which an existing cluster has at `path`: it cannot exchange it, and one that we made must
    /// not go while a cluster uses it.
    ///
    /// # Errors
    /// [`Unsound`].
    pub fn check_key(&self, path: &str, own: &Key) -> Checked {
        let field = "spec.encryption.keyId";
        match self.asked.spec.encryption.key_id.as_ref()? {
            None => {
                // The key is created when the cluster is; one that came later would not be used.
                let foreign = self.observed.exists(&CLUSTER) && !self.observed.exists(own);
                if let (true, Some(was)) = (foreign, self.observed.str_at(&CLUSTER, path)) {
                    self.refuse(field, "", was);
                }
            }
            Some(wanted) if self.observed.exists(own) => {
                self.refuse(field, wanted, "the cluster's own key");
            }
            Some(wanted) => self.check(field, wanted, &CLUSTER, path),
        }
        Ok(())
    }

    fn refuse(&self, field: &str, now: &str, was: &str) {
        let before = match was {
            "" => "remove it".to_owned(),
            was => format!("set it back to {}", printable(was)),
        };
        let fix = format!("{before}, or make a new cluster");
        let problem = "cannot change once the cluster exists";
        self.asked.refuse(field, now, problem, fix);
    }
}
