//! The files themselves: the generated ones, and what holds for every schema.

use serde_json::{Value, json};

use super::{
    examples::apis,
    schema::{Check, INPUT, SOURCE, defaulted, find, leaves, nodes, rules, schema_of, yaml},
};
use test_support::golden::assert_agrees;

use crate::support::cases::text;

const CLAIMS: &str = "clusters/xrd/claims.yaml";
const NAMESPACED: &str = "clusters/xrd/namespaced.yaml";

/// What stands above `versions` in the generated XRDs.
const CLAIMS_HEAD: &str = "\
# The API of function-xcluster with claims: people write a Cluster in a namespace, and Crossplane makes
# an XCluster for it. For control planes that use claims, with Crossplane 1.20 or later.
#
# Generated from cluster.yaml by `UPDATE_GOLDEN=1 cargo test --test it api`; change it there. Install
# one of the three XRDs in this folder at a time.
apiVersion: apiextensions.crossplane.io/v1
kind: CompositeResourceDefinition
metadata:
  name: xclusters.xcluster.dev
spec:
  group: xcluster.dev
  names:
    kind: XCluster
    plural: xclusters
  claimNames:
    kind: Cluster
    plural: clusters
    # `kubectl get clusters` lists a category before it looks for a resource of that name, and the
    # providers' CRDs have one.
    categories: [clusters]
  defaultCompositionRef:
    name: xclusters.xcluster.dev
  # No author chooses another one, which would have other limits.
  enforcedCompositionRef:
    name: xclusters.xcluster.dev
";

const NAMESPACED_HEAD: &str = "\
# The API of function-xcluster in a namespace: people write a Cluster, and its managed resources live
# beside it. In the Composition, compositeTypeRef.kind is Cluster.
#
# Generated from cluster.yaml by `UPDATE_GOLDEN=1 cargo test --test it api`; change it there. Install
# one of the three XRDs in this folder at a time.
apiVersion: apiextensions.crossplane.io/v2
kind: CompositeResourceDefinition
metadata:
  name: clusters.xcluster.dev
spec:
  group: xcluster.dev
  scope: Namespaced
  names:
    kind: Cluster
    plural: clusters
    # `kubectl get clusters` lists a category before it looks for a resource of that name, and the
    # providers' CRDs have one.
    categories: [clusters]
  defaultCompositionRef:
    name: xclusters.xcluster.dev
  # No author chooses another one, which would have other limits.
  enforcedCompositionRef:
    name: xclusters.xcluster.dev
";

#[test]
fn the_generated_xrds_follow_from_the_source() {
    let source = text(SOURCE);
    let versions = source.find("  versions:\n").unwrap();
    for (path, head) in [(CLAIMS, CLAIMS_HEAD), (NAMESPACED, NAMESPACED_HEAD)] {
        let expected = format!("{head}{}", &source[versions..]);
        assert_agrees(path, &expected);
        assert_eq!(
            yaml(path)["spec"]["versions"],
            yaml(SOURCE)["spec"]["versions"]
        );
    }
}

#[test]
fn each_xrd_serves_its_scope() {
    let rows = [
        (SOURCE, "v2", json!("Cluster"), "XCluster", Value::Null),
        (CLAIMS, "v1", Value::Null, "XCluster", json!("Cluster")),
        (
            NAMESPACED,
            "v2",
            json!("Namespaced"),
            "Cluster",
            Value::Null,
        ),
    ];
    for (path, version, scope, kind, claim) in rows {
        let xrd = yaml(path);
        let spec = &xrd["spec"];
        assert_eq!(
            xrd["apiVersion"],
            format!("apiextensions.crossplane.io/{version}")
        );
        assert_eq!(spec["scope"], scope, "{path}");
        assert_eq!(spec["names"]["kind"], kind, "{path}");
        assert_eq!(spec["claimNames"]["kind"], claim, "{path}");
        let names = spec["names"]["plural"].as_str().unwrap();
        assert_eq!(xrd["metadata"]["name"], format!("{names}.xcluster.dev"));
        let written = spec.get("claimNames").unwrap_or(&spec["names"]);
        assert_eq!(written["categories"], json!(["clusters"]), "{path}");
    }
    let crd = yaml(INPUT);
    let group = crd["spec"]["group"].as_str().unwrap();
    let version = crd["spec"]["versions"][0]["name"].as_str().unwrap();
    assert_eq!(
        format!("{group}/{version}"),
        xcluster::api::input::API_VERSION
    );
    assert_eq!(crd["spec"]["names"]["kind"], xcluster::api::input::KIND);
}

