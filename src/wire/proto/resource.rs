//! The message that requests consist of, written by hand for its one large field.

use std::collections::BTreeMap;

use bytes::{Buf, BufMut, Bytes};
use prost::{
    DecodeError, Message,
    encoding::{self, DecodeContext, WireType},
};

use crate::wire::structpb::Struct;

/// A resource, as run_function.proto has it. prost would decode the object's fields one by one; here
/// the object is the one slice of the request that it is.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Resource {
    /// The object.
    pub resource: Option<Struct>,
    /// Its connection details.
    pub connection_details: BTreeMap<String, Bytes>,
    /// Whether it is ready: a [`Ready`](super::v1::Ready).
    pub ready: i32,
}

const RESOURCE: u32 = 1;
const CONNECTION_DETAILS: u32 = 2;
const READY: u32 = 3;

impl Message for Resource {
    fn encode_raw(&self, buf: &mut impl BufMut) {
        if let Some(resource) = &self.resource {
            encoding::message::encode(RESOURCE, resource, buf);
        }
        encoding::btree_map::encode(
            encoding::string::encode,
            encoding::string::encoded_len,
            encoding::bytes::encode,
            encoding::bytes::encoded_len,
            CONNECTION_DETAILS,
            &self.connection_details,
            buf,
        );
        if self.ready != 0 {
            encoding::int32::encode(READY, &self.ready, buf);
        }
    }

    fn merge_field(
        &mut self,
        tag: u32,
        wire_type: WireType,
        buf: &mut impl Buf,
        ctx: DecodeContext,
    ) -> Result<(), DecodeError> {
        match tag {
            RESOURCE => {
                encoding::check_wire_type(WireType::LengthDelimited, wire_type)?;
                let resource = self.resource.get_or_insert_default();
                resource.merge_delimited(buf)
            }
            CONNECTION_DETAILS => encoding::btree_map::merge(
                encoding::string::merge,
                encoding::bytes::merge,
                &mut self.connection_details,
                buf,
                ctx,
            ),
            READY => encoding::int32::merge(wire_type, &mut self.ready, buf, ctx),
            _ => encoding::skip_field(wire_type, tag, buf, ctx),
        }
    }

    fn encoded_len(&self) -> usize {
        let resource = self.resource.as_ref();
        let ready = if self.ready == 0 {
            0
        } else {
            encoding::int32::encoded_len(READY, &self.ready)
        };
        resource.map_or(0, |it| encoding::message::encoded_len(RESOURCE, it))
            + encoding::btree_map::encoded_len(
                encoding::string::encoded_len,
                encoding::bytes::encoded_len,
                CONNECTION_DETAILS,
                &self.connection_details,
            )
            + ready
    }

    fn clear(&mut self) {
        *self = Self::default();
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::wire::structpb::to_struct;

    fn resource(object: &serde_json::Value) -> Resource {
        Resource {
            resource: Some(to_struct(object).unwrap()),
            connection_details: [("key".to_owned(), Bytes::from_static(b"value"))].into(),
            ready: 1,
        }
    }

    #[test]
    fn what_is_encoded_decodes_equal() {
        for resource in [resource(&json!({"a": {"b": 1}})), Resource::default()] {
            let bytes = resource.encode_to_vec();
            assert_eq!(bytes.len(), resource.encoded_len());
            assert_eq!(Resource::decode(&bytes[..]).unwrap(), resource);
        }
    }

    #[test]
    fn two_halves_of_an_object_are_one() {
        let halves = [json!({"a": 1}), json!({"b": 2})].map(|half| resource(&half));
        let bytes: Vec<u8> = halves.iter().flat_map(Message::encode_to_vec).collect();
        let whole = Resource::decode(&bytes[..]).unwrap();
        assert_eq!(whole, resource(&json!({"a": 1, "b": 2})));
    }

    #[test]
    fn an_object_that_is_cut_off_is_refused() {
        // A field of 5 bytes in an object of 3.
        let cut = [0x0a, 3, 0x0a, 5, 0];
        assert!(Resource::decode(&cut[..]).is_err());
        assert!(Resource::decode(&[0x0a, 3, 0x0a][..]).is_err());
    }
}
