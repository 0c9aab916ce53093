//! Fields, choices and defaults: the schemas know exactly those that the code knows.

use serde_json::{Value, json};
use xcluster::{
    api::{
        choice::{
            AuthMode, Capacity, Choice, Day, Exclusion, GpuModel, Mode, Nat, ProviderConfigKind,
            Size, SupportType, TaintEffect, TrafficState,
        },
        prices::Unit,
        provider::Provider,
    },
    cloud::registry::Clouds,
};

use super::{
    examples::{Api, apis, input, spec},
    schema::{Check, defaulted, find, leaves, nodes, spoken, with, without_empty},
};

#[test]
fn the_full_examples_say_every_field_and_both_sides_accept_them() {
    for api in apis() {
        for leaf in leaves(api.root, &api.schema) {
            let said = find(&api.full, &leaf.path);
            assert!(said.is_some(), "the example has no {}", leaf.path);
        }
        assert_eq!(api.refusals(&api.full), [""; 0], "{}", api.root);
        assert!(Check::new(&api.schema).accepts(&api.full), "{}", api.root);
        assert_declared(&api.schema, &api.full, api.root);
    }
}

#[test]
fn every_field_that_the_code_has_is_in_the_schema() {
    for api in apis() {
        let typed = (api.parse)(&api.full).unwrap();
        assert_declared(&api.schema, &typed, api.root);
        for leaf in leaves(api.root, &api.schema) {
            let kept = find(&typed, &leaf.path);
            assert_eq!(kept, find(&api.full, &leaf.path), "{}", leaf.path);
        }
    }
}

/// Fails at the first field that the schema does not know.
fn assert_declared(schema: &Value, value: &Value, path: &str) {
    for (name, value) in value.as_object().into_iter().flatten() {
        let path = format!("{path}.{name}");
        let property = schema["properties"].get(name);
        let property = property.or(schema.get("additionalProperties"));
        let property = property.unwrap_or_else(|| panic!("the schema has no {path}"));
        assert_declared(property, value, &path);
    }
    for item in value.as_array().into_iter().flatten() {
        assert_declared(&schema["items"], item, &format!("{path}[]"));
    }
}

#[test]
fn a_field_that_nobody_knows_is_refused_beside_every_known_one() {
    for api in apis() {
        for node in nodes(api.root, &api.schema) {
            if !node.is_record() {
                continue;
            }
            let mut object = find(&api.full, &node.path).unwrap();
            object["unheardOf"] = json!("x");
            let value = with(&api.full, &node.path, object);
            let expected = format!("{}.unheardOf", spoken(&api.full, &node.path));
            assert_eq!(api.refusals(&value), [expected]);
        }
    }
}

#[test]
fn a_value_of_another_type_is_refused_everywhere() {
    for api in apis() {
        let check = Check::new(&api.schema);
        // Crossplane itself takes only objects at the top.
        for node in nodes(api.root, &api.schema).into_iter().skip(1) {
            let path = spoken(&api.full, &node.path);
            for other in [
                json!("text"),
                json!(1),
                json!(true),
                json!([1]),
                json!({"a": 1}),
            ] {
                let fits = match node.kind() {
                    "string" => other.is_string(),
                    "integer" => other.is_number(),
                    "boolean" => other.is_boolean(),
                    "array" => other.is_array(),
                    _ => other.is_object(),
                };
                if fits {
                    continue;
                }
                let value = with(&api.full, &node.path, other.clone());
                let refused = api.refusals(&value);
                assert!(refused.contains(&path), "{path}: {other}: {refused:?}");
                assert!(!check.accepts(&value), "{path}: {other}");
            }
        }
    }
}

#[test]
fn every_required_field_is_missed_by_both() {
    for api in apis() {
        for node in nodes(api.root, &api.schema) {
            let required = node.schema["required"].as_array().into_iter().flatten();
            let required: Vec<_> = required.filter_map(Value::as_str).collect();
            for (name, property) in node.schema["properties"].as_object().into_iter().flatten() {
                let mut object = find(&api.full, &node.path).unwrap();
                object.as_object_mut().unwrap().remove(name);
                let value = with(&api.full, &node.path, object);
                let path = format!("{}.{name}", node.path);
                let optional = !required.contains(&name.as_str());
                assert_eq!(api.accepts(&value), optional, "{path}");
                assert!(optional || property.get("default").is_none(), "{path}");
            }
        }
    }
}

