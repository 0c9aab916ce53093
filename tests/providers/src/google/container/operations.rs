//! GKE's operations: one at a time for a cluster, and time is the number of calls.

use serde_json::{Value, json};

use super::{Cluster, Container, Place};
use crate::google::refusal::Refusal;

/// For how many calls an operation runs.
const CALLS: u32 = 3;

/// What a cluster's operation does when it ends.
type Effect = Box<dyn FnOnce(&mut Cluster) + Send>;

/// An operation.
pub(super) struct Operation {
    cluster: String,
    kind: String,
    left: u32,
    effect: Option<Effect>,
    /// Why it failed; nothing if it did not.
    problem: String,
    /// Whether the cluster is gone when it ends.
    deletes: bool,
}

impl Container {
    /// Lets time go on.
    pub(super) fn advance(&mut self) {
        if self.faults.frozen {
            return;
        }
        for operation in self.operations.values_mut() {
            operation.left = operation.left.saturating_sub(1);
            if operation.left > 0 {
                continue;
            }
            if let Some(effect) = operation.effect.take()
                && let Some(cluster) = self.clusters.get_mut(&operation.cluster)
            {
                effect(cluster);
                if operation.deletes {
                    self.clusters.remove(&operation.cluster);
                }
            }
        }
    }

    /// Begins an operation.
    ///
    /// GKE takes no other one meanwhile: Terraform knows the words
    /// (google/services/container/resource_container_node_pool.go, `isFailedPreconditionError`).
    pub(super) fn start(
        &mut self,
        place: &Place,
        kind: &str,
        effect: impl FnOnce(&mut Cluster) + Send + 'static,
    ) -> Result<Value, Refusal> {
        self.begin(place, kind, String::new(), false, effect)
    }

    /// The same, for one that may end with a problem or without the cluster.
    pub(super) fn begin(
        &mut self,
        place: &Place,
        kind: &str,
        problem: String,
        deletes: bool,
        effect: impl FnOnce(&mut Cluster) + Send + 'static,
    ) -> Result<Value, Refusal> {
        let cluster = place.cluster_path();
        let mut running = self.operations.iter();
        let other = running.find(|(_, it)| it.cluster == cluster && it.left > 0);
        if let Some((name, _)) = other {
            let message = format!("Cluster is running incompatible operation {name}.");
            return Err(Refusal::precondition(&message));
        }
        let name = format!("operation-{:04}", self.operations.len() + 1);
        self.operations.insert(
            name.clone(),
            Operation {
                cluster,
                kind: kind.to_owned(),
                left: CALLS,
                effect: Some(Box::new(effect)),
                problem,
                deletes,
            },
        );
        self.operation(&name)
    }

    /// An operation as the API answers it.
    pub(super) fn operation(&self, name: &str) -> Result<Value, Refusal> {
        let missing = || Refusal::not_found(&format!("Not found: operations/{name}."));
        let operation = self.operations.get(name).ok_or_else(missing)?;
        let is_done = operation.left == 0;
        let mut answer = json!({
            "name": name,
            "operationType": operation.kind,
            "status": if is_done { "DONE" } else { "RUNNING" },
            "targetLink": format!("https://container.googleapis.com/v1/{}", operation.cluster),
        });
        if is_done && !operation.problem.is_empty() {
            answer["statusMessage"] = operation.problem.as_str().into();
            answer["error"] = json!({"code": 8, "message": operation.problem});
        }
        Ok(answer)
    }
}
