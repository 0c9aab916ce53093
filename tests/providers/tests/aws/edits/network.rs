//! Edits of the way out.

use manifests::ScopeArg;
use serde_json::json;

use super::{Edit, edited};
use crate::support::{settle, world};

/// crossplane-runtime#655: what the provider resolves anew takes away what it has resolved before, so a route had its
/// gateway or its table, in turns.
fn edits() -> Vec<Edit> {
    vec![
        (
            "NAT in each zone",
            json!({"network": {"nat": "perZone"}}),
            &[
                "ec2.AllocateAddress",
                "ec2.CreateNatGateway",
                "ec2.ReplaceRoute",
            ],
        ),
        (
            "one NAT gateway",
            json!({"network": {"nat": "single"}}),
            &[
                "ec2.DeleteNatGateway",
                "ec2.ReleaseAddress",
                "ec2.ReplaceRoute",
            ],
        ),
        (
            "no NAT",
            json!({"network": {"nat": "none"}}),
            &[
                "ec2.DeleteNatGateway",
                "ec2.DeleteRoute x2",
                "ec2.ReleaseAddress",
            ],
        ),
        (
            "one again",
            json!({"network": {"nat": "single"}}),
            &[
                "ec2.AllocateAddress",
                "ec2.CreateNatGateway",
                "ec2.CreateRoute x2",
            ],
        ),
    ]
}

#[test]
fn every_edit_of_nat_reaches_ec2_once_and_settles() {
    let mut world = world("aws-minimal", ScopeArg::Cluster);
    settle(&mut world);
    edited(&mut world, edits());
}
