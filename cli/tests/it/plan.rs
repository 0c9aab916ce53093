//! `xcluster plan`, as people run it.

mod rows;

use serde_json::Value;

use self::rows::{ASSUMED, EU, NOTHING, ROWS, US};
use crate::support::{assert_refused, changed, stderr, stdout, xcluster};

#[test]
fn a_plan_says_what_a_change_means_for_what_runs() {
    for row in ROWS {
        let (text, code) = row.plan(&[]);
        let lines: Vec<_> = text.lines().map(str::trim).collect();
        for said in row.says {
            assert!(lines.contains(said), "{}: no {said:?} in\n{text}", row.name);
        }
        let marks = |lines: &[&str]| lines.iter().filter(|line| line.starts_with('!')).count();
        assert_eq!(marks(&lines), marks(row.says), "{}\n{text}", row.name);
        assert_eq!(code, Some(row.code), "{}\n{text}", row.name);
    }
}

#[test]
fn json_has_the_marks_too() {
    let plan = |name: &str| -> Value {
        let row = ROWS.iter().find(|row| row.name == name).unwrap();
        serde_json::from_str(&row.plan(&["-o", "json"]).0).unwrap()
    };
    let step = |plan: &Value, key: &str| {
        let mut steps = plan["steps"].as_array().unwrap().iter();
        steps.find(|step| step["key"] == key).unwrap().clone()
    };
    let disk = step(&plan("disk"), "nodes-pool-general-816cf6");
    assert_eq!(disk["replacesNodes"]["pool"], "general");
    let newer = step(&plan("upgrade"), "cluster");
    assert!(newer["replacesNodes"]["why"].is_string());
    assert!(newer["replacesNodes"]["pool"].is_null());
    let renamed = step(&plan("renamed"), "nodes-pool-general-816cf6");
    assert!(renamed["lost"].is_string());
    assert_eq!(renamed["waitsFor"]["for"], "nodes-pool-workers-816cf6");
    assert_eq!(plan("drained")["notes"][0], ASSUMED);
}

#[test]
fn a_plan_says_what_does_not_come_by_itself() {
    let composition = changed(
        "bare.yaml",
        "clusters/composition.yaml",
        &[(
            "            principalArn: arn:aws:iam::111122223333:role/argocd\n",
            "",
        )],
    );
    let old = changed(
        "unregistered-us.yaml",
        US,
        &[("labels: {workload: inference}", "register: false")],
    );
    let plan = |more: &[&str]| {
        let args = ["plan", &old, US, "--composition", &composition];
        stdout(&xcluster(&[&args[..], more].concat()))
    };
    let text = plan(&[]);
    let waits = "! registration-secret waits for Argo CD's identity (the platform has to set argocd.aws.principalArn in the \
         function's Input)\n";
    assert!(text.contains(waits), "{text}");
    let json: Value = serde_json::from_str(&plan(&["-o", "json"])).unwrap();
    assert_eq!(json["waitingFor"][0]["resource"], "registration-secret");
}

#[test]
fn a_plan_has_no_answer_for_what_is_not_one_sound_cluster() {
    let bad = changed("region.yaml", US, &[("us-east-1", "nowhere")]);
    let bare = changed(
        "no-system-pods.yaml",
        US,
        &[("min: 2, max: 10", "min: 0, max: 10")],
    );
    let moved = changed("moved.yaml", US, &[("10.20.0.0/16", "10.30.0.0/16")]);
    for (new, expected) in [
        (EU, "prod-us and prod-eu are two clusters"),
        (&bad, "spec.region: \"nowhere\" is not a region"),
        (&bare, "spec.nodePools: has no pool for system Pods"),
        (&moved, "spec.network.cidr"),
    ] {
        assert_refused(&["plan", US, new], expected);
    }
    assert_eq!(xcluster(&["plan", US]).status.code(), Some(64));
    let help = stdout(&xcluster(&["plan", "--help"]));
    assert!(help.contains("Exit status: 0 "), "{help}");
}

#[test]
fn a_plan_of_no_change_is_empty() {
    for cluster in [US, EU] {
        let output = xcluster(&["plan", cluster, cluster]);
        assert!(output.status.success(), "{}", stderr(&output));
        let text = stdout(&output);
        assert!(text.lines().any(|line| line == NOTHING), "{text}");
    }
}

