//! The parts of a request that are read.

use crate::{
    api::violation::Violation,
    cloud::registry::Clouds,
    plan::observed::Observed,
    traffic::Answers,
    wire::{proto::v1::RequestMeta, structpb::Struct},
};

/// The parts of a request that are read.
pub(super) struct Request<'a> {
    /// The clouds that there are.
    pub clouds: Clouds,
    /// The composite resource.
    pub composite: &'a Struct,
    /// The Input.
    pub input: Option<&'a Struct>,
    /// What Crossplane says of itself.
    pub meta: &'a RequestMeta,
    /// What it has answered to what it was asked.
    pub answers: Answers<'a>,
    /// What exists.
    pub observed: Observed<'a>,
}

/// The large parts of a composite that this function does not read.
const UNREAD: [[&str; 2]; 7] = [
    ["metadata", "managedFields"],
    ["spec", "resourceRefs"],
    ["status", "conditions"],
    ["status", "cost"],
    ["status", "nodePools"],
    ["status", "parity"],
    ["status", "waitingFor"],
];

impl Request<'_> {
    /// Checks that what a person or an earlier call wrote can be read at all.
    pub(super) fn check(&self) -> Result<(), Vec<Violation>> {
        for (path, object) in [("composite", Some(self.composite)), ("input", self.input)] {
            if let Some(Err(error)) = object.map(|object| object.check_without(&UNREAD)) {
                let fix = "check what wrote it";
                return Err(vec![Violation::new(path, "", error.to_string(), fix)]);
            }
        }
        Ok(())
    }
}
