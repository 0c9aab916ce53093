//! Facts of the platform that are gone or changed: nothing that exists is lost for that.

mod kept;
mod walk;

use serde_json::{Value, json};

use super::{assert_healthy, deleted};
use crate::support::{
    cases::{Run, run, runs},
    simulator::{Step, World},
};

/// A merge patch that sets one path.
fn patch(path: &str, value: Value) -> Value {
    let segments = path.split('/').skip(1).collect::<Vec<_>>();
    segments
        .into_iter()
        .rev()
        .fold(value, |inner, segment| json!({ segment: inner }))
}

fn access(step: &Step) -> Vec<String> {
    let keys = step.desired().into_keys();
    keys.filter(|key| key.starts_with("access-")).collect()
}

fn principal(run: &Run) -> &'static str {
    if run.case.name.starts_with("aws") {
        "/argocd/aws/principalArn"
    } else {
        "/argocd/gcp/principal"
    }
}

#[test]
fn argocd_keeps_what_it_has_while_its_principal_is_unknown() {
    for name in ["aws-standard", "gcp-standard"] {
        for scope in ["claims", "cluster", "namespaced"] {
            let run = crate::support::cases::run_in(name, scope);
            let before = run.last().desired();
            let mut world = run.world.clone();
            // An author's own grant beside it, which can still be revoked.
            let own = if name.starts_with("aws") {
                "arn:aws:iam::111122223333:role/ml"
            } else {
                "group:ml@example.com"
            };
            world.edit(&json!({"access": {"admins": [own]}}));
            let with_own = access(world.settle().last().unwrap());
            world.edit_input(&patch(principal(run), Value::Null));
            let kept = world.settle();
            assert_eq!(access(kept.last().unwrap()), with_own, "{name} {scope}");
            world.edit(&json!({"access": {"admins": []}}));
            let steps = world.settle();
            let last = steps.last().unwrap();
            assert_eq!(access(last), access(run.last()), "{name} {scope}");
            let gone = deleted(&steps);
            assert!(
                gone.iter().all(|key| key.starts_with("access-")),
                "{gone:?}"
            );
            for (key, object) in &before {
                let spec = |object: &Value| (object["spec"].clone(), object["data"].clone());
                assert_eq!(
                    spec(&last.desired()[key]),
                    spec(object),
                    "{name} {scope}: {key}"
                );
            }
            let labels = |object: &Value| object["metadata"]["annotations"].clone();
            for key in ["registration-secret", "registration-object"] {
                if let Some(object) = before.get(key) {
                    assert_eq!(
                        labels(&last.desired()[key]),
                        labels(object),
                        "{name} {scope}"
                    );
                }
            }
            assert!(last.is_ready(), "{name} {scope}");
            assert_eq!(
                last.status()["argocd"]["registered"],
                true,
                "{name} {scope}"
            );
            assert_eq!(last.status()["waitingFor"], json!([]), "{name} {scope}");
        }
    }
}

/// The label tells what Argo CD was granted when its principal is unknown.
#[test]
fn a_grant_to_argocd_stays_its_own_while_the_spec_names_it_too() {
    for name in ["aws-standard", "gcp-standard"] {
        let run = run(name);
        let input = serde_json::to_value(&run.world.input).unwrap();
        let own = input.pointer(principal(run)).unwrap().clone();
        let granted_for = |step: &Step| {
            let desired = step.desired();
            let grants = access(step).into_iter().map(|key| {
                let label = &desired[&key]["metadata"]["labels"]["xcluster.dev/granted-for"];
                (key, label.clone())
            });
            grants.collect::<Vec<_>>()
        };
        let before = granted_for(run.last());
        assert!(before.iter().any(|(_, label)| label == "argocd"), "{name}");
        let mut world = run.world.clone();
        world.edit_input(&patch(principal(run), Value::Null));
        world.edit(&json!({"access": {"admins": [own]}}));
        world.settle();
        // Its author takes it back: Argo CD's access must not go with it.
        world.edit(&json!({"access": {"admins": []}}));
        let steps = world.settle();
        assert_eq!(granted_for(steps.last().unwrap()), before, "{name}");
    }
}

