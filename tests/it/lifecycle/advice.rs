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

/// What a step says of the node group or the cluster that failed, once the provider has looked again.
fn given_up(step: &Step, key: &str, state: &str) {
    let waiting = step.waiting(key).unwrap();
    let reason = waiting["reason"].as_str().unwrap();
    assert_eq!(reason, format!("the cloud reports {state}"), "{waiting:#}");
    let fix = waiting["fix"].as_str().unwrap();
    for part in [
        "aws eks describe-",
        "kubectl delete ",
        "Crossplane creates it anew",
    ] {
        assert!(fix.contains(part), "{fix}");
    }
    let part = if key == "cluster" {
        "ControlPlaneReady"
    } else {
        "NodePoolsReady"
    };
    for kind in ["Maintained", part] {
        let told = message(step, kind);
        assert!(
            told.contains(&format!("{key} waits for status ACTIVE")),
            "{kind}: {told}"
        );
    }
}

/// AWS-7: EKS tries no node group again, and upjet forgets the error. A pool that may be missing is told, too.
#[test]
fn a_node_group_that_failed_says_so_until_somebody_deletes_it() {
    let pool = |world: &World, name: &str| {
        let keys = world.observed().into_keys();
        let mut keys = keys.filter(|key| key.starts_with(&format!("nodes-pool-{name}-")));
        keys.next().unwrap()
    };
    for (name, is_required) in [("general", true), ("gpu", false)] {
        let mut world = run("aws-standard").world.clone();
        let key = pool(&world, name);
        let object = world.observed()[&key]["metadata"]["name"].clone();
        let broken = format!("NodeGroup/{}", object.as_str().unwrap());
        world.break_clouds(&[("create-fails-late", &broken)]);
        world.forget(&key);
        let step = last(&mut world);
        given_up(&step, &key, "CREATE_FAILED");
        assert_eq!(step.is_ready(), !is_required, "{name}");
        world.break_clouds(&[]);
        given_up(&last(&mut world), &key, "CREATE_FAILED");
        world.forget(&key);
        let steps = world.settle();
        assert_healthy(name, &world, &steps);
        assert_eq!(message(steps.last().unwrap(), "Maintained"), "", "{name}");
    }
}

/// AWS-7: neither is a control plane.
#[test]
fn a_control_plane_that_failed_says_so_until_somebody_deletes_it() {
    let mut world = Case::new("aws-minimal").world();
    world.break_clouds(&[("create-fails-late", "Cluster")]);
    let step = last(&mut world);
    given_up(&step, "cluster", "FAILED");
    assert!(!step.is_ready());
    world.break_clouds(&[]);
    world.forget("cluster");
    let steps = world.settle();
    assert_healthy("aws-minimal", &world, &steps);
}

/// AWS-7: no provider reports the state of an add-on, so what its creation said is all that there is.
#[test]
fn an_add_on_whose_creation_failed_is_not_ready_while_its_provider_says_so() {
    let mut world = run("aws-standard").world.clone();
    world.break_clouds(&[("create-fails-late", "Addon")]);
    world.forget("addons-dns");
    let mut told = Value::Null;
    for _ in 0..6 {
        let step = world.step();
        let failed = step.waiting("addons-dns");
        let failed = failed.filter(|it| it.to_string().contains("told to fail late"));
        if let Some(waiting) = failed {
            assert!(!step.is_ready());
            told = waiting;
        }
    }
    let reason = "create failed: the simulator was told to fail late";
    assert_eq!(told["reason"], reason, "{told:#}");
}
