//! What resources of Google Cloud are known by.

use crate::{
    api::rules::is_label,
    plan::{context::Cx, required::Required},
};

/// The project. The checks refuse a cluster without one.
pub(super) fn project(cx: &Cx<'_>) -> Required {
    Required::new("the project", cx.account.map(str::to_owned))
}

/// Whether a text is the id of a project.
pub(super) fn is_project(text: &str) -> bool {
    text.len() >= 6 && is_label(text, 30)
}
