//! Switches.

use serde::Serialize;

#[derive(Serialize)]
pub(in crate::cloud::aws) struct Enabled {
    pub(in crate::cloud::aws) enabled: bool,
}
