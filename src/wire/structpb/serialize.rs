//! What serde reads of encoded objects and values.

use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};

use super::{object::Struct, value::Value};

/// To `to_struct`, which knows it by its name, a Struct is the bytes that it has; to all
/// others it is an object.
impl Serialize for Struct {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_newtype_struct(ENCODED, &Encoded(self))
    }
}

/// The name of the newtype that holds an encoded object.
pub(super) const ENCODED: &str = "google.protobuf.Struct";

struct Encoded<'a>(&'a Struct);

impl Serialize for Encoded<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            Value::Struct(self.0.fields()).serialize(serializer)
        } else {
            serializer.serialize_bytes(self.0.body())
        }
    }
}

impl Serialize for Value<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Value::Null => serializer.serialize_unit(),
            Value::Number(n) => match self.as_i64() {
                Some(integer) => serializer.serialize_i64(integer),
                None => serializer.serialize_f64(*n),
            },
            Value::String(s) => serializer.serialize_str(s),
            Value::Bool(b) => serializer.serialize_bool(*b),
            Value::Struct(fields) => {
                let mut map = serializer.serialize_map(None)?;
                for (key, value) in fields.iter() {
                    map.serialize_entry(key, &value)?;
                }
                map.end()
            }
            Value::List(items) => {
                let mut seq = serializer.serialize_seq(None)?;
                for value in items.iter() {
                    seq.serialize_element(&value)?;
                }
                seq.end()
            }
        }
    }
}
