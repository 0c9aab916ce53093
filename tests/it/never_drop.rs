//! Nothing that exists leaves the desired state because an observation says less than before.

mod flaps;
mod peers;

use crate::support::{
    cases::{Run, run},
    simulator::World,
};
use flaps::Flaps;
use serde_json::json;

use crate::lifecycle::older;

/// Random combinations of faults for each life.
const COMBINATIONS: usize = 300;

/// All single faults and many combinations, at every step of an example's life.
fn survives(name: &str) {
    let run = run(name);
    for flaps in Flaps::of(&run.steps) {
        flaps.single(&run.title());
    }
    combined(run, COMBINATIONS);
}

fn combined(run: &Run, count: usize) {
    let all: Vec<_> = Flaps::of(&run.steps).collect();
    for (n, flaps) in all.iter().cycle().take(count).enumerate() {
        flaps.combined(&run.title(), n as u64);
    }
}

#[test]
fn a_flap_drops_nothing_of_aws_standard() {
    survives("aws-standard");
}

#[test]
fn a_flap_drops_nothing_of_aws_auto() {
    survives("aws-auto");
}

#[test]
fn a_flap_drops_nothing_of_aws_minimal() {
    survives("aws-minimal");
}

#[test]
fn a_flap_drops_nothing_of_gcp_standard() {
    survives("gcp-standard");
}

#[test]
fn a_flap_drops_nothing_of_gcp_autopilot() {
    survives("gcp-autopilot");
}

#[test]
fn a_flap_drops_nothing_of_gcp_minimal() {
    survives("gcp-minimal");
}

#[test]
fn a_flap_drops_nothing_of_aws_traffic() {
    survives("aws-traffic");
}

#[test]
fn a_flap_drops_nothing_of_gcp_traffic() {
    survives("gcp-traffic");
}

#[test]
fn a_flap_drops_nothing_in_the_other_scopes() {
    for run in crate::support::cases::runs() {
        if run.scope != "claims" {
            combined(run, 60);
        }
    }
}

#[test]
fn a_flap_during_an_edit_drops_nothing_that_the_edit_keeps() {
    let larger = json!([
        {"name": "general", "size": "large", "min": 3, "max": 12},
        {"name": "gpu", "gpu": {"type": "nvidia-l4", "count": 1}, "min": 0, "max": 8,
         "capacity": "spot"},
    ]);
    let wider = json!([
        {"name": "general", "size": "medium", "min": 4, "max": 20},
        {"name": "gpu", "gpu": {"type": "nvidia-l4", "count": 1}, "min": 1, "max": 9,
         "capacity": "spot"},
    ]);
    let edits = [
        ("other bounds", json!({"nodePools": wider})),
        ("an upgrade", json!({"kubernetesVersion": "1.36"})),
        ("larger nodes", json!({"nodePools": larger})),
        (
            "the end of protection",
            json!({"deletionProtection": false}),
        ),
        (
            "a single NAT gateway",
            json!({"network": {"nat": "single"}}),
        ),
    ];
    let edits = edits.iter().map(|(title, edit)| (*title, edit.clone()));
    let mut rows: Vec<(&str, &str, serde_json::Value)> = Vec::new();
    for (title, edit) in edits {
        rows.push(("aws-standard", title, edit.clone()));
        rows.push(("gcp-standard", title, edit));
    }
    for name in ["aws-traffic", "gcp-traffic"] {
        let edit = json!({"traffic": {"state": "evacuated", "force": true}});
        rows.push((name, "an evacuation", edit));
    }
    {
        for (name, title, edit) in &rows {
            let mut world: World = match edit.get("kubernetesVersion") {
                Some(_) => older(name, "1.35"),
                None => run(name).world.clone(),
            };
            world.edit(edit);
            let steps = world.settle();
            for (n, flaps) in Flaps::of(&steps).enumerate() {
                for round in 0..10 {
                    flaps.combined(&format!("{name}, {title}"), (n * 10 + round) as u64);
                }
            }
        }
    }
}
