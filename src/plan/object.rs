//! The envelope of composed objects: API version by scope, metadata, credentials, policies.

use std::borrow::Cow;

use serde::Serialize;

use super::key::Key;
use crate::{
    api::{
        choice::Choice,
        composite::{Composite, Scope},
        names::Names,
        spec::ProviderConfigRef,
    },
    wire::structpb::{EncodeError, Struct, to_struct},
};

/// The annotation that names the object in the cloud.
pub const EXTERNAL_NAME: &str = "crossplane.io/external-name";

/// The name that an observed object has in the cloud.
pub fn external_name(object: &Struct) -> Option<&str> {
    // The key holds dots, so a dotted path does not reach it.
    let annotations = object.at("metadata.annotations")?.as_struct()?;
    let name = annotations.get(EXTERNAL_NAME)?.as_str()?;
    Some(name).filter(|name| !name.is_empty())
}

/// The `forProvider` of a managed resource.
///
/// In every kind used here it is the same in the namespaced and the cluster-scoped API (compared
/// field by field); only the envelope differs.
pub trait Managed: Serialize {
    /// The kind.
    const KIND: &'static str;
    /// The `apiVersion` of the cluster-scoped API: the newest that every supported release serves.
    const CLUSTER_SCOPED: &'static str;
    /// The `apiVersion` of the namespaced API, which has v1beta1 only.
    const NAMESPACED: &'static str;
    /// Who chooses the external name.
    const NAMED_BY: NamedBy;
}

/// Who chooses the external name of a kind: `config/externalname.go` of provider-aws v2.6.0 and
/// of provider-gcp v2.6.0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NamedBy {
    /// This function: the object has its external name from the first time that it is sent.
    Function,
    /// The provider makes the id from fields (`GetIDFn`) and never reads the external name.
    Fields,
    /// The cloud, when it creates the object (`IdentifierFromProvider`).
    ///
    /// upjet creates on a copy of the object, so only a later observation can store the name, and
    /// crossplane-runtime stores it then only with `LateInitialize`. A provider that restarts before
    /// the name is stored creates a second object. See [`Policies`].
    Cloud,
}

/// Declares the API group, kind, cluster-scoped version and naming of each type.
macro_rules! kinds {
    ($($type:ident => $group:literal $kind:literal $version:literal $named_by:ident;)*) => {
        $(impl $crate::plan::object::Managed for $type {
            const KIND: &'static str = $kind;
            const CLUSTER_SCOPED: &'static str = concat!($group, ".upbound.io/", $version);
            const NAMESPACED: &'static str = concat!($group, ".m.upbound.io/v1beta1");
            const NAMED_BY: $crate::plan::object::NamedBy = $crate::plan::object::NamedBy::$named_by;
        })*
    };
}

pub(crate) use kinds;

/// What the provider may do with the cloud's object.
///
/// `LateInitialize` is added only to objects that the cloud names ([`NamedBy::Cloud`]), and only
/// until the name is stored: it would pin the cloud's defaults, and an autoscaler's choices, as if
/// the author had asked for them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Policies {
    /// Create, update and delete it.
    Full,
    /// Create and update it; leave it in the cloud when the managed resource is deleted.
    Keep,
    /// Create it, and only look if it is there.
    Try,
    /// Only look.
    Observe,
}

impl Policies {
    /// Each list is one of those that crossplane-runtime supports (`policies.go`).
    fn list(self, stores_name: bool) -> &'static [&'static str] {
        match (self, stores_name) {
            (Self::Full, false) => &["Observe", "Create", "Update", "Delete"],
            (Self::Full, true) => &["Observe", "Create", "Update", "Delete", "LateInitialize"],
            (Self::Keep, false) => &["Observe", "Create", "Update"],
            (Self::Keep, true) => &["Observe", "Create", "Update", "LateInitialize"],
            (Self::Try, _) => &["Observe", "Create"],
            (Self::Observe, _) => &["Observe"],
        }
    }
}

/// A reference to a composed object by name.
#[derive(Clone, Debug, Serialize)]
pub struct Ref {
    /// Its `metadata.name`.
    pub name: String,
    /// How it is resolved.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub policy: Option<RefPolicy>,
}

