//! Conditions of the composite and its claim.

use super::v1::{Condition, Status, Target};

/// A condition on the composite and its claim.
pub fn condition(kind: &str, holds: bool, reason: &str, message: impl Into<String>) -> Condition {
    let status = if holds {
        Status::ConditionTrue
    } else {
        Status::ConditionFalse
    };
    Condition {
        r#type: kind.to_owned(),
        status: status.into(),
        reason: reason.to_owned(),
        message: Some(message.into()).filter(|message| !message.is_empty()),
        target: Some(Target::CompositeAndClaim.into()),
    }
}
