//! `xcluster render`: one call of the function, printed.

use std::{collections::BTreeMap, path::PathBuf};

use cloudsim::world::call;
use manifests::{ManifestError, ScopeArg};
use serde_json::{Value, json};
use xcluster::{
    compose::{compose, resource},
    wire::{
        proto::v1::{
            Ready, Resource, RunFunctionRequest, RunFunctionResponse, Severity, State, Status,
        },
        structpb::Struct,
    },
};

use super::{cluster, summary};

/// Arguments of `xcluster render`.
#[derive(clap::Args)]
pub(super) struct RenderArgs {
    /// The Cluster or XCluster, as YAML.
    file: PathBuf,
    /// What exists already: a YAML file, or a folder of them. Each object needs the annotation
    /// crossplane.io/composition-resource-name.
    #[arg(short, long)]
    observed: Option<PathBuf>,
    /// The Composition whose step holds the function's Input. Without it, the built-in example is
    /// used (clusters/composition.yaml).
    #[arg(short, long)]
    composition: Option<PathBuf>,
    /// The other clusters of the service, as XClusters with their status: the answer to what the function
    /// asks Crossplane for when this one is drained. YAML files, or folders of them.
    #[arg(short, long, value_name = "FILE")]
    required: Vec<PathBuf>,
    /// Which XRD the file is for. A Cluster in a namespace is a claim by default.
    #[arg(short, long, value_enum)]
    scope: Option<ScopeArg>,
    /// Leave out the summary.
    #[arg(short, long)]
    quiet: bool,
}

/// The annotation that Crossplane puts a resource's key in.
const KEY: &str = "crossplane.io/composition-resource-name";

/// Why there is nothing to print.
#[derive(Debug, thiserror::Error)]
pub(super) enum RenderError {
    #[error(transparent)]
    Manifest(#[from] ManifestError),
    #[error("{0}")]
    Fatal(String),
    #[error("cannot answer what the function asks for: {0}")]
    Required(String),
    #[error("cannot print the result as YAML: {0}")]
    Print(String),
}

/// Calls the function and formats its answer.
pub(super) fn render(args: &RenderArgs) -> Result<String, RenderError> {
    let request = request(args)?;
    let composite = request.observed.clone().and_then(|state| state.composite);
    let others = others(args)?;
    let stored = stored(&request, &others);
    let (_, response) = call(&compose, request, || {
        stored.as_ref().map(|stored| stored.iter().collect())
    })
    .map_err(|error| RenderError::Required(error.to_string()))?;
    let fatal = response
        .results
        .iter()
        .find(|result| result.severity() == Severity::Fatal);
    if let Some(fatal) = fatal {
        return Err(RenderError::Fatal(fatal.message.clone()));
    }
    let mut text = String::new();
    if !args.quiet {
        text.push_str(&summary::summary(&response));
    }
    for document in documents(composite.as_ref(), &response) {
        let yaml = serde_saphyr::to_string(&document);
        text.push_str("---\n");
        text.push_str(&yaml.map_err(|error| RenderError::Print(error.to_string()))?);
        if !text.ends_with('\n') {
            text.push('\n');
        }
    }
    Ok(text)
}

fn request(args: &RenderArgs) -> Result<RunFunctionRequest, ManifestError> {
    let document = cluster::document(&args.file)?;
    let composite = manifests::composite_of(&document, args.scope, &args.file)?;
    let observed = match &args.observed {
        Some(path) => manifests::observed_of(&manifests::load(path)?, path)?,
        None => BTreeMap::new(),
    };
    let input = cluster::input(args.composition.as_deref())?;
    Ok(RunFunctionRequest {
        observed: Some(State {
            composite: Some(resource(composite)),
            resources: observed,
        }),
        input,
        ..RunFunctionRequest::default()
    })
}

/// The other clusters, where somebody names any.
fn others(args: &RenderArgs) -> Result<Vec<Struct>, ManifestError> {
    let mut others = Vec::new();
    for path in &args.required {
        for document in manifests::load(path)? {
            others.push(manifests::composite_of(&document, args.scope, path)?);
        }
    }
    Ok(others)
}

/// What Crossplane would find when it is asked: everything of the cluster, and the others. Nothing where nobody names any.
fn stored(request: &RunFunctionRequest, others: &[Struct]) -> Option<Vec<Value>> {
    if others.is_empty() {
        return None;
    }
    let own = request.observed.iter();
    let own = own.flat_map(|state| state.composite.iter().chain(state.resources.values()));
    let own = own.filter_map(|resource| resource.resource.as_ref());
    let all = own.chain(others);
    Some(all.filter_map(|it| serde_json::to_value(it).ok()).collect())
}

/// The composite with its status and conditions, then the composed resources by key.
fn documents(composite: Option<&Resource>, response: &RunFunctionResponse) -> Vec<Value> {
    let as_json = |resource: Option<&Resource>| {
        let object = resource.and_then(|resource| resource.resource.as_ref());
        serde_json::to_value(object).unwrap_or_default()
    };
    let desired = response.desired.as_ref();
    let wanted = desired.and_then(|state| state.composite.as_ref());
    let mut whole = as_json(composite);
    whole["status"] = as_json(wanted)["status"].take();
    whole["status"]["conditions"] = conditions(response, wanted);
    let mut documents = vec![whole];
    for (key, resource) in desired.into_iter().flat_map(|state| &state.resources) {
        let mut object = as_json(Some(resource));
        object["metadata"]["annotations"][KEY] = key.as_str().into();
        documents.push(object);
    }
    documents
}

/// A condition must have a time, which only a cluster knows. This one is what `crossplane
/// composition render` writes.
const NO_TIME: &str = "2024-01-01T00:00:00Z";

fn word(status: Status) -> &'static str {
    match status {
        Status::ConditionTrue => "True",
        Status::ConditionFalse => "False",
        Status::ConditionUnknown | Status::ConditionUnspecified => "Unknown",
    }
}

/// Conditions as they will stand in the composite.
fn conditions(response: &RunFunctionResponse, composite: Option<&Resource>) -> Value {
    let is_ready = composite.is_some_and(|composite| composite.ready() == Ready::True);
    let status = |holds: bool| if holds { "True" } else { "False" };
    let mut conditions = vec![json!({
        "type": "Ready",
        "status": status(is_ready),
        "reason": if is_ready { "Available" } else { "Creating" },
        "lastTransitionTime": NO_TIME,
    })];
    for condition in &response.conditions {
        let mut object = json!({
            "type": condition.r#type,
            "status": word(condition.status()),
            "reason": condition.reason,
            "lastTransitionTime": NO_TIME,
        });
        if let Some(message) = &condition.message {
            object["message"] = message.as_str().into();
        }
        conditions.push(object);
    }
    conditions.into()
}
