//! What the function promises, checked after every call.

use serde_json::Value;
use xcluster::wire::proto::v1::{RunFunctionRequest, RunFunctionResponse, Severity};

use crate::Error;

/// No Fatal result, and everything that is observed is desired: no spec changes here, so nothing may go.
pub(crate) fn answer(
    request: &RunFunctionRequest,
    response: &RunFunctionResponse,
) -> Result<(), Error> {
    let fatal = |severity: i32| severity == i32::from(Severity::Fatal);
    if let Some(result) = response.results.iter().find(|it| fatal(it.severity)) {
        return Err(Error::Promise(format!("it refuses: {}", result.message)));
    }
    let desired = response.desired.as_ref().map(|state| &state.resources);
    let kept = |key: &&String| desired.is_some_and(|desired| desired.contains_key(*key));
    let observed = request.observed.iter();
    let mut observed = observed.flat_map(|state| state.resources.keys());
    match observed.find(|key| !kept(key)) {
        None => Ok(()),
        Some(key) => Err(Error::Promise(format!("{key} exists and is not desired"))),
    }
}

/// Every field that was desired once is desired again. Lists are one value each, as they are for server-side
/// apply.
pub(crate) fn fields(key: &str, before: &Value, after: &Value) -> Result<(), Error> {
    match lost(before, after) {
        None => Ok(()),
        Some(path) => Err(Error::Promise(format!("{key} lost the field {path}"))),
    }
}

fn lost(before: &Value, after: &Value) -> Option<String> {
    let before = before.as_object()?;
    before.iter().find_map(|(field, value)| {
        let Some(now) = after.get(field) else {
            return Some(field.clone());
        };
        lost(value, now).map(|path| format!("{field}.{path}"))
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use xcluster::wire::proto::v1::{Resource, Result as Event, State};

    use super::*;

    fn state(keys: &[&str]) -> State {
        let named = keys
            .iter()
            .map(|key| ((*key).to_owned(), Resource::default()));
        State {
            resources: named.collect(),
            ..State::default()
        }
    }

    fn request(keys: &[&str]) -> RunFunctionRequest {
        RunFunctionRequest {
            observed: Some(state(keys)),
            ..RunFunctionRequest::default()
        }
    }

    fn response(keys: &[&str]) -> RunFunctionResponse {
        RunFunctionResponse {
            desired: Some(state(keys)),
            ..RunFunctionResponse::default()
        }
    }

    #[test]
    fn an_answer_may_add_and_not_drop() {
        let observed = request(&["vpc"]);
        assert!(answer(&observed, &response(&["subnet", "vpc"])).is_ok());
        let error = answer(&observed, &response(&["subnet"])).unwrap_err();
        assert!(error.to_string().contains("vpc exists"), "{error}");
        assert!(answer(&observed, &RunFunctionResponse::default()).is_err());
    }

    #[test]
    fn a_refusal_is_no_answer() {
        let mut response = response(&[]);
        response.results.push(Event {
            severity: Severity::Fatal.into(),
            ..Event::default()
        });
        assert!(answer(&request(&[]), &response).is_err());
    }

    #[test]
    fn a_field_may_change_and_not_go() {
        let before = json!({"spec": {"a": 1, "list": [1, 2]}});
        let after = json!({"spec": {"a": 2, "list": [1], "b": 3}});
        assert!(fields("vpc", &before, &after).is_ok());
        let error = fields("vpc", &after, &before).unwrap_err();
        assert!(
            error.to_string().ends_with("lost the field spec.b"),
            "{error}"
        );
    }
}
