//! What Crossplane is asked for to find the other clusters. From v2.4 on it wakes a cluster when something changes that
//! its questions find.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use xcluster::{
    compose::compose,
    wire::proto::v1::{
        MatchLabels, ResourceSelector, Resources, RunFunctionRequest, resource_selector::Match,
    },
};

use super::{RECORD, TRAFFIC, beside, edited, pair, weight};
use crate::support::{
    cases::{SCOPES, run, run_in},
    simulator::{Step, World, on_wire},
};

const RECORDS: &str = "service-records";
const ALL: &str = "siblings";
const HOST: &str = "inference.acme.example";

fn questions(step: &Step) -> BTreeMap<String, ResourceSelector> {
    let asked = step.response.requirements.clone().unwrap_or_default();
    assert_eq!(asked.extra_resources, asked.resources);
    asked.resources.into_iter().collect()
}

fn labeled(name: &str, value: &str) -> Match {
    let labels = [(name.to_owned(), value.to_owned())].into();
    Match::MatchLabels(MatchLabels { labels })
}

/// The settled cluster with what else there is, asked to leave.
fn leaving(others: Vec<Value>) -> World {
    let mut world = run("aws-traffic").world.clone();
    world.others = Some(others);
    world.edit(&json!({"traffic": {"state": "drained"}}));
    world
}

/// The other cluster of the pair and its record.
fn other() -> (Value, Value) {
    let other = &run("gcp-traffic").world;
    (
        other.composite.clone(),
        other.observed().remove(RECORD).unwrap(),
    )
}

