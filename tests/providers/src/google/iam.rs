//! Service accounts: <https://cloud.google.com/iam/docs/reference/rest/v1/projects.serviceAccounts>.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::{NUMBER, empty, refusal::Refusal};
use crate::discovery::Call;

/// The service accounts of all projects, by their addresses.
#[derive(Default)]
pub(super) struct Iam {
    accounts: BTreeMap<String, Value>,
    /// Those of Google's services, which come with their APIs.
    agents: BTreeSet<String>,
    made: u32,
    /// The address and the id of the account that was deleted last, until policies know.
    pub(super) deleted: Option<(String, String)>,
}

impl Iam {
    pub(super) fn answer(&mut self, call: &Call) -> Result<Value, Refusal> {
        match call.method.as_str() {
            "iam.projects.serviceAccounts.create" => self.create(call),
            "iam.projects.serviceAccounts.get" => self.get(call).cloned(),
            "iam.projects.serviceAccounts.patch" => {
                let mut account = self.get(call)?.clone();
                for field in ["displayName", "description"] {
                    if let Some(value) = call.body["serviceAccount"].get(field) {
                        account[field] = value.clone();
                    }
                }
                self.accounts
                    .insert(address(call).to_owned(), account.clone());
                Ok(account)
            }
            "iam.projects.serviceAccounts.delete" => {
                let id = self.get(call)?["uniqueId"]
                    .as_str()
                    .unwrap_or_default()
                    .to_owned();
                let address = address(call).to_owned();
                self.accounts.remove(&address);
                self.deleted = Some((address, id));
                Ok(empty())
            }
            method => Err(Refusal::unimplemented(method)),
        }
    }

    fn create(&mut self, call: &Call) -> Result<Value, Refusal> {
        let project = call.path.first().map_or("", String::as_str);
        let id = call.body["accountId"].as_str().unwrap_or_default();
        if !(6..=30).contains(&id.len()) {
            let message =
                format!("Invalid service account id {id}: it must have 6 to 30 characters");
            return Err(Refusal::invalid(&message));
        }
        let address = format!("{id}@{project}.iam.gserviceaccount.com");
        if self.accounts.contains_key(&address) {
            return Err(Refusal::exists(&format!("Service account {address}")));
        }
        self.made += 1;
        let account = json!({
            "name": format!("projects/{project}/serviceAccounts/{address}"),
            "projectId": project,
            "uniqueId": format!("1000000000000{:08}", self.made),
            "email": address,
            "displayName": call.body["serviceAccount"]["displayName"].as_str().unwrap_or_default(),
            "description": call.body["serviceAccount"]["description"].as_str().unwrap_or_default(),
            "etag": "MDEwMjE5MjA=",
            "oauth2ClientId": format!("1000000000000{:08}", self.made),
        });
        self.accounts.insert(address, account.clone());
        Ok(account)
    }

    fn get(&self, call: &Call) -> Result<&Value, Refusal> {
        let address = address(call);
        let missing = || Refusal::not_found(&format!("Unknown service account {address}"));
        self.accounts.get(address).ok_or_else(missing)
    }

    /// Google makes the agent of a service when its API is enabled:
    /// <https://cloud.google.com/iam/docs/service-agents>.
    pub(super) fn add_agent(&mut self, service: &str) {
        if service == "container.googleapis.com" {
            let host = "container-engine-robot.iam.gserviceaccount.com";
            self.agents.insert(format!("service-{NUMBER}@{host}"));
        }
    }

    /// The addresses of what people made.
    pub(super) fn left(&self) -> Vec<String> {
        self.accounts.keys().cloned().collect()
    }

    /// Whether this service account exists.
    pub(super) fn has(&self, address: &str) -> bool {
        self.accounts.contains_key(address) || self.agents.contains(address)
    }

    /// A policy takes no service account of these projects that does not exist:
    /// <https://cloud.google.com/iam/docs/troubleshoot-policies>.
    pub(super) fn check_member(&self, member: &str) -> Result<(), Refusal> {
        let Some(address) = member.strip_prefix("serviceAccount:") else {
            return Ok(());
        };
        // Those of other projects are not known here.
        let own = address.ends_with("-nodes@acme-prod.iam.gserviceaccount.com")
            || address.contains("@container-engine-robot.");
        if own && !self.has(address) {
            let message = format!("Service account {address} does not exist.");
            return Err(Refusal::invalid(&message));
        }
        Ok(())
    }
}

fn address(call: &Call) -> &str {
    call.path.get(1).map_or("", String::as_str)
}
