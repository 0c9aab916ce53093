//! Ready means what the cloud says; what may be missing and failed shows.

use serde_json::{Value, json};

use super::{Change, STANDARD, answer, condition, key, told, unmade};
use crate::support::cases::run;

fn state(state: &'static str) -> impl Fn(&mut Value) {
    move |object| object["status"]["atProvider"]["status"] = state.into()
}

fn refused(object: &mut Value) {
    let error = "create failed: async create failed: failed to create the resource: [{0 googleapi: Error 403: Quota \
                 'GPUS_ALL_REGIONS' exceeded. Limit: 0.0 globally., quotaExceeded  []}]";
    let synced = told("Synced", "False", "ReconcileError", error);
    unmade(
        object,
        &json!([told("Ready", "False", "Creating", ""), synced]),
    );
}

/// 09, 28: bounds, ranges and versions that EKS applies take nothing from what serves.
#[test]
fn what_was_ready_and_is_updating_stays_ready() {
    let run = run("aws-standard");
    let [general, gpu] = ["nodes-pool-general-", "nodes-pool-gpu-"].map(|begins| key(run, begins));
    for changed in ["cluster", &general, &gpu] {
        let step = answer(run, &[(changed, &state("UPDATING"))]);
        assert!(
            step.is_ready(),
            "{changed}: {:#}",
            step.status()["waitingFor"]
        );
        assert_eq!(step.status()["phase"], "Ready", "{changed}");
        for kind in ["ControlPlaneReady", "NodePoolsReady", "Maintained"] {
            assert!(condition(&step, kind).starts_with("True "), "{changed}");
        }
    }
    // What is made, or goes, has not been ready.
    for other in ["CREATING", "DELETING", "CREATE_FAILED", "DEGRADED"] {
        let step = answer(run, &[(&general, &state(other))]);
        assert!(!step.is_ready(), "{other}");
        assert_eq!(step.status()["phase"], "Degraded", "{other}");
    }
}

/// 05, AWS-7: a pool that may be missing does not hold the cluster back, and its condition tells of it.
#[test]
fn an_optional_pool_that_failed_shows_in_its_condition() {
    for name in STANDARD {
        let run = run(name);
        let gpu = key(run, "nodes-pool-gpu-");
        let [failed, degraded] = ["CREATE_FAILED", "DEGRADED"].map(state);
        let mut ways: Vec<Change<'_>> = vec![("raise the quota", &refused)];
        if name == "aws-standard" {
            ways.push((
                "look at its issues with aws eks describe-nodegroup",
                &failed,
            ));
            ways.push((
                "look at its issues with aws eks describe-nodegroup",
                &degraded,
            ));
        }
        for (fix, way) in ways {
            let step = answer(run, &[(&gpu, way)]);
            assert!(step.is_ready(), "{name}");
            assert_eq!(step.status()["phase"], "Ready", "{name}");
            let told = condition(&step, "NodePoolsReady");
            assert!(
                told.starts_with(&format!("False OptionalFailed: {gpu} waits for")),
                "{told}"
            );
            assert!(told.contains(&format!("; fix: {fix}")), "{told}");
            let maintained = condition(&step, "Maintained");
            assert!(
                maintained.contains(&format!("{gpu} waits for")),
                "{maintained}"
            );
        }
        // One that only takes its time has not failed.
        let creating = |object: &mut Value| {
            unmade(
                object,
                &json!([
                    told("Ready", "False", "Creating", ""),
                    told("Synced", "True", "ReconcileSuccess", "")
                ]),
            );
        };
        let step = answer(run, &[(&gpu, &creating)]);
        assert!(step.is_ready(), "{name}");
        assert_eq!(
            condition(&step, "NodePoolsReady"),
            "True Available: ",
            "{name}"
        );
        assert_eq!(condition(&step, "Maintained"), "True InSync: ", "{name}");
        // A required one comes before it.
        let general = key(run, "nodes-pool-general-");
        let step = answer(run, &[(&gpu, &refused), (&general, &creating)]);
        let told = condition(&step, "NodePoolsReady");
        assert!(
            told.starts_with(&format!("False Waiting: {general} ")),
            "{told}"
        );
    }
}

/// upjet's Ready is true for what a failed creation left behind; access and add-ons have no state of their own.
#[test]
fn what_was_left_behind_by_a_failed_creation_is_not_ready() {
    let kinds = [
        ("aws-standard", "addons-dns", "AddonsReady"),
        ("aws-standard", "access-entry-", "AccessReady"),
        ("gcp-standard", "access-member-", "AccessReady"),
        ("gcp-standard", "nodes-pool-general-", "NodePoolsReady"),
    ];
    for (name, begins, kind) in kinds {
        let run = run(name);
        let key = key(run, begins);
        let left = |object: &mut Value| {
            let last = told(
                "LastAsyncOperation",
                "False",
                "AsyncCreateFailure",
                "async create failed: it does not work",
            );
            object["status"]["conditions"] = json!([told("Ready", "True", "Available", ""), last]);
        };
        let step = answer(run, &[(&key, &left)]);
        let found = condition(&step, kind);
        assert!(
            found.starts_with(&format!(
                "False Waiting: {key} waits for condition Ready: create failed: it does not work"
            )),
            "{found}"
        );
        assert!(!step.is_ready(), "{key}");
    }
}

