//! From a request to its answer.

use super::{
    conditions::VALID,
    read::{Cluster, read},
    response,
    write::write,
};
use crate::{
    api::{
        account::account,
        composite::Composite,
        names::{IN_CLUSTER, Names},
        spec::Spec,
        violation::{Violation, Violations, summary},
    },
    cloud::{registry::Clouds, unchanged},
    plan::{context::Cx, object::Builder, observed::Observed, tags::Tags, traffic::Traffic},
    registration,
    traffic::{self, siblings},
    wire::{
        proto::{
            condition,
            v1::{RequestMeta, Resource, Resources, RunFunctionRequest, RunFunctionResponse},
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
    let siblings = siblings::NAME;
    let request = Request {
        clouds,
        composite: &composite,
        input: req.input.as_ref(),
        meta: &meta,
        siblings: req
            .required_resources
            .get(siblings)
            .or_else(|| req.extra_resources.get(siblings)),
        observed: Observed::new(&observed.resources),
    };
    if let Err(violations) = request.answer(&mut rsp) {
        let message = summary(violations);
        rsp.conditions = vec![condition(VALID, false, "InvalidCluster", message.as_str())];
        response::fatal(&mut rsp, format!("nothing was changed: {message}"));
    }
    rsp
}

/// The parts of a request that are read.
struct Request<'a> {
    clouds: Clouds,
    composite: &'a Struct,
    input: Option<&'a Struct>,
    meta: &'a RequestMeta,
    siblings: Option<&'a Resources>,
    observed: Observed<'a>,
}

/// The large parts of a composite that this function does not read.
const UNREAD: [[&str; 2]; 7] = [
    ["metadata", "managedFields"],
    ["spec", "resourceRefs"],
    ["status", "conditions"],
    ["status", "cost"],
    ["status", "nodePools"],
    ["status", "parity"],
    ["status", "waitingFor"],
];

impl Request<'_> {
    fn answer(&self, rsp: &mut RunFunctionResponse) -> Result<(), Vec<Violation>> {
        for (path, object) in [("composite", Some(self.composite)), ("input", self.input)] {
            if let Some(Err(error)) = object.map(|object| object.check_without(&UNREAD)) {
                let fix = "check what wrote it";
                return Err(vec![Violation::new(path, "", error.to_string(), fix)]);
            }
        }
        let composite = Composite::read(self.composite).map_err(|violation| vec![violation])?;
        let cluster = read(self.clouds, self.composite, self.input, self.observed)?;
        let (spec, input) = (&cluster.spec, &cluster.input);
        let names = Names::new(
            &composite,
            spec.cloud_name.as_deref(),
            spec.argocd.name.as_deref(),
        );
        check_name(&names, spec)?;
        let build = Builder::new(
            &composite,
            &names,
            &spec.provider_config_ref,
            &input.resource_namespace,
        );
        let traffic = self.traffic(&composite, &cluster, rsp)?;
        let tags = Tags::new(spec, &names).map_err(|error| vec![unencodable(&error)])?;
        let cx = Cx {
            spec,
            input,
            composite: &composite,
            observed_composite: self.composite,
            names: &names,
            account: account(spec, input),
            traffic: &traffic,
            observed: self.observed,
            build: &build,
            tags,
        };
        self.check_unchanged(&cluster, &cx)?;
        write(self.clouds, cluster.cloud, &cx, rsp).map_err(|error| vec![unencodable(&error)])
    }

    /// Checks that what cannot change has stayed what it was.
    fn check_unchanged(&self, cluster: &Cluster, cx: &Cx<'_>) -> Result<(), Vec<Violation>> {
        let violations = Violations::default();
        unchanged::check_kinds(cx, &violations);
        if violations.is_empty() {
            cluster.cloud.unchanged(cx, &violations);
            for cloud in self.clouds.iter() {
                cloud.records_unchanged(cx, &violations);
            }
            registration::unchanged(cx, &violations);
        }
        violations.into_result()
    }

    /// Decides what of the service's traffic the cluster gets, and asks who else serves if that matters.
    fn traffic(
        &self,
        composite: &Composite,
        cluster: &Cluster,
        rsp: &mut RunFunctionResponse,
    ) -> Result<Traffic, Vec<Violation>> {
        let (spec, input) = (&cluster.spec, &cluster.input);
        let siblings = match &input.traffic {
            Some(service) if spec.traffic.leaves_it_to_others() => {
                rsp.requirements = Some(siblings::question(composite, self.meta));
                Some(siblings::answer(self.siblings, composite, service))
            }
            _ => None,
        };
        let asked = traffic::Asked {
            spec,
            input,
            observed: self.observed,
            composite: self.composite,
            siblings,
        };
        traffic::decide(&asked).map_err(|violation| vec![violation])
    }
}

/// An author cannot take the name of Argo CD's own cluster.
fn check_name(names: &Names, spec: &Spec) -> Result<(), Vec<Violation>> {
    if names.argocd != IN_CLUSTER {
        return Ok(());
    }
    let (path, fix) = match spec.argocd.name {
        Some(_) => ("spec.argocd.name", "remove it"),
        None => ("metadata.name", "give the cluster another name"),
    };
    let problem = "is Argo CD's name for the cluster that it runs on";
    Err(vec![Violation::quoting(path, IN_CLUSTER, problem, fix)])
}

fn unencodable(error: &EncodeError) -> Violation {
    let fix = "report it at https://github.com/function-xcluster/function-xcluster/issues";
    let problem = format!("cannot be encoded: {error}");
    Violation::new("desired", "", problem, fix)
}

/// An observed or desired resource, for programs that build requests.
pub fn resource(object: Struct) -> Resource {
    Resource {
        resource: Some(object),
        ..Resource::default()
    }
}
