//! What Argo CD makes of an ApplicationSet with a generator of clusters, and Kustomize of an
//! Application's patches: the few words of both that argocd/ uses. The end-to-end case 20-argocd
//! does the same with the real programs.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use serde_json::{Value, json};

use super::{Registered, objects, relative, strings, text};
use crate::{fixture::merge, support::cases::repository};

/// An ApplicationSet with one generator, which is of clusters.
pub(super) struct Set(pub(super) Value);

/// What root.yaml deploys besides itself and the projects.
pub(super) const DEPLOYED: [&str; 4] = ["inference", "load-balancers", "platform", "secrets"];

/// All ApplicationSets of argocd/.
pub(super) fn sets() -> Vec<Set> {
    let objects = DEPLOYED
        .iter()
        .flat_map(|name| objects(&format!("argocd/{name}.yaml")));
    objects
        .filter(|object| object["kind"] == "ApplicationSet")
        .map(Set)
        .collect()
}

/// The ApplicationSet of this name.
pub(super) fn set(name: &str) -> Set {
    let mut found = sets().into_iter();
    found
        .find(|set| set.name() == name)
        .unwrap_or_else(|| panic!("no ApplicationSet {name}"))
}

impl Set {
    pub(super) fn name(&self) -> &str {
        self.0["metadata"]["name"].as_str().unwrap()
    }

    fn selector(&self) -> &Value {
        let generators = self.0["spec"]["generators"].as_array().unwrap();
        let [generator] = &generators[..] else {
            panic!("{}: {} generators", self.name(), generators.len());
        };
        &generator["clusters"]["selector"]
    }

    pub(super) fn expressions(&self) -> impl Iterator<Item = &Value> {
        self.selector()["matchExpressions"]
            .as_array()
            .into_iter()
            .flatten()
    }

    /// The labels without which a cluster is not selected.
    pub(super) fn guarded(&self) -> BTreeSet<String> {
        let labels = self.selector()["matchLabels"]
            .as_object()
            .into_iter()
            .flatten();
        let expressions = self
            .expressions()
            .filter(|it| it["operator"] == "Exists" || it["operator"] == "In");
        labels
            .map(|(key, _)| key.clone())
            .chain(expressions.map(|it| it["key"].as_str().unwrap().to_owned()))
            .collect()
    }

    pub(super) fn selects(&self, cluster: &Registered) -> bool {
        let mut labels = self.selector()["matchLabels"]
            .as_object()
            .into_iter()
            .flatten();
        labels.all(|(key, value)| cluster.labels.get(key).map(String::as_str) == value.as_str())
            && self.expressions().all(|it| {
                let found = cluster.labels.get(it["key"].as_str().unwrap());
                match it["operator"].as_str().unwrap() {
                    "Exists" => found.is_some(),
                    "In" => found.is_some_and(|found| {
                        it["values"]
                            .as_array()
                            .unwrap()
                            .iter()
                            .any(|value| value == found)
                    }),
                    other => panic!("{other} is not known here"),
                }
            })
    }

    /// What the template reads, as `labels KEY` or `annotations KEY`.
    pub(super) fn reads(&self) -> BTreeSet<String> {
        let template = self.0["spec"]["template"].to_string().replace("\\\"", "\"");
        let mut found = BTreeSet::new();
        for rest in template.split("{{index .metadata.").skip(1) {
            let (place, rest) = rest.split_once(" \"").unwrap();
            found.insert(format!("{place} {}", rest.split('"').next().unwrap()));
        }
        found
    }

    /// The Application for a cluster.
    pub(super) fn application(&self, cluster: &Registered) -> Value {
        let mut application = self.0["spec"]["template"].clone();
        let mut values = strings(&self.0["spec"]["generators"][0]["clusters"]["values"]);
        // As argocd/kustomization.yaml replaces it.
        if let Some(host) = values.get_mut("host") {
            assert_eq!(host, "from-root");
            *host = super::places::host();
        }
        fill(&mut application, cluster, &values);
        application
    }
}

/// What a generator adds to each cluster.
type Values = BTreeMap<String, String>;

/// Replaces the expressions in every string.
fn fill(value: &mut Value, cluster: &Registered, values: &Values) {
    match value {
        Value::String(text) => *text = filled(text, cluster, values),
        Value::Array(items) => items
            .iter_mut()
            .for_each(|item| fill(item, cluster, values)),
        Value::Object(fields) => fields
            .values_mut()
            .for_each(|field| fill(field, cluster, values)),
        _ => {}
    }
}

