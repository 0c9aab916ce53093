//! Cloud KMS: key rings and keys, which cannot be deleted
//! (<https://cloud.google.com/kms/docs/reference/rest/v1/projects.locations.keyRings>).

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{iam::Iam, policy::Policy, refusal::Refusal};
use crate::discovery::Call;

/// Everything by its name.
#[derive(Default)]
pub(super) struct Kms {
    things: BTreeMap<String, Value>,
    policies: BTreeMap<String, Policy>,
}

impl Kms {
    pub(super) fn answer(&mut self, call: &Call, iam: &Iam) -> Result<Value, Refusal> {
        let name = name(&call.path);
        match call.method.as_str() {
            "cloudkms.projects.locations.keyRings.create" => {
                let id = call.query.get("keyRingId").cloned().unwrap_or_default();
                self.insert(format!("{name}/keyRings/{id}"), json!({}))
            }
            "cloudkms.projects.locations.keyRings.cryptoKeys.create" => {
                self.get(&name)?;
                let id = call.query.get("cryptoKeyId").cloned().unwrap_or_default();
                let name = format!("{name}/cryptoKeys/{id}");
                let mut key = call.body.clone();
                super::fill(
                    &mut key,
                    json!({
                        "destroyScheduledDuration": "2592000s",
                        "versionTemplate": {
                            "protectionLevel": "SOFTWARE",
                            "algorithm": "GOOGLE_SYMMETRIC_ENCRYPTION",
                        },
                        "primary": {
                            "name": format!("{name}/cryptoKeyVersions/1"),
                            "state": "ENABLED",
                            "protectionLevel": "SOFTWARE",
                            "algorithm": "GOOGLE_SYMMETRIC_ENCRYPTION",
                        },
                    }),
                );
                self.insert(name, key)
            }
            "cloudkms.projects.locations.keyRings.get"
            | "cloudkms.projects.locations.keyRings.cryptoKeys.get" => self.get(&name).cloned(),
            "cloudkms.projects.locations.keyRings.cryptoKeys.patch" => {
                let mut key = self.get(&name)?.clone();
                let mask = call.query.get("updateMask").cloned().unwrap_or_default();
                for field in mask.replace("%2C", ",").split(',') {
                    key[field] = call.body[field].clone();
                }
                self.things.insert(name, key.clone());
                Ok(key)
            }
            "cloudkms.projects.locations.keyRings.cryptoKeys.getIamPolicy" => {
                self.get(&name)?;
                Ok(self.policies.entry(name).or_default().get())
            }
            "cloudkms.projects.locations.keyRings.cryptoKeys.setIamPolicy" => {
                self.get(&name)?;
                let policy = self.policies.entry(name).or_default();
                policy.set(&call.body["policy"], iam)
            }
            method => Err(Refusal::unimplemented(method)),
        }
    }

    fn insert(&mut self, name: String, mut thing: Value) -> Result<Value, Refusal> {
        if self.things.contains_key(&name) {
            return Err(Refusal::exists(&name));
        }
        thing["name"] = name.as_str().into();
        thing["createTime"] = "2026-01-01T00:00:00Z".into();
        self.things.insert(name, thing.clone());
        Ok(thing)
    }

    fn get(&self, name: &str) -> Result<&Value, Refusal> {
        let missing = || Refusal::not_found(&format!("{name} not found."));
        self.things.get(name).ok_or_else(missing)
    }
}

/// The name of what a path is about.
fn name(path: &[String]) -> String {
    let parts = ["projects", "locations", "keyRings", "cryptoKeys"];
    let named = parts.iter().zip(path);
    let named: Vec<_> = named.map(|(part, name)| format!("{part}/{name}")).collect();
    named.join("/")
}