#[test]
fn every_place_of_every_schema_has_a_type_and_says_what_it_is() {
    for path in [SOURCE, INPUT] {
        for node in nodes("", &schema_of(&yaml(path))) {
            let at = format!("{path}{}", node.path);
            let known = ["object", "array", "string", "integer", "boolean"];
            assert!(known.contains(&node.kind()), "{at} has no type");
            let is_metadata = node.path == ".metadata";
            let description = node.schema["description"].as_str().unwrap_or_default();
            assert!(
                is_metadata || description.ends_with('.'),
                "{at} says nothing"
            );
            let shapes = ["properties", "additionalProperties"];
            let with_shape = shapes
                .iter()
                .filter(|shape| node.schema[**shape].is_object());
            let expected = usize::from(node.kind() == "object" && !is_metadata);
            assert_eq!(with_shape.count(), expected, "{at}");
            assert_eq!(
                node.schema["items"].is_object(),
                node.kind() == "array",
                "{at}"
            );
            for field in node.schema["required"].as_array().into_iter().flatten() {
                let field = field.as_str().unwrap();
                assert!(node.schema["properties"][field].is_object(), "{at}.{field}");
            }
            if node.path.starts_with(".spec") || path == INPUT {
                assert_bounded(&node.path, &node.schema);
            }
        }
    }
}

/// The API server's estimate of what rules cost needs an end to everything.
fn assert_bounded(at: &str, schema: &Value) {
    let has = |bound: &str| schema[bound].is_u64() || schema[bound].is_array();
    let of_kubernetes = [".apiVersion", ".kind", ".metadata"];
    let bounded = match schema["type"].as_str().unwrap() {
        "string" => has("maxLength") || has("enum"),
        "array" => has("maxItems"),
        "object" => schema["properties"].is_object() || has("maxProperties"),
        _ => true,
    };
    let bounded = bounded || of_kubernetes.contains(&at);
    assert!(bounded, "{at} has no end");
}

#[test]
fn every_default_is_sound_by_its_own_schema_and_reaches_its_fields() {
    for api in apis() {
        for node in nodes(api.root, &api.schema) {
            if let Some(default) = node.schema.get("default") {
                let whole = defaulted(&node.schema, default);
                assert!(Check::new(&node.schema).accepts(&whole), "{}", node.path);
            }
            // A default is applied only where the object around it is.
            let inner = node.schema["properties"].as_object().into_iter().flatten();
            let has_defaults = inner
                .into_iter()
                .any(|(_, inner)| inner.get("default").is_some());
            // One that needs something is not there without a person.
            let needs = node.schema["required"].is_array();
            let required = node.path == api.root || needs;
            if has_defaults && !required && !node.path.ends_with("[]") {
                assert_eq!(node.schema["default"], json!({}), "{}", node.path);
            }
        }
    }
}

/// Core makes null of an object in a claim that has lost its last field, and the API server refuses null where no
/// default takes its place: the claim would be stuck from then on.
#[test]
fn an_object_that_a_person_empties_has_a_default() {
    let spec = schema_of(&yaml(SOURCE))["properties"]["spec"].clone();
    let mut seen = 0;
    for node in nodes("spec", &spec) {
        let optional = node.schema["required"].is_null();
        // Lists are replaced whole, with what is in them.
        let counts = node.kind() == "object" && optional && !node.path.contains("[]");
        if counts && node.path != "spec" {
            seen += 1;
            let default = node.schema.get("default");
            assert!(
                default.is_some_and(Value::is_object),
                "{} has no default: {{}}",
                node.path
            );
        }
    }
    assert!(seen > 10, "{seen}");
}

