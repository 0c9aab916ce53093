//! Add-ons. GKE's are switches of the cluster itself (see [`super::cluster`]) and upgraded by GKE,
//! so there is nothing to compose.

use crate::plan::{Cx, Plan};

/// Plans the stage.
pub(super) fn addons(_: &Cx<'_>, _: &mut Plan) {}
