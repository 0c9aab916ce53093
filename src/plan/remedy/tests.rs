use serde_json::json;

use super::*;
use crate::{plan::observed::condition, wire::structpb::to_struct};

fn texts(advice: &Advice) -> [&'static str; 2] {
    match advice {
        Advice::Once(text) | Advice::Retried(text) => [text, text],
        Advice::ByExistence { absent, existing } => [absent, existing],
        Advice::ByName { chosen, unknown } => [unknown, chosen],
    }
}

fn rows() -> impl Iterator<Item = &'static Row> {
    REMEDIES.iter().copied().flatten()
}

#[test]
fn no_advice_costs_what_exists() {
    for (words, advice) in rows() {
        let [absent, existing] = texts(advice);
        for text in [absent, existing] {
            for harm in [
                "delete this cluster",
                "delete the cluster",
                "rename",
                "cloudName",
            ] {
                assert!(!text.contains(harm), "{words:?}: {text}");
            }
            // Where deleting is the way out, it says what becomes of the object. What a provider lost is no object's.
            let deletes = text.contains("delete") && !text.contains("the gateway that it lost");
            assert!(
                !deletes || text.contains("kubectl delete {object}"),
                "{text}"
            );
            assert!(!deletes || text.contains("Crossplane creates"), "{text}");
        }
        assert!(!existing.contains("spec.region"), "{words:?}: {existing}");
    }
}

#[test]
fn words_are_as_messages_are_compared() {
    for (words, _) in rows() {
        for word in *words {
            assert_eq!(*word, word.to_ascii_lowercase());
            assert!(word.len() > 4, "{word} is in too many messages");
        }
    }
}

/// Each word of a row leads to this row, and to none before it.
#[test]
fn every_row_is_reached() {
    for (words, advice) in rows() {
        for word in *words {
            let (_, found) = row(&word.replace(" && ", " ")).unwrap();
            assert_eq!(texts(found), texts(advice), "{word}");
        }
    }
}

/// AWS-7: what a message says of another attempt is wrong where there is none.
#[test]
fn what_the_cloud_has_given_up_is_made_anew_by_name() {
    let quota = "NodeCreationFailure: VcpuLimitExceeded: You have requested more vCPU capacity";
    let spot = "AuthFailure.ServiceLinkedRoleCreationNotPermitted";
    for (kind, api, namespace, state, message, has) in [
        (
            "NodeGroup",
            "eks.aws.upbound.io/v1beta2",
            None,
            "CREATE_FAILED",
            "",
            "aws eks describe-nodegroup",
        ),
        (
            "NodeGroup",
            "eks.aws.m.upbound.io/v1beta1",
            Some("ml"),
            "CREATE_FAILED",
            quota,
            "raise the quota",
        ),
        (
            "NodeGroup",
            "eks.aws.upbound.io/v1beta2",
            None,
            "CREATE_FAILED",
            spot,
            "create-service-linked-role",
        ),
        (
            "Cluster",
            "eks.aws.m.upbound.io/v1beta1",
            Some("ml"),
            "FAILED",
            "",
            "aws eks describe-cluster",
        ),
    ] {
        let object = to_struct(&json!({
            "apiVersion": api, "kind": kind, "metadata": {"name": "prod-us-x", "namespace": namespace},
            "status": {
                "atProvider": {"status": state},
                "conditions": [{"type": "Synced", "status": "False", "reason": "ReconcileError", "message": message}],
            },
        }))
        .unwrap();
        let found = remedy(&object, condition(&object, "Synced"), true).unwrap();
        assert!(found.contains(has), "{found}");
        let group = api.split('/').next().unwrap();
        let namespace = namespace.map_or(String::new(), |it| format!(" --namespace {it}"));
        let command = format!(
            "kubectl delete {}.{group} prod-us-x{namespace}: EKS does not try again",
            kind.to_lowercase()
        );
        assert!(found.contains(&command), "{found}");
        assert!(!found.contains("by itself"), "{found}");
    }
}
