//! What is in force, given what the spec asks for, what there is, and who else serves.

use super::siblings::Siblings;
use crate::{
    api::{
        choice::{Choice as _, TrafficState},
        input::Input,
        spec::Spec,
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
pub struct Asked<'a> {
    /// The author's specification.
    pub spec: &'a Spec,
    /// The platform's facts.
    pub input: &'a Input,
    /// What exists.
    pub observed: Observed<'a>,
    /// The observed composite.
    pub composite: &'a Struct,
    /// Who else serves, where that matters.
    pub siblings: Option<Siblings>,
}

impl Asked<'_> {
    /// Whether callers are sent here now. What exists says so, not the status: a status can be lost.
    fn serving(&self) -> bool {
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

    /// Where the load balancer is: the author's word, else the address that the cloud reserved, else
    /// the one that the record has already.
    fn address(&self) -> Option<String> {
        let named = self.spec.traffic.address.clone();
        let reserved = || self.observed.str_at(&ADDRESS, "status.atProvider.address");
        let recorded = || {
            let records = self
                .observed
                .get(&OWN_RECORD)?
                .at("spec.forProvider.records")?;
            records.items().next()?.as_str()
        };
        named.or_else(|| reserved().or_else(recorded).map(str::to_owned))
    }
}

/// Decides what is in force.
///
/// # Errors
/// A [`Violation`] when it would leave the service without any cluster.
pub fn decide(asked: &Asked<'_>) -> Result<Traffic, Violation> {
    let wanted = &asked.spec.traffic;
    let mut traffic = Traffic {
        state: wanted.state,
        weight: wanted.effective_weight(),
        host: asked.input.traffic.as_ref().map(|it| it.host.clone()),
        address: asked.address(),
        note: Note::AsAsked,
    };
    if asked.input.traffic.is_none() {
        // Nobody changes a record that the platform has lost.
        traffic.weight = asked.weight().unwrap_or(traffic.weight);
    }
    let Some(siblings) = asked.siblings else {
        return Ok(traffic);
    };
    match (siblings, asked.serving()) {
        (Siblings::Serve, _) | (Siblings::Unknown, false) => {}
        (Siblings::Idle, false) => traffic.note = Note::NoneServes,
        (Siblings::Unknown, true) => {
            traffic.state = TrafficState::Active;
            traffic.weight = asked.weight().unwrap_or_else(|| {
                let before = asked.composite.at("status.traffic.weight");
                // Without either there is no share that could be kept.
                before.and_then(Value::as_u32).unwrap_or(0)
            });
            traffic.note = Note::Held;
        }
        (Siblings::Idle, true) => return Err(refusal(asked)),
    }
    Ok(traffic)
}

fn refusal(asked: &Asked<'_>) -> Violation {
    let traffic = &asked.spec.traffic;
    let host = asked.input.traffic.as_ref().map(|it| it.host.as_str());
    let (path, value) = match traffic.state {
        TrafficState::Active => ("spec.traffic.weight", traffic.weight.to_string()),
        state => ("spec.traffic.state", format!("\"{}\"", state.name())),
    };
    Violation::new(
        path,
        value,
        format!(
            "would leave nobody to serve {}: no other cluster of it is active, Ready and Serving",
            host.unwrap_or_default()
        ),
        "make another cluster active first and wait until it is Serving; or set spec.traffic.force: true, which takes the service down",
    )
}
