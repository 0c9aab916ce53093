//! Objects in the account of the zone.

use crate::{
    api::input::Service,
    plan::{
        build::managed_with,
        composed::{Composed, Stage},
        context::Cx,
        key::Key,
        object::{Extras, Managed},
    },
};

/// An object in the account of the zone, which may be another than the cluster's.
pub(super) fn in_zone<F: Managed>(
    cx: &Cx<'_>,
    service: &Service,
    key: Key,
    extras: Extras<()>,
    for_provider: F,
) -> Composed {
    let build = cx.build.reaching(&service.zone.aws.provider_config_ref);
    managed_with(cx, &build, Stage::Traffic, key, extras, for_provider)
}
