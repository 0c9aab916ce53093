//! Projects and their IAM policies
//! (<https://cloud.google.com/resource-manager/reference/rest/v1/projects>).

use serde_json::{Value, json};

use super::{NUMBER, iam::Iam, policy::Policy, refusal::Refusal};
use crate::discovery::Call;

/// The one project.
#[derive(Default)]
pub(super) struct Projects {
    policy: Policy,
}

impl Projects {
    /// The bindings that there are.
    pub(super) fn left(&self) -> Vec<String> {
        let policy = self.policy.get();
        let bindings = policy["bindings"].as_array().into_iter().flatten();
        bindings.map(ToString::to_string).collect()
    }

    /// A service account is gone.
    pub(super) fn lose(&mut self, address: &str, id: &str) {
        self.policy.lose(address, id);
    }

    pub(super) fn answer(&mut self, call: &Call, iam: &Iam) -> Result<Value, Refusal> {
        let project = call.path.first().map_or("", String::as_str);
        match call.method.as_str() {
            "cloudresourcemanager.projects.get" => Ok(json!({
                "projectId": project,
                "projectNumber": NUMBER,
                "name": project,
                "lifecycleState": "ACTIVE",
                "createTime": "2026-01-01T00:00:00Z",
                "parent": {"type": "organization", "id": "1"},
            })),
            "cloudresourcemanager.projects.getIamPolicy" => Ok(self.policy.get()),
            "cloudresourcemanager.projects.setIamPolicy" => {
                self.policy.set(&call.body["policy"], iam)
            }
            method => Err(Refusal::unimplemented(method)),
        }
    }
}

/// The billing account of any project.
pub(super) fn billing(call: &Call) -> Value {
    let project = call.path.first().map_or("", String::as_str);
    json!({
        "name": format!("projects/{project}/billingInfo"),
        "projectId": project,
        "billingAccountName": "billingAccounts/000000-000000-000000",
        "billingEnabled": true,
    })
}
