//! Disk types of the nodes' boot disks, by machine family.
//!
//! Which family takes which type is from the families' pages in the Compute Engine documentation ("Supported disk types").
//! GKE refuses a pool with another pair (terraform-provider-google #19890, #20247), and asks for no family by itself.

use super::machines;
use crate::api::{provider::Provider, spec::NodePool};

/// Those that GKE boots nodes from and that need no number beside their size.
pub(super) const TYPES: &[&str] = &["pd-balanced", HYPERDISK, "pd-ssd", STANDARD];

const HYPERDISK: &str = "hyperdisk-balanced";
const STANDARD: &str = "pd-standard";

/// The families without persistent disks.
const HYPERDISK_ONLY: [&str; 13] = [
    "a3-ultragpu",
    "a4",
    "a4x",
    "c4",
    "c4a",
    "c4d",
    "g4",
    "h4d",
    "m4",
    "n4",
    "n4a",
    "n4d",
    "x4",
];
/// The families without Hyperdisk Balanced.
const NO_HYPERDISK: [&str; 10] = [
    "a2", "c2", "c2d", "e2", "g2", "n1", "n2", "n2d", "t2a", "t2d",
];
/// The families with persistent disks, but not with standard ones.
const NO_STANDARD: [&str; 7] = ["a3", "c3", "c3d", "g2", "h3", "m3", "z3"];

/// The type of a pool's disks: the author's, else the usual one of its machines.
pub(super) fn of_pool(pool: &NodePool) -> &'static str {
    let usual = || machines::of_pool(pool).map_or(TYPES[0], usual);
    pool.disk_on(Provider::GCP).unwrap_or_else(usual)
}

/// The type that a machine usually has.
pub(super) fn usual(machine: &str) -> &'static str {
    if is_of(machine, &HYPERDISK_ONLY) {
        HYPERDISK
    } else {
        TYPES[0]
    }
}

/// Whether a machine boots from a disk of a type. A family that is not known here is not refused.
pub(super) fn takes(machine: &str, disk: &str) -> bool {
    match disk {
        HYPERDISK => !is_of(machine, &NO_HYPERDISK),
        STANDARD if is_of(machine, &NO_STANDARD) => false,
        _ => !is_of(machine, &HYPERDISK_ONLY),
    }
}

/// Whether a machine is of one of these families: `a3-ultragpu-8g` is of `a3`, and of `a3-ultragpu`.
fn is_of(machine: &str, families: &[&str]) -> bool {
    families.iter().any(|family| {
        let rest = machine.strip_prefix(family);
        rest.is_some_and(|rest| rest.starts_with('-'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// GCP-8: `pd-balanced` for every machine.
    #[test]
    fn a_machine_usually_has_a_disk_that_it_takes() {
        for machine in [
            "c4-standard-4",
            "c4a-standard-4",
            "c4d-standard-4",
            "n4-standard-4",
            "n4a-standard-4",
            "n4d-standard-4",
            "a3-ultragpu-8g",
        ] {
            assert_eq!(usual(machine), HYPERDISK, "{machine}");
            assert!(!takes(machine, "pd-balanced"), "{machine}");
            assert!(takes(machine, HYPERDISK), "{machine}");
        }
        for machine in [
            "n2-standard-4",
            "c3-standard-4",
            "g2-standard-8",
            "a3-highgpu-8g",
            "e2-small",
        ] {
            assert_eq!(usual(machine), "pd-balanced", "{machine}");
            assert!(takes(machine, "pd-balanced"), "{machine}");
        }
        assert!(takes("n2-standard-4", STANDARD) && !takes("c3-standard-4", STANDARD));
        assert!(takes("c3-standard-4", HYPERDISK) && !takes("n2-standard-4", HYPERDISK));
    }
}
