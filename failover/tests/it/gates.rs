//! Each gate alone: what makes it fail, and what it says then.

use std::{collections::BTreeSet, time::Duration};

use failover::{
    cluster::{Application, Cluster, Condition},
    gates::{Direct, Findings, Gate, Verdict, judge, may_go_on},
    plan::Mode,
    sample::Failure,
    service::Reply,
};
use serde_json::json;
use xcluster::api::{
    choice::TrafficState,
    provider::Provider,
    spec::{MachineTypes, NodePool},
};

use crate::world::{cluster, plan};

fn direct(cluster: &Cluster) -> Direct {
    let reply = Reply {
        cluster: cluster.argocd.clone(),
        model_version: Some("1.0.0".to_owned()),
        body: json!({"model": {"sha256": "95206efc120a0c82"}, "predictions": [{"label": "9", "probability": 0.998_948}]}),
    };
    Direct {
        address: Some("192.0.2.1".to_owned()),
        asked: 2,
        replies: vec![reply; 2],
        failures: BTreeSet::new(),
    }
}

fn application(cluster: &Cluster) -> Application {
    Application::read(&json!({
        "metadata": {"name": format!("inference-{}", cluster.argocd)},
        "spec": {"destination": {"name": cluster.argocd}},
        "status": {
            "sync": {"revision": "0123456789abcdef"},
            "summary": {"images": ["ghcr.io/a/model-server@sha256:1"]},
            "health": {"status": "Healthy"},
            "resources": [{"kind": "ExternalSecret", "name": "inference-tokens"}, {"kind": "Service", "name": "inference"}],
        },
    }))
}

fn good() -> Findings {
    let (source, target) = (
        cluster("prod-us", "aws", "192.0.2.1"),
        cluster("prod-eu", "gcp", "192.0.2.2"),
    );
    Findings {
        others: Vec::new(),
        applications: Ok(vec![application(&source), application(&target)]),
        source_direct: direct(&source),
        target_direct: direct(&target),
        ttl: Ok(Duration::from_secs(30)),
        source,
        target,
    }
}

/// The first pool of a cluster.
fn pool(cluster: &mut Cluster) -> &mut NodePool {
    &mut cluster.spec.as_mut().unwrap().node_pools[0]
}

fn gate(gates: &[Gate], name: &str) -> Gate {
    gates
        .iter()
        .find(|gate| gate.name == name)
        .unwrap_or_else(|| panic!("no gate {name}"))
        .clone()
}

#[test]
fn where_all_is_well_every_gate_passes() {
    let gates = judge(&plan(Mode::Planned), &good());
    for gate in &gates {
        assert_eq!(gate.verdict, Verdict::Passed, "{gate:?}");
    }
    assert_eq!(gates.len(), 13);
}

/// A change, the gate that notices, and a part of what it says.
type Row = (fn(&mut Findings), &'static str, &'static str);

