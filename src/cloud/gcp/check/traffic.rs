//! Where the service's callers are sent.

use crate::api::asked::{Asked, Checked};

pub(super) fn address(asked: &Asked<'_>) -> Checked {
    if let Some(address) = asked.spec.traffic.address.as_ref()? {
        // A global load balancer has no host name, and any address could be somebody else's.
        let problem = "cannot be set on gcp, where the function reserves the address";
        asked.refuse("spec.traffic.address", address, problem, "remove it");
    }
    Ok(())
}
