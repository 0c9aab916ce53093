//! What a cloud says of changes: tables of what is lost with a resource, and of what replaces nodes.

use crate::plan::key::{Family, Key};

/// One key, or all of a family.
pub enum Keys {
    /// This one.
    One(Key),
    /// Each of these.
    Each(Family),
}

impl Keys {
    /// Whether a key is one of them.
    pub fn hold(&self, key: &Key) -> bool {
        match self {
            Self::One(one) => one == key,
            Self::Each(family) => family.name_in(key).is_some(),
        }
    }
}

/// What is lost for good with a resource.
pub struct Loss {
    /// The resource.
    pub with: Keys,
    /// What is lost.
    pub lost: &'static str,
}

/// A field whose change makes the cloud replace nodes.
pub struct Replacement {
    /// The resource: a pool's for its own nodes, any other for all.
    pub of: Keys,
    /// The path of the field.
    pub field: &'static str,
    /// What it means that the field changes.
    pub why: &'static str,
}
