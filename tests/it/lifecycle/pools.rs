//! Day 2 of node pools.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{STANDARD, assert_healthy, deleted, edited};
use crate::support::{
    cases::{Case, run},
    simulator::{Fault, Step, World},
};

/// The pools of an example, the first one of one size on both clouds and with one field changed.
fn pools(name: &str, field: &str, value: Value) -> Value {
    let mut pools = Case::new(name).world().composite["spec"]["nodePools"].clone();
    pools[0] = json!({"name": "general", "size": "medium", "min": 3, "max": 12});
    pools[0][field] = value;
    json!({ "nodePools": pools })
}

/// What is desired besides node pools and the registration, whose labels tell of GPUs.
fn others(step: &Step) -> BTreeMap<String, Value> {
    let mut desired = step.desired();
    desired.retain(|key, _| !key.starts_with("nodes-") && key != "registration-secret");
    desired
}

#[test]
fn a_new_pool_is_its_own_objects_and_no_other() {
    for name in STANDARD {
        let mut edit = pools(name, "min", json!(3));
        let pool = json!({"name": "batch", "size": "large", "min": 0, "max": 5});
        edit["nodePools"].as_array_mut().unwrap().push(pool);
        let (_, steps) = edited(name, &edit);
        let (before, after) = (run(name).last(), steps.last().unwrap());
        let new = after.desired().into_keys();
        let new: Vec<_> = new
            .filter(|key| !before.desired().contains_key(key))
            .collect();
        let own =
            |key: &String| key.starts_with("nodes-pool-batch-") || key == "nodes-template-batch";
        assert!(!new.is_empty() && new.iter().all(own), "{name}: {new:?}");
        assert_eq!(others(before), others(after), "{name}");
        assert!(deleted(&steps).is_empty(), "{name}");
    }
}

#[test]
fn a_removed_pool_takes_its_own_objects_and_no_other() {
    for name in STANDARD {
        let mut edit = pools(name, "min", json!(3));
        edit["nodePools"].as_array_mut().unwrap().truncate(1);
        let (_, steps) = edited(name, &edit);
        let gone = deleted(&steps);
        let own = |key: &String| key.starts_with("nodes-pool-gpu-") || key == "nodes-template-gpu";
        assert!(!gone.is_empty() && gone.iter().all(own), "{name}: {gone:?}");
        assert_eq!(
            others(run(name).last()),
            others(steps.last().unwrap()),
            "{name}"
        );
    }
}

#[test]
fn larger_nodes_are_ready_before_the_smaller_ones_go() {
    for name in STANDARD {
        let general = |key: &String| key.starts_with("nodes-pool-general-");
        let old = run(name)
            .last()
            .desired()
            .into_keys()
            .find(general)
            .unwrap();
        let (world, steps) = edited(name, &pools(name, "size", json!("large")));
        assert_eq!(deleted(&steps), std::slice::from_ref(&old), "{name}");
        let new = world.observed().into_keys().find(general).unwrap();
        assert_ne!(new, old);
        let mut beside = 0;
        for step in &steps {
            let is_ready = step.ready().contains(&new);
            assert_eq!(step.desired().contains_key(&old), !is_ready, "{name}");
            beside += usize::from(!is_ready);
        }
        assert!(beside > 2, "{name}: the new pool was ready at once");
    }
}

#[test]
fn a_pool_whose_successor_has_no_capacity_stays_for_long() {
    for name in STANDARD {
        let mut world = run(name).world.clone();
        world.edit(&pools(name, "size", json!("xlarge")));
        let general = |key: &String| key.starts_with("nodes-pool-general-");
        let old = world.observed().into_keys().find(general).unwrap();
        for _ in 0..30 {
            let step = world.reconcile();
            assert!(step.deleted.is_empty(), "{name}: {:?}", step.deleted);
            world.tick();
            let new = world.observed().into_keys().filter(general);
            for new in new.filter(|key| *key != old) {
                let fault = Fault::NoStatus;
                world.faults.insert(new, fault);
            }
        }
        world.faults.clear();
        let steps = world.settle();
        assert_eq!(deleted(&steps), [old], "{name}");
        assert_healthy(name, &world, &steps);
    }
}

#[test]
fn new_bounds_reach_aws_and_leave_the_autoscalers_choice_alone() {
    let general = |key: &String| key.starts_with("nodes-pool-general-");
    let mut world = run("aws-standard").world.clone();
    let key = world.observed().into_keys().find(general).unwrap();
    let sent = |step: &Step| {
        step.desired()[&key]
            .pointer("/spec/forProvider/scalingConfig")
            .cloned()
    };
    let reported = "/status/atProvider/scalingConfig";

    world.cloud_mut(&key)["scalingConfig"]["desiredSize"] = json!(7);
    let steps = world.settle();
    assert!(
        steps.iter().all(|step| sent(step).is_none()),
        "the autoscaler is fought"
    );
    assert_eq!(
        world.observed()[&key].pointer(reported).unwrap()["desiredSize"],
        7
    );

    world.edit(&pools("aws-standard", "max", json!(20)));
    let steps = world.settle();
    let edits: Vec<_> = steps.iter().filter_map(sent).collect();
    let wanted = json!({"minSize": 3, "maxSize": 20, "desiredSize": 7});
    assert!(
        !edits.is_empty() && edits.iter().all(|edit| *edit == wanted),
        "{edits:?}"
    );
    assert_eq!(sent(steps.last().unwrap()), None, "the edit is over");
    assert_eq!(world.observed()[&key].pointer(reported), Some(&wanted));

    world.edit(&pools("aws-standard", "min", json!(9)));
    let steps = world.settle();
    assert_healthy("aws-standard", &world, &steps);
    let wanted = json!({"minSize": 9, "maxSize": 12, "desiredSize": 9});
    assert_eq!(
        world.observed()[&key].pointer(reported),
        Some(&wanted),
        "a size below min"
    );
}