#[test]
fn every_rule_has_a_message_that_a_person_understands() {
    for path in [SOURCE, INPUT] {
        let schema = schema_of(&yaml(path));
        let mut count = 0;
        for node in nodes("", &schema) {
            let rules = node.schema["x-kubernetes-validations"].as_array();
            for rule in rules.into_iter().flatten() {
                let message = rule["message"].as_str().unwrap_or_default();
                let sound =
                    message.len() > 10 && !message.contains("self") && !message.contains('\n');
                assert!(sound, "{path}{}: {message}", node.path);
                count += 1;
            }
        }
        assert!(count > 0, "{path}");
    }
}

#[test]
fn what_cannot_change_has_a_rule() {
    let fixed = [
        "spec.provider",
        "spec.region",
        "spec.account",
        "spec.cloudName",
        "spec.mode",
        "spec.network.cidr",
        "spec.encryption.keyId",
        "spec.providerConfigRef.kind",
        "spec.providerConfigRef.name",
    ];
    let schema = schema_of(&yaml(SOURCE))["properties"]["spec"].clone();
    let all = nodes("spec", &schema);
    let at = |path: &str| all.iter().find(|node| node.path == path).unwrap();
    for path in fixed {
        let (parent, name) = path.rsplit_once('.').unwrap();
        let own = rules(&at(path).schema).any(|rule| rule == "self == oldSelf");
        let through_parent = format!(
            "has(self.{name}) == has(oldSelf.{name}) && (!has(self.{name}) || self.{name} == oldSelf.{name})"
        );
        let parents = rules(&at(parent).schema).any(|rule| rule == through_parent);
        assert!(own != parents, "{path}");
        // A rule at the field itself does not see it appear or vanish.
        let names = at(parent).schema["required"]
            .as_array()
            .into_iter()
            .flatten();
        let always =
            at(path).schema.get("default").is_some() || names.into_iter().any(|n| n == name);
        assert_eq!(own, always, "{path}");
        let description = at(path).schema["description"].as_str().unwrap();
        assert!(description.ends_with("Cannot change."), "{path}");
    }
    let mentioned = leaves("spec", &schema)
        .into_iter()
        .chain(nodes("spec", &schema));
    for node in mentioned {
        let description = node.schema["description"].as_str().unwrap();
        let says_so = description.ends_with("Cannot change.");
        assert_eq!(
            says_so,
            fixed.contains(&node.path.as_str()),
            "{}",
            node.path
        );
    }
}

#[test]
fn printer_columns_show_fields_that_exist() {
    let schema = schema_of(&yaml(SOURCE));
    let columns = &yaml(SOURCE)["spec"]["versions"][0]["additionalPrinterColumns"];
    let all = nodes("", &schema);
    for column in columns.as_array().unwrap() {
        let path = column["jsonPath"].as_str().unwrap();
        let node = all.iter().find(|node| node.path == path);
        let node = node.unwrap_or_else(|| panic!("{path} is no field"));
        assert_eq!(column["type"], node.kind(), "{path}");
    }
}

#[test]
fn the_clusters_and_the_input_that_we_show_are_sound() {
    for name in ["prod-us", "prod-eu", "staging-us", "staging-eu"] {
        let [spec, _] = apis();
        let path = &format!("clusters/{name}.yaml");
        let object = yaml(path);
        assert!(Check::new(&spec.schema).accepts(&object["spec"]), "{path}");
        assert_eq!(spec.refusals(&object["spec"]), [""; 0], "{path}");
    }
    let composition = yaml("clusters/composition.yaml");
    let input = find(&composition, "x.spec.pipeline[].input").unwrap();
    assert!(Check::new(&schema_of(&yaml(INPUT))).accepts(&input));
    let [_, api] = apis();
    assert_eq!(api.refusals(&input), [""; 0]);
}
