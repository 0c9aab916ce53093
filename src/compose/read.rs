//! From what was written to a cluster with nothing wrong in it, or to all that is wrong.

use super::{overrides, request::Request, unknown_region, unoffered};
use crate::{
    api::{
        asked::Asked,
        check::check,
        composite::Composite,
        draft::{Field, Unsound, drafted, sound},
        input::{self, Input, InputDraft},
        names::Names,
        spec::{self, Spec, SpecDraft},
        violation::{Violation, Violations},
    },
    cloud::{interface::Cloud, registry::Clouds, unchanged::Unchanged},
    plan::{key::SERVICE_RECORD, traffic::Traffic},
    registration, traffic,
    wire::{proto::v1::Requirements, structpb::Struct},
};

drafted! {
    /// A cluster as its author and its platform want it. Only then is anything planned.
    pub(super) struct Cluster, ClusterDraft {
        /// What the author asks for.
        pub spec: Spec = SpecDraft,
        /// What the platform knows.
        pub input: Input = InputDraft,
        /// Who the cluster is.
        pub composite: Composite,
        /// What it is called.
        pub names: Names,
        /// The account or project that it is in.
        pub account: Option<String>,
        /// Its traffic.
        pub traffic: Traffic,
        /// The cloud that it is on.
        pub cloud: &'static dyn Cloud,
    }
}

/// Reads all that was written, and reports all that is wrong with any of it. `requirements` gets what Crossplane is asked
/// for.
pub(super) fn read(
    request: &Request<'_>,
    requirements: &mut Option<Requirements>,
) -> Result<Cluster, Vec<Violation>> {
    let violations = Violations::default();
    let clouds = request.clouds.known();
    let composite = Composite::read(request.composite, &violations);
    let input = input::parse(request.input, &clouds, &violations);
    let spec = spec::parse(request.composite.get("spec"), &clouds, &violations);
    let asked = Asked {
        spec: &spec,
        input: &input,
        clouds: &clouds,
        composite: request.composite,
        violations: &violations,
    };
    let names = composite.as_ref().map(|it| names(it, &spec));
    let address = address(&asked, request);
    if let (Ok(composite), Ok(names)) = (&composite, &names) {
        let observed = request.observed;
        let unchanged = Unchanged::new(asked, composite, names, observed, address);
        check_unchanged(request.clouds, &unchanged);
        overrides::own_cluster(&asked, names).ok();
    }
    let cloud = check_spec(request.clouds, &asked);
    overrides::check(&asked, request.observed);
    if let Ok(cloud) = cloud {
        unknown_region::check(&asked, cloud, request.observed).ok();
        unoffered::check(&asked, cloud, request.observed).ok();
    }
    let traffic = traffic(&asked, request, &composite, address, requirements);
    let account = asked.account().map(|it| it.map(str::to_owned));
    let names = names.map_err(Unsound::from);
    let draft = ClusterDraft {
        spec,
        input,
        composite,
        names,
        account,
        traffic,
        cloud,
    };
    sound(draft, violations)
}

/// Reads the spec of a composite, and checks it against itself, the platform, and its cloud.
///
/// # Errors
/// All that is wrong with it.
pub fn read_spec(
    clouds: Clouds,
    composite: &Struct,
    input: &InputDraft,
) -> Result<(Spec, &'static dyn Cloud), Vec<Violation>> {
    let violations = Violations::default();
    let known = clouds.known();
    let spec = spec::parse(composite.get("spec"), &known, &violations);
    let asked = Asked {
        spec: &spec,
        input,
        clouds: &known,
        composite,
        violations: &violations,
    };
    let cloud = check_spec(clouds, &asked);
    sound((spec, cloud), violations)
}

fn check_spec(clouds: Clouds, asked: &Asked<'_>) -> Field<&'static dyn Cloud> {
    let cloud = cloud(clouds, asked);
    check(asked);
    if let Ok(cloud) = cloud {
        cloud.check(asked);
    }
    cloud
}

fn cloud(clouds: Clouds, asked: &Asked<'_>) -> Field<&'static dyn Cloud> {
    clouds.of(asked.provider()?).ok_or(Unsound)
}

/// Checks that what cannot change has stayed what it was.
fn check_unchanged(clouds: Clouds, unchanged: &Unchanged<'_>) {
    if unchanged.kinds().is_err() {
        return;
    }
    unchanged.namespace().ok();
    if let Ok(cloud) = cloud(clouds, &unchanged.asked) {
        cloud.unchanged(unchanged);
    }
    for cloud in clouds.iter() {
        cloud.records_unchanged(unchanged).ok();
    }
    registration::unchanged(&unchanged.asked, unchanged.observed).ok();
}

/// The cluster's names, of which those count that the author chose and that are sound.
fn names(composite: &Composite, spec: &SpecDraft) -> Names {
    let chosen = [&spec.cloud_name, &spec.argocd.name];
    let [cloud, argocd] = chosen.map(|name| name.as_ref().ok()?.as_deref());
    Names::new(composite, cloud, argocd)
}

fn address<'a>(asked: &Asked<'a>, request: &Request<'a>) -> Field<Option<&'a str>> {
    let named = asked.spec.traffic.address.as_ref()?.as_deref();
    Ok(traffic::address(named, request.observed))
}

/// Decides what of the service's traffic the cluster gets, and asks who else serves if that matters.
fn traffic(
    asked: &Asked<'_>,
    request: &Request<'_>,
    composite: &Field<Composite>,
    address: Field<Option<&str>>,
    requirements: &mut Option<Requirements>,
) -> Field<Traffic> {
    let share = asked.spec.traffic.share()?;
    let record = request.observed.get(&SERVICE_RECORD);
    let (host, is_admitted) = match asked.input.traffic.get()? {
        Some(service) => {
            // A wrong environment is told by itself.
            let is_admitted = match &asked.spec.environment {
                Ok(environment) => service.members.admit(asked.namespace(), environment)?,
                Err(Unsound) => true,
            };
            let host = service.host.as_ref()?.as_str();
            // One that has a record is drained first.
            (
                (is_admitted || record.is_some()).then_some(host),
                is_admitted,
            )
        }
        None => (None, true),
    };
    let share = if is_admitted || record.is_none() {
        share
    } else {
        share.taken_away()
    };
    let basis = traffic::Basis {
        share,
        host,
        is_admitted,
        observed: request.observed,
        composite: request.composite,
    };
    let siblings = match host {
        Some(host) if share.leaves_it_to_others() => {
            let cluster = traffic::Asker {
                own: composite.as_ref()?,
                host,
                record,
                serves: basis.serving(),
                meta: request.meta,
                answers: request.answers,
            };
            let (siblings, questions) = cluster.ask();
            *requirements = questions;
            Some(siblings)
        }
        _ => None,
    };
    let traffic = traffic::decide(&basis, siblings).map_err(|violation| {
        asked.violations.add(violation);
        Unsound
    })?;
    Ok(Traffic {
        address: address?.map(str::to_owned),
        ..traffic
    })
}
