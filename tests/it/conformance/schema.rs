//! Schemas of custom resources, made as strict as server-side apply: a field that the schema does
//! not have is a mistake.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
};

use jsonschema::Validator;
use serde_json::{Value, json};

use crate::{api::schema::defaulted, support::cel};

/// The custom resource definitions of a folder of releases.
pub(super) struct Crds {
    root: PathBuf,
    known: Mutex<BTreeMap<String, Option<Arc<Crd>>>>,
}

/// One definition, with the validators that were asked for.
pub(super) struct Crd {
    document: Value,
    validators: Mutex<BTreeMap<String, Arc<Validator>>>,
}

impl Crds {
    /// Those of a folder.
    pub(super) fn new(root: PathBuf) -> Self {
        Self {
            root,
            known: Mutex::default(),
        }
    }

    /// The releases that serve an API group.
    pub(super) fn releases(group: &str) -> &'static [&'static str] {
        // The families' own kinds, provider configurations, are in a group without a service.
        let family = |cloud: &str| {
            let service = format!(".{group}");
            [".upbound.io", ".m.upbound.io"]
                .iter()
                .any(|suffix| service.ends_with(&format!(".{cloud}{suffix}")))
        };
        if family("aws") {
            &["provider-aws-v2.6.0"]
        } else if family("gcp") {
            &["provider-gcp-v2.6.0"]
        } else if let "pkg.crossplane.io"
        | "protection.crossplane.io"
        | "apiextensions.crossplane.io" = group
        {
            &["crossplane-v2.3.4"]
        } else if group.starts_with("kubernetes.") {
            &["provider-kubernetes-v1.2.1"]
        } else if group == "argoproj.io" {
            &["argocd-v3.5.1"]
        } else if group == "external-secrets.io" {
            &["external-secrets-v2.9"]
        } else if group == "gateway.networking.k8s.io" {
            &["gateway-api-v1.3.0"]
        } else {
            &[]
        }
    }

    /// The definition of a kind in a release. Files are called `<group>_<plural>.yaml`.
    pub(super) fn of(&self, release: &str, group: &str, kind: &str) -> Option<Arc<Crd>> {
        let file = format!("{release}/{group}_{}.yaml", plural(kind));
        if let Some(known) = self.known.lock().unwrap().get(&file) {
            return known.clone();
        }
        let crd = read(&self.root.join(&file))
            .filter(|document| document["spec"]["names"]["kind"] == kind)
            .map(|document| {
                Arc::new(Crd {
                    document,
                    validators: Mutex::default(),
                })
            });
        self.known.lock().unwrap().insert(file, crd.clone());
        crd
    }

    /// What is wrong with an object, by every release that its group has.
    pub(super) fn problems(&self, object: &Value) -> Vec<String> {
        let (group, version, _) = identity(object);
        if group.is_empty() {
            return core_problems(object);
        }
        self.each(object, |crd| crd.problems(version, object))
    }

    /// The rules that an object breaks in the place of an older one.
    pub(super) fn broken_by_change(&self, new: &Value, old: &Value) -> Vec<String> {
        let (group, version, _) = identity(new);
        if group.is_empty() {
            return Vec::new();
        }
        self.each(new, |crd| crd.broken(version, new, Some(old)))
    }

    /// All rules for an object.
    pub(super) fn rules(&self, object: &Value) -> Vec<cel::Rule> {
        let (group, version, kind) = identity(object);
        let releases = Self::releases(group).iter();
        let crds = releases.filter_map(|release| self.of(release, group, kind));
        crds.flat_map(|crd| cel::rules("", crd.schema(version)))
            .collect()
    }

    /// The schemas of an object's version, of every release that its group has.
    pub(super) fn schemas(&self, object: &Value) -> Vec<Value> {
        let (group, version, kind) = identity(object);
        let releases = Self::releases(group).iter();
        let crds = releases.filter_map(|release| self.of(release, group, kind));
        crds.map(|crd| crd.schema(version).clone()).collect()
    }

    /// The schemas of all kinds of a release, in all versions.
    pub(super) fn all(&self, release: &str) -> Vec<Value> {
        let files = std::fs::read_dir(self.root.join(release)).unwrap();
        let documents = files.filter_map(|file| read(&file.unwrap().path()));
        let versions = documents.flat_map(|document| {
            let versions = document["spec"]["versions"].as_array().cloned();
            versions.unwrap_or_default()
        });
        versions
            .map(|mut version| version["schema"]["openAPIV3Schema"].take())
            .collect()
    }

    /// What every release that an object's group has finds.
    fn each(&self, object: &Value, find: impl Fn(&Crd) -> Vec<String>) -> Vec<String> {
        let (group, _, kind) = identity(object);
        let releases = Self::releases(group);
        if releases.is_empty() {
            return vec![format!("no release serves {group}")];
        }
        let mut found = Vec::new();
        for release in releases {
            let problems = match self.of(release, group, kind) {
                Some(crd) => find(&crd),
                None => vec![format!(
                    "{kind} of {group} does not exist; `make crds` fetches what is new"
                )],
            };
            found.extend(
                problems
                    .iter()
                    .map(|problem| format!("{release}: {problem}")),
            );
        }
        found
    }
}

