//! The function itself, pure: request in, response out.
//!
//! `request → Composite and Input → Spec → Plan → gate against what exists → response`

use crate::{
    argocd,
    composite::Composite,
    conditions::{self, Versions},
    cost::Report,
    fixed, gate, input,
    input::Input,
    names::{IN_CLUSTER, Names},
    object::Builder,
    observed::Observed,
    overrides,
    plan::Cx,
    proto::v1::{RequestMeta, Resource, Resources, RunFunctionRequest, RunFunctionResponse},
    provider,
    reader::{Choice, Violations},
    regions, response,
    status::{self, Phase},
    structpb::{EncodeError, Struct},
    tags::Tags,
    traffic::{self, Traffic, siblings},
    violation::{Violation, printable, summary},
    xcluster::{self, Spec, Version},
};

/// Answers one request. A user's mistake becomes a Fatal result that says how to fix it, and
/// leaves everything as it is.
pub fn compose(req: RunFunctionRequest) -> RunFunctionResponse {
    let meta = req.meta.unwrap_or_default();
    let mut rsp = response::unchanged(meta.tag.clone(), req.desired, req.context);
    let observed = req.observed.unwrap_or_default();
    let composite = observed
        .composite
        .and_then(|composite| composite.resource)
        .unwrap_or_default();
    let siblings = siblings::NAME;
    let request = Request {
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
        rsp.conditions = vec![conditions::condition(
            conditions::VALID,
            false,
            "InvalidCluster",
            message.as_str(),
        )];
        response::fatal(&mut rsp, format!("nothing was changed: {message}"));
    }
    rsp
}

/// The parts of a request that are read.
struct Request<'a> {
    composite: &'a Struct,
    input: Option<&'a Struct>,
    meta: &'a RequestMeta,
    siblings: Option<&'a Resources>,
    observed: Observed<'a>,
}

/// The large parts of a composite that nobody here reads.
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
        let (spec, input) = self.read()?;
        let names = Names::new(
            &composite,
            spec.cloud_name.as_deref(),
            spec.argocd.name.as_deref(),
        );
        check_name(&names, &spec)?;
        let build = Builder::new(
            &composite,
            &names,
            &spec.provider_config_ref,
            &input.resource_namespace,
        );
        let traffic = self.traffic(&composite, &spec, &input, rsp)?;
        let tags = Tags::new(&spec, &names).map_err(|error| vec![unencodable(&error)])?;
        let cx = Cx {
            spec: &spec,
            input: &input,
            composite: &composite,
            observed_composite: self.composite,
            names: &names,
            account: xcluster::account(&spec, &input),
            traffic: &traffic,
            observed: self.observed,
            build: &build,
            tags,
        };
        let violations = Violations::default();
        fixed::check_kinds(&cx, &violations);
        if violations.is_empty() {
            provider::unchanged(&cx, &violations);
            traffic::unchanged(&cx, &violations);
            argocd::unchanged(&cx, &violations);
        }
        into_result(violations)?;
        write(&cx, rsp).map_err(|error| vec![unencodable(&error)])
    }

    /// Decides what of the service's traffic the cluster gets, and asks who else serves if that matters.
    fn traffic(
        &self,
        composite: &Composite,
        spec: &Spec,
        input: &Input,
        rsp: &mut RunFunctionResponse,
    ) -> Result<Traffic, Vec<Violation>> {
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

    /// Reads the spec and the Input, and reports all that is wrong with either.
    fn read(&self) -> Result<(Spec, Input), Vec<Violation>> {
        let violations = Violations::default();
        let input = input::parse(self.input, &violations);
        let spec = xcluster::parse(self.composite.get("spec"), &violations);
        if let Some(spec) = &spec {
            xcluster::validate(spec, &input, self.composite, &violations);
            overrides::check(spec, &input, self.composite, self.observed, &violations);
            if violations.is_empty() {
                regions::check(spec, &input, self.observed, &violations);
            }
        }
        into_result(violations)?;
        // Without violations there is a spec.
        spec.map(|spec| (spec, input)).ok_or_else(Vec::new)
    }
}

/// Argo CD's own cluster is not an author's to name.
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

fn into_result(violations: Violations) -> Result<(), Vec<Violation>> {
    let found = violations.into_inner();
    if found.is_empty() { Ok(()) } else { Err(found) }
}

/// Plans the cluster, passes it through the gate, and writes what comes out.
fn write(cx: &Cx<'_>, rsp: &mut RunFunctionResponse) -> Result<(), EncodeError> {
    let registration = argocd::registration(cx);
    let facts = provider::facts(cx);
    let mut plan = provider::plan(cx, registration.access());
    argocd::register(cx, &mut plan, &registration, &facts);
    traffic::plan(cx, &mut plan);
    let outcomes = gate::decide(plan, cx.observed)?;

    let versions = Versions {
        desired: cx.spec.kubernetes_version,
        control_plane: facts.version.as_deref().and_then(Version::parse),
        behind: status::pools_behind(&facts, cx.observed),
    };
    let ready = outcomes
        .iter()
        .all(|outcome| outcome.ready || !outcome.required);
    let last = cx.observed_composite.str_at("status.phase");
    let phase = Phase::next(last, ready, versions.are_changing());

    let cost = Report::new(
        cx.spec,
        cx.input.traffic.as_ref(),
        cx.input.price_book.as_ref().map(|book| &book.prices),
    );
    let composite = status::composite(cx, &facts, &outcomes, phase, &cost)?;
    // After this nothing can fail: a Fatal answer must not carry half of another one.
    response::set_composite(rsp, composite, ready)?;
    rsp.conditions = conditions::conditions(&outcomes, cx.spec.mode, &registration, &versions);
    rsp.conditions
        .push(cx.traffic.condition(&outcomes, cx.observed));
    rsp.conditions.push(conditions::within_budget(&cost));
    if last.is_some_and(|last| last != phase.name()) {
        let message = format!(
            "{} cluster {} is {} now, after {}",
            cx.spec.provider.name(),
            cx.names.argocd,
            phase.name(),
            printable(last.unwrap_or_default())
        );
        response::normal(rsp, phase.name(), message);
    }
    let ttl = &cx.input.ttl;
    // Not `ready` alone: an upgrade or a new pool on a ready cluster goes on even when the circuit
    // breaker drops the events that would bring the next call. What is held back for want of a
    // person's answer can wait longer.
    let settled = phase == Phase::Ready
        && outcomes
            .iter()
            .all(|outcome| outcome.object.is_none() || outcome.waiting.is_none());
    let seconds = if settled {
        ttl.settled_seconds
    } else {
        ttl.waiting_seconds
    };
    response::set_ttl(rsp, seconds);
    response::set_resources(rsp, outcomes);
    Ok(())
}

/// An observed or desired resource, for callers that build requests.
pub fn resource(object: Struct) -> Resource {
    Resource {
        resource: Some(object),
        ..Resource::default()
    }
}
