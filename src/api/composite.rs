//! The composite resource's own identity: who it is, in which scope, on whose behalf.

use crate::{
    api::{
        draft::{Field, Unsound},
        reader::Rule,
        rules::{NAMESPACE, is_dns_label, is_label},
        violation::{Violation, Violations},
    },
    wire::structpb::{Struct, Value},
};

/// Which of the three XRDs the composite belongs to. It is read from the composite itself, so that
/// it is configured once.
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
    /// Reads the identity. The violations say what is not sound.
    pub fn read(object: &Struct, violations: &Violations) -> Field<Self> {
        let text = |path| object.str_at(path).map(str::to_owned);
        let Some(name) = text("metadata.name") else {
            violations.refuse("metadata.name", "", "is missing", "give the cluster a name");
            return Err(Unsound);
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
        let claim = (scope == Scope::Claims).then(|| {
            Some(Claim {
                api_version: text("spec.claimRef.apiVersion")?,
                kind: text("spec.claimRef.kind")?,
                namespace: text("spec.claimRef.namespace")?,
                name: text("spec.claimRef.name")?,
            })
        });
        let composite = Self {
            api_version: text("apiVersion").unwrap_or_default(),
            kind: text("kind").unwrap_or_default(),
            name,
            namespace,
            scope,
            claim: claim.flatten(),
        };
        match composite.check(object) {
            Ok(()) => Ok(composite),
            Err(violation) => {
                violations.add(violation);
                Err(Unsound)
            }
        }
    }

    /// The namespace of managed resources; none where they are cluster-scoped. Those of a cluster-scoped composite
    /// are where the Input says.
    pub fn resource_namespace<'a>(&'a self, of_input: &'a str) -> Option<&'a str> {
        match self.scope {
            Scope::Claims => None,
            Scope::Cluster => Some(of_input),
            Scope::Namespaced => self.namespace.as_deref(),
        }
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

    /// Names, labels and references of all objects are made of these. The API server keeps to the same
    /// rules, so this stops only what did not come from one.
    fn check(&self, object: &Struct) -> Result<(), Violation> {
        let named = object.at("spec.claimRef").filter(|it| *it != Value::Null);
        if self.claim.is_none() && named.is_some() {
            let problem = "does not say which claim it is";
            let fix = "give it apiVersion, kind, namespace and name";
            return Err(Violation::new("spec.claimRef", "", problem, fix));
        }
        let claimed = |part: fn(&Claim) -> &String| self.claim.as_ref().map(|it| part(it).as_str());
        let rows = [
            ("metadata.name", Some(self.known_name()), &CLOUD_NAME),
            ("metadata.name", Some(&self.name), &NAME),
            ("metadata.namespace", self.namespace.as_deref(), &NAMESPACE),
            ("kind", Some(&self.kind), &KIND),
            ("apiVersion", Some(&self.api_version), &VERSION),
            (
                "spec.claimRef.namespace",
                claimed(|it| &it.namespace),
                &NAMESPACE,
            ),
            ("spec.claimRef.kind", claimed(|it| &it.kind), &KIND),
            (
                "spec.claimRef.apiVersion",
                claimed(|it| &it.api_version),
                &VERSION,
            ),
        ];
        let broken = rows
            .iter()
            .find(|(_, text, rule)| text.is_some_and(|it| !(rule.holds)(it)));
        broken.map_or(Ok(()), |&(path, text, rule)| {
            Err(rule.broken(path, Value::String(text.unwrap_or_default())))
        })
    }
}

/// Names of cloud resources start with this name, and GCP takes RFC 1035 labels only.
const CLOUD_NAME: Rule = Rule {
    holds: |text| is_label(text, 63),
    problem: "cannot start the names of cloud resources",
    fix: "use at most 63 lower-case letters, digits and hyphens, starting with a letter",
};

const NAME: Rule = Rule {
    holds: |text| text.len() <= 253 && text.split('.').all(|part| is_dns_label(part, 253)),
    problem: "is not a name in Kubernetes",
    fix: "use at most 253 lower-case letters, digits, hyphens and dots",
};

const KIND: Rule = Rule {
    holds: |text| (1..=63).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric()),
    problem: "is not a kind",
    fix: "use the kind of the XRD",
};

/// `group/version`, or `version` alone.
const VERSION: Rule = Rule {
    holds: |text| {
        text.len() <= 253
            && text.split('/').count() <= 2
            && text.split(['/', '.']).all(|part| is_dns_label(part, 63))
    },
    problem: "is not an API version",
    fix: "use group and version of the XRD",
};