impl Crd {
    fn version(&self, name: &str) -> Option<&Value> {
        self.versions().find(|version| version["name"] == name)
    }

    /// The schema of a version that is there.
    fn schema(&self, name: &str) -> &Value {
        &self.version(name).unwrap()["schema"]["openAPIV3Schema"]
    }

    fn versions(&self) -> impl Iterator<Item = &Value> {
        self.document["spec"]["versions"].as_array().unwrap().iter()
    }

    fn problems(&self, name: &str, object: &Value) -> Vec<String> {
        let Some(version) = self.version(name).filter(|it| it["served"] == true) else {
            return vec![format!("{name} is not served")];
        };
        let mut found = Vec::new();
        let current = |it: &Value| it["served"] == true && it["deprecated"] != true;
        if version["deprecated"] == true && self.versions().any(current) {
            found.push(format!("{name} is deprecated"));
        }
        let namespaced = self.document["spec"]["scope"] == "Namespaced";
        let namespace = object["metadata"]["namespace"].as_str();
        if namespaced != namespace.is_some_and(|it| !it.is_empty()) {
            found.push(format!("namespace {namespace:?} in another scope"));
        }
        let validator = self.validator(name, self.schema(name));
        for error in validator.iter_errors(object) {
            found.push(format!("{}: {error}", error.instance_path()));
        }
        found.extend(self.broken(name, object, None));
        found
    }

    /// The rules that an object breaks, as an API server evaluates them.
    fn broken(&self, name: &str, new: &Value, old: Option<&Value>) -> Vec<String> {
        let schema = self.schema(name);
        let old = old.map(|old| defaulted(schema, old));
        let refusals = cel::refusals("", schema, &defaulted(schema, new), old.as_ref());
        refusals.iter().map(ToString::to_string).collect()
    }

    fn validator(&self, name: &str, schema: &Value) -> Arc<Validator> {
        if let Some(known) = self.validators.lock().unwrap().get(name) {
            return Arc::clone(known);
        }
        let mut schema = schema.clone();
        strict(&mut schema);
        // The API server itself knows what metadata is.
        schema["properties"]["metadata"] = json!({"type": "object"});
        let validator = Arc::new(jsonschema::validator_for(&schema).unwrap());
        let mut known = self.validators.lock().unwrap();
        known.insert(name.to_owned(), Arc::clone(&validator));
        validator
    }
}

/// Group, version and kind.
pub(super) fn identity(object: &Value) -> (&str, &str, &str) {
    let api_version = object["apiVersion"].as_str().unwrap_or_default();
    let (group, version) = api_version.split_once('/').unwrap_or(("", api_version));
    (group, version, object["kind"].as_str().unwrap_or_default())
}

fn read(path: &Path) -> Option<Value> {
    let text = std::fs::read_to_string(path).ok()?;
    Some(
        serde_saphyr::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display())),
    )
}

fn plural(kind: &str) -> String {
    let kind = kind.to_lowercase();
    let vowel_before_y = kind
        .strip_suffix('y')
        .is_some_and(|rest| rest.ends_with(['a', 'e', 'i', 'o', 'u']));
    match kind.strip_suffix('y') {
        Some(rest) if !vowel_before_y => format!("{rest}ies"),
        _ if kind.ends_with('s') => format!("{kind}es"),
        _ => format!("{kind}s"),
    }
}

/// Forbids unknown fields wherever the schema does not ask to keep them, and drops the words, which
/// are most of it.
fn strict(schema: &mut Value) {
    let Some(fields) = schema.as_object_mut() else {
        return;
    };
    fields.retain(|key, _| !matches!(key.as_str(), "description" | "x-kubernetes-validations"));
    let keeps = fields.get("x-kubernetes-preserve-unknown-fields") == Some(&json!(true));
    if fields.get("type") == Some(&json!("object")) && !keeps {
        fields.entry("additionalProperties").or_insert(json!(false));
    }
    for key in ["items", "additionalProperties"] {
        if let Some(below) = fields.get_mut(key) {
            strict(below);
        }
    }
    if let Some(Value::Object(properties)) = fields.get_mut("properties") {
        properties.values_mut().for_each(strict);
    }
}

/// The only kind of Kubernetes itself that is composed.
fn core_problems(object: &Value) -> Vec<String> {
    let known = ["apiVersion", "kind", "metadata", "type", "data"];
    let fields = object.as_object().unwrap().keys();
    let mut found: Vec<_> = fields
        .filter(|field| !known.contains(&field.as_str()))
        .map(|field| format!("a Secret has no {field}"))
        .collect();
    if (object["apiVersion"].as_str(), object["kind"].as_str()) != (Some("v1"), Some("Secret")) {
        found.push("is no Secret".to_owned());
    }
    if let Err(error) = serde_json::from_value::<k8s_openapi::api::core::v1::Secret>(object.clone())
    {
        found.push(error.to_string());
    }
    found
}
