//! What Google Cloud does that no other cloud does.

use serde_json::json;

use super::assert_healthy;
use crate::support::{cases::Case, simulator::World};

/// The settled cluster of an example with a changed spec, in whose making nothing was refused.
fn made(name: &str, edit: &serde_json::Value) -> World {
    let mut world = Case::new(name).world();
    world.edit(edit);
    let steps = world.settle();
    assert_healthy(name, &world, &steps);
    assert_eq!(world.refusals(), [""; 0], "{name}");
    world
}

/// GCP-6: the provider reads every API, and every role, through the project's own API.
#[test]
fn a_cluster_with_a_key_of_another_becomes_ready_in_a_fresh_project() {
    let key = "projects/acme-keys/locations/asia-east1/keyRings/r/cryptoKeys/k";
    for name in ["gcp-standard", "gcp-autopilot"] {
        let region = Case::new(name).world().composite["spec"]["region"].clone();
        let key = key.replace("asia-east1", region.as_str().unwrap());
        let world = made(name, &json!({"encryption": {"keyId": key}}));
        let api = &world.observed()["identity-api-cloudresourcemanager"];
        let service = &api["spec"]["forProvider"]["service"];
        assert_eq!(service, "cloudresourcemanager.googleapis.com", "{name}");
    }
}

/// GCP-13: nodes stream images only where the API of that is on.
#[test]
fn pools_wait_for_the_api_that_images_are_streamed_from() {
    let world = made("gcp-standard", &json!({}));
    let api = &world.observed()["identity-api-containerfilesystem"];
    let service = &api["spec"]["forProvider"]["service"];
    assert_eq!(service, "containerfilesystem.googleapis.com");
    let autopilot = made("gcp-autopilot", &json!({}));
    let keys = autopilot.observed().into_keys();
    let apis = keys.filter(|key| key.contains("containerfilesystem"));
    assert_eq!(apis.count(), 0, "Autopilot sets it up by itself");
}
