//! A cluster that somebody else made under the name that an author chose.

use manifests::ScopeArg;
use serde_json::{Value, json};

use crate::support::{
    cases::{Case, run},
    simulator::World,
};

/// What is composed only for a cluster of one's own.
const BUILT: [&str; 4] = ["access-", "addons-", "nodes-pool-", "registration-"];

fn built(world: &World) -> Vec<String> {
    let keys = world.observed().into_keys();
    keys.filter(|key| BUILT.iter().any(|stage| key.starts_with(stage)))
        .collect()
}

/// A new cluster that is adopted as it reports itself: `report` makes it somebody else's.
fn adopted(name: &str, report: impl Fn(&mut Value)) -> World {
    let mut world = Case::new(name).world();
    for _ in 0..30 {
        world.reconcile();
        world.tick();
        if world.observed().contains_key("cluster") {
            let reported = &mut world.object_mut("cluster")["status"]["atProvider"];
            if !reported.is_null() {
                report(reported);
            }
        }
    }
    world
}

#[test]
fn nothing_is_built_on_a_cluster_of_somebody_else() {
    type Report = fn(&mut Value);
    let rows: [(&str, &str, Report); 6] = [
        ("aws-auto", "VPC", |at| {
            at["vpcConfig"]["vpcId"] = json!("vpc-0theirs");
        }),
        ("aws-auto", "role", |at| {
            at["roleArn"] = json!("arn:aws:iam::111122223333:role/management-control-plane");
        }),
        ("aws-standard", "subnets", |at| {
            at["vpcConfig"]["vpcId"] = Value::Null;
            at["vpcConfig"]["subnetIds"] = json!(["subnet-0theirs", "subnet-1theirs"]);
        }),
        ("gcp-standard", "description", |at| {
            at["description"] = json!("management");
        }),
        ("gcp-autopilot", "description", |at| {
            at["description"] = json!("");
        }),
        ("gcp-standard", "description", |at| {
            at["description"] = json!("XCluster another");
        }),
    ];
    for (name, what, report) in rows {
        let mut world = adopted(name, report);
        assert_eq!(built(&world), [""; 0], "{name}: {what}");
        let step = world.reconcile();
        assert!(!step.is_ready(), "{name}: {what}");
        let cluster = step.waiting("cluster").unwrap();
        let wanted = cluster["for"].as_str().unwrap();
        assert!(
            wanted.starts_with(&format!("the {what} ")),
            "{name}: {cluster:#}"
        );
        let fix = cluster["fix"].as_str().unwrap();
        let others = if name.starts_with("aws") {
            "if somebody else made it, use another name"
        } else {
            "something else than this function made the cluster"
        };
        assert!(fix.contains(others), "{fix}");
        // It is neither changed nor deleted.
        let policies = &step.desired()["cluster"]["spec"]["managementPolicies"];
        assert_eq!(policies, &json!(["Observe"]), "{name}: {what}");
    }
}

#[test]
fn what_is_built_stays_when_a_cluster_reports_something_else() {
    for name in ["aws-standard", "gcp-standard"] {
        let mut world = run(name).world.clone();
        let before = built(&world);
        let reported = &mut world.object_mut("cluster")["status"]["atProvider"];
        reported["description"] = json!("another");
        reported["roleArn"] = json!("arn:aws:iam::111122223333:role/another");
        let step = world.reconcile();
        assert!(step.deleted.is_empty(), "{name}: {:?}", step.deleted);
        assert!(!step.is_ready(), "{name}");
        assert_eq!(built(&world), before, "{name}");
    }
}

#[test]
fn a_chosen_name_is_only_created_until_it_is_known_whose_it_is() {
    for name in ["aws-standard", "gcp-standard"] {
        let mut world = Case::new(name).world();
        world.edit_input(&json!({"allowNameOverrides": true}));
        world.edit(&json!({"cloudName": "chosen"}));
        let mut first = Value::Null;
        for _ in 0..30 {
            let desired = world.reconcile().desired();
            if let Some(cluster) = desired.get("cluster") {
                first = cluster["spec"]["managementPolicies"].clone();
                break;
            }
            world.tick();
        }
        assert_eq!(first, json!(["Observe", "Create"]), "{name}");
        let steps = world.settle();
        super::assert_healthy(name, &world, &steps);
        let last = steps.last().unwrap().desired();
        let policies = &last["cluster"]["spec"]["managementPolicies"];
        assert_eq!(
            policies,
            &json!(["Observe", "Create", "Update", "Delete"]),
            "{name}"
        );
    }
}

/// A provider that just started reports nothing yet.
#[test]
fn what_was_decided_about_a_cluster_stays_while_nothing_is_reported() {
    let decided = [
        json!(["Observe"]),
        json!(["Observe", "Create"]),
        json!(["Observe", "Create", "Update", "Delete"]),
    ];
    for name in ["aws-standard", "gcp-standard"] {
        for policies in &decided {
            for reported in [Value::Null, json!({})] {
                let mut world = run(name).world.clone();
                let cluster = world.object_mut("cluster");
                cluster["spec"]["managementPolicies"] = policies.clone();
                cluster["status"]["atProvider"] = reported.clone();
                let step = world.reconcile();
                let sent = &step.desired()["cluster"]["spec"]["managementPolicies"];
                assert_eq!(sent, policies, "{name}: {reported}");
            }
        }
    }
}

/// Names that an author chose while the platform allowed it: what is managed stays managed.
#[test]
fn a_name_that_a_cluster_has_stays_when_the_platform_allows_no_new_ones() {
    for name in ["aws-standard", "gcp-standard"] {
        for scope in [ScopeArg::Claims, ScopeArg::Namespaced] {
            let mut world = Case::new(name).world_in(scope);
            world.edit_input(&json!({"allowNameOverrides": true}));
            let chosen = json!({"cloudName": "chosen", "argocd": {"name": "chosen.too"}});
            world.edit(&chosen);
            let steps = world.settle();
            super::assert_healthy(name, &world, &steps);
            let before = steps.last().unwrap().desired();
            world.edit_input(&json!({"allowNameOverrides": false}));
            let step = world.reconcile();
            assert_eq!(step.fatal(), None, "{name}");
            assert_eq!(step.desired(), before, "{name}");
            // The status alone does not count: an author may write it.
            let mut new = Case::new(name).world_in(scope);
            new.edit(&chosen);
            new.composite["status"] = world.composite["status"].clone();
            let step = new.reconcile();
            let message = step.fatal().unwrap_or_default();
            for field in [
                "spec.cloudName: \"chosen\"",
                "spec.argocd.name: \"chosen.too\"",
            ] {
                let expected = format!("{field} is a name of your own choice");
                assert!(message.contains(&expected), "{name}: {message}");
            }
            // Nor do resources alone: they could be taken from another composite.
            world.composite["status"] = json!({});
            let step = world.reconcile();
            let message = step.fatal().unwrap_or_default();
            let expected = "spec.cloudName: \"chosen\" is a name of your own choice";
            assert!(message.contains(expected), "{name}: {message}");
        }
    }
}

#[test]
fn argocds_own_cluster_is_not_an_authors_to_name() {
    let mut world = Case::new("aws-standard").world_in(ScopeArg::Cluster);
    world.composite["metadata"]["name"] = json!("in-cluster");
    let step = world.reconcile();
    let message = step.fatal().unwrap();
    let expected =
        "metadata.name: \"in-cluster\" is Argo CD's name for the cluster that it runs on";
    assert!(message.contains(expected), "{message}");
}
