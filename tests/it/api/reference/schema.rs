//! A schema as it is written: its fields in their order, and nothing in it that the reference does
//! not know how to say.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, Visitor},
};
use serde_json::Value;

use crate::support::cases::text;

/// A place of a schema.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Schema {
    #[serde(rename = "type")]
    pub(super) kind: String,
    #[serde(default)]
    pub(super) description: String,
    #[serde(default)]
    pub(super) required: Vec<String>,
    #[serde(default)]
    pub(super) properties: Fields,
    pub(super) items: Option<Box<Schema>>,
    pub(super) additional_properties: Option<Box<Schema>>,
    pub(super) default: Option<Value>,
    #[serde(rename = "enum", default)]
    pub(super) choices: Vec<String>,
    pub(super) pattern: Option<String>,
    pub(super) min_length: Option<i64>,
    pub(super) max_length: Option<i64>,
    pub(super) minimum: Option<i64>,
    pub(super) maximum: Option<i64>,
    pub(super) max_items: Option<i64>,
    pub(super) max_properties: Option<i64>,
    #[serde(rename = "x-kubernetes-validations", default)]
    pub(super) rules: Vec<Rule>,
    #[serde(rename = "x-kubernetes-list-type")]
    pub(super) list_type: Option<String>,
    #[serde(rename = "x-kubernetes-list-map-keys", default)]
    pub(super) keys: Vec<String>,
}

/// A rule in CEL. What it says to people is all that counts here.
#[derive(Debug, Deserialize)]
pub(super) struct Rule {
    pub(super) message: String,
}

/// Fields in the order of the file.
#[derive(Debug, Default)]
pub(super) struct Fields(pub(super) Vec<(String, Schema)>);

impl<'de> Deserialize<'de> for Fields {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct InOrder;
        impl<'de> Visitor<'de> for InOrder {
            type Value = Fields;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("fields")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Fields, A::Error> {
                let mut fields = Vec::new();
                while let Some(field) = map.next_entry()? {
                    fields.push(field);
                }
                Ok(Fields(fields))
            }
        }
        deserializer.deserialize_map(InOrder)
    }
}

impl Schema {
    /// The field of this name.
    pub(super) fn field(&self, name: &str) -> &Schema {
        let mut fields = self.properties.0.iter();
        let found = fields.find(|(field, _)| field == name);
        &found.unwrap_or_else(|| panic!("no {name}")).1
    }
}

#[derive(Deserialize)]
struct Definition {
    spec: Versions,
}

#[derive(Deserialize)]
struct Versions {
    versions: Vec<Version>,
}

#[derive(Deserialize)]
struct Version {
    schema: Wrapped,
}

#[derive(Deserialize)]
struct Wrapped {
    #[serde(rename = "openAPIV3Schema")]
    schema: Schema,
}

/// The schema of the only version of a definition.
pub(super) fn read(path: &str) -> Schema {
    let definition: Definition =
        serde_saphyr::from_str(&text(path)).unwrap_or_else(|error| panic!("{path}: {error}"));
    let [version] = <[Version; 1]>::try_from(definition.spec.versions)
        .unwrap_or_else(|_| panic!("{path} has several versions"));
    version.schema.schema
}
