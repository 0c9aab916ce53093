//! The composite resource's own identity: who it is, in which scope, on whose behalf.

use crate::{structpb::Struct, violation::Violation};

/// Which of the three XRDs the composite belongs to. It is read from the composite itself, so that
/// nobody has to configure it twice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// A cluster-scoped XR of a v1 XRD, usually with a claim; cluster-scoped managed resources.
    Claims,
    /// A cluster-scoped XR of a v2 XRD; namespaced managed resources in a namespace of the Input.
    Cluster,
    /// A namespaced XR; namespaced managed resources beside it.
    Namespaced,
}

/// The composite resource.
#[derive(Clone, Debug)]
pub struct Composite {
    /// Its `apiVersion`.
    pub api_version: String,
    /// Its `kind`, as it comes: the XRD's author chose it.
    pub kind: String,
    /// Its `metadata.name`.
    pub name: String,
    /// Its `metadata.namespace`.
    pub namespace: Option<String>,
    /// Its scope.
    pub scope: Scope,
    /// The claim that it was made for.
    pub claim: Option<Claim>,
}

/// A claim.
#[derive(Clone, Debug)]
pub struct Claim {
    /// Its `apiVersion`.
    pub api_version: String,
    /// Its `kind`.
    pub kind: String,
    /// Its `metadata.namespace`.
    pub namespace: String,
    /// Its `metadata.name`.
    pub name: String,
}

impl Composite {
    /// Reads the identity.
    ///
    /// # Errors
    /// A [`Violation`] when there is no name to build on.
    pub fn read(object: &Struct) -> Result<Self, Violation> {
        let text = |path| object.str_at(path).map(str::to_owned);
        let Some(name) = text("metadata.name") else {
            return Err(Violation::new(
                "metadata.name",
                "",
                "is missing",
                "give the cluster a name",
            ));
        };
        let namespace = text("metadata.namespace");
        let scope = if namespace.is_some() {
            Scope::Namespaced
        } else if object.at("spec.claimRef").is_none() && object.at("spec.crossplane").is_some() {
            // Only modern XRs keep Crossplane's fields there, and only others have claims.
            Scope::Cluster
        } else {
            Scope::Claims
        };
        let claim = (scope == Scope::Claims)
            .then(|| {
                Some(Claim {
                    api_version: text("spec.claimRef.apiVersion")?,
                    kind: text("spec.claimRef.kind")?,
                    namespace: text("spec.claimRef.namespace")?,
                    name: text("spec.claimRef.name")?,
                })
            })
            .flatten();
        let composite = Self {
            api_version: text("apiVersion").unwrap_or_default(),
            kind: text("kind").unwrap_or_default(),
            name,
            namespace,
            scope,
            claim,
        };
        composite.check()?;
        Ok(composite)
    }

    /// The name that a person knows: the claim's, or the composite's own.
    pub fn known_name(&self) -> &str {
        self.claim.as_ref().map_or(&self.name, |claim| &claim.name)
    }

    /// The namespace that a person knows; empty for a cluster-scoped composite without a claim.
    pub fn known_namespace(&self) -> &str {
        match &self.claim {
            Some(claim) => &claim.namespace,
            None => self.namespace.as_deref().unwrap_or_default(),
        }
    }

    /// Names of cloud resources start with this name, and GCP takes RFC 1035 labels only.
    fn check(&self) -> Result<(), Violation> {
        let name = self.known_name();
        let sound = name.len() <= 63
            && name.starts_with(|c: char| c.is_ascii_lowercase())
            && name
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        if sound {
            return Ok(());
        }
        Err(Violation::new(
            "metadata.name",
            format!("\"{name}\""),
            "cannot start the names of cloud resources",
            "use at most 63 lower-case letters, digits and hyphens, starting with a letter",
        ))
    }
}