/// How a reference is resolved.
#[derive(Clone, Debug, Serialize)]
pub struct RefPolicy {
    /// `Always` resolves again when the reference changes; without it the first value stays.
    pub resolve: &'static str,
}

impl Ref {
    /// This reference, resolved anew whenever it changes.
    pub fn always(mut self) -> Self {
        self.policy = Some(RefPolicy { resolve: "Always" });
        self
    }
}

/// Builds composed objects for one composite.
pub struct Builder<'a> {
    composite: &'a Composite,
    names: &'a Names,
    provider_config: Struct,
    namespace: Option<&'a str>,
    labels: Struct,
}

/// Metadata of a composed object.
#[derive(Debug, Serialize)]
pub struct Metadata<'a> {
    annotations: Option<Annotations>,
    labels: Cow<'a, Struct>,
    name: String,
    /// The object's namespace; none where it is cluster-scoped.
    pub namespace: Option<&'a str>,
}

#[derive(Debug, Serialize)]
struct Annotations {
    #[serde(rename = "crossplane.io/external-name")]
    external_name: String,
}

/// A label's name and its value.
pub type Label = (Cow<'static, str>, Cow<'static, str>);

/// What of an object is not its `forProvider`.
#[derive(Clone, Debug)]
pub struct Extras<I> {
    /// The external name, for kinds that this function names and for ids that it can foresee.
    pub external_name: Option<String>,
    /// What the provider may do.
    pub policies: Policies,
    /// Values for creation only, which the provider ignores afterwards.
    pub init: Option<I>,
    /// Labels beside those that every object has.
    pub labels: Vec<Label>,
}

impl<I> Default for Extras<I> {
    fn default() -> Self {
        Self {
            external_name: None,
            policies: Policies::Full,
            init: None,
            labels: Vec::new(),
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Object<'a, F, I> {
    api_version: &'a str,
    kind: &'a str,
    metadata: Metadata<'a>,
    spec: ManagedSpec<'a, F, I>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ManagedSpec<'a, F, I> {
    for_provider: F,
    #[serde(skip_serializing_if = "Option::is_none")]
    init_provider: Option<I>,
    management_policies: &'a [&'a str],
    provider_config_ref: &'a Struct,
}

/// The reference to a managed resource's credentials; cluster-scoped ones have one kind of them.
fn config_ref(composite: &Composite, config: &ProviderConfigRef) -> Struct {
    let name = Struct::default().with_str("name", &config.name);
    match composite.scope {
        Scope::Claims => name,
        Scope::Cluster | Scope::Namespaced => name.with_str("kind", config.kind.name()),
    }
}

impl<'a> Builder<'a> {
    /// A builder for the objects of a composite. `resource_namespace` holds the managed resources
    /// of a cluster-scoped composite.
    pub fn new(
        composite: &'a Composite,
        names: &'a Names,
        provider_config: &'a ProviderConfigRef,
        resource_namespace: &'a str,
    ) -> Self {
        Self {
            composite,
            names,
            provider_config: config_ref(composite, provider_config),
            namespace: composite.resource_namespace(resource_namespace),
            labels: Struct::default().with_str("xcluster.dev/cluster", &names.identity),
        }
    }

    /// The same, with other credentials.
    pub fn reaching(&self, provider_config: &'a ProviderConfigRef) -> Self {
        Self {
            provider_config: config_ref(self.composite, provider_config),
            labels: self.labels.clone(),
            ..*self
        }
    }

    /// The namespace of managed resources; none where they are cluster-scoped.
    pub fn namespace(&self) -> Option<&str> {
        self.namespace
    }

    /// The `apiVersion` of a managed resource in this scope.
    pub fn api_version<F: Managed>(&self) -> &'static str {
        match self.composite.scope {
            Scope::Claims => F::CLUSTER_SCOPED,
            Scope::Cluster | Scope::Namespaced => F::NAMESPACED,
        }
    }

    /// A reference to the object of a key.
    pub fn reference(&self, key: &Key) -> Ref {
        Ref {
            name: self.names.object(key.as_str()),
            policy: None,
        }
    }

    /// Metadata of the object of a key, in the managed resources' namespace.
    pub fn metadata(&self, key: &Key) -> Metadata<'_> {
        Metadata {
            annotations: None,
            labels: Cow::Borrowed(&self.labels),
            name: self.names.object(key.as_str()),
            namespace: self.namespace,
        }
    }

