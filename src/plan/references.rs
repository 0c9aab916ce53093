//! References from one managed resource to another.

use crate::wire::structpb::{Fields, Struct, Value};

/// The names of the objects that an object refers to in `forProvider` and `initProvider`:
/// `vpcIdRef: {name: N}`, `subnetIdRefs: [{name: N}, …]`, at any depth.
///
/// A provider reports an error for every reference that it cannot resolve yet.
pub fn references(object: &Struct) -> Vec<&str> {
    let mut names = Vec::new();
    for part in ["spec.forProvider", "spec.initProvider"] {
        if let Some(fields) = object.at(part).and_then(Value::as_struct) {
            collect(fields, &mut names);
        }
    }
    names
}

fn collect<'a>(fields: Fields<'a>, names: &mut Vec<&'a str>) {
    let name = |value: Value<'a>| value.as_struct()?.get("name")?.as_str();
    for (field, value) in fields.iter() {
        if field.ends_with("Ref") {
            names.extend(name(value));
        } else if field.ends_with("Refs") {
            names.extend(value.items().filter_map(name));
        } else if let Some(nested) = value.as_struct() {
            collect(nested, names);
        } else {
            value
                .items()
                .filter_map(Value::as_struct)
                .for_each(|nested| collect(nested, names));
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::wire::structpb::to_struct;

    #[test]
    fn references_are_found_at_any_depth() {
        let object = json!({
            "metadata": {"name": "own"},
            "spec": {
                "providerConfigRef": {"name": "default"},
                "forProvider": {
                    "vpcIdRef": {"name": "vpc"},
                    "subnetIdRefs": [{"name": "a"}, {"name": "b"}],
                    "vpcConfig": {"securityGroupIdRefs": [{"name": "c"}]},
                    "rules": [{"groupRef": {"name": "d"}}, "text"],
                    "name": "e",
                },
                "initProvider": {"nodeConfig": {"serviceAccountRef": {"name": "f"}}},
            },
        });
        let object = to_struct(&object).unwrap();
        let mut found = references(&object);
        found.sort_unstable();
        assert_eq!(found, ["a", "b", "c", "d", "f", "vpc"]);
    }
}
