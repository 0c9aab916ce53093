//! What a cloud has, and what it did.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Something that exists in a cloud, or that a cloud was asked for.
#[derive(Clone, Default, Deserialize, PartialEq, Serialize)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "none of these facts follows from another one"
)]
pub struct Thing {
    /// The managed resource as its provider left it last, whatever faults made of that.
    pub object: Value,
    /// Whether the cloud has it.
    pub exists: bool,
    /// Its name in the cloud, as the provider has it in memory.
    #[serde(default)]
    pub id: String,
    /// For how many ticks, up to when it is ready.
    pub(crate) age: u32,
    /// Whether its creation failed, after which nothing makes it work.
    #[serde(default)]
    pub failed: bool,
    /// For how many more ticks an update goes on.
    pub(crate) busy: u32,
    /// Whether new bounds are on their way.
    pub(crate) scaling: bool,
    /// For how many more ticks it is being deleted.
    pub(crate) deleting: Option<u32>,
    /// Whether its deletion never removes it from the cloud.
    pub kept: bool,
    /// The fields whose references the provider resolved last.
    #[serde(default)]
    pub(crate) resolved: BTreeSet<String>,
    /// What the cloud has.
    pub(crate) at: Value,
}

impl Thing {
    /// The same without the managed resource, which is the larger part of it.
    pub(super) fn without_object(&self) -> Self {
        Self {
            object: Value::Null,
            id: self.id.clone(),
            resolved: self.resolved.clone(),
            at: self.at.clone(),
            ..*self
        }
    }

    /// Whether another one has the same, whatever the managed resources say.
    pub(super) fn has_same(&self, other: &Self) -> bool {
        let rest = |thing: &Self| {
            let Self {
                exists,
                age,
                failed,
                busy,
                scaling,
                deleting,
                kept,
                ..
            } = *thing;
            (exists, age, failed, busy, scaling, deleting, kept)
        };
        rest(self) == rest(other)
            && self.id == other.id
            && self.resolved == other.resolved
            && self.at == other.at
    }
}

/// Something a cloud did or refused.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub struct Event {
    /// When.
    pub tick: u64,
    /// `created`, `deleted`, `refused to create`, `refused to update` or `refused to delete`.
    pub what: String,
    /// The kind.
    pub kind: String,
    /// The managed resource.
    pub object: String,
    /// The name in the cloud, or why it was refused.
    pub detail: String,
}

/// What a tick changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// The keys of the objects that are no longer what they were.
    pub objects: Vec<String>,
    /// Whether anything in a cloud changed.
    pub in_clouds: bool,
}

impl Changes {
    /// Whether anything changed at all.
    pub fn any(&self) -> bool {
        self.in_clouds || !self.objects.is_empty()
    }
}
