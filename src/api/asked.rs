//! What checks look at: all that was written, as far as it is sound.

use super::{
    choice::Mode,
    draft::{Field, Unsound},
    input::InputDraft,
    provider::{Clouds, Provider},
    spec::{NodePoolDraft, SpecDraft},
    violation::Violations,
};
use crate::wire::structpb::Struct;

/// What is asked for, and what was found to be wrong with it.
///
/// Some fields decide what other ones may be. They have a method here, which takes them for unsound when a check has refused
/// them: what follows from a mistake is no mistake of its own.
#[derive(Clone, Copy)]
pub struct Asked<'a> {
    /// What the author asks for.
    pub spec: &'a SpecDraft,
    /// What the platform knows.
    pub input: &'a InputDraft,
    /// The clouds that there are.
    pub clouds: Clouds<'a>,
    /// The observed composite, for what an earlier call wrote to its status.
    pub composite: &'a Struct,
    /// What is wrong.
    pub violations: &'a Violations,
}

/// Whether a check was made. It is left out when a field that it reads is unsound.
pub type Checked = Field<()>;

/// A check. Each is of one field, or of one rule that spans fields.
pub type Check = fn(&Asked<'_>) -> Checked;

/// A check of one pool, which is at a path.
pub type PoolCheck = fn(&Asked<'_>, &str, &NodePoolDraft) -> Checked;

impl<'a> Asked<'a> {
    /// Makes checks, each whatever becomes of the others.
    pub fn check(&self, checks: &[Check]) {
        for check in checks {
            check(self).ok();
        }
    }

    /// Makes checks of each of these pools.
    pub fn check_pools(&self, pools: &[NodePoolDraft], checks: &[PoolCheck]) {
        for (n, pool) in pools.iter().enumerate() {
            let path = format!("spec.nodePools[{n}]");
            for check in checks {
                check(self, &path, pool).ok();
            }
        }
    }

    /// Refuses a value, which is a text.
    pub fn refuse(
        &self,
        path: impl Into<String>,
        text: &str,
        problem: impl Into<String>,
        fix: impl Into<String>,
    ) {
        self.violations.refuse(path, text, problem, fix);
    }

    /// The cloud.
    ///
    /// # Errors
    /// [`Unsound`] when it is, or was refused; so for all of these.
    pub fn provider(&self) -> Field<Provider> {
        self.unless_refused("spec.provider")?;
        self.spec.provider
    }

    /// The region.
    ///
    /// # Errors
    /// [`Unsound`].
    pub fn region(&self) -> Field<&'a str> {
        self.unless_refused("spec.region")?;
        Ok(self.spec.region.as_ref()?)
    }

    /// Who runs the nodes.
    ///
    /// # Errors
    /// [`Unsound`].
    pub fn mode(&self) -> Field<Mode> {
        self.unless_refused("spec.mode")?;
        self.spec.mode
    }

    /// The namespace of the claim, or of the composite; empty for a cluster-scoped one.
    pub fn namespace(&self) -> &'a str {
        let claim = self.composite.str_at("spec.claimRef.namespace");
        let own = || self.composite.str_at("metadata.namespace");
        claim.or_else(own).unwrap_or_default()
    }

    /// The account or project: the spec's, else the platform's for the provider configuration.
    ///
    /// # Errors
    /// [`Unsound`].
    pub fn account(&self) -> Field<Option<&'a str>> {
        match self.spec.account.as_ref()? {
            Some(own) => Ok(Some(own)),
            None => self.known_account(),
        }
    }

    /// The account or project that the platform names for the provider configuration.
    ///
    /// # Errors
    /// [`Unsound`].
    pub fn known_account(&self) -> Field<Option<&'a str>> {
        let path = "spec.providerConfigRef.name";
        self.unless_refused(path)?;
        let name = self.spec.provider_config_ref.name.as_ref()?;
        let Some(account) = self.input.accounts.get()?.get(name) else {
            return Ok(None);
        };
        match account.get()?.get(&self.provider()?) {
            Some(id) => Ok(Some(id.as_ref()?)),
            None => Ok(None),
        }
    }

    fn unless_refused(&self, path: &str) -> Checked {
        if self.violations.refused(path) {
            return Err(Unsound);
        }
        Ok(())
    }
}