fn filled(text: &str, cluster: &Registered, values: &Values) -> String {
    let text = &unconditional(text, cluster);
    let mut parts = text.split("{{");
    let mut result = parts.next().unwrap().to_owned();
    for part in parts {
        let (expression, rest) = part
            .split_once("}}")
            .unwrap_or_else(|| panic!("{text} has no end"));
        let words: Vec<_> = expression.split_whitespace().collect();
        let value = match &words[..] {
            // Argo CD replaces what a name must not have; a cluster's name has nothing of it.
            [".name" | ".nameNormalized"] => Some(cluster.name.clone()),
            [".nameNormalized", "|", "replace", from, to] => Some(
                cluster
                    .name
                    .replace(from.trim_matches('"'), to.trim_matches('"')),
            ),
            ["index", ".metadata.labels", key] => {
                cluster.labels.get(key.trim_matches('"')).cloned()
            }
            ["index", ".metadata.annotations", key] => {
                cluster.annotations.get(key.trim_matches('"')).cloned()
            }
            [value] if value.starts_with(".values.") => values.get(&value[8..]).cloned(),
            _ => panic!("{expression} is not known here"),
        };
        // `index` would give nothing for a missing key, whatever `missingkey` says.
        result += &value.unwrap_or_else(|| panic!("{} has no {expression}", cluster.title));
        result += rest;
    }
    result
}

/// A text without `with`: its body where the annotation is there, and else nothing.
fn unconditional(text: &str, cluster: &Registered) -> String {
    const BEGIN: &str = "{{with index .metadata.annotations \"";
    let Some((before, rest)) = text.split_once(BEGIN) else {
        return text.to_owned();
    };
    let (key, rest) = rest.split_once("\"}}").unwrap();
    let (body, after) = rest.split_once("{{end}}").unwrap();
    let value = cluster.annotations.get(key).filter(|it| !it.is_empty());
    let body = value.map_or(String::new(), |value| body.replace("{{.}}", value));
    format!("{before}{body}{}", unconditional(after, cluster))
}

/// What Kustomize makes of an Application's folder in this repository.
pub(super) fn rendered(application: &Value) -> Vec<Value> {
    let source = &application["spec"]["source"];
    let folder = source["path"].as_str().unwrap();
    let mut found = built(folder);
    for component in strings_of(&source["kustomize"]["components"]) {
        add_component(&mut found, &format!("{folder}/{component}"));
    }
    let prefix = source["kustomize"]["namePrefix"]
        .as_str()
        .unwrap_or_default();
    for patch in source["kustomize"]["patches"]
        .as_array()
        .into_iter()
        .flatten()
    {
        let target = &patch["target"];
        let operations: Vec<Value> =
            serde_saphyr::from_str(patch["patch"].as_str().unwrap()).unwrap();
        let mut patched = 0;
        for object in &mut found {
            let named = target
                .get("name")
                .is_none_or(|name| object["metadata"]["name"] == *name);
            if object["kind"] == target["kind"] && named {
                for operation in &operations {
                    replace(object, operation);
                }
                patched += 1;
            }
        }
        // The service's sets of objects differ from cloud to cloud; its patches are for both.
        let fewest = usize::from(
            !application["metadata"]["name"]
                .as_str()
                .unwrap()
                .starts_with("inference-"),
        );
        assert!(
            (fewest..=1).contains(&patched),
            "{target} selects {patched} objects"
        );
    }
    for object in &mut found {
        let name = format!("{prefix}{}", object["metadata"]["name"].as_str().unwrap());
        object["metadata"]["name"] = json!(name);
    }
    found
}

fn strings_of(list: &Value) -> Vec<String> {
    let items = list.as_array().into_iter().flatten();
    items.map(|it| it.as_str().unwrap().to_owned()).collect()
}

/// A component of strategic merge patches, of fields that merge as in RFC 7386.
fn add_component(found: &mut Vec<Value>, folder: &str) {
    let folder = repository(folder);
    let folder = folder
        .canonicalize()
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let file = format!("{}/kustomization.yaml", relative(&folder));
    let component: Value = serde_saphyr::from_str(&text(&file)).unwrap();
    assert_eq!(component["kind"], "Component", "{file}");
    for patch in component["patches"].as_array().unwrap() {
        let mut patch: Value = serde_saphyr::from_str(patch["patch"].as_str().unwrap()).unwrap();
        let is_it = |it: &Value| {
            it["kind"] == patch["kind"] && it["metadata"]["name"] == patch["metadata"]["name"]
        };
        let at = found.iter().position(is_it);
        let at = at.unwrap_or_else(|| panic!("{file}: nothing to patch"));
        match patch.as_object_mut().unwrap().remove("$patch") {
            Some(word) => {
                assert_eq!(word, "delete", "{file}");
                found.remove(at);
            }
            None => merge(&mut found[at], &patch),
        }
    }
}

/// A `replace` of RFC 6902: what it names must be there.
fn replace(object: &mut Value, operation: &Value) {
    assert_eq!(operation["op"], "replace", "{operation}");
    let pointer = operation["path"].as_str().unwrap();
    let place = object.pointer_mut(pointer);
    *place.unwrap_or_else(|| panic!("there is no {pointer}")) = operation["value"].clone();
}

/// The objects that a folder's kustomization lists, of folders too.
fn built(folder: &str) -> Vec<Value> {
    let kustomization: Value =
        serde_saphyr::from_str(&text(&format!("{folder}/kustomization.yaml"))).unwrap();
    let resources = kustomization["resources"].as_array().unwrap();
    resources
        .iter()
        .flat_map(|resource| {
            let path = repository(folder).join(resource.as_str().unwrap());
            let path = relative(&path.canonicalize().unwrap());
            if Path::new(&path).extension().is_some() {
                objects(&path)
            } else {
                built(&path)
            }
        })
        .collect()
}
