//! What of a spec depends on AWS: formats, limits and offers.

mod access;
mod place;
mod pools;
mod traffic;

use crate::api::asked::{Asked, Check};

/// Those on whose fields others depend come first.
const CHECKS: [Check; 7] = [
    place::region,
    place::zones,
    place::account,
    access::principals,
    access::key,
    traffic::address,
    pools::pools,
];

/// Checks what depends on AWS.
pub(super) fn check(asked: &Asked<'_>) {
    asked.check(&CHECKS);
}
