//! Day 2 of everything but node pools.

use serde_json::{Value, json};

use super::{STANDARD, deleted, edited};
use crate::fixture;
use crate::support::{
    cases::{Case, run, runs},
    simulator::{Fault, Step, World},
};

#[test]
fn new_tags_reach_everything_that_carries_tags_and_go_again() {
    let rows = [
        ("aws-standard", &["tags"][..], 30),
        ("aws-auto", &["tags"], 25),
        (
            "gcp-standard",
            &["labels", "resourceLabels", "nodeConfig/resourceLabels"],
            4,
        ),
        ("gcp-autopilot", &["labels", "resourceLabels"], 2),
    ];
    for (name, fields, fewest) in rows {
        let (mut world, steps) = edited(name, &json!({"tags": {"owner": "research"}}));
        assert!(deleted(&steps).is_empty(), "{name}");
        let mut tagged = 0;
        for (key, object) in world.observed() {
            for field in fields {
                let path = format!("/status/atProvider/{field}");
                if let Some(tags) = object.pointer(&path) {
                    assert_eq!(tags["owner"], "research", "{name}: {key}");
                    tagged += 1;
                }
            }
        }
        assert!(tagged >= fewest, "{name}: {tagged}");
        world.edit(&json!({"tags": {"owner": null}}));
        let steps = world.settle();
        super::assert_healthy(name, &world, &steps);
        for (key, object) in world.observed() {
            assert!(
                !object["spec"].to_string().contains("research"),
                "{name}: {key}"
            );
        }
    }
}

#[test]
fn another_environment_is_a_change_of_labels() {
    for run in runs().iter().filter(|run| run.scope == "claims") {
        let name = &run.case.name;
        let (_, steps) = edited(name, &json!({"environment": "staging"}));
        assert!(deleted(&steps).is_empty(), "{name}");
    }
}

#[test]
fn the_composite_can_be_deleted_only_once_the_cloud_protects_nothing_any_more() {
    for name in ["aws-standard", "aws-auto", "gcp-standard", "gcp-autopilot"] {
        let (_, steps) = edited(name, &json!({"deletionProtection": false}));
        let mut gone = deleted(&steps);
        gone.sort();
        assert_eq!(gone, ["protection-claim", "protection-composite"], "{name}");
        let protected = |step: &Step| {
            let resources = &step.request.observed.as_ref().unwrap().resources;
            let cluster = serde_json::to_value(&resources["cluster"].resource).unwrap();
            cluster["status"]["atProvider"]["deletionProtection"] == true
        };
        assert!(protected(&steps[0]), "{name}: was not protected at all");
        for step in &steps {
            for key in ["protection-claim", "protection-composite"] {
                let kept = step.desired().contains_key(key);
                assert_eq!(kept, protected(step), "{name}: {key}");
            }
        }
    }
}

#[test]
fn a_cluster_that_the_cloud_never_made_does_not_keep_its_remains() {
    for name in ["aws-standard", "gcp-autopilot"] {
        let mut world = Case::new(name).world();
        while !world.observed().contains_key("cluster") {
            world.reconcile();
            world.tick();
        }
        // The object is there, and nothing has come of it.
        if let Some(object) = world.object_mut("cluster").as_object_mut() {
            object.remove("status");
        }
        world.edit(&json!({"deletionProtection": false}));
        let desired = world.reconcile().desired();
        assert!(desired.contains_key("cluster"), "{name}");
        for key in ["protection-claim", "protection-composite"] {
            assert!(!desired.contains_key(key), "{name}: {key}");
        }
    }
}

#[test]
fn a_single_nat_gateway_takes_over_all_zones() {
    let (world, steps) = edited("aws-standard", &json!({"network": {"nat": "single"}}));
    let mut gone = deleted(&steps);
    gone.sort();
    let expected = [
        "network-nat-address-use1-az2",
        "network-nat-address-use1-az4",
        "network-nat-use1-az2",
        "network-nat-use1-az4",
    ];
    assert_eq!(gone, expected);
    for step in steps.iter().filter(|step| !step.deleted.is_empty()) {
        assert_no_route_through(step);
    }
    let observed = world.observed();
    let name = "/metadata/annotations/crossplane.io~1external-name";
    let gateway = observed["network-nat-use1-az1"].pointer(name).unwrap();
    for zone in ["az1", "az2", "az4"] {
        let route = &observed[&format!("network-route-use1-{zone}")];
        assert_eq!(
            &route["spec"]["forProvider"]["natGatewayId"], gateway,
            "{zone}"
        );
    }
}

