//! `ttl`: how soon Crossplane asks again.

use serde::Serialize;

use crate::api::{
    defaults,
    draft::drafted,
    reader::{Object, Optional as _},
};

drafted! {
    /// How soon Crossplane asks again, in seconds.
    #[derive(Clone, Debug, Serialize)]
    #[serde(rename_all = "camelCase")]
    pub struct Ttl, TtlDraft {
        /// While it waits for something, or is upgraded.
        pub waiting_seconds: u32,
        /// When it is ready and nothing is on its way. Changes still come at once: Crossplane watches what it composes.
        pub settled_seconds: u32,
    }
}

pub(super) fn ttl(mut object: Object<'_, '_>) -> TtlDraft {
    // An hour is the longest that a drift should stay unnoticed; zero would mean "never again".
    let range = 10..=3600;
    let draft = TtlDraft {
        waiting_seconds: object
            .integer("waitingSeconds", &range)
            .default_to(defaults::WAITING_SECONDS),
        settled_seconds: object
            .integer("settledSeconds", &range)
            .default_to(defaults::SETTLED_SECONDS),
    };
    object.finish();
    draft
}