    /// A managed resource. `observed` is what exists of it.
    ///
    /// # Errors
    /// [`EncodeError`] when a value has no protobuf form, which valid specs never reach.
    pub fn managed<F: Managed, I: Serialize>(
        &self,
        key: &Key,
        for_provider: F,
        extras: Extras<I>,
        observed: Option<&Struct>,
    ) -> Result<Struct, EncodeError> {
        let mut metadata = self.metadata(key);
        let (name, stores_name) = match F::NAMED_BY {
            NamedBy::Function => (extras.external_name, false),
            NamedBy::Fields => (None, false),
            // The id that the cloud will choose is known beforehand.
            NamedBy::Cloud if extras.external_name.is_some() => (extras.external_name, false),
            NamedBy::Cloud => {
                // The reported id is the name of all these kinds (`IDAsExternalName`). Another one is that
                // of an object that was made anew, which the provider has to store.
                let stored = observed.and_then(external_name);
                let reported = observed.and_then(|it| it.str_at("status.atProvider.id"));
                let is_stored = stored.is_some() && (reported.is_none() || reported == stored);
                (stored.or(reported).map(str::to_owned), !is_stored)
            }
        };
        metadata.annotations = name.map(|external_name| Annotations { external_name });
        if !extras.labels.is_empty() {
            let own = self.labels.clone();
            let labels = extras.labels.iter();
            let all = labels.fold(own, |all, (label, value)| all.with_str(label, value));
            metadata.labels = Cow::Owned(all);
        }
        to_struct(&Object {
            api_version: self.api_version::<F>(),
            kind: F::KIND,
            metadata,
            spec: ManagedSpec {
                for_provider,
                init_provider: extras.init,
                management_policies: extras.policies.list(stores_name),
                provider_config_ref: &self.provider_config,
            },
        })
    }
}

/// Whether Crossplane, a provider or kubectl writes a label or an annotation for itself.
fn is_a_controllers(key: &str) -> bool {
    let domain = key.split_once('/').map_or("", |(domain, _)| domain);
    let theirs = |owner: &str| {
        domain
            .strip_suffix(owner)
            .is_some_and(|it| it.is_empty() || it.ends_with('.'))
    };
    theirs("crossplane.io") || theirs("kubectl.kubernetes.io")
}

/// An observed object as it can be desired again: identity and spec, without status and without
/// what the API server and others wrote into its metadata.
///
/// This is the last resort of "never drop": when an input that an existing object was built from
/// is gone, the object itself still knows it.
///
/// # Errors
/// [`EncodeError`] when the observed object is malformed or too deep.
pub fn again(observed: &Struct) -> Result<Struct, EncodeError> {
    // What follows is recursive, and the depth of this object was not checked.
    observed
        .check()
        .map_err(|error| EncodeError::Unsupported(error.to_string()))?;
    let pick = |path: &str| {
        observed
            .at(path)
            .map(|value| serde_json::to_value(value).unwrap_or_default())
    };
    let mut metadata = serde_json::Map::new();
    for key in ["name", "namespace", "labels"] {
        if let Some(value) = pick(&format!("metadata.{key}")) {
            metadata.insert(key.to_owned(), value);
        }
    }
    if let Some(labels) = metadata.get_mut("labels").and_then(|v| v.as_object_mut()) {
        labels.retain(|key, _| !is_a_controllers(key));
    }
    if let Some(mut annotations) = pick("metadata.annotations") {
        if let Some(annotations) = annotations.as_object_mut() {
            annotations.retain(|key, _| key == EXTERNAL_NAME || !is_a_controllers(key));
        }
        if annotations.as_object().is_some_and(|it| !it.is_empty()) {
            metadata.insert("annotations".to_owned(), annotations);
        }
    }
    let mut object = serde_json::Map::new();
    object.insert("metadata".to_owned(), metadata.into());
    for key in ["apiVersion", "kind", "spec", "data", "type"] {
        if let Some(value) = pick(key) {
            object.insert(key.to_owned(), value);
        }
    }
    to_struct(&object)
}
