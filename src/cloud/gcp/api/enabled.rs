//! Switches.

use serde::Serialize;

#[derive(Default, Serialize)]
pub(in crate::cloud::gcp) struct Enabled {
    pub(in crate::cloud::gcp) enabled: bool,
}