#[test]
fn the_schemas_offer_the_choices_of_the_code_and_no_others() {
    fn names<T: Choice>() -> Vec<&'static str> {
        T::ALL.iter().map(|(name, _)| *name).collect()
    }
    fn modes(provider: Provider) -> Vec<&'static str> {
        let known = Clouds::ALL.of(provider).unwrap().known();
        known.auth_modes.iter().map(|mode| mode.name()).collect()
    }
    fn disks(provider: Provider) -> Vec<&'static str> {
        Clouds::ALL
            .of(provider)
            .unwrap()
            .known()
            .disk_types
            .to_vec()
    }
    let clouds: Vec<_> = Clouds::ALL.iter().map(|it| it.provider().name()).collect();
    let of_spec = [
        ("spec.provider", clouds.clone()),
        ("spec.mode", names::<Mode>()),
        ("spec.network.nat", names::<Nat>()),
        ("spec.maintenance.window.days[]", names::<Day>()),
        ("spec.maintenance.exclusions[].scope", names::<Exclusion>()),
        ("spec.upgrade.supportType", names::<SupportType>()),
        ("spec.nodePools[].size", names::<Size>()),
        ("spec.nodePools[].gpu.type", names::<GpuModel>()),
        ("spec.nodePools[].capacity", names::<Capacity>()),
        ("spec.nodePools[].diskType.aws", disks(Provider::AWS)),
        ("spec.nodePools[].diskType.gcp", disks(Provider::GCP)),
        ("spec.nodePools[].taints[].effect", names::<TaintEffect>()),
        ("spec.argocd.auth.mode", names::<AuthMode>()),
        ("spec.traffic.state", names::<TrafficState>()),
        ("spec.providerConfigRef.kind", names::<ProviderConfigKind>()),
    ];
    let of_input = [
        ("input.argocd.aws.mode", modes(Provider::AWS)),
        ("input.argocd.gcp.mode", modes(Provider::GCP)),
        (
            "input.argocd.providerConfigRef.kind",
            names::<ProviderConfigKind>(),
        ),
        (
            "input.traffic.zone.aws.providerConfigRef.kind",
            names::<ProviderConfigKind>(),
        ),
        ("input.kubernetesVersions[].provider", clouds.clone()),
        ("input.priceBook.rows[].provider", clouds.clone()),
        ("input.priceBook.rows[].unit", names::<Unit>()),
    ];
    assert_choices(&spec(), &of_spec);
    assert_choices(&input(), &of_input);
}

fn assert_choices(api: &Api, expected: &[(&str, Vec<&str>)]) {
    let mut offered = leaves(api.root, &api.schema);
    offered.retain(|leaf| leaf.schema["enum"].is_array());
    assert_eq!(offered.len(), expected.len(), "{}", api.root);
    for leaf in offered {
        let (_, names) = expected
            .iter()
            .find(|(path, _)| *path == leaf.path)
            .unwrap_or_else(|| panic!("the code has no choice for {}", leaf.path));
        assert_eq!(leaf.choices(), *names, "{}", leaf.path);
        for name in names {
            let value = with(&api.full, &leaf.path, *name);
            assert_eq!(api.refusals(&value), [""; 0], "{}: {name}", leaf.path);
        }
        let value = with(&api.full, &leaf.path, "nonsense");
        assert_eq!(api.refusals(&value), [spoken(&api.full, &leaf.path)]);
    }
}

/// The fields whose default the schema cannot say.
const DEPENDENT: [&str; 3] = [
    "spec.nodePools[].required",
    "spec.nodePools[].maxSurge",
    "spec.nodePools[].maxUnavailable",
];

#[test]
fn the_schemas_default_what_the_code_defaults_and_nothing_else() {
    for api in apis() {
        let served = defaulted(&api.schema, &api.minimal);
        let mut own = (api.parse)(&api.minimal).unwrap();
        for path in DEPENDENT.iter().filter(|path| path.starts_with(api.root)) {
            assert!(find(&served, path).is_none(), "{path}");
            let parent = path.rsplit_once('.').unwrap();
            let object = super::schema::place(&mut own, parent.0);
            assert!(object.as_object_mut().unwrap().remove(parent.1).is_some());
        }
        assert_eq!(without_empty(&served), without_empty(&own), "{}", api.root);
        for leaf in leaves(api.root, &api.schema) {
            if let Some(default) = leaf.schema.get("default") {
                let seen = find(&served, &leaf.path);
                assert_eq!(seen.as_ref(), Some(default), "{} is not reached", leaf.path);
            }
        }
    }
}

#[test]
fn an_object_means_the_same_before_and_after_the_api_server_defaulted_it() {
    for api in apis() {
        for value in [&api.minimal, &api.full] {
            let served = defaulted(&api.schema, value);
            assert_eq!((api.parse)(&served).unwrap(), (api.parse)(value).unwrap());
        }
    }
}