/// EKS chooses spot nodes by price and capacity, and on-demand nodes by the order of the list.
#[test]
fn a_plan_says_whether_another_order_of_instance_types_replaces_nodes() {
    let pool = "{name: general, size: medium, min: 2, max: 10}";
    let with = |capacity: &str, types: &str| {
        let own = format!(
            "{pool}\n    - {{name: mix, machineTypes: {{aws: [{types}]}}, min: 1, max: 4, capacity: {capacity}}}"
        );
        let file = format!("{capacity}-{}.yaml", types.replace(", ", "-"));
        changed(&file, US, &[(pool, &own)])
    };
    let (one, two) = ("m6i.xlarge, m7i.xlarge", "m7i.xlarge, m6i.xlarge");
    for (capacity, replaces) in [("spot", false), ("onDemand", true)] {
        let (old, new) = (with(capacity, one), with(capacity, two));
        let text = stdout(&xcluster(&["plan", &old, &new]));
        let said = text.contains(" replaces every node of pool mix: machines");
        assert_eq!(said, replaces, "{text}");
        assert_eq!(text.contains(NOTHING), !replaces, "{text}");
    }
}

#[test]
fn a_plan_says_what_is_made_changed_deleted_and_what_it_costs() {
    let new = changed(
        "planned.yaml",
        US,
        &[
            ("max: 10}", "max: 12}"),
            ("10.20.0.0/16}", "10.20.0.0/16, nat: single}"),
            ("capacity: spot", "capacity: onDemand"),
        ],
    );
    let output = xcluster(&["plan", "-o", "json", US, &new]);
    let plan: Value = serde_json::from_str(&stdout(&output)).unwrap();
    let steps = plan["steps"].as_array().unwrap();
    let keys = |what: &str| -> Vec<_> {
        let steps = steps.iter().filter(|step| step["do"] == what);
        steps
            .map(|step| step["key"].as_str().unwrap().split("-use1").next().unwrap())
            .collect()
    };
    assert_eq!(keys("create"), ["nodes-pool-gpu-a99b5d"]);
    let gone = [
        "network-nat-address",
        "network-nat-address",
        "network-nat",
        "network-nat",
        "nodes-pool-gpu-400b5f",
    ];
    assert_eq!(keys("delete"), gone);
    assert_eq!(
        keys("change"),
        [
            "network-route",
            "network-route",
            "nodes-pool-general-816cf6"
        ]
    );
    let of = |key: &str| steps.iter().find(|step| step["key"] == key).unwrap();
    let field = &of("nodes-pool-general-816cf6")["fields"][0];
    assert_eq!((&field["old"], &field["new"]), (&10.into(), &12.into()));
    // A gateway is 0.045 an hour, and the machine 0.9776 with a disk of 100 GiB.
    assert_eq!(of("network-nat-use1-az2")["monthlyUsd"]["min"], "32.85");
    assert_eq!(of("nodes-pool-gpu-a99b5d")["monthlyUsd"]["max"], "5773.18");
    // An address is lost for good, and the exit code says so.
    assert!(of("network-nat-address-use1-az2")["lost"].is_string());
    assert!(of("network-nat-use1-az2")["lost"].is_null());
    assert_eq!(output.status.code(), Some(1));
    let text = stdout(&xcluster(&["plan", US, &new]));
    assert!(
        text.contains("! network-nat-address-use1-az2 is lost: "),
        "{text}"
    );
}

/// AWS-15: a cluster that runs without NAT had some when its first nodes were made.
#[test]
fn a_cluster_without_nat_is_planned_as_one_that_runs() {
    let old = changed(
        "without-nat.yaml",
        US,
        &[("10.20.0.0/16}", "10.20.0.0/16, nat: none}")],
    );
    let new = changed(
        "without-nat-larger.yaml",
        US,
        &[
            ("10.20.0.0/16}", "10.20.0.0/16, nat: none}"),
            ("max: 10", "max: 11"),
        ],
    );
    let text = stdout(&xcluster(&["plan", &old, &new]));
    assert!(!text.contains("spec.network.nat"), "{text}");
    assert!(text.contains("nodes-pool-general"), "{text}");
}
