//! Falsified observations of a step, and what the answer must keep.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use xcluster::{
    compose::compose,
    wire::proto::v1::{Resource, RunFunctionRequest, RunFunctionResponse},
};

use crate::support::simulator::{Fault, Step, fatal, on_wire};

type Resources = BTreeMap<String, Resource>;

/// One step of a life, and every way to falsify what it observes.
pub(super) struct Flaps<'a> {
    /// What was desired the step before.
    before: &'a Resources,
    /// What is desired when nothing is falsified.
    honest: &'a RunFunctionResponse,
    request: &'a RunFunctionRequest,
    /// What is known of the cluster, in the composite and in the honest answer.
    known: [Value; 2],
    /// The keys of what is observed otherwise than the step before.
    changed: BTreeSet<String>,
    /// The falsified objects by key.
    falsified: Vec<(String, Fault, Resource)>,
}

impl<'a> Flaps<'a> {
    /// The steps of a life at which something else was observed than before.
    pub(super) fn of(steps: &'a [Step]) -> impl Iterator<Item = Self> {
        let pairs = steps.iter().zip(&steps[1..]);
        let pairs = pairs.filter(|(last, step)| last.request != step.request);
        pairs.map(|(last, step)| Self {
            before: resources(&last.response),
            honest: &step.response,
            request: &step.request,
            known: [remembered(&step.request), status(&step.response)],
            changed: changed(&last.request, &step.request),
            falsified: falsified(&step.request),
        })
    }

    /// Every fault of every resource by itself; of a resource that is observed as it was the step
    /// before, the one that says least.
    pub(super) fn single(&self, title: &str) {
        for one in &self.falsified {
            let (key, fault, _) = one;
            if *fault == Fault::NoStatus || self.changed.contains(key) {
                self.check(title, &[one]);
            }
        }
    }

    /// A combination of faults, the same for the same number.
    pub(super) fn combined(&self, title: &str, number: u64) {
        let mut random = Random(number);
        let share = 1 + random.below(4);
        let mut chosen: BTreeMap<&String, _> = BTreeMap::new();
        for one in &self.falsified {
            if random.below(5) < share {
                chosen.insert(&one.0, one);
            }
        }
        let chosen: Vec<_> = chosen.into_values().collect();
        self.check(&format!("{title}, combination {number}"), &chosen);
    }

    fn check(&self, title: &str, faults: &[&(String, Fault, Resource)]) {
        let mut request = self.request.clone();
        let observed = request.observed.as_mut().unwrap();
        for (key, _, resource) in faults {
            observed.resources.insert(key.clone(), resource.clone());
        }
        let answer = compose(request);
        let title = || {
            let names = faults
                .iter()
                .map(|(key, fault, _)| format!("{key} {fault:?}"));
            format!("{title} with {}", names.collect::<Vec<_>>().join(", "))
        };
        assert_eq!(fatal(&answer), None, "{}", title());
        let (now, honest) = (resources(&answer), resources(self.honest));
        for (key, kept) in honest {
            let Some(before) = self.before.get(key) else {
                continue;
            };
            let Some(found) = now.get(key) else {
                panic!("{}: {key} would be deleted", title());
            };
            if found.resource != kept.resource {
                let problem = lost(&json(before), &json(kept), &json(found), "");
                assert_eq!(problem, None, "{}: in {key}", title());
            }
        }
        self.check_status(&answer, &title);
    }

    /// What is known of a cluster stays known.
    fn check_status(&self, answer: &RunFunctionResponse, title: &dyn Fn() -> String) {
        let [before, honest] = &self.known;
        let found = status(answer);
        for path in [
            "/endpoint",
            "/certificateAuthority",
            "/clusterId",
            "/oidcIssuer",
            "/workloadPool",
            "/network",
            "/kubernetesVersion/controlPlane",
        ] {
            let before = before.pointer(path);
            if before.is_some() && before == honest.pointer(path) {
                assert_eq!(found.pointer(path), before, "{}: status{path}", title());
            }
        }
    }
}

/// A field that was sent before, would be sent again, and is not, or has a third value.
fn lost(before: &Value, honest: &Value, found: &Value, path: &str) -> Option<String> {
    match (before, honest) {
        (Value::Object(fields), Value::Object(_)) => fields.iter().find_map(|(field, before)| {
            let path = format!("{path}/{field}");
            let honest = honest.get(field)?;
            match found.get(field) {
                Some(found) => lost(before, honest, found, &path),
                None => Some(format!("{path} is gone")),
            }
        }),
        _ if found == before || found == honest => None,
        _ => Some(format!(
            "{path} is {found}; it was {before}, and would be {honest}"
        )),
    }
}

fn changed(last: &RunFunctionRequest, request: &RunFunctionRequest) -> BTreeSet<String> {
    let [last, now] = [last, request].map(|r| &r.observed.as_ref().unwrap().resources);
    let keys = now.keys().filter(|key| last.get(*key) != now.get(*key));
    keys.cloned().collect()
}

fn falsified(request: &RunFunctionRequest) -> Vec<(String, Fault, Resource)> {
    let observed = &request.observed.as_ref().unwrap().resources;
    let mut all = Vec::new();
    for (key, resource) in observed {
        let object = json(resource);
        let mut seen = vec![object.clone()];
        for fault in Fault::OBSERVED {
            let mut object = object.clone();
            fault.hit(&mut object);
            if !seen.contains(&object) {
                all.push((key.clone(), fault, on_wire(&object)));
                seen.push(object);
            }
        }
    }
    all
}

fn resources(response: &RunFunctionResponse) -> &Resources {
    &response.desired.as_ref().unwrap().resources
}

fn status(response: &RunFunctionResponse) -> Value {
    let composite = response.desired.as_ref().unwrap().composite.as_ref();
    json(composite.unwrap())["status"].take()
}

fn remembered(request: &RunFunctionRequest) -> Value {
    let composite = request.observed.as_ref().unwrap().composite.as_ref();
    json(composite.unwrap())["status"].take()
}

fn json(resource: &Resource) -> Value {
    serde_json::to_value(&resource.resource).unwrap()
}

/// Small numbers that look random and are the same in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, end: u64) -> u64 {
        // SplitMix64.
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % end
    }
}
