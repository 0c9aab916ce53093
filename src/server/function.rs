//! The gRPC service around [`compose`](crate::compose::compose).
//!
//! A call never fails because of what a user wrote: such mistakes are Fatal results, which Crossplane
//! reports on the composite resource with their full text. Requests carry Secrets, so nothing of
//! their content is logged but the identity of the composite resource.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
    time::Instant,
};

use tonic::{Request, Response, Status, async_trait};

use super::{
    call_line::{Line, is_fatal},
    metrics::{Metrics, Outcome},
    response_size,
};
use crate::{
    compose::unchanged,
    wire::proto::{
        v1::{
            Result as FunctionResult, RunFunctionRequest, RunFunctionResponse, Severity,
            function_runner_service_server::FunctionRunnerService,
        },
        v1beta1::function_runner_service_server::FunctionRunnerService as BetaFunctionRunnerService,
    },
};

/// A function: one request in, one response out, nothing else read or written.
pub type Compose = fn(RunFunctionRequest) -> RunFunctionResponse;

/// The function as a gRPC service, for both API versions.
#[derive(Clone, Debug)]
pub struct Function {
    compose: Compose,
    metrics: Arc<Metrics>,
}

impl Function {
    /// Serves `compose` and counts its results.
    pub fn new(compose: Compose, metrics: Arc<Metrics>) -> Self {
        Self { compose, metrics }
    }

    /// Answers on the calling task: a call is about a millisecond of computing, less than it costs
    /// to hand it to another thread and back.
    fn run(&self, req: RunFunctionRequest) -> RunFunctionResponse {
        let start = Instant::now();
        let line = Line::of(&req);
        let unchanged = pass_through(&req);
        let answered = catch_unwind(AssertUnwindSafe(|| (self.compose)(req)));
        let panicked = answered.is_err();
        let rsp = response_size::enforce(answered.unwrap_or_else(|_| fatal_bug(unchanged)));
        let outcome = if panicked {
            Outcome::Panicked
        } else if rsp.results.iter().any(is_fatal) {
            Outcome::Refused
        } else {
            Outcome::Ok
        };
        self.metrics.count_call(outcome);
        self.metrics.count_results(&rsp);
        self.metrics.count_version(&rsp);
        line.write(outcome, &rsp, start.elapsed());
        rsp
    }
}

#[async_trait]
impl FunctionRunnerService for Function {
    async fn run_function(
        &self,
        request: Request<RunFunctionRequest>,
    ) -> Result<Response<RunFunctionResponse>, Status> {
        Ok(Response::new(self.run(request.into_inner())))
    }
}

#[async_trait]
impl BetaFunctionRunnerService for Function {
    async fn run_function(
        &self,
        request: Request<RunFunctionRequest>,
    ) -> Result<Response<RunFunctionResponse>, Status> {
        Ok(Response::new(self.run(request.into_inner())))
    }
}

/// What a function answers that has no opinion.
fn pass_through(req: &RunFunctionRequest) -> RunFunctionResponse {
    let tag = req.meta.as_ref().map(|meta| meta.tag.clone());
    unchanged(
        tag.unwrap_or_default(),
        req.desired.clone(),
        req.context.clone(),
    )
}

/// Turns a panic into a result. The panic's own message may quote the request; the log has its place
/// in the code (see [`telemetry`](crate::server::telemetry)).
fn fatal_bug(unchanged: RunFunctionResponse) -> RunFunctionResponse {
    let message = format!(
        "internal error in function-xcluster {}: this is a bug, nothing was changed; please report \
         it at {}/issues with the function's log of this call",
        env!("CARGO_PKG_VERSION"),
        env!("CARGO_PKG_REPOSITORY"),
    );
    let fatal = FunctionResult {
        severity: Severity::Fatal.into(),
        message,
        ..FunctionResult::default()
    };
    RunFunctionResponse {
        results: vec![fatal],
        ..unchanged
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;
    use crate::wire::{
        proto::v1::{RequestMeta, Resource, State},
        structpb::Struct,
    };

    fn request() -> RunFunctionRequest {
        let resource = Resource {
            connection_details: [("key".to_owned(), Bytes::from_static(b"value"))].into(),
            ..Resource::default()
        };
        RunFunctionRequest {
            meta: Some(RequestMeta {
                tag: "tag".to_owned(),
                ..RequestMeta::default()
            }),
            desired: Some(State {
                resources: [("other".to_owned(), resource)].into(),
                ..State::default()
            }),
            context: Some(Struct::default()),
            ..RunFunctionRequest::default()
        }
    }

    fn run(compose: Compose) -> (RunFunctionResponse, Arc<Metrics>) {
        let metrics = Arc::new(Metrics::default());
        let rsp = Function::new(compose, Arc::clone(&metrics)).run(request());
        (rsp, metrics)
    }

    #[test]
    fn a_panic_is_one_fatal_result_and_changes_nothing() -> Result<(), std::fmt::Error> {
        let (rsp, metrics) = run(|req| panic!("secret {:?}", req.desired));
        assert_eq!(rsp.results.len(), 1);
        let result = &rsp.results[0];
        assert_eq!(result.severity(), Severity::Fatal);
        assert!(
            result.message.contains("this is a bug"),
            "{}",
            result.message
        );
        assert!(!result.message.contains("secret"), "{}", result.message);
        assert_eq!(rsp.meta.as_ref().map(|meta| meta.tag.as_str()), Some("tag"));
        assert_eq!(rsp.desired, request().desired);
        assert_eq!(rsp.context, request().context);
        let text = metrics.render()?;
        assert!(
            text.contains(r#"xcluster_results_total{severity="fatal"} 1"#),
            "{text}"
        );
        assert!(
            text.contains(r#"xcluster_calls_total{outcome="panicked"} 1"#),
            "{text}"
        );
        Ok(())
    }

    #[test]
    fn what_compose_returns_is_what_is_answered() {
        let (rsp, _) = run(|req| pass_through(&req));
        assert_eq!(rsp, pass_through(&request()));
    }

    #[test]
    fn a_response_that_crossplane_cannot_receive_is_fatal() {
        let (rsp, _) = run(|req| {
            let mut rsp = pass_through(&req);
            for resource in rsp
                .desired
                .iter_mut()
                .flat_map(|s| s.resources.values_mut())
            {
                let large = Bytes::from(vec![0; response_size::MAX_RESPONSE_BYTES]);
                resource
                    .connection_details
                    .insert("large".to_owned(), large);
            }
            rsp
        });
        assert!(
            rsp.results[0].message.contains("\"other\""),
            "{:?}",
            rsp.results
        );
        assert_eq!(rsp.desired, None);
    }
}
