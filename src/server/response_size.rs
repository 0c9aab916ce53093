//! The size of a response, which Crossplane's client limits and no flag can raise.

use prost::Message;

use crate::wire::proto::v1::{Result as FunctionResult, RunFunctionResponse, Severity};

/// The largest response that Crossplane receives, in bytes: grpc-go's default, which Crossplane does
/// not change. A larger one fails the call with a bare `ResourceExhausted`.
pub const MAX_RESPONSE_BYTES: usize = 4 * 1024 * 1024;

/// How many of the largest parts a refusal names.
const NAMED: usize = 3;

/// Passes a response that Crossplane can receive. A larger one becomes a Fatal result that names its
/// size and its largest parts; it carries no desired state, which would be too large again and is
/// not read after a Fatal.
pub fn enforce(rsp: RunFunctionResponse) -> RunFunctionResponse {
    let total = rsp.encoded_len();
    if total <= MAX_RESPONSE_BYTES {
        return rsp;
    }
    let message = format!(
        "cannot return {total} bytes: Crossplane accepts at most {MAX_RESPONSE_BYTES}; largest are \
         {}; make them smaller or fewer, here or in the pipeline steps before this one",
        largest(&rsp)
    );
    let fatal = FunctionResult {
        severity: Severity::Fatal.into(),
        message,
        ..FunctionResult::default()
    };
    RunFunctionResponse {
        meta: rsp.meta,
        results: vec![fatal],
        ..RunFunctionResponse::default()
    }
}

fn largest(rsp: &RunFunctionResponse) -> String {
    let desired = rsp.desired.iter();
    let resources = desired.clone().flat_map(|state| &state.resources);
    let xr = desired.filter_map(|state| state.composite.as_ref());
    let mut parts: Vec<(usize, String)> = resources
        .map(|(key, resource)| (resource.encoded_len(), format!("resource {key:?}")))
        .chain(xr.map(|xr| (xr.encoded_len(), "the XR".to_owned())))
        .chain(
            rsp.context
                .iter()
                .map(|context| (context.encoded_len(), "the context".to_owned())),
        )
        .collect();
    parts.sort_by(|(a, a_name), (b, b_name)| b.cmp(a).then_with(|| a_name.cmp(b_name)));
    parts.truncate(NAMED);
    let named: Vec<String> = parts
        .into_iter()
        .map(|(size, name)| format!("{name} ({size} bytes)"))
        .collect();
    named.join(", ")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use bytes::Bytes;

    use super::*;
    use crate::wire::proto::v1::{Resource, ResponseMeta, State};

    fn response(sizes: &[(&str, usize)]) -> RunFunctionResponse {
        let resource = |size| Resource {
            connection_details: BTreeMap::from([(String::new(), Bytes::from(vec![0; size]))]),
            ..Resource::default()
        };
        RunFunctionResponse {
            meta: Some(ResponseMeta {
                tag: "tag".to_owned(),
                ttl: None,
            }),
            desired: Some(State {
                composite: None,
                resources: sizes
                    .iter()
                    .map(|&(key, size)| (key.to_owned(), resource(size)))
                    .collect(),
            }),
            ..RunFunctionResponse::default()
        }
    }

    /// A response of exactly this many encoded bytes.
    fn of_size(total: usize) -> RunFunctionResponse {
        let overhead =
            response(&[("a", MAX_RESPONSE_BYTES - 100)]).encoded_len() - (MAX_RESPONSE_BYTES - 100);
        let rsp = response(&[("a", total - overhead)]);
        assert_eq!(rsp.encoded_len(), total);
        rsp
    }

    #[test]
    fn the_limit_itself_still_passes() {
        let rsp = of_size(MAX_RESPONSE_BYTES);
        assert_eq!(enforce(rsp.clone()), rsp);
    }

    #[test]
    fn one_byte_more_is_fatal_and_fits() {
        let rsp = enforce(of_size(MAX_RESPONSE_BYTES + 1));
        assert_eq!(rsp.results.len(), 1);
        assert_eq!(rsp.results[0].severity(), Severity::Fatal);
        assert_eq!(rsp.meta.as_ref().map(|meta| meta.tag.as_str()), Some("tag"));
        assert!(rsp.encoded_len() < 1024);
    }

    #[test]
    fn the_largest_parts_are_named_in_order() {
        let mb = 1024 * 1024;
        let rsp = enforce(response(&[
            ("s", 9),
            ("c", mb),
            ("b", 2 * mb),
            ("a", 2 * mb),
        ]));
        let message = &rsp.results[0].message;
        let at = ["\"a\"", "\"b\"", "\"c\""].map(|key| message.find(key));
        assert!(
            at.iter().all(Option::is_some) && at.is_sorted(),
            "{message}"
        );
        assert!(!message.contains("\"s\""), "{message}");
    }
}
