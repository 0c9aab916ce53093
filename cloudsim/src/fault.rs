//! What can go wrong on purpose.

use serde_json::{Value, json};

use crate::object::text;

/// Something that goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The condition Ready turns false.
    Unready,
    /// All conditions are gone.
    NoConditions,
    /// The whole status is gone, as after a restore from a backup.
    NoStatus,
    /// The condition Ready turns false and true again every few ticks.
    Flapping,
    /// The cloud refuses to create.
    CreateFails,
    /// The provider stops in the middle of a creation and starts anew: what it would have done after the cloud's
    /// part is never done.
    CreateInterrupted,
    /// The cloud makes it, and it does not work.
    CreateFailsLate,
    /// The cloud refuses to update.
    UpdateFails,
    /// The cloud refuses to delete.
    DeleteFails,
    /// Deleting takes twenty times as long.
    SlowDelete,
    /// The provider has no credentials: it can neither look nor act.
    NoCredentials,
    /// The provider does not run: nothing happens to its objects at all.
    ProviderDown,
}

/// Every fault, with the name that a person sets it by.
const NAMES: [(&str, Fault); 12] = [
    ("unready", Fault::Unready),
    ("no-conditions", Fault::NoConditions),
    ("no-status", Fault::NoStatus),
    ("flapping", Fault::Flapping),
    ("create-fails", Fault::CreateFails),
    ("create-interrupted", Fault::CreateInterrupted),
    ("create-fails-late", Fault::CreateFailsLate),
    ("update-fails", Fault::UpdateFails),
    ("delete-fails", Fault::DeleteFails),
    ("slow-delete", Fault::SlowDelete),
    ("no-credentials", Fault::NoCredentials),
    ("provider-down", Fault::ProviderDown),
];

/// How many ticks a flapping condition keeps its value.
const FLAP: u64 = 3;

impl Fault {
    /// The faults of an observation.
    pub const OBSERVED: [Self; 3] = [Self::NoStatus, Self::NoConditions, Self::Unready];

    /// Falsifies an object.
    pub fn hit(self, object: &mut Value) {
        let Some(object) = object.as_object_mut() else {
            return;
        };
        match self {
            Self::NoStatus => drop(object.remove("status")),
            Self::NoConditions => {
                if let Some(status) = object.get_mut("status").and_then(Value::as_object_mut) {
                    status.remove("conditions");
                }
            }
            Self::Unready | Self::Flapping => {
                let status = object.entry("status").or_insert_with(|| json!({}));
                status["conditions"] = json!([
                    {"type": "Ready", "status": "False", "reason": "Unavailable"},
                    {"type": "Synced", "status": "True", "reason": "ReconcileSuccess"},
                ]);
            }
            Self::CreateFails
            | Self::CreateInterrupted
            | Self::CreateFailsLate
            | Self::UpdateFails
            | Self::DeleteFails
            | Self::SlowDelete
            | Self::NoCredentials
            | Self::ProviderDown => {}
        }
    }
}

/// The faults of the moment, each with the objects that it is for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Faults(Vec<(Fault, String)>);

impl Faults {
    /// Reads faults from names and selectors. A selector is a list of words: `*`, the name of a cloud
    /// such as `aws`, a kind, or `Kind/name`.
    ///
    /// # Errors
    /// The name that no fault has, with those that there are.
    pub fn parse<'a>(
        entries: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Result<Self, String> {
        let mut faults = Vec::new();
        for (name, selector) in entries {
            let Some((_, fault)) = NAMES.iter().find(|(known, _)| *known == name) else {
                let known: Vec<_> = NAMES.iter().map(|(name, _)| *name).collect();
                return Err(format!(
                    "there is no fault {name:?}; use {}",
                    known.join(", ")
                ));
            };
            let words = selector.split_whitespace();
            faults.extend(words.map(|word| (*fault, word.to_owned())));
        }
        Ok(Self(faults))
    }

    /// Whether nothing goes wrong.
    pub fn is_none(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether an object of a cloud has a fault.
    pub(crate) fn has(&self, fault: Fault, cloud: &str, object: &Value) -> bool {
        self.of(cloud, object).any(|found| found == fault)
    }

    /// Falsifies an object of a cloud with what it has. Whether that changes it.
    pub(crate) fn hit(&self, ticks: u64, cloud: &str, object: &mut Value) -> bool {
        let faults: Vec<_> = self.of(cloud, object).collect();
        if faults.is_empty() {
            return false;
        }
        let before = object.clone();
        for fault in faults {
            if fault != Fault::Flapping || (ticks / FLAP).is_multiple_of(2) {
                fault.hit(object);
            }
        }
        *object != before
    }

    fn of(&self, cloud: &str, object: &Value) -> impl Iterator<Item = Fault> {
        let (kind, name) = (text(object, "/kind"), text(object, "/metadata/name"));
        let matches = move |selector: &str| match selector.split_once('/') {
            Some((of_kind, of_name)) => of_kind == kind && of_name == name,
            None => selector == "*" || selector == kind || selector == cloud,
        };
        self.0
            .iter()
            .filter(move |(_, selector)| matches(selector))
            .map(|(fault, _)| *fault)
    }
}
