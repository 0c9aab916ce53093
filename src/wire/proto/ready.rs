//! Whether a resource is ready, as the type that it is.

use super::{resource::Resource, v1::Ready};

impl Resource {
    /// Whether it is ready; an unknown value is unspecified.
    pub fn ready(&self) -> Ready {
        Ready::try_from(self.ready).unwrap_or_default()
    }

    /// Says whether it is ready.
    pub fn set_ready(&mut self, ready: Ready) {
        self.ready = ready.into();
    }
}
