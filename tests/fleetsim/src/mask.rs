//! What a provider reports while something is wrong: conditions over an object that is as it was.

use serde_json::{Value, json};

/// Something wrong with one object.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Mask {
    /// Nothing.
    #[default]
    None,
    /// The cloud refuses to create it: throttling, a quota, a flaw. AWS puts another request id into every
    /// message; two of them are enough to change at each attempt.
    Refused(bool),
    /// The provider cannot look at it for a moment.
    Unseen,
    /// The cloud does not answer at all, and the provider calls the object unready.
    Outage,
    /// The cloud calls it unready.
    Unready,
}

impl Mask {
    /// The object as the API server has it then.
    pub(crate) fn over(self, object: &Value) -> Value {
        let mut object = object.clone();
        let (synced, ready) = match self {
            Self::None => return object,
            Self::Refused(odd) => {
                let request = if odd { "4b1c-22" } else { "9f07-31" };
                let message = format!(
                    "create failed: operation error, api error Throttling: Rate exceeded, RequestID: {request}"
                );
                (Some(message), Some("Creating"))
            }
            Self::Unseen => (Some(UNSEEN.to_owned()), None),
            Self::Outage => (Some(OUTAGE.to_owned()), Some("Unavailable")),
            Self::Unready => (None, Some("Unavailable")),
        };
        if let Some(message) = synced {
            let failed = json!({"type": "Synced", "status": "False", "reason": "ReconcileError", "message": message});
            set(&mut object, failed);
        }
        if let Some(reason) = ready {
            let unready = json!({"type": "Ready", "status": "False", "reason": reason});
            set(&mut object, unready);
        }
        object
    }
}

const UNSEEN: &str = "observe failed: request send failed: read: connection reset by peer";
const OUTAGE: &str = "observe failed: request send failed: exceeded maximum number of attempts, 3, \
     api error ServiceUnavailable: Service is unable to handle request";

fn set(object: &mut Value, condition: Value) {
    let conditions = &mut object["status"]["conditions"];
    if let Some(found) = conditions.as_array_mut() {
        found.retain(|had| had["type"] != condition["type"]);
        found.push(condition);
    } else {
        *conditions = json!([condition]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mask_changes_conditions_and_nothing_else() {
        let conditions = json!([
            {"type": "Ready", "status": "True"},
            {"type": "Synced", "status": "True"},
        ]);
        let object =
            json!({"spec": {}, "status": {"atProvider": {"id": "a"}, "conditions": conditions}});
        let seen = Mask::Outage.over(&object);
        let mut rest = seen.clone();
        rest["status"]["conditions"] = conditions;
        assert_eq!(rest, object);
        let conditions = seen["status"]["conditions"].as_array().unwrap();
        assert!(
            conditions
                .iter()
                .all(|condition| condition["status"] == "False")
        );
        assert_eq!(Mask::None.over(&object), object);
    }

    #[test]
    fn a_refusal_is_worded_in_another_way_each_time() {
        let object = json!({"spec": {}});
        let (one, other) = (Mask::Refused(false), Mask::Refused(true));
        assert_ne!(one.over(&object), other.over(&object));
    }
}
