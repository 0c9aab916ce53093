//! What resources of Google Cloud are known by.

use crate::plan::{context::Cx, required::Required};

/// The project. The checks refuse a cluster without one.
pub(super) fn project(cx: &Cx<'_>) -> Required {
    Required::new("the project", cx.account.map(str::to_owned))
}
