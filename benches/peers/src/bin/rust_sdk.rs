//! The least that a function written with function-sdk-rust does for the same answer.
//!
//! It holds the composed objects ready-made. A call copies them, patches one field from the XR into
//! each, and says that those are ready whose Ready condition is true. It plans, checks and reports
//! nothing, so it does less than the function that it is compared with.

use std::{collections::BTreeMap, fs, path::PathBuf};

use clap::Parser;
use function_sdk_rust::{
    Args, logging,
    proto::v1::{
        Ready, RunFunctionRequest, RunFunctionResponse, State,
        function_runner_service_server::FunctionRunnerService,
    },
    request,
    resource::{self, get_condition},
    response, serve,
};
use pbjson_types::{Struct, Value, value::Kind};
use prost::Message;
use tonic::{Request, Response, Status, async_trait};

#[derive(Parser)]
struct Cli {
    #[command(flatten)]
    server: Args,
    /// The composed objects: an encoded State.
    objects: PathBuf,
}

struct Function {
    objects: BTreeMap<String, Struct>,
}

#[async_trait]
impl FunctionRunnerService for Function {
    async fn run_function(
        &self,
        request: Request<RunFunctionRequest>,
    ) -> Result<Response<RunFunctionResponse>, Status> {
        let req = request.into_inner();
        let xr = request::observed_composite(&req).and_then(|xr| xr.resource.as_ref());
        let environment = xr
            .and_then(|xr| field(xr, "spec"))
            .and_then(|spec| spec.fields.get("environment"))
            .ok_or_else(|| Status::invalid_argument("spec.environment is missing"))?;
        let mut rsp = response::to(&req, response::DEFAULT_TTL);
        for (key, object) in &self.objects {
            let desired = response::desired_composed(&mut rsp, key);
            let mut object = object.clone();
            label(&mut object, environment);
            desired.resource = Some(object);
            let observed = request::observed_composed(&req, key);
            if get_condition(observed, "Ready").status == "True" {
                resource::set_ready(desired, Ready::True);
            }
        }
        Ok(Response::new(rsp))
    }
}

/// The object in a field.
fn field<'a>(object: &'a Struct, key: &str) -> Option<&'a Struct> {
    match object.fields.get(key)?.kind.as_ref()? {
        Kind::StructValue(inner) => Some(inner),
        _ => None,
    }
}

/// The object in a field, made if it is missing.
fn field_mut<'a>(object: &'a mut Struct, key: &str) -> Option<&'a mut Struct> {
    let value = object.fields.entry(key.to_owned()).or_default();
    let kind = value
        .kind
        .get_or_insert_with(|| Kind::StructValue(Struct::default()));
    match kind {
        Kind::StructValue(inner) => Some(inner),
        _ => None,
    }
}

fn label(object: &mut Struct, environment: &Value) {
    let labels = field_mut(object, "metadata").and_then(|metadata| field_mut(metadata, "labels"));
    if let Some(labels) = labels {
        let patched = peers::PATCHED.to_owned();
        labels.fields.insert(patched, environment.clone());
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let cli = Cli::parse();
    logging::configure(cli.server.debug);
    let state = State::decode(&fs::read(&cli.objects)?[..])?;
    let objects = state.resources.into_iter();
    let objects = objects
        .filter_map(|(key, resource)| Some((key, resource.resource?)))
        .collect();
    serve(Function { objects }, &cli.server).await?;
    Ok(())
}
