//! Manifests: from YAML files to what the function is called with.
//!
//! The command reads what people wrote, tests and simulations read the examples. The function's own library touches no
//! file and knows no YAML.

mod dump;
mod manifest;
mod scope;

pub use dump::dump;
pub use manifest::{ManifestError, composite_of, input_of, load, observed_of, parse};
pub use scope::ScopeArg;
