//! Service Usage: which APIs a project has enabled
//! (<https://cloud.google.com/service-usage/docs/reference/rest/v1/services>).

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{NUMBER, iam::Iam, refusal::Refusal};
use crate::discovery::Call;

/// What a new project has, beside what bootstrap enables for the platform (docs/platform.md).
const AT_FIRST: [&str; 3] = ["cloudresourcemanager", "cloudbilling", "serviceusage"];

/// The enabled services of the one project.
pub(super) struct Services(BTreeSet<String>);

impl Default for Services {
    fn default() -> Self {
        let names = AT_FIRST.iter().map(|name| format!("{name}.googleapis.com"));
        Self(names.collect())
    }
}

impl Services {
    /// A call of an API that is not enabled is refused:
    /// <https://cloud.google.com/service-usage/docs/enabled-service>.
    pub(super) fn check(&self, method: &str, _: &[String]) -> Result<(), Refusal> {
        let api = method.split('.').next().unwrap_or_default();
        if self.0.contains(&format!("{api}.googleapis.com")) {
            return Ok(());
        }
        let message = format!(
            "{api}.googleapis.com has not been used in project {NUMBER} before or it is disabled."
        );
        Err(Refusal::new(403, "PERMISSION_DENIED", &message))
    }

    pub(super) fn answer(&mut self, call: &Call, iam: &mut Iam) -> Result<Value, Refusal> {
        let name = |service: &str| format!("projects/{NUMBER}/services/{service}");
        let state = |service: &str, enabled: bool| {
            json!({
                "name": name(service),
                "parent": format!("projects/{NUMBER}"),
                "config": {"name": service},
                "state": if enabled { "ENABLED" } else { "DISABLED" },
            })
        };
        match call.method.as_str() {
            "serviceusage.services.list" => {
                let enabled: Vec<_> = self.0.iter().map(|it| state(it, true)).collect();
                Ok(json!({"services": enabled}))
            }
            "serviceusage.services.get" => {
                let service = call.path.last().map_or("", String::as_str);
                Ok(state(service, self.0.contains(service)))
            }
            "serviceusage.services.enable" => {
                let service = call.path.last().cloned().unwrap_or_default();
                self.enable(&service, iam);
                Ok(done())
            }
            "serviceusage.services.batchEnable" => {
                let services = call.body["serviceIds"].as_array();
                for service in services.into_iter().flatten().filter_map(Value::as_str) {
                    self.enable(service, iam);
                }
                Ok(done())
            }
            method => Err(Refusal::unimplemented(method)),
        }
    }

    fn enable(&mut self, service: &str, iam: &mut Iam) {
        self.0.insert(service.to_owned());
        iam.add_agent(service);
    }
}

fn done() -> Value {
    json!({"name": "operations/noop.DONE_OPERATION", "done": true, "response": {}})
}
