//! What is in force, given what the spec asks for, what there is, and who else serves.

use super::siblings::Siblings;
use crate::{
    api::{
        choice::{Choice as _, TrafficState},
        spec::Share,
        violation::Violation,
    },
    plan::{
        key::{ADDRESS, OWN_RECORD, SERVICE_RECORD},
        observed::Observed,
        traffic::{Note, Traffic},
    },
    registration::traffic_label,
    wire::structpb::{Struct, Value},
};

/// What the decision is made from.
pub struct Basis<'a> {
    /// The share that the author asks for.
    pub share: Share,
    /// The service's host, where records are kept for it.
    pub host: Option<&'a str>,
    /// Whether the platform has the service served by such clusters, where it has one.
    pub is_admitted: bool,
    /// What exists.
    pub observed: Observed<'a>,
    /// The observed composite.
    pub composite: &'a Struct,
}

impl Basis<'_> {
    /// Whether callers are sent here now. What exists says so, not the status: a status can be lost.
    pub fn serving(&self) -> bool {
        if let Some(weight) = self.weight() {
            return weight > 0;
        }
        let Some(label) = traffic_label(self.observed) else {
            return false;
        };
        // A Secret from before the label was there is of a cluster that serves.
        label.is_none_or(|state| state == TrafficState::Active.name())
    }

    /// The weight that the service's record was sent with.
    fn weight(&self) -> Option<u32> {
        let record = self.observed.get(&SERVICE_RECORD)?;
        let weight = record.at("spec.forProvider.weightedRoutingPolicy.weight")?;
        weight.as_u32()
    }
}

/// Where the load balancer is: the author's word, else the address that the cloud reserved, else
/// the one that the record has already.
pub fn address<'a>(named: Option<&'a str>, observed: Observed<'a>) -> Option<&'a str> {
    let reserved = || observed.str_at(&ADDRESS, "status.atProvider.address");
    let recorded = || {
        let records = observed.get(&OWN_RECORD)?.at("spec.forProvider.records")?;
        records.items().next()?.as_str()
    };
    named.or_else(reserved).or_else(recorded)
}

/// Decides what is in force, but for the [`address`]. `siblings` is who else serves, where that matters.
///
/// # Errors
/// A [`Violation`] when it would leave the service without any cluster.
pub fn decide(basis: &Basis<'_>, siblings: Option<Siblings>) -> Result<Traffic, Violation> {
    let mut traffic = Traffic {
        state: basis.share.state,
        weight: basis.share.effective_weight(),
        host: basis.host.map(str::to_owned),
        address: None,
        note: Note::AsAsked,
    };
    if basis.host.is_none() && !basis.is_admitted {
        traffic.note = Note::NotAdmitted;
    }
    if basis.host.is_none() {
        // Nobody changes a record that the platform has lost.
        traffic.weight = basis.weight().unwrap_or(traffic.weight);
    }
    let Some(siblings) = siblings else {
        return Ok(traffic);
    };
    match (siblings, basis.serving()) {
        (Siblings::Serve, _) | (Siblings::Unknown, false) => {}
        (Siblings::Idle, false) => traffic.note = Note::NoneServes,
        (Siblings::Idle, true) if basis.is_admitted => return Err(refusal(basis)),
        (Siblings::Unknown | Siblings::Idle, true) => {
            traffic.state = TrafficState::Active;
            traffic.weight = basis.weight().unwrap_or_else(|| {
                let before = basis.composite.at("status.traffic.weight");
                // Without either there is no share that could be kept.
                before.and_then(Value::as_u32).unwrap_or(0)
            });
            traffic.note = if basis.is_admitted {
                Note::Held
            } else {
                Note::LastOne
            };
        }
    }
    Ok(traffic)
}

fn refusal(basis: &Basis<'_>) -> Violation {
    let share = basis.share;
    let (path, value) = match share.state {
        TrafficState::Active => ("spec.traffic.weight", share.weight.to_string()),
        state => ("spec.traffic.state", format!("\"{}\"", state.name())),
    };
    Violation::new(
        path,
        value,
        format!(
            "would leave nobody to serve {}: no other cluster of it is active and Serving",
            basis.host.unwrap_or_default()
        ),
        "make another cluster active first and wait until it is Serving; or set spec.traffic.force: true, which takes the service down",
    )
}