#[test]
fn a_new_principal_replaces_the_old_one_once_it_is_ready() {
    for (name, new) in [
        ("aws-standard", "arn:aws:iam::111122223333:role/argocd-2"),
        (
            "gcp-standard",
            "serviceAccount:argocd-2@acme-prod.iam.gserviceaccount.com",
        ),
    ] {
        let run = run(name);
        let old = access(run.last());
        let mut world = run.world.clone();
        world.edit_input(&patch(principal(run), json!(new)));
        let mut beside = 0;
        let mut steps = Vec::new();
        for _ in 0..12 {
            let step = world.reconcile();
            let now = access(&step);
            let fresh = now.iter().filter(|key| !old.contains(key));
            let ready = step.ready();
            let arrived =
                fresh.clone().count() == old.len() && fresh.clone().all(|key| ready.contains(key));
            assert!(
                arrived || old.iter().all(|key| now.contains(key)),
                "{name}: {now:?}"
            );
            beside += usize::from(!arrived);
            world.tick();
            steps.push(step);
        }
        assert!(beside > 1, "{name}");
        steps.extend(world.settle());
        assert_healthy(name, &world, &steps);
        let last = access(steps.last().unwrap());
        assert_eq!(last.len(), old.len(), "{name}");
        assert!(
            last.iter().all(|key| !old.contains(key)),
            "{name}: {last:?}"
        );
    }
}

fn registration(world: &World) -> Vec<String> {
    let keys = world.observed().into_keys();
    keys.filter(|key| key.starts_with("registration-"))
        .collect()
}

#[test]
fn a_registered_cluster_stays_in_its_namespace() {
    for run in runs()
        .iter()
        .filter(|run| run.case.name.ends_with("standard"))
    {
        let before = registration(&run.world);
        assert_eq!(before.len(), 1, "{}", run.title());
        // Another one is refused, whoever names it.
        let rows = [
            (
                json!({}),
                json!({"argocd": {"namespace": "argo-2"}}),
                "input.argocd.namespace",
            ),
            (
                json!({"argocd": {"namespace": "argo-2"}}),
                json!({"argocd": {"namespace": null}}),
                "spec.argocd.namespace",
            ),
        ];
        for (spec, input, field) in rows {
            let mut world = run.world.clone();
            world.edit(&spec);
            world.edit_input(&input);
            let step = world.reconcile();
            let expected = format!(
                "{field}: \"argo-2\" is not the namespace that the cluster is registered in, argocd, which cannot change; set it back to argocd"
            );
            assert!(
                step.fatal().unwrap().contains(&expected),
                "{:?}",
                step.fatal()
            );
            assert_eq!(registration(&world), before);
        }
        // Without a word it stays where it is, also where that is not the default.
        let mut world =
            crate::support::cases::Case::new(&run.case.name).world_in(run.scope_argument());
        world.edit_input(&json!({"argocd": {"namespace": "elsewhere"}}));
        world.settle();
        let before = registration(&world);
        world.edit_input(&json!({"argocd": {"namespace": null}}));
        let steps = world.settle();
        assert_healthy(&run.title(), &world, &steps);
        assert!(deleted(&steps).is_empty(), "{}", run.title());
        assert_eq!(registration(&world), before, "{}", run.title());
    }
}

#[test]
fn resources_stay_in_their_namespace() {
    let run = crate::support::cases::run_in("aws-standard", "cluster");
    let mut world = run.world.clone();
    world.edit_input(&json!({"resourceNamespace": "elsewhere"}));
    let step = world.reconcile();
    let message = step.fatal().unwrap();
    assert!(
        message.contains("input.resourceNamespace: \"elsewhere\" cannot change"),
        "{message}"
    );
}
