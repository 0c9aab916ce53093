//! The condition `Serving`.

use super::{Note, SERVICE, Traffic};
use crate::{
    conditions::condition,
    gate::Outcome,
    observed::Observed,
    plan::Stage,
    proto::v1::{Condition, Status},
    structpb::Value,
    xcluster::TrafficState,
};

const KIND: &str = "Serving";

impl Traffic {
    /// Whether callers are sent here, as far as DNS is kept here.
    pub fn condition(&self, outcomes: &[Outcome], observed: Observed<'_>) -> Condition {
        let no = |reason: &str, message: String| condition(KIND, false, reason, message);
        if self.note == Note::Held {
            return no("Waiting", HELD.to_owned());
        }
        let (reason, does) = match self.state {
            TrafficState::Active if self.weight > 0 => ("Active", "callers are sent here"),
            TrafficState::Active => ("Drained", "the weight is 0: callers are sent elsewhere"),
            TrafficState::Drained => ("Drained", "callers are sent elsewhere; its Pods stay"),
            TrafficState::Evacuated => (
                "Evacuated",
                "callers are sent elsewhere; it has no Pods of the service",
            ),
        };
        let Some(host) = &self.host else {
            return self.unkept(reason, observed);
        };
        if let Some(waiting) = self.waiting(outcomes, observed) {
            return no("Waiting", waiting);
        }
        let message = format!("{host} has weight {} here: {does}", self.weight);
        match self.note {
            Note::NobodyServes => {
                let message = format!("{message}; no other cluster of the service is Serving");
                no(reason, message)
            }
            _ => condition(KIND, reason == "Active", reason, message),
        }
    }

    /// Of a platform that keeps no records, or none any more.
    fn unkept(&self, reason: &str, observed: Observed<'_>) -> Condition {
        let (weight, left) = (self.weight, observed.exists(SERVICE));
        let mut message = NO_HOST.to_owned();
        if left {
            message = format!("{message} any more; the record that is there keeps weight {weight}");
        }
        match reason {
            "Active" => Condition {
                status: Status::ConditionUnknown.into(),
                ..condition(KIND, false, "NotWanted", message)
            },
            _ if left && weight > 0 => condition(KIND, false, "Waiting", message),
            _ => {
                let told = reason.to_lowercase();
                condition(
                    KIND,
                    false,
                    reason,
                    format!("{message}; Argo CD is told {told}"),
                )
            }
        }
    }

    /// What keeps DNS from saying what is in force. A cluster that is not to serve needs no record.
    fn waiting(&self, outcomes: &[Outcome], observed: Observed<'_>) -> Option<String> {
        let ours = || outcomes.iter().filter(|it| it.stage == Stage::Traffic);
        let record = ours().find(|it| it.key == SERVICE);
        if self.weight > 0 && !record.is_some_and(|record| record.ready) {
            let mut waiting = ours().filter_map(|it| Some((it, it.waiting.as_ref()?)));
            return waiting.next().map(|(first, why)| why.sentence(&first.key));
        }
        let reported = observed
            .get(SERVICE)?
            .at("status.atProvider.weightedRoutingPolicy.weight")
            .and_then(Value::as_i64)?;
        if reported == i64::from(self.weight) {
            return None;
        }
        let trouble = record.and_then(|record| record.unmaintained.as_ref());
        let trouble = trouble.map_or(String::new(), |why| format!("; {}", why.sentence(SERVICE)));
        Some(format!(
            "DNS has weight {reported} here on its way to {}{trouble}",
            self.weight
        ))
    }
}

const NO_HOST: &str = "the platform's Input has no traffic, so no records are kept in DNS";
const HELD: &str = "the spec asks for no traffic, and Crossplane has not said yet which other clusters serve; until it does, \
     everything stays as it was";
