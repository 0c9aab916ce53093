//! Who reconciles managed resources: the simulated providers, or others in their place.

use serde_json::Value;

use crate::{Changes, Simulator, object::text, provider};

/// The providers, and the clouds behind them.
pub trait Providers {
    /// One round of all providers over all managed resources, and what it changed.
    ///
    /// The key is whatever identifies an object for its whole life. An object that may go loses the
    /// provider's finalizer.
    fn tick<'a>(&mut self, objects: impl IntoIterator<Item = (&'a str, &'a mut Value)>) -> Changes;

    /// The object and what the cloud has for it are gone at once.
    fn forget(&mut self, key: &str);

    /// Whether a round that changed nothing changes nothing again, as long as the objects stay.
    fn is_steady(&self) -> bool;
}

impl Providers for Simulator {
    fn tick<'a>(&mut self, objects: impl IntoIterator<Item = (&'a str, &'a mut Value)>) -> Changes {
        Self::tick(self, objects)
    }

    fn forget(&mut self, key: &str) {
        Self::forget(self, key);
    }

    /// Nothing but a fault makes of the same something else than before.
    fn is_steady(&self) -> bool {
        self.faults.is_none()
    }
}

/// What happens to an object that is no cloud's: a Usage, or an object of provider-kubernetes. They
/// are done at once; no controller does anything about a Secret.
pub(crate) fn bystander(object: &mut Value) {
    if text(object, "/apiVersion").contains("crossplane.io/") {
        provider::manifest(object);
    }
}
