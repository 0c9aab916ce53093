//! The function itself, pure: request in, response out.

use crate::proto::v1::{ResponseMeta, RunFunctionRequest, RunFunctionResponse};

/// Answers one request.
pub fn compose(req: RunFunctionRequest) -> RunFunctionResponse {
    RunFunctionResponse {
        meta: Some(ResponseMeta {
            tag: req.meta.unwrap_or_default().tag,
            ttl: None,
        }),
        desired: req.desired,
        context: req.context,
        ..RunFunctionResponse::default()
    }
}
