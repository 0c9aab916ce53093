//! What a release of the provider cannot do at all: docs/compatibility.md.

use manifests::ScopeArg;

use super::support::{rounds, unrepaired};

/// provider-upjet-gcp#1002: the reason why v3.0 is not supported.
#[test]
fn every_subnetwork_panics_in_v3() {
    let mut world = unrepaired("gcp-minimal", ScopeArg::Claims);
    for _ in 0..20 {
        rounds(&mut world, 1);
        if !world.clouds().panics.is_empty() {
            break;
        }
    }
    let panics = &world.clouds().panics;
    assert_eq!(panics.len(), 1, "{panics:?}");
    assert!(panics[0].contains("Subnetwork"), "{panics:?}");
    assert!(panics[0].contains("value is not an object"), "{panics:?}");
}
