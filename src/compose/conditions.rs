//! Conditions of the composite and its claim: one for each part of a cluster.

use super::versions::Versions;
use crate::{
    api::choice::Mode,
    cost::Report,
    plan::{composed::Stage, gate::Outcome, waiting::Waiting},
    registration::Registration,
    wire::proto::{
        condition,
        v1::{Condition, Status},
    },
};

/// Whether the spec is sound.
pub(super) const VALID: &str = "Valid";

/// The conditions of a cluster but its budget, always all of them: one that is left out would keep its
/// last value.
pub(super) fn conditions(
    outcomes: &[Outcome],
    mode: Mode,
    registration: &Registration,
    versions: &Versions<'_>,
) -> Vec<Condition> {
    let nodes = match mode {
        Mode::Standard => stage("NodePoolsReady", outcomes, &[Stage::Nodes]),
        Mode::Auto => condition(
            "NodePoolsReady",
            true,
            "ManagedByCloud",
            "the cloud makes nodes as Pods need them",
        ),
    };
    vec![
        condition(VALID, true, "Valid", ""),
        stage("NetworkReady", outcomes, &[Stage::Network]),
        stage(
            "ControlPlaneReady",
            outcomes,
            &[Stage::Identity, Stage::Cluster],
        ),
        stage("AccessReady", outcomes, &[Stage::Access]),
        nodes,
        stage("AddonsReady", outcomes, &[Stage::Addons, Stage::Cluster]),
        registered(outcomes, registration),
        versions.condition(),
        maintained(outcomes),
    ]
}

/// Whether the providers look after what there is, and make the rest. A cluster runs on without them, so this takes nothing from
/// its readiness; but credentials that have expired are better found before the next change.
fn maintained(outcomes: &[Outcome]) -> Condition {
    let kind = "Maintained";
    let mut failing = outcomes
        .iter()
        .filter_map(|outcome| Some((outcome, outcome.trouble.as_ref()?)));
    let Some((first, trouble)) = failing.next() else {
        return condition(kind, true, "InSync", "");
    };
    let message = and_more(
        trouble.why.sentence(&first.key),
        failing.count(),
        "resources",
    );
    let reason = if trouble.unmade {
        "CreationFailed"
    } else {
        "ProviderError"
    };
    condition(kind, false, reason, message)
}

fn and_more(message: String, more: usize, of_what: &str) -> String {
    match more {
        0 => message,
        _ => format!("{message} (and {more} more {of_what})"),
    }
}

/// Whether the estimate stays within the budget.
pub(super) fn within_budget(cost: &Report<'_>) -> Condition {
    let (verdict, message) = cost.verdict();
    let holds = verdict.holds();
    let condition = condition(
        "WithinBudget",
        holds == Some(true),
        verdict.reason(),
        message,
    );
    match holds {
        Some(_) => condition,
        None => Condition {
            status: Status::ConditionUnknown.into(),
            ..condition
        },
    }
}

/// Ready when every required resource of the stages is, and none that may be missing has failed. What failed is named first:
/// the others often wait for it.
fn stage(kind: &str, outcomes: &[Outcome], stages: &[Stage]) -> Condition {
    let unready = outcomes
        .iter()
        .filter(|outcome| stages.contains(&outcome.stage) && !outcome.ready)
        .filter_map(|outcome| Some((outcome, outcome.waiting.as_ref()?)));
    let (required, optional): (Vec<_>, Vec<_>) = unready.partition(|(it, _)| it.required);
    let has_failed = |(outcome, _): &&(&Outcome, &Waiting)| outcome.trouble.is_some();
    let failed = optional.iter().filter(has_failed);
    let first = required.iter().find(has_failed).or(required.first());
    let (reason, (outcome, why), count) = match (first, failed.clone().next()) {
        (Some(first), _) => ("Waiting", first, required.len()),
        (None, Some(first)) => ("OptionalFailed", first, failed.count()),
        (None, None) => return condition(kind, true, "Available", ""),
    };
    let message = and_more(
        why.sentence(&outcome.key),
        count - 1,
        "in status.waitingFor",
    );
    condition(kind, false, reason, message)
}

fn registered(outcomes: &[Outcome], registration: &Registration) -> Condition {
    let kind = "Registered";
    match registration {
        Registration::Unwanted => {
            condition(kind, false, "NotWanted", "spec.argocd.register is false")
        }
        Registration::Lacking(fact) => condition(
            kind,
            false,
            "PlatformFactMissing",
            format!(
                "Argo CD's identity is unknown; set {fact} in the Input of the Composition's step"
            ),
        ),
        Registration::Wanted(_) => stage(kind, outcomes, &[Stage::Registration]),
    }
}
