//! What goes wrong outside of the cluster's spec: the status says what to do, and nothing is lost meanwhile.

use serde_json::{Value, json};

use super::{STANDARD, assert_healthy};
use crate::support::{
    cases::{Case, run},
    simulator::{Step, World},
};

/// The words that the fix begins with, for each fault of a provider.
const FAULTS: [(&str, &str); 2] = [
    ("no-credentials", "give the provider credentials"),
    (
        "provider-down",
        "if it stays so for minutes, the provider does not run",
    ),
];

fn fixes(step: &Step) -> Vec<String> {
    let status = step.status();
    let waiting = status["waitingFor"].as_array().into_iter().flatten();
    let fixes = waiting.filter_map(|entry| entry["fix"].as_str());
    fixes.map(str::to_owned).collect()
}

fn message(step: &Step, kind: &str) -> String {
    let conditions = step.conditions();
    let mut found = conditions
        .iter()
        .filter(|condition| condition["type"] == kind);
    let condition = found.next().cloned().unwrap_or_default();
    condition["message"].as_str().unwrap_or_default().to_owned()
}

fn last(world: &mut World) -> Step {
    world.settle().pop().unwrap()
}

#[test]
fn a_cluster_that_cannot_begin_says_what_to_do_and_goes_on_when_it_is_done() {
    for (name, (fault, begins)) in STANDARD
        .iter()
        .flat_map(|name| FAULTS.map(|fault| (name, fault)))
    {
        let mut world = Case::new(name).world();
        world.break_clouds(&[(fault, "*")]);
        let step = last(&mut world);
        assert!(!step.is_ready(), "{name} {fault}");
        let fixes = fixes(&step);
        assert!(
            fixes.iter().any(|fix| fix.starts_with(begins)),
            "{name} {fault}: {fixes:?}"
        );
        let network = message(&step, "NetworkReady");
        let identity = message(&step, "ControlPlaneReady");
        let told = [network, identity]
            .iter()
            .any(|text| text.contains(&format!("fix: {begins}")));
        assert!(told, "{name} {fault}");
        world.break_clouds(&[]);
        let steps = world.settle();
        assert_healthy(name, &world, &steps);
    }
}

#[test]
fn a_settled_cluster_loses_nothing_with_its_credentials_and_says_what_to_do() {
    for name in STANDARD {
        let mut world = run(name).world.clone();
        let before: Vec<_> = world.observed().into_keys().collect();
        world.break_clouds(&[("no-credentials", "*")]);
        world.edit(&json!({"tags": {"team": "another"}}));
        let step = last(&mut world);
        assert_eq!(
            world.observed().into_keys().collect::<Vec<_>>(),
            before,
            "{name}"
        );
        assert_eq!(step.deleted, Vec::<String>::new(), "{name}");
        assert!(
            step.is_ready(),
            "{name}: the cluster itself is as well as before"
        );
        let told = message(&step, "Maintained");
        assert!(
            told.contains("fix: give the provider credentials"),
            "{name}: {told}"
        );
        world.break_clouds(&[]);
        let steps = world.settle();
        assert_healthy(name, &world, &steps);
        assert_eq!(message(steps.last().unwrap(), "Maintained"), "", "{name}");
    }
}

#[test]
fn a_region_that_the_account_does_not_have_is_named_as_the_problem() {
    let wrong = |region: &str| json!({"region": region, "network": {"zoneNames": null}});
    for (name, region) in [("aws-minimal", "ap-east-1"), ("gcp-minimal", "me-central2")] {
        let mut world = Case::new(name).world();
        world.edit(&wrong(region));
        let step = last(&mut world);
        assert!(!step.is_ready(), "{name}");
        let told = message(&step, "NetworkReady") + &message(&step, "ControlPlaneReady");
        assert!(told.contains(region), "{name}: {told}");
        assert!(told.contains("fix: enable the region"), "{name}: {told}");
        assert_eq!(
            step.status()["phase"],
            Value::from("Provisioning"),
            "{name}"
        );
    }
}

#[test]
fn a_region_that_nobody_knows_is_refused_before_anything_is_made() {
    for (name, typo, meant) in [
        ("aws-minimal", "us-esat-1", "us-east-1"),
        ("gcp-minimal", "europ-west1", "europe-west1"),
    ] {
        let mut world = Case::new(name).world();
        world.edit(&json!({"region": typo, "network": {"zoneNames": null}}));
        let step = last(&mut world);
        let told = step.fatal().unwrap_or_default();
        assert!(
            told.contains(&format!("spec.region: \"{typo}\"")),
            "{name}: {told}"
        );
        assert!(
            told.contains(&format!("a region such as {meant};")),
            "{name}: {told}"
        );
        assert!(world.observed().is_empty(), "{name}");
        // The platform knows better.
        let cloud = name.split('-').next().unwrap();
        world.edit_input(&json!({"allowedRegions": {cloud: [typo]}}));
        assert_eq!(last(&mut world).fatal(), None, "{name}");
        // And what exists goes on when it no longer says so.
        world.edit_input(&json!({"allowedRegions": null}));
        let step = last(&mut world);
        assert_eq!(step.fatal(), None, "{name}");
        assert_eq!(step.deleted, Vec::<String>::new(), "{name}");
    }
}
