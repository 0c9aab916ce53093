//! A composed object, and what was applied to it.

use std::sync::OnceLock;

use serde_json::{Value, json};
use xcluster::wire::{
    proto::v1::Resource,
    structpb::{EncodeError, Struct},
};

use super::on_wire;
use crate::apply;

/// A composed object.
#[derive(Clone)]
pub(super) struct Held {
    /// As it stands in the API server.
    object: Value,
    /// As Crossplane applied it last.
    applied: Value,
    /// As the function sent it last.
    sent: Struct,
    /// The object's encoding, once it is needed.
    wire: OnceLock<Resource>,
}

impl Held {
    /// An object that was not applied yet.
    pub(super) fn new() -> Self {
        Self {
            object: json!({}),
            applied: json!({}),
            sent: Struct::default(),
            wire: OnceLock::new(),
        }
    }

    pub(super) fn object(&self) -> &Value {
        &self.object
    }

    /// The object, to change it.
    pub(super) fn object_mut(&mut self) -> &mut Value {
        self.changed();
        &mut self.object
    }

    /// The object for a provider, and a call of [`Self::changed`] if that changes it.
    pub(super) fn for_provider(&mut self) -> &mut Value {
        &mut self.object
    }

    /// Forgets the encoding.
    pub(super) fn changed(&mut self) {
        self.wire = OnceLock::new();
    }

    /// The object as Crossplane sends it.
    pub(super) fn on_wire(&self) -> Result<Resource, EncodeError> {
        if let Some(resource) = self.wire.get() {
            return Ok(resource.clone());
        }
        let resource = on_wire(&self.object)?;
        Ok(self.wire.get_or_init(|| resource).clone())
    }

    /// What was applied last, if the function sent the same.
    pub(super) fn applied_of(&self, sent: &Struct) -> Option<Value> {
        (self.sent == *sent).then(|| self.applied.clone())
    }

    /// Server-side apply of what the function sent. Whether that changes the object.
    pub(super) fn apply(&mut self, sent: Struct, mut desired: Value) -> bool {
        if let Some(name) = self.object.pointer("/metadata/name") {
            desired["metadata"]["name"] = name.clone();
        }
        self.sent = sent;
        let before = self.object.clone();
        apply::apply(&mut self.object, &mut self.applied, desired);
        let changed = self.object != before;
        if changed {
            self.changed();
        }
        changed
    }
}
