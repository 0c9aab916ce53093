//! What of a spec depends on GCP: formats, limits and offers.

mod access;
mod names;
mod place;
mod pools;
mod traffic;

use crate::api::asked::{Asked, Check};

/// Those on whose fields others depend come first.
const CHECKS: [Check; 10] = [
    place::region,
    place::zones,
    place::account,
    names::cluster,
    names::environment,
    names::tags,
    access::principals,
    access::key,
    traffic::address,
    pools::pools,
];

/// Checks what depends on GCP.
pub(super) fn check(asked: &Asked<'_>) {
    asked.check(&CHECKS);
}
