//! Machine types that a region or a zone does not offer: refused before anything is made, and never where they run.

use manifests::ScopeArg;
use serde_json::{Value, json};
use xcluster::{
    api::provider::Provider,
    cloud::{offers::missing, registry::Clouds},
    wire::structpb::to_struct,
};

use super::{existing::said as said_of, problems};
use crate::{
    fixture::{self, call, fatal, merge},
    support::simulator::World,
};

fn spec(cloud: &str, region: &str, pool: &Value) -> Value {
    let mut spec = match cloud {
        "aws" => fixture::aws(),
        _ => fixture::gcp(),
    };
    let general = json!({"name": "general", "min": 1, "max": 9});
    merge(
        &mut spec,
        &json!({"region": region, "nodePools": [general]}),
    );
    merge(&mut spec["nodePools"][0], pool);
    if !pool["gpu"].is_null() {
        // A pool for system Pods, which every region can have.
        let machines = match cloud {
            "aws" => {
                let mut families = ["m7i.xlarge", "m6i.xlarge"].into_iter();
                let offered = |name: &&str| missing(Provider::AWS, region, name).is_none();
                json!({"aws": [families.find(offered)]})
            }
            _ => json!({"gcp": "c4-standard-4"}),
        };
        let system = json!({"name": "system", "min": 1, "max": 9, "machineTypes": machines});
        spec["nodePools"].as_array_mut().unwrap().push(system);
    }
    spec
}

fn said(spec: &Value) -> Vec<String> {
    let rsp = call(ScopeArg::Claims, spec, None);
    problems(fatal(&rsp).unwrap_or_default())
}

/// The pools that sizes and GPUs are for.
fn pools() -> Vec<Value> {
    let mut pools = Vec::new();
    for size in ["small", "medium", "large", "xlarge"] {
        for capacity in ["onDemand", "spot"] {
            pools.push(json!({"size": size, "capacity": capacity}));
        }
    }
    for (model, count) in [
        ("nvidia-l4", 1),
        ("nvidia-l4", 4),
        ("nvidia-a100-40gb", 8),
        ("nvidia-a100-80gb", 8),
        ("nvidia-h100-80gb", 8),
        ("nvidia-h200-141gb", 8),
    ] {
        pools.push(json!({"gpu": {"type": model, "count": count}}));
    }
    pools
}

/// What a message advises: machine types, and the first region.
fn advice(cloud: &str, message: &str) -> [Option<String>; 2] {
    let after = |text: &str, end: char| {
        let (_, rest) = message.split_once(text)?;
        let found = rest.split(end).next().unwrap_or(rest);
        Some(found.split(" or ").next().unwrap_or(found).to_owned())
    };
    let machines = match cloud {
        "aws" => after("use machineTypes.aws: [", ']'),
        _ => after("use machineTypes.gcp: ", ','),
    };
    [machines, after("a region such as ", ',')]
}

#[test]
fn every_size_and_gpu_comes_up_or_is_refused_with_what_does_in_every_region() {
    let (mut refused, mut placed, mut advised) = (0, 0, [0, 0]);
    for cloud in Clouds::ALL.iter() {
        let name = cloud.provider().name();
        for region in cloud.regions() {
            for pool in pools() {
                let messages = said(&spec(name, region, &pool));
                let Some(message) = messages.first() else {
                    continue;
                };
                if message.starts_with("spec.nodePools[0].zones: is missing") {
                    let zones = message.split(['[', ']']).nth(3).unwrap();
                    let mut pool = pool.clone();
                    pool["zones"] = zones.split(", ").collect();
                    assert_eq!(said(&spec(name, region, &pool)), [""; 0], "{message}");
                    placed += 1;
                    continue;
                }
                let start = format!("not offered in {region} as of 2026");
                assert!(message.contains(&start), "{message}");
                refused += 1;
                let [machines, other] = advice(name, message);
                assert!(machines.is_some() || other.is_some(), "{message}");
                if let Some(machines) = machines {
                    let machines = match name {
                        "aws" => json!({"aws": machines.split(", ").collect::<Vec<_>>()}),
                        _ => json!({"gcp": machines}),
                    };
                    let pool = json!({"machineTypes": machines, "capacity": pool["capacity"]});
                    assert_eq!(said(&spec(name, region, &pool)), [""; 0], "{message}");
                    advised[0] += 1;
                }
                if let Some(other) = other {
                    let there = said(&spec(name, &other, &pool));
                    let only_zones = |it: &String| it.contains("zones: is missing");
                    assert!(there.iter().all(only_zones), "{message}: {there:?}");
                    advised[1] += 1;
                }
            }
        }
    }
    assert!(
        refused > 200 && placed > 40 && advised[0] > 50 && advised[1] > 200,
        "{refused} {placed} {advised:?}"
    );
}

#[test]
fn on_auto_the_cloud_chooses_machines() {
    for (cloud, region) in [("aws", "me-south-1"), ("gcp", "europe-north2")] {
        let mut spec = spec(cloud, region, &json!({"size": "medium"}));
        assert_eq!(said(&spec).len(), 1);
        spec["mode"] = json!("auto");
        spec["nodePools"] = json!([]);
        assert_eq!(said(&spec), [""; 0]);
    }
}

/// What the platform allows is newer than the table.
fn allowing(cloud: &str, machine: &str) -> Value {
    let mut input = fixture::input();
    merge(
        &mut input,
        &json!({"allowedMachineTypes": {cloud: [machine]}}),
    );
    input
}

fn settled(cloud: &str, region: &str, machine: &str) -> World {
    let spec = spec(cloud, region, &json!({"size": "medium"}));
    let input = allowing(cloud, machine);
    let mut world = fixture::world(ScopeArg::Claims, "prod", &spec, Some(&input));
    let steps = world.settle();
    assert!(steps.iter().all(|step| step.fatal().is_none()));
    world.input = Some(to_struct(&fixture::input()).unwrap());
    world
}

/// A table that is wrong, or came with an update of the function, stops no cluster.
#[test]
fn a_pool_that_exists_is_never_refused() {
    for (cloud, region, machine, other) in [
        ("aws", "ca-west-1", "m7i.xlarge", "m7i.2xlarge"),
        ("gcp", "europe-north2", "n2-standard-4", "n2-standard-8"),
    ] {
        let world = settled(cloud, region, machine);
        assert_eq!(said_of(&world, &json!({})), [""; 0], "{cloud}");
        // Another pool of the same machines shows that the cloud has them.
        let general = world.composite["spec"]["nodePools"][0].clone();
        let more = |size: &str| {
            let more = json!({"name": "more", "min": 1, "max": 9, "size": size});
            json!({"nodePools": [general.clone(), more]})
        };
        assert_eq!(said_of(&world, &more("medium")), [""; 0], "{cloud}");
        let told = said_of(&world, &more("large")).join("");
        let start = format!(
            "spec.nodePools[1].size: \"large\" means {other}, which is not offered in {region}"
        );
        assert!(told.starts_with(&start), "{told}");
        assert!(
            !told.contains("region such as"),
            "a cluster stays in its region: {told}"
        );
    }
}
