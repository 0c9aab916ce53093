//! The condition `Serving`.

use crate::{
    api::choice::TrafficState,
    plan::{
        composed::Stage,
        gate::Outcome,
        key::SERVICE_RECORD,
        observed::Observed,
        traffic::{Note, Traffic},
    },
    wire::{
        proto::{
            condition as condition_of,
            v1::{Condition, Status},
        },
        structpb::Value,
    },
};

const KIND: &str = "Serving";

/// Whether callers are sent here, as far as DNS is kept here.
pub fn condition(traffic: &Traffic, outcomes: &[Outcome], observed: Observed<'_>) -> Condition {
    let no = |reason: &str, message: String| condition_of(KIND, false, reason, message);
    match traffic.note {
        Note::Held => return no("Waiting", HELD.to_owned()),
        Note::LastOne => return no("Waiting", LAST.to_owned()),
        Note::NotAdmitted => {
            return Condition {
                status: Status::ConditionUnknown.into(),
                ..no("NotWanted", NOT_ADMITTED.to_owned())
            };
        }
        Note::AsAsked | Note::NoneServes => {}
    }
    let (reason, does) = match traffic.state {
        TrafficState::Active if traffic.weight > 0 => ("Active", "callers are sent here"),
        TrafficState::Active => ("Drained", "the weight is 0: callers are sent elsewhere"),
        TrafficState::Drained => ("Drained", "callers are sent elsewhere; its Pods stay"),
        TrafficState::Evacuated => (
            "Evacuated",
            "callers are sent elsewhere; it has no Pods of the service",
        ),
    };
    let Some(host) = &traffic.host else {
        return unkept(traffic, reason, observed);
    };
    if let Some(waiting) = waiting(traffic, outcomes) {
        return no("Waiting", waiting);
    }
    let message = match under_way(traffic, outcomes, observed) {
        // A weight that is about to change sends callers here all the same.
        Some((reported, change)) if reason == "Active" && reported > 0 => {
            format!("{change}: {does}")
        }
        Some((_, change)) => return no("Waiting", change),
        None => format!("{host} has weight {} here: {does}", traffic.weight),
    };
    match traffic.note {
        Note::NoneServes => {
            let message = format!("{message}; no other cluster of the service is Serving");
            no(reason, message)
        }
        _ => condition_of(KIND, reason == "Active", reason, message),
    }
}

/// Of a platform that keeps no records, or none any more.
fn unkept(traffic: &Traffic, reason: &str, observed: Observed<'_>) -> Condition {
    let (weight, left) = (traffic.weight, observed.exists(&SERVICE_RECORD));
    let mut message = NO_HOST.to_owned();
    if left {
        message = format!("{message} any more; the record that is there keeps weight {weight}");
    }
    match reason {
        "Active" => Condition {
            status: Status::ConditionUnknown.into(),
            ..condition_of(KIND, false, "NotWanted", message)
        },
        _ if left && weight > 0 => condition_of(KIND, false, "Waiting", message),
        _ => {
            let told = reason.to_lowercase();
            condition_of(
                KIND,
                false,
                reason,
                format!("{message}; Argo CD is told {told}"),
            )
        }
    }
}

/// Why there is no record. A cluster that is not to serve needs none.
fn waiting(traffic: &Traffic, outcomes: &[Outcome]) -> Option<String> {
    if traffic.weight == 0 || record(outcomes).is_some_and(|record| record.ready) {
        return None;
    }
    let ours = outcomes.iter().filter(|it| it.stage == Stage::Traffic);
    let mut waiting = ours.filter_map(|it| Some((it, it.waiting.as_ref()?)));
    waiting.next().map(|(first, why)| why.sentence(&first.key))
}

fn record(outcomes: &[Outcome]) -> Option<&Outcome> {
    outcomes.iter().find(|it| it.key == SERVICE_RECORD)
}

/// The weight that DNS has, and why it is not the one in force.
fn under_way(
    traffic: &Traffic,
    outcomes: &[Outcome],
    observed: Observed<'_>,
) -> Option<(i64, String)> {
    let reported = observed
        .get(&SERVICE_RECORD)?
        .at("status.atProvider.weightedRoutingPolicy.weight")
        .and_then(Value::as_i64)?;
    if reported == i64::from(traffic.weight) {
        return None;
    }
    let trouble = record(outcomes).and_then(|record| record.trouble.as_ref());
    let trouble = trouble.map_or(String::new(), |trouble| {
        format!("; {}", trouble.why.sentence(&SERVICE_RECORD))
    });
    let weight = traffic.weight;
    let change = format!("DNS has weight {reported} here on its way to {weight}{trouble}");
    Some((reported, change))
}

const NO_HOST: &str = "the platform's Input has no traffic, so no records are kept in DNS";
const NOT_ADMITTED: &str = "the service is not for clusters of this namespace in this environment: traffic of the platform's Input says for whom it is";
const LAST: &str = "the service is not for clusters of this namespace in this environment any more, and no other one is known to serve; until \
     one does, callers are sent here";
const HELD: &str = "the spec asks for no traffic, and Crossplane has not said yet which other clusters serve; until it does, \
     everything stays as it was";
