//! What holds of every answer, whatever was asked.

use std::time::Duration;

use prost::Message;
use serde_json::Value;
use test_support::text::hidden;
use xcluster::{
    compose::compose,
    server::response_size::{self, MAX_RESPONSE_BYTES},
    wire::proto::v1::{RunFunctionRequest, RunFunctionResponse},
};

use crate::{
    conformance::names::{is_label, is_subdomain, is_word},
    fixture::fatal,
    support::computed,
};

/// The longest message of a result or a condition, in bytes. Kubernetes takes 32 KiB for a condition's
/// and cuts an event's at 1 KiB.
const MESSAGE: usize = 8000;

/// Far longer than any call computes without optimization, and far shorter than a loop whose length somebody
/// else chooses.
const LONGEST: Duration = Duration::from_secs(5);

/// What became of an input.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Verdict {
    /// gRPC answers that the message does not decode.
    Undecodable,
    /// A Fatal result.
    Refused,
    /// A desired state.
    Accepted,
}

/// Calls the function with what arrived, and checks the answer.
pub(super) fn check_bytes(bytes: &[u8]) -> Verdict {
    match RunFunctionRequest::decode(bytes) {
        Ok(request) => check(&request),
        Err(_) => Verdict::Undecodable,
    }
}

/// Calls the function and checks the answer.
pub(super) fn check(request: &RunFunctionRequest) -> Verdict {
    let before = computed();
    let rsp = compose(request.clone());
    let took = computed().saturating_sub(before);
    assert!(took < LONGEST, "took {took:?}");
    check_passed_on(request, &rsp);
    check_messages(&rsp);
    let verdict = if fatal(&rsp).is_some() {
        assert_eq!(rsp.desired, request.desired, "a refusal changed something");
        assert_eq!((rsp.results.len(), rsp.conditions.len()), (1, 1));
        Verdict::Refused
    } else {
        check_objects(request, &rsp);
        Verdict::Accepted
    };
    let sent = response_size::enforce(rsp).encode_to_vec();
    assert!(sent.len() <= MAX_RESPONSE_BYTES);
    RunFunctionResponse::decode(sent.as_slice()).expect("the answer can be read");
    verdict
}

/// The tag, the context, and what other steps desire.
fn check_passed_on(request: &RunFunctionRequest, rsp: &RunFunctionResponse) {
    let tag = request.meta.as_ref().map_or("", |meta| &meta.tag);
    assert_eq!(rsp.meta.as_ref().unwrap().tag, tag);
    assert_eq!(rsp.context, request.context);
    let before = request.desired.iter().flat_map(|state| &state.resources);
    let after = rsp.desired.as_ref().map(|state| &state.resources);
    for (key, theirs) in before.filter(|(key, _)| *key == "theirs") {
        assert_eq!(after.and_then(|all| all.get(key)), Some(theirs));
    }
}

/// Messages go to events, terminals and conditions.
fn check_messages(rsp: &RunFunctionResponse) {
    let results = rsp.results.iter().map(|result| &result.message);
    let conditions = rsp.conditions.iter().filter_map(|it| it.message.as_ref());
    for message in results.chain(conditions) {
        assert!(message.len() < MESSAGE, "{} bytes", message.len());
        assert_eq!(hidden(message), None, "{message}");
    }
}

/// Objects that the function made. One that was observed may be sent as it was.
fn check_objects(request: &RunFunctionRequest, rsp: &RunFunctionResponse) {
    let observed = request.observed.as_ref().map(|state| &state.resources);
    let desired = rsp.desired.iter().flat_map(|state| &state.resources);
    for (key, made) in desired {
        if key == "theirs" || observed.is_some_and(|all| all.contains_key(key)) {
            continue;
        }
        let earlier = request
            .desired
            .as_ref()
            .and_then(|it| it.resources.get(key));
        if earlier != Some(made) {
            let object = serde_json::to_value(made.resource.as_ref().unwrap()).unwrap();
            let problems = metadata_problems(&object);
            assert_eq!(problems, [""; 0], "{key}: {object:#}");
        }
    }
}

/// What the API server would say about an object's metadata.
pub(super) fn metadata_problems(object: &Value) -> Vec<String> {
    let metadata = &object["metadata"];
    let mut found = Vec::new();
    let mut demand = |holds: bool, what: String| {
        if !holds {
            found.push(what);
        }
    };
    for field in ["apiVersion", "kind"] {
        let text = object[field].as_str().unwrap_or_default();
        demand(!text.is_empty(), format!("{field} is empty"));
    }
    let name = metadata["name"].as_str().unwrap_or_default();
    demand(is_subdomain(name), format!("name {name:?}"));
    if let Some(namespace) = metadata.get("namespace") {
        let namespace = namespace.as_str().unwrap_or_default();
        demand(is_label(namespace, 63), format!("namespace {namespace:?}"));
    }
    for kind in ["labels", "annotations"] {
        for (key, value) in metadata[kind].as_object().into_iter().flatten() {
            demand(is_qualified(key), format!("{kind} key {key:?}"));
            let value = value.as_str();
            demand(value.is_some(), format!("{kind} {key} is no string"));
            let sound = kind == "annotations" || value.is_some_and(is_label_value);
            demand(sound, format!("label {key}: {value:?}"));
        }
    }
    found
}

/// `[prefix/]name` as in `k8s.io/apimachinery/pkg/util/validation`.
fn is_qualified(key: &str) -> bool {
    let (prefix, name) = key.split_once('/').unwrap_or(("example.com", key));
    is_subdomain(prefix) && !name.is_empty() && is_label_value(name)
}

fn is_label_value(text: &str) -> bool {
    let ends = |c: Option<char>| c.is_none_or(|c| c.is_ascii_alphanumeric());
    text.is_empty()
        || is_word(text, 63, b"-_.") && ends(text.chars().next()) && ends(text.chars().last())
}