#[test]
fn who_leaves_asks_for_records_by_label_and_for_their_composites_by_name() {
    for (name, (_, scope)) in TRAFFIC.iter().flat_map(|name| SCOPES.map(|it| (*name, it))) {
        let mut world = pair(name, scope);
        world.edit(&json!({"traffic": {"state": "drained"}}));
        let step = world.reconcile();
        assert_eq!(step.fatal(), None, "{name} as {scope}");
        let asked = questions(&step);
        let metadata = &run_in(beside(name), scope).world.composite["metadata"];
        let (its_name, its_namespace) = (&metadata["name"], &metadata["namespace"]);
        let one = format!(
            "sibling/{}/{}",
            its_namespace.as_str().unwrap_or_default(),
            its_name.as_str().unwrap()
        );
        assert_eq!(
            asked.keys().collect::<Vec<_>>(),
            [RECORDS, &one],
            "{name} as {scope}"
        );
        assert_eq!(
            asked[RECORDS].r#match,
            Some(labeled("xcluster.dev/host", HOST))
        );
        assert_eq!(asked[RECORDS].namespace, None);
        let named = Some(Match::MatchName(its_name.as_str().unwrap().to_owned()));
        assert_eq!(asked[&one].r#match, named);
        assert_eq!(asked[&one].namespace.as_deref(), its_namespace.as_str());
    }
}

/// Composites change often. A cluster that has left asks for none, so none of them wakes it.
#[test]
fn who_has_left_asks_for_records_alone() {
    for (name, (_, scope)) in TRAFFIC.iter().flat_map(|name| SCOPES.map(|it| (*name, it))) {
        let mut world = pair(name, scope);
        for others in [world.others.clone(), Some(vec![])] {
            for state in ["drained", "evacuated"] {
                let last = edited(&mut world, &json!({"state": state})).pop().unwrap();
                let asked = questions(&last);
                assert_eq!(
                    asked.keys().collect::<Vec<_>>(),
                    [RECORDS],
                    "{name} as {scope}"
                );
                let record = &last.desired()[RECORD];
                assert_eq!(asked[RECORDS].kind, record["kind"].as_str().unwrap());
                let labels = &record["metadata"]["labels"];
                let value = labels["xcluster.dev/host"].as_str().unwrap();
                assert_eq!(
                    asked[RECORDS].r#match,
                    Some(labeled("xcluster.dev/host", value))
                );
            }
            world.others = others;
        }
        let last = edited(&mut world, &json!({"state": "active"}))
            .pop()
            .unwrap();
        assert!(questions(&last).is_empty());
    }
}

/// A record is a hint whom to ask. That another serves is read from its composite alone.
#[test]
fn a_record_alone_proves_nothing() {
    let (composite, record) = other();
    let mut drained = composite.clone();
    drained["spec"]["traffic"]["state"] = json!("drained");
    let mut foreign = record.clone();
    foreign["metadata"]["labels"]["crossplane.io/composite"] = json!("nobody");
    let mut own = record.clone();
    let name = &run("aws-traffic").world.composite["metadata"]["name"];
    own["metadata"]["labels"]["crossplane.io/composite"] = name.clone();
    let rows = [
        (vec![record.clone()], "its composite is gone"),
        (vec![drained, record.clone()], "its author wants it drained"),
        (vec![foreign], "it names nobody"),
        (vec![own], "it names the one that asks"),
    ];
    for (others, reason) in rows {
        let step = leaving(others).reconcile();
        let message = step.fatal().unwrap_or_else(|| panic!("{reason}"));
        assert!(
            message.contains("would leave nobody"),
            "{reason}: {message}"
        );
        assert!(questions(&step).contains_key(ALL), "{reason}");
    }
}

/// A cluster that has not met this release yet, or stays with another one, has no label on its record.
#[test]
fn a_cluster_without_the_label_is_found_among_all() {
    let (composite, record) = other();
    let unlabeled = |mut record: Value| {
        let labels = record["metadata"]["labels"].as_object_mut().unwrap();
        labels.remove("xcluster.dev/host").unwrap();
        record
    };
    let mut world = leaving(vec![composite.clone(), unlabeled(record.clone())]);
    // Its own record is from before the label as well.
    let own = world.object_mut(RECORD);
    *own = unlabeled(own.clone());
    let step = world.reconcile();
    assert_eq!(step.fatal(), None);
    assert_eq!(weight(&step.desired()), 0);
    assert_eq!(questions(&step).keys().collect::<Vec<_>>(), [RECORDS, ALL]);
    // Next to one that was found and does not serve, too.
    let mut idle = record.clone();
    idle["metadata"]["labels"]["crossplane.io/composite"] = json!("idle");
    idle["metadata"]["name"] = json!("idle-traffic-record-service");
    let step = leaving(vec![composite, unlabeled(record), idle]).reconcile();
    assert_eq!(step.fatal(), None);
    assert_eq!(
        questions(&step).keys().collect::<Vec<_>>(),
        [RECORDS, "sibling//idle", ALL]
    );
}

/// The answers of a Crossplane that has none to one of the questions.
fn answered(world: &World, without: &str) -> (RunFunctionRequest, Step) {
    let step = world.clone().reconcile();
    let mut request = step.request.clone();
    let before = request.required_resources.len();
    request
        .required_resources
        .retain(|name, _| !name.starts_with(without));
    assert!(request.required_resources.len() < before, "{without}");
    (request, step)
}

#[test]
fn a_question_without_an_answer_changes_nothing() {
    let (composite, record) = other();
    let before = run("aws-traffic").last().desired();
    for (others, without) in [
        (vec![composite.clone(), record.clone()], RECORDS),
        (vec![composite.clone(), record.clone()], "sibling/"),
        (vec![composite], ALL),
    ] {
        let world = leaving(others);
        let (request, step) = answered(&world, without);
        assert_eq!(step.fatal(), None);
        let response = compose(request);
        let desired = crate::support::simulator::desired(&response);
        assert_eq!(desired, before, "{without}");
        // What is asked does not shrink, or Crossplane would ask without end.
        let asked = response.requirements.unwrap().resources;
        assert!(asked.contains_key(RECORDS), "{without}");
    }
}

/// Crossplane v2.4 begins a reconcile with the answers to what was asked in the last one, by this release or the one before.
#[test]
fn answers_to_old_questions_change_nothing() {
    let (composite, record) = other();
    let mut seeds = vec![composite.clone(), record.clone()];
    let mut idle = composite.clone();
    idle["spec"]["traffic"]["state"] = json!("drained");
    seeds.push(idle);
    let seeded = |request: &RunFunctionRequest| {
        let mut request = request.clone();
        for name in [ALL, "sibling//other", "sibling//somebody"] {
            let items = seeds.iter().map(on_wire).collect();
            let stale = Resources { items };
            request
                .required_resources
                .entry(name.to_owned())
                .or_insert(stale);
        }
        request
    };
    let leaving = leaving(vec![composite, record]).reconcile();
    let mut world = pair("aws-traffic", "claims");
    let left = edited(&mut world, &json!({"state": "drained"}))
        .pop()
        .unwrap();
    for step in [leaving, left] {
        let response = compose(seeded(&step.request));
        assert_eq!(response.desired, step.response.desired);
        assert_eq!(response.requirements, step.response.requirements);
    }
}

/// However many clusters share a host, a request holds no more than some of them.
#[test]
fn a_few_composites_are_enough() {
    let (composite, record) = other();
    let mut others = Vec::new();
    for number in 0..30 {
        let (mut composite, mut record) = (composite.clone(), record.clone());
        let name = format!("other-{number:02}");
        composite["metadata"]["name"] = json!(name);
        record["metadata"]["name"] = json!(format!("{name}-traffic-record-service"));
        record["metadata"]["labels"]["crossplane.io/composite"] = json!(name);
        if number < 20 {
            composite["spec"]["traffic"]["state"] = json!("drained");
        }
        others.extend([composite, record]);
    }
    let asked = |step: &Step| questions(step).into_keys().collect::<Vec<_>>();
    let one_of_many = leaving(others.clone()).reconcile();
    assert_eq!(one_of_many.fatal(), None, "the twentieth serves");
    assert_eq!(asked(&one_of_many).len(), 10);
    let first = leaving(others.split_off(40)).reconcile();
    assert_eq!(first.fatal(), None);
    assert_eq!(asked(&first).len(), 9);
    assert!(!asked(&first).contains(&ALL.to_owned()));
}