/// No route goes through a gateway when it is deleted.
fn assert_no_route_through(step: &Step) {
    let observed = &step.request.observed.as_ref().unwrap().resources;
    let json = |key: &String| serde_json::to_value(&observed[key].resource).unwrap();
    let name = "/metadata/annotations/crossplane.io~1external-name";
    let gone: Vec<_> = step.deleted.iter().map(json).collect();
    let gone: Vec<_> = gone
        .iter()
        .filter_map(|object| object.pointer(name))
        .collect();
    for key in observed.keys() {
        let through = json(key)["spec"]["forProvider"]["natGatewayId"].take();
        assert!(!gone.contains(&&through), "{key} is cut off");
    }
}

/// AWS-18: the spec of a route names the new gateway before AWS has changed the route.
#[test]
fn a_nat_gateway_stays_until_aws_has_changed_the_routes() {
    let mut world = run("aws-standard").world.clone();
    let gateways = world.in_cloud("NATGateway").len();
    world.break_clouds(&[("update-fails", "Route")]);
    world.edit(&json!({"network": {"nat": "single"}}));
    let steps = world.settle();
    assert!(deleted(&steps).is_empty(), "{:?}", deleted(&steps));
    assert_eq!(world.in_cloud("NATGateway").len(), gateways);
    // A route that reports nothing may go anywhere.
    world.break_clouds(&[("no-status", "Route")]);
    for _ in 0..5 {
        assert_eq!(world.step().deleted, [""; 0]);
    }
    world.break_clouds(&[]);
    let steps = world.settle();
    super::assert_healthy("aws-standard", &world, &steps);
    assert_eq!(world.in_cloud("NATGateway").len(), 1);
    for (key, object) in world.observed() {
        let state = &object["status"]["atProvider"]["state"];
        assert!(state.is_null() || state == "active", "{key} is {state}");
    }
}

#[test]
fn nat_can_be_switched_off_and_on_again() {
    for name in STANDARD {
        let before = run(name).last().desired();
        let (mut world, steps) = edited(name, &json!({"network": {"nat": "none"}}));
        let gone = deleted(&steps);
        let nat = |key: &String| key.contains("-nat") || key.contains("-route-");
        assert!(!gone.is_empty() && gone.iter().all(nat), "{name}: {gone:?}");
        let last = steps.iter().rfind(|step| !step.deleted.is_empty()).unwrap();
        assert_no_route_through(last);
        world.edit(&json!({"network": {"nat": "perZone"}}));
        let steps = world.settle();
        super::assert_healthy(name, &world, &steps);
        let after: Vec<_> = steps.last().unwrap().desired().into_keys().collect();
        assert_eq!(after, before.into_keys().collect::<Vec<_>>(), "{name}");
    }
}

#[test]
fn argo_cd_keeps_a_cluster_whose_endpoint_nobody_reports() {
    for run in runs()
        .iter()
        .filter(|run| !run.case.name.ends_with("minimal"))
    {
        let mut world = run.world.clone();
        let key = match run.scope {
            "namespaced" => "registration-object",
            _ => "registration-secret",
        };
        let before = world.reconcile();
        for fault in Fault::OBSERVED {
            let everything = world.observed().into_keys();
            world.faults = everything.map(|key| (key, fault)).collect();
            let step = world.reconcile();
            let spec = |step: &Step| {
                let object = step.desired()[key].clone();
                [
                    &object["data"],
                    &object["spec"],
                    &object["metadata"]["labels"],
                ]
                .map(Value::clone)
            };
            assert_eq!(spec(&step), spec(&before), "{} with {fault:?}", run.title());
        }
    }
}

#[test]
fn argo_cd_follows_a_changed_certificate_authority() {
    let mut world = run("aws-standard").world.clone();
    let before = world.reconcile().desired()["registration-secret"]["data"].clone();
    let cluster = world.object_mut("cluster");
    cluster["status"]["atProvider"]["certificateAuthority"][0]["data"] = json!("YW5vdGhlcgo=");
    let after = world.reconcile().desired()["registration-secret"]["data"].clone();
    assert_ne!(before["config"], after["config"]);
    assert_eq!(before["server"], after["server"]);
}