const FAILING: [Row; 20] = [
    (
        |see| {
            see.source.valid = Some(Condition {
                holds: false,
                why: "InvalidCluster: spec.region: is missing".to_owned(),
            });
        },
        "spec-accepted",
        "the function refuses the spec of prod-us: InvalidCluster: spec.region",
    ),
    (
        |see| {
            see.source.valid = None;
            see.source.spec = Err("spec.region: is missing".to_owned());
        },
        "spec-accepted",
        "the function would refuse the spec of prod-us: spec.region",
    ),
    (
        |see| see.target.ready.holds = false,
        "target-ready",
        "prod-eu is not Ready",
    ),
    (
        |see| see.target.registered.holds = false,
        "target-registered",
        "is not registered",
    ),
    (
        |see| see.target.wanted = Some(TrafficState::Drained),
        "target-active",
        "is to be drained",
    ),
    (
        |see| see.target.in_force.as_mut().unwrap().state = TrafficState::Evacuated,
        "target-active",
        "evacuated is in force",
    ),
    (
        |see| see.target.in_force.as_mut().unwrap().weight = 0,
        "target-active",
        "has the weight 0",
    ),
    (
        |see| see.target.in_force = None,
        "target-active",
        "does not say which traffic is in force",
    ),
    (
        |see| see.target.wanted = Some(TrafficState::Drained),
        "source-not-the-last",
        "is the last one that serves",
    ),
    (
        |see| see.source_direct.replies.clear(),
        "source-answers",
        "0 of 2",
    ),
    (
        |see| see.target_direct.replies.truncate(1),
        "target-answers",
        "1 of 2",
    ),
    (
        |see| see.target_direct.address = None,
        "target-answers",
        "says no address",
    ),
    (
        |see| "ml-platform.prod-us".clone_into(&mut see.target_direct.replies[0].cluster),
        "target-answers",
        "answered by ml-platform.prod-us, not by ml-platform.prod-eu",
    ),
    (
        |see| see.target_direct.replies[0].body["predictions"][0]["label"] = "8".into(),
        "same-answer",
        "\"8\"",
    ),
    (
        |see| see.target_direct.replies[0].body["model"]["sha256"] = "other".into(),
        "same-answer",
        "other",
    ),
    (
        |see| see.applications.as_mut().unwrap()[1].revision = Some("ffff".to_owned()),
        "same-revision",
        "the target ffff",
    ),
    (
        |see| see.applications.as_mut().unwrap()[1].images.clear(),
        "same-revision",
        "other images",
    ),
    (
        |see| see.applications.as_mut().unwrap()[0].revision = None,
        "same-revision",
        "only one of both, the target",
    ),
    (
        |see| see.applications.as_mut().unwrap()[1].health = Some("Degraded".to_owned()),
        "secrets-ready",
        "inference-tokens is Degraded",
    ),
    (
        |see| see.ttl = Ok(Duration::from_mins(5)),
        "ttl",
        "300 s, more than 60 s",
    ),
];

#[test]
fn each_gate_says_what_is_wrong_and_what_to_do() {
    for (change, name, says) in FAILING {
        let mut see = good();
        change(&mut see);
        let gates = judge(&plan(Mode::Planned), &see);
        let gate = gate(&gates, name);
        assert_eq!(gate.verdict, Verdict::Failed, "{gate:?}");
        assert!(gate.found.contains(says), "{gate:?}");
        assert!(gate.fix.is_some_and(|fix| fix.len() > 10));
        assert!(!may_go_on(&gates));
    }
}

#[test]
fn another_probability_in_the_last_digit_is_the_same_answer() {
    let mut see = good();
    see.target_direct.replies[0].body["predictions"][0]["probability"] = 0.998_949.into();
    assert!(may_go_on(&judge(&plan(Mode::Planned), &see)));
}

#[test]
fn what_nobody_knows_is_not_passed_in_silence() {
    let mut see = good();
    see.applications = Err("forbidden".to_owned());
    see.source.in_force.as_mut().unwrap().host = None;
    see.source.kept_by_git = true;
    let types = MachineTypes::One("n2-standard-4".to_owned());
    pool(&mut see.target).machine_types = [(Provider::GCP, types)].into();
    let gates = judge(&plan(Mode::Planned), &see);
    for (name, why) in [
        ("same-revision", "forbidden"),
        ("secrets-ready", "forbidden"),
        ("source-not-the-last", "no service name"),
        ("written-here", "would undo the change"),
        ("capacity", "machine types"),
    ] {
        let gate = gate(&gates, name);
        assert_eq!(gate.verdict, Verdict::NotChecked, "{gate:?}");
        assert!(gate.found.contains(why), "{gate:?}");
    }
    assert!(may_go_on(&gates));
}

#[test]
fn where_nothing_is_synced_the_models_version_decides() {
    let mut see = good();
    see.applications = Ok(Vec::new());
    let same = judge(&plan(Mode::Planned), &see);
    assert!(
        gate(&same, "same-revision")
            .found
            .contains("model version 1.0.0")
    );
    assert_eq!(gate(&same, "secrets-ready").verdict, Verdict::NotChecked);
    see.target_direct.replies[0].model_version = Some("2.0.0".to_owned());
    let other = judge(&plan(Mode::Planned), &see);
    assert_eq!(gate(&other, "same-revision").verdict, Verdict::Failed);
}

