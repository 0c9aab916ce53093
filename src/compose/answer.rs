//! From a request to its answer.

use super::{conditions::VALID, read::read, request::Request, response, write::write};
use crate::{
    api::violation::{Violation, summary},
    cloud::registry::Clouds,
    plan::{context::Cx, object::Builder, observed::Observed, tags::Tags},
    traffic::Answers,
    wire::{
        proto::{
            condition,
            v1::{Resource, RunFunctionRequest, RunFunctionResponse},
        },
        structpb::{EncodeError, Struct},
    },
};

/// Answers one request. A user's mistake becomes a Fatal result that says how to fix it, and
/// leaves everything as it is.
pub fn compose(req: RunFunctionRequest) -> RunFunctionResponse {
    compose_on(Clouds::ALL, req)
}

/// The same for clusters on these clouds.
pub fn compose_on(clouds: Clouds, req: RunFunctionRequest) -> RunFunctionResponse {
    let meta = req.meta.unwrap_or_default();
    let mut rsp = response::unchanged(meta.tag.clone(), req.desired, req.context);
    let observed = req.observed.unwrap_or_default();
    let composite = observed
        .composite
        .and_then(|composite| composite.resource)
        .unwrap_or_default();
    let request = Request {
        clouds,
        composite: &composite,
        input: req.input.as_ref(),
        meta: &meta,
        answers: Answers {
            required: &req.required_resources,
            extra: &req.extra_resources,
        },
        observed: Observed::new(&observed.resources),
    };
    if let Err(violations) = answer(&request, &mut rsp) {
        let message = summary(violations);
        rsp.conditions = vec![condition(VALID, false, "InvalidCluster", message.as_str())];
        response::fatal(&mut rsp, format!("nothing was changed: {message}"));
    }
    rsp
}

fn answer(request: &Request<'_>, rsp: &mut RunFunctionResponse) -> Result<(), Vec<Violation>> {
    request.check()?;
    let cluster = read(request, &mut rsp.requirements)?;
    let build = Builder::new(
        &cluster.composite,
        &cluster.names,
        &cluster.spec.provider_config_ref,
        &cluster.input.resource_namespace,
    );
    let tags = Tags::new(&cluster.spec, &cluster.names).map_err(unencodable)?;
    let cx = Cx {
        spec: &cluster.spec,
        input: &cluster.input,
        composite: &cluster.composite,
        observed_composite: request.composite,
        names: &cluster.names,
        account: cluster.account.as_deref(),
        traffic: &cluster.traffic,
        observed: request.observed,
        build: &build,
        tags,
    };
    write(request.clouds, cluster.cloud, &cx, rsp).map_err(unencodable)
}

#[allow(clippy::needless_pass_by_value, reason = "it stands behind map_err")]
fn unencodable(error: EncodeError) -> Vec<Violation> {
    let problem = format!("cannot be encoded: {error}");
    vec![Violation::internal("desired", problem)]
}

/// An observed or desired resource, for programs that build requests.
pub fn resource(object: Struct) -> Resource {
    Resource {
        resource: Some(object),
        ..Resource::default()
    }
}
