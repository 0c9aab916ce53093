//! What a row is.

/// What to do.
pub(in crate::plan) enum Advice {
    /// This; the provider tries again by itself.
    Retried(&'static str),
    /// This, and no more.
    Once(&'static str),
    /// Before the cloud has reported the object, and afterwards; the provider tries again by itself.
    ByExistence {
        absent: &'static str,
        existing: &'static str,
    },
    /// Of what has a name that this function chose, and of what the cloud names.
    ByName {
        chosen: &'static str,
        unknown: &'static str,
    },
}

/// Words of an error, each row with what to do. `a && b` needs both. `{object}` in an advice stands for the object's kind and
/// name, as kubectl takes them.
pub(in crate::plan) type Row = (&'static [&'static str], Advice);

/// What to do about a right that is missing.
pub(super) const PERMISSION: &str = "give the provider's identity the permission that the message names (docs/compatibility.md lists them)";