#[test]
fn new_bounds_reach_gcp_without_a_number_of_nodes() {
    let (world, steps) = edited("gcp-standard", &pools("gcp-standard", "max", json!(20)));
    let general = |key: &String| key.starts_with("nodes-pool-general-");
    let key = world.observed().into_keys().find(general).unwrap();
    let pool = &steps.last().unwrap().desired()[&key]["spec"]["forProvider"];
    assert_eq!(pool["autoscaling"]["totalMaxNodeCount"], 20);
    assert_eq!(pool.get("nodeCount"), None);
    assert!(deleted(&steps).is_empty());
}

#[test]
fn a_larger_disk_is_a_new_launch_template_version_of_the_same_group() {
    let (world, steps) = edited(
        "aws-standard",
        &pools("aws-standard", "diskGiB", json!(200)),
    );
    let template = &world.observed()["nodes-template-general"]["status"]["atProvider"];
    assert_eq!(template["latestVersion"], 2);
    let general = |key: &String| key.starts_with("nodes-pool-general-");
    let key = world.observed().into_keys().find(general).unwrap();
    let group = &steps.last().unwrap().desired()[&key];
    assert_eq!(
        group["spec"]["forProvider"]["launchTemplate"]["version"],
        "2"
    );
    assert!(deleted(&steps).is_empty());
}

/// What the status says of pools' sizes: the notes' fields and whether each says that the pool stays empty.
fn notes_on_sizes(step: &Step) -> Vec<(String, bool)> {
    let status = step.status();
    let notes = status["parity"].as_array().into_iter().flatten();
    let sizes = notes.filter_map(|note| {
        let field = note["field"].as_str()?;
        let text = note["note"].as_str()?;
        field
            .ends_with("].max")
            .then(|| (field.to_owned(), text.contains("stays empty")))
    });
    sizes.collect()
}

#[test]
fn an_eks_pool_that_nothing_scales_is_named_and_a_gke_pool_is_not() {
    let of = |n: usize, empty: bool| (format!("spec.nodePools[{n}].max"), empty);
    assert_eq!(
        notes_on_sizes(run("aws-standard").last()),
        [of(0, false), of(1, true)]
    );
    for name in ["aws-auto", "gcp-standard", "gcp-autopilot"] {
        assert_eq!(notes_on_sizes(run(name).last()), [], "{name}");
    }
    // A pool of one size has nothing to scale.
    let (_, steps) = edited("aws-standard", &pools("aws-standard", "max", json!(3)));
    assert_eq!(notes_on_sizes(steps.last().unwrap()), [of(1, true)]);
}

/// GCP-7: a group is in the subnets of its own zones.
#[test]
fn an_eks_pool_is_in_the_subnets_of_its_own_zones() {
    let subnets = |world: &World| {
        let mut groups = world.observed().into_iter();
        let gpu = |(key, _): &(String, Value)| key.starts_with("nodes-pool-gpu-");
        let (_, group) = groups.find(gpu).unwrap();
        let refs = group["spec"]["forProvider"]["subnetIdRefs"].as_array();
        let names = refs.unwrap().iter().map(|it| it["name"].as_str().unwrap());
        names
            .map(|name| name.rsplit_once("private-").unwrap().1.to_owned())
            .collect::<Vec<_>>()
    };
    let before = &run("aws-standard").world;
    assert_eq!(subnets(before), ["use1-az1", "use1-az2"]);
    let mut edit = pools("aws-standard", "min", json!(3));
    edit["nodePools"][1]["zones"] = json!(["use1-az4", "use1-az1"]);
    let (world, steps) = edited("aws-standard", &edit);
    assert_eq!(subnets(&world), ["use1-az1", "use1-az4"]);
    // EKS cannot change a group's subnets: another group takes over.
    let gone = deleted(&steps);
    assert!(
        gone.len() == 1 && gone[0].starts_with("nodes-pool-gpu-"),
        "{gone:?}"
    );
    // The cluster's subnets are named by id, so a letter is none of them. The pool that there is stays.
    let mut edit = pools("aws-standard", "min", json!(3));
    edit["nodePools"][1]["zones"] = json!(["us-east-1a"]);
    let (world, steps) = edited("aws-standard", &edit);
    assert_eq!(subnets(&world), ["use1-az1", "use1-az2"]);
    let waiting = steps.last().unwrap().status()["waitingFor"].to_string();
    let action = "name the pool's zones as the cluster does: use1-az1, use1-az2, use1-az4";
    assert!(waiting.contains(action), "{waiting}");
}
