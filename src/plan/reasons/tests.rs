use serde_json::{Value, json};

use super::*;
use crate::wire::structpb::to_struct;

fn object(at_provider: &Value, conditions: &[[&str; 4]]) -> Struct {
    let conditions: Vec<_> = conditions
        .iter()
        .map(|[kind, status, reason, message]| {
            json!({"type": kind, "status": status, "reason": reason, "message": message})
        })
        .collect();
    to_struct(&json!({
        "apiVersion": "eks.aws.m.upbound.io/v1beta1", "kind": "NodeGroup",
        "metadata": {"name": "prod-us-x", "namespace": "ml", "annotations": {"crossplane.io/external-name": "gpu"}},
        "spec": {"forProvider": {"region": "us-east-1", "clusterName": "prod-us"}},
        "status": {"atProvider": at_provider, "conditions": conditions},
    }))
    .unwrap()
}

const ACTIVE: ReadyWhen = ReadyWhen::Status("ACTIVE");

#[test]
fn advice_about_a_region_is_for_what_does_not_exist() {
    let denied = "googleapi: Error 403: Permission denied on 'locations/a' (or it may not exist).";
    let fix = |at: &Value| {
        let object = object(at, &[["Synced", "False", "ReconcileError", denied]]);
        unready(&object, ReadyWhen::Condition).fix.unwrap()
    };
    assert!(fix(&json!({})).starts_with("enable the region"));
    assert!(fix(&json!({"id": "projects/p"})).starts_with("give the provider's identity"));
}

/// `Synced` and `LastAsyncOperation` take turns while upjet tries again.
#[test]
fn one_failure_has_the_same_words_in_both_conditions() {
    let error = "async update failed: failed to update the resource: [{0 api error X: no  []}]";
    let synced = format!("update failed: {error}");
    let at = json!({"id": "gpu", "status": "ACTIVE"});
    let turns = [
        object(
            &at,
            &[
                ["Synced", "False", "ReconcileError", &synced],
                ["LastAsyncOperation", "False", "AsyncUpdateFailure", error],
            ],
        ),
        object(
            &at,
            &[
                ["Synced", "True", "ReconcileSuccess", ""],
                ["LastAsyncOperation", "False", "AsyncUpdateFailure", error],
            ],
        ),
    ];
    for object in turns {
        let found = conditions(&object, ["Synced", "LastAsyncOperation"]);
        let trouble = unmaintained(&object, found).unwrap();
        assert_eq!(trouble.why.reason, "update failed: api error X: no");
        assert_eq!(trouble.why.what, "its provider");
        assert!(!trouble.unmade);
    }
    let over = object(
        &at,
        &[
            ["Synced", "True", "", ""],
            ["LastAsyncOperation", "True", "Success", ""],
        ],
    );
    assert_eq!(
        unmaintained(&over, conditions(&over, ["Synced", "LastAsyncOperation"])),
        None
    );
    // It was made after all.
    let made = object(
        &at,
        &[["LastAsyncOperation", "False", "AsyncCreateFailure", error]],
    );
    assert_eq!(
        unmaintained(&made, conditions(&made, ["Synced", "LastAsyncOperation"])),
        None
    );
}

#[test]
fn a_state_that_is_not_sound_is_trouble_and_work_is_not() {
    for (status, is_trouble, unmade) in [
        ("CREATING", false, false),
        ("DELETING", false, false),
        ("DEGRADED", true, false),
        ("DELETE_FAILED", true, false),
        ("CREATE_FAILED", true, true),
    ] {
        let object = object(
            &json!({"id": "gpu", "status": status}),
            &[["Ready", "True", "Available", ""]],
        );
        let waiting = unready(&object, ACTIVE);
        assert_eq!(waiting.reason, format!("the cloud reports {status}"));
        let trouble = failed(&object, &waiting);
        assert_eq!(trouble.is_some(), is_trouble, "{status}");
        assert_eq!(trouble.is_some_and(|it| it.unmade), unmade, "{status}");
        let fix = waiting.fix.unwrap_or_default();
        assert_eq!(fix.contains("aws eks describe-nodegroup --region us-east-1 --cluster-name prod-us --nodegroup-name gpu "), is_trouble, "{fix}");
    }
}

/// A route to a gateway that AWS still makes, or that somebody deleted.
#[test]
fn a_state_that_is_not_the_right_one_is_told() {
    let route = object(
        &json!({"id": "r", "state": "blackhole"}),
        &[["Ready", "True", "Available", ""]],
    );
    let waiting = unready(&route, ReadyWhen::State("active"));
    assert_eq!(waiting.reason, "the cloud reports blackhole");
    assert_eq!(failed(&route, &waiting), None);
}

#[test]
fn what_its_provider_paused_is_started_again_by_name() {
    let paused = object(
        &json!({"id": "gpu"}),
        &[["Synced", "False", "ReconcilePaused", ""]],
    );
    let waiting = unready(&paused, ACTIVE);
    assert_eq!(waiting.reason, "ReconcilePaused");
    assert_eq!(
        waiting.fix.unwrap(),
        "somebody paused it: kubectl annotate nodegroup.eks.aws.m.upbound.io prod-us-x --namespace ml crossplane.io/paused-"
    );
}
