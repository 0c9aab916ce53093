//! IAM policies: <https://cloud.google.com/iam/docs/reference/rest/v1/Policy>.

use serde_json::{Value, json};

use super::{iam::Iam, refusal::Refusal};

/// The policy of one resource.
#[derive(Default)]
pub(super) struct Policy {
    bindings: Vec<Value>,
    writes: u32,
}

impl Policy {
    /// The policy as the API gives it. One without conditions is of version 1.
    pub(super) fn get(&self) -> Value {
        let conditional = self.bindings.iter().any(|it| it.get("condition").is_some());
        json!({
            "version": if conditional { 3 } else { 1 },
            "etag": self.etag(),
            "bindings": self.bindings,
        })
    }

    /// Replaces the policy. One that was read before somebody else wrote is refused, and so is a
    /// member that does not exist.
    pub(super) fn set(&mut self, policy: &Value, iam: &Iam) -> Result<Value, Refusal> {
        let etag = policy["etag"].as_str();
        if etag.is_some_and(|etag| !etag.is_empty() && etag != self.etag()) {
            let message = "There were concurrent policy changes. Please retry the whole \
                           read-modify-write with exponential backoff.";
            return Err(Refusal::new(409, "ABORTED", message));
        }
        let bindings = policy["bindings"].as_array().cloned().unwrap_or_default();
        for binding in &bindings {
            for member in binding["members"].as_array().into_iter().flatten() {
                iam.check_member(member.as_str().unwrap_or_default())?;
            }
        }
        let is_empty = |binding: &Value| binding["members"].as_array().is_none_or(Vec::is_empty);
        self.bindings = bindings.into_iter().filter(|it| !is_empty(it)).collect();
        self.writes += 1;
        Ok(self.get())
    }

    /// Marks the bindings of a service account that is gone: they stay, and cannot be granted again
    /// (<https://cloud.google.com/iam/docs/policies#handle-deleted-members>).
    pub(super) fn lose(&mut self, address: &str, id: &str) {
        let gone = format!("serviceAccount:{address}");
        let marked = format!("deleted:serviceAccount:{address}?uid={id}");
        let mut lost = false;
        for binding in &mut self.bindings {
            for member in binding["members"].as_array_mut().into_iter().flatten() {
                if *member == *gone {
                    *member = marked.as_str().into();
                    lost = true;
                }
            }
        }
        self.writes += u32::from(lost);
    }

    fn etag(&self) -> String {
        // Any base64 will do.
        format!("BwY{:05}=", self.writes)
    }
}