/// 31: one wrong name among many would take the cluster out of the service.
#[test]
fn a_name_that_nobody_has_is_told_and_holds_nothing_back() {
    for (name, wrong, begins) in [
        (
            "aws-standard",
            "arn:aws:iam::111122223333:role/nobody",
            "access-entry-",
        ),
        ("gcp-standard", "user:nobody@acme.example", "access-member-"),
    ] {
        let mut world = run(name).world.clone();
        let before = world.observed();
        world.edit(&json!({"access": {"viewers": [wrong]}}));
        world.reconcile();
        let key = world
            .observed()
            .into_keys()
            .find(|key| !before.contains_key(key) && key.starts_with(begins))
            .unwrap();
        let error = "create failed: InvalidParameterException: The specified principalArn is invalid: invalid principal.";
        let synced = told("Synced", "False", "ReconcileError", error);
        unmade(
            world.object_mut(&key),
            &json!([told("Ready", "False", "Creating", ""), synced]),
        );
        let step = world.reconcile();
        assert!(step.is_ready(), "{name}: {:#}", step.status()["waitingFor"]);
        assert_eq!(step.status()["phase"], "Ready", "{name}");
        assert_eq!(
            condition(&step, "ControlPlaneReady"),
            "True Available: ",
            "{name}"
        );
        let told = condition(&step, "AccessReady");
        assert!(
            told.starts_with(&format!("False OptionalFailed: {key} waits for")),
            "{told}"
        );
        assert!(
            told.contains("; fix: there is nobody of this name"),
            "{told}"
        );
    }
}

/// Argo CD's own grant is what the registration needs.
#[test]
fn argo_cds_grant_holds_the_cluster_back() {
    for (name, begins) in [
        ("aws-standard", "access-entry-"),
        ("gcp-standard", "access-member-"),
    ] {
        let run = run(name);
        let key = key(run, begins);
        let step = answer(run, &[(&key, &refused)]);
        assert!(!step.is_ready(), "{name}");
        let told = condition(&step, "AccessReady");
        assert!(
            told.starts_with(&format!("False Waiting: {key} ")),
            "{told}"
        );
    }
}

/// upjet turns `Synced` true while it tries an update again.
#[test]
fn an_update_that_fails_is_named_until_it_succeeds() {
    for name in STANDARD {
        let run = run(name);
        let key = key(run, "nodes-pool-general-");
        let with = |conditions: Value| {
            let change =
                move |object: &mut Value| object["status"]["conditions"] = conditions.clone();
            answer(run, &[(&key, &change)])
        };
        let ready = told("Ready", "True", "Available", "");
        let synced = told("Synced", "True", "ReconcileSuccess", "");
        let error = "async update failed: PodEvictionFailure: Reached max retries while trying to evict pods";
        let last = told("LastAsyncOperation", "False", "AsyncUpdateFailure", error);
        let step = with(json!([ready, synced, last]));
        assert!(step.is_ready(), "{name}");
        let found = condition(&step, "Maintained");
        let expected = format!(
            "False ProviderError: {key} waits for its provider: update failed: PodEvictionFailure"
        );
        assert!(found.starts_with(&expected), "{found}");
        let over = with(json!([
            ready,
            synced,
            told("LastAsyncOperation", "True", "Success", "")
        ]));
        assert_eq!(condition(&over, "Maintained"), "True InSync: ", "{name}");
    }
}

/// The command that makes a failed node group anew names the object as it is in each scope.
#[test]
fn a_failed_creation_says_how_to_make_it_anew_in_every_scope() {
    for (scope, group) in [
        ("claims", "eks.aws.upbound.io"),
        ("cluster", "eks.aws.m.upbound.io"),
        ("namespaced", "eks.aws.m.upbound.io"),
    ] {
        let run = crate::support::cases::run_in("aws-standard", scope);
        let gpu = key(run, "nodes-pool-gpu-");
        let metadata = run.world.observed()[&gpu]["metadata"].clone();
        let name = metadata["name"].as_str().unwrap();
        let namespace = metadata["namespace"].as_str();
        let namespace = namespace.map_or(String::new(), |it| format!(" --namespace {it}"));
        assert_eq!(namespace.is_empty(), scope == "claims");
        let step = answer(run, &[(&gpu, &state("CREATE_FAILED"))]);
        let waiting = step.waiting(&gpu).unwrap();
        let command =
            format!("kubectl delete nodegroup.{group} {name}{namespace}: EKS does not try again.");
        assert!(
            waiting["fix"].as_str().unwrap().contains(&command),
            "{waiting:#}"
        );
    }
}