#[test]
fn when_the_source_is_gone_a_target_that_answers_is_enough() {
    let mut see = good();
    see.source_direct = Direct::default();
    see.target.ready.holds = false;
    see.ttl = Ok(Duration::from_mins(5));
    see.applications.as_mut().unwrap()[1].revision = Some("ffff".to_owned());
    let gates = judge(&plan(Mode::Unplanned), &see);
    assert!(may_go_on(&gates), "{gates:#?}");
    assert!(!gates.iter().any(|gate| gate.name == "source-answers"));
    assert_eq!(gate(&gates, "same-answer").verdict, Verdict::NotChecked);
    see.target_direct.failures.insert(Failure::Timeout);
    see.target_direct.replies.clear();
    assert!(!may_go_on(&judge(&plan(Mode::Unplanned), &see)));
}

#[test]
fn another_cluster_of_the_service_keeps_the_source_from_being_the_last() {
    let mut see = good();
    see.target.wanted = Some(TrafficState::Drained);
    see.others = vec![cluster("prod-ap", "gcp", "192.0.2.3")];
    let gates = judge(&plan(Mode::Planned), &see);
    assert_eq!(gate(&gates, "source-not-the-last").verdict, Verdict::Passed);
    see.others[0].in_force.as_mut().unwrap().host = Some("another.acme.example".to_owned());
    let gates = judge(&plan(Mode::Planned), &see);
    assert_eq!(gate(&gates, "source-not-the-last").verdict, Verdict::Failed);
}

#[test]
fn a_target_with_too_few_nodes_is_named_with_the_way_out() {
    let mut see = good();
    std::mem::swap(&mut see.source.spec, &mut see.target.spec);
    let found = gate(&judge(&plan(Mode::Planned), &see), "capacity");
    assert_eq!(found.verdict, Verdict::Failed);
    assert_eq!(
        found.found,
        "nothing adds nodes to prod-eu: it has 8 vCPU and 0 GPUs, and needs 16 and 0 for its traffic and that of prod-us"
    );
    assert_eq!(
        found.fix.as_deref(),
        Some(
            "raise min of the pools of prod-eu, wait until the new nodes are Ready, and try again"
        )
    );
    assert!(!may_go_on(&judge(&plan(Mode::Planned), &see)));
    // Where the source is gone, few nodes are better than none.
    let unplanned = gate(&judge(&plan(Mode::Unplanned), &see), "capacity");
    assert!(unplanned.verdict == Verdict::Failed && !unplanned.blocks);
    // It carried its own share before, and gets no more back.
    let back = gate(&judge(&plan(Mode::Failback), &see), "capacity");
    assert!(back.verdict == Verdict::Failed && !back.blocks);
    pool(&mut see.target).min = 4;
    assert!(may_go_on(&judge(&plan(Mode::Planned), &see)));
}

#[test]
fn a_spec_of_another_release_does_not_stop_what_works_without_it() {
    let mut see = good();
    let problem = "1 problem: (1) spec.newer: is not a field; remove it";
    see.source.spec = Err(problem.to_owned());
    // The function that is installed accepts it, and it decides.
    let gates = judge(&plan(Mode::Planned), &see);
    for name in ["spec-accepted", "capacity"] {
        let gate = gate(&gates, name);
        assert_eq!(gate.verdict, Verdict::NotChecked, "{gate:?}");
        assert!(
            gate.found.contains("prod-us") && gate.found.contains(problem),
            "{gate:?}"
        );
    }
    assert!(may_go_on(&gates));
    // Where the source is gone, writing its drain can do no harm.
    see.source.valid = None;
    assert!(!may_go_on(&judge(&plan(Mode::Planned), &see)));
    assert!(may_go_on(&judge(&plan(Mode::Unplanned), &see)));
    // Of a failback the other cluster is changed.
    let back = judge(&plan(Mode::Failback), &see);
    assert_eq!(gate(&back, "spec-accepted").verdict, Verdict::Passed);
}

#[test]
fn a_cluster_without_a_weight_or_with_an_unknown_state_serves_nobody() {
    let changes: [fn(&mut Cluster); 2] = [
        |other| other.in_force.as_mut().unwrap().weight = 0,
        |other| other.unclear = Some("spec.traffic.state is \"asleep\"".to_owned()),
    ];
    for change in changes {
        let mut see = good();
        see.target.wanted = Some(TrafficState::Drained);
        see.others = vec![cluster("prod-ap", "gcp", "192.0.2.3")];
        change(&mut see.others[0]);
        let gates = judge(&plan(Mode::Planned), &see);
        assert_eq!(gate(&gates, "source-not-the-last").verdict, Verdict::Failed);
    }
}