#[test]
fn a_cluster_that_is_not_to_be_registered_any_more_leaves_argo_cd() {
    for name in STANDARD {
        let (_, steps) = edited(name, &json!({"argocd": {"register": false}}));
        let gone = deleted(&steps);
        assert!(
            gone.contains(&"registration-secret".to_owned()),
            "{name}: {gone:?}"
        );
        let own = |key: &String| key.starts_with("registration-") || key.starts_with("access-");
        assert!(gone.iter().all(own), "{name}: {gone:?}");
    }
}

/// AWS-13: EKS refuses an update of its endpoint for one private range.
#[test]
fn private_ranges_do_not_reach_the_public_endpoint() {
    let ranges =
        json!({"endpoint": {"allowedCidrs": ["198.51.100.0/24", "10.0.0.0/8", "100.64.0.0/16"]}});
    let (world, steps) = edited("aws-standard", &ranges);
    let public = |world: &World| {
        let cluster = &world.observed()["cluster"];
        cluster["spec"]["forProvider"]["vpcConfig"].clone()
    };
    assert_eq!(
        public(&world)["publicAccessCidrs"],
        json!(["198.51.100.0/24"])
    );
    let parity = steps.last().unwrap().status()["parity"].to_string();
    assert!(parity.contains("spec.endpoint.allowedCidrs"), "{parity}");
    let ranges = json!({"endpoint": {"allowedCidrs": ["192.168.0.0/16"]}});
    let (world, _) = edited("aws-standard", &ranges);
    assert_eq!(public(&world)["endpointPublicAccess"], false);
}

/// AWS-19: the control plane writes to its log group up to its end, and its audit log tells of it.
#[test]
fn the_logs_of_a_control_plane_outlive_it() {
    let mut world = run("aws-standard").world.clone();
    let gone = world.object_mut("identity-log-group");
    gone["metadata"]["deletionTimestamp"] = json!("2026-11-28T00:00:00Z");
    gone["metadata"]["finalizers"] = json!([cloudsim::FINALIZER]);
    for _ in 0..4 {
        world.tick();
    }
    assert!(!world.observed().contains_key("identity-log-group"));
    assert_eq!(world.in_cloud("Group").len(), 1);
}

/// AWS-15: EKS gives up on nodes that cannot join, so none are made without a way out.
#[test]
fn the_first_nodes_are_not_made_without_a_way_out() {
    for (name, key) in [
        ("aws-standard", "nodes-pool-general-"),
        ("aws-auto", "cluster"),
    ] {
        let mut world = Case::new(name).world();
        world.edit(&json!({"network": {"nat": "none"}}));
        let step = world.settle().pop().unwrap();
        assert_eq!(world.refusals(), [""; 0], "{name}");
        let waiting = step.status()["waitingFor"].clone();
        let waiting = waiting.as_array().unwrap().iter();
        let mut waiting = waiting.filter(|it| it["resource"].as_str().unwrap().starts_with(key));
        let reason = waiting.next().unwrap()["reason"]
            .as_str()
            .unwrap()
            .to_owned();
        assert!(reason.contains("spec.network.nat"), "{name}: {reason}");
        for nat in ["perZone", "none"] {
            world.edit(&json!({"network": {"nat": nat}}));
            let steps = world.settle();
            super::assert_healthy(name, &world, &steps);
        }
    }
}

/// EKS' own template of a node's role has another name of EC2 in China, and ARNs begin with the partition.
#[test]
fn roles_are_those_of_the_partition() {
    for (region, service, partition) in [
        ("us-east-1", "ec2.amazonaws.com", "arn:aws:iam:"),
        ("cn-north-1", "ec2.amazonaws.com.cn", "arn:aws-cn:iam:"),
        ("eusc-de-east-1", "ec2.amazonaws.com", "arn:aws-eusc:iam:"),
    ] {
        let mut spec = fixture::aws();
        spec["region"] = region.into();
        let mut world = fixture::world(manifests::ScopeArg::Claims, "prod", &spec, None);
        let role = &world.settle().pop().unwrap().desired()["identity-node-role"]["spec"];
        let role = &role["forProvider"];
        let trust = role["assumeRolePolicy"].as_str().unwrap();
        assert!(
            trust.contains(&format!("\"{service}\"")),
            "{region}: {trust}"
        );
        for policy in role["managedPolicyArns"].as_array().unwrap() {
            assert!(policy.as_str().unwrap().starts_with(partition), "{policy}");
        }
    }
}
