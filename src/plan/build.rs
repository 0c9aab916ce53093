//! Resources of a plan, from what the stages know.

use serde::Serialize;

use super::{
    composed::{After, Body, Composed, Source, Stage},
    context::Cx,
    key::Key,
    object::{Builder, Extras, Managed, NamedBy},
    ready::ReadyWhen,
};
use crate::wire::structpb::{EncodeError, Struct};

/// A resource with an object of any kind.
pub fn composed(stage: Stage, key: Key, object: Result<Struct, EncodeError>) -> Composed {
    Composed {
        key,
        stage,
        body: object.map_or_else(Body::Broken, Body::Object),
        after: After::default(),
        ready: ReadyWhen::Condition,
        required: true,
        exists: false,
        named_by_cloud: false,
        foreign: None,
        unfinished: None,
        leaving: None,
    }
}

/// A managed resource, with its external name where this function chooses it.
pub fn managed<F: Managed>(
    cx: &Cx<'_>,
    stage: Stage,
    key: Key,
    external_name: Option<String>,
    for_provider: F,
) -> Composed {
    let extras = Extras::<()> {
        external_name,
        ..Extras::default()
    };
    managed_with(cx, cx.build, stage, key, extras, for_provider)
}

/// Like [`managed`], with all that may differ: the credentials of `build`, management policies,
/// values for the creation, a label.
pub fn managed_with<F: Managed, I: Serialize>(
    cx: &Cx<'_>,
    build: &Builder<'_>,
    stage: Stage,
    key: Key,
    extras: Extras<I>,
    for_provider: F,
) -> Composed {
    let observed = cx.observed.get(&key);
    let object = build.managed(&key, for_provider, extras, observed);
    Composed {
        named_by_cloud: F::NAMED_BY == NamedBy::Cloud,
        ..composed(stage, key, object).existing(observed.is_some())
    }
}

/// A resource that cannot be built yet.
pub fn lacking(stage: Stage, key: Key, what: &'static str, from: impl Into<Source>) -> Composed {
    Composed {
        body: Body::Lacking {
            what,
            from: from.into(),
        },
        ..composed(stage, key, Ok(Struct::default()))
    }
}

/// An existing resource that stays as it is.
pub fn as_observed(stage: Stage, key: Key) -> Composed {
    Composed {
        body: Body::AsObserved,
        ..composed(stage, key, Ok(Struct::default()))
    }
}
