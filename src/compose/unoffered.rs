//! Machine types that a region or a zone does not offer.
//!
//! EKS refuses a node group with one of them, and GKE a node pool: nothing ever comes up. So they are refused before, with the
//! nearest that there is. What the table does not know passes, and so does what the platform allows by name: clouds bring
//! machines to regions faster than platforms update functions.

mod zones;

use crate::{
    api::{
        asked::{Asked, Checked},
        choice::{Choice as _, Mode},
        draft::Field,
        provider::MachineNames,
        spec::NodePoolDraft,
    },
    cloud::{interface::Cloud, offers, sizes::SIZE},
    plan::{key::POOL, observed::Observed},
    wire::structpb::Struct,
};

/// How many regions a message names.
const REGIONS: usize = 2;

/// Refuses machine types that the region of a cluster does not offer.
pub(super) fn check(asked: &Asked<'_>, cloud: &dyn Cloud, observed: Observed<'_>) -> Checked {
    if asked.mode()? == Mode::Auto {
        return Ok(());
    }
    let provider = cloud.provider();
    let place = Place {
        asked,
        cloud,
        observed,
        region: asked.region()?,
        allowed: asked.input.machine_types_on(provider)?,
    };
    for (n, pool) in asked.spec.node_pools.get()?.iter().enumerate() {
        if place.check(n, pool) == Ok(true) {
            place.check_zones(n, pool).ok();
        }
    }
    Ok(())
}

/// Where machines are asked for.
struct Place<'a> {
    asked: &'a Asked<'a>,
    cloud: &'a dyn Cloud,
    observed: Observed<'a>,
    region: &'a str,
    allowed: Vec<&'a String>,
}

impl Place<'_> {
    /// Since when a machine type is known to be missing here. Nothing that a pool of the cluster was made with is: the table may
    /// be wrong, and a cluster that runs goes on.
    fn missing(&self, machine: &str) -> Option<&'static str> {
        let date = offers::missing(self.cloud.provider(), self.region, machine)?;
        (!self.allows(machine) && !self.has(machine)).then_some(date)
    }

    fn allows(&self, machine: &str) -> bool {
        self.allowed.iter().any(|allowed| *allowed == machine)
    }

    /// Whether the platform lets pools name a machine type.
    fn can_name(&self, machine: &str) -> bool {
        self.allowed.is_empty() || self.allows(machine)
    }

    fn has(&self, machine: &str) -> bool {
        self.objects_with(machine).next().is_some()
    }

    /// The pools of the cluster that were made with a machine type.
    fn objects_with(&self, machine: &str) -> impl Iterator<Item = &Struct> {
        let pools = self.observed.keys(POOL);
        let objects = pools.filter_map(|key| self.observed.get(&key));
        objects.filter(move |object| self.cloud.machines_made(object).contains(&machine))
    }

    /// Whether the region offers all machine types of a pool.
    fn check(&self, n: usize, pool: &NodePoolDraft) -> Field<bool> {
        let machines = self.cloud.machines_asked(pool)?;
        let missing = machines
            .iter()
            .filter_map(|name| Some((*name, self.missing(name)?)));
        let (names, dates): (Vec<_>, Vec<_>) = missing.unzip();
        let Some(date) = dates.first() else {
            return Ok(true);
        };
        let path = format!("spec.nodePools[{n}]");
        if !pool.machines_on(self.cloud.provider())?.is_empty() {
            self.refuse_named(&path, pool, &machines)?;
            return Ok(false);
        }
        let (path, value) = match pool.gpu.get()? {
            Some(gpu) => (format!("{path}.gpu.type"), gpu.as_ref()?.model.name()),
            None => (format!("{path}.size"), pool.size?.unwrap_or(SIZE).name()),
        };
        let problem = format!(
            "means {}, which {} not offered in {} as of {date}",
            names.join(" and "),
            if names.len() == 1 { "is" } else { "are" },
            self.region
        );
        let mut rest = machines.clone();
        rest.retain(|name| !names.contains(name) && self.can_name(name));
        let mut others: Vec<_> = rest.into_iter().map(str::to_owned).collect();
        if others.is_empty() {
            others = self.like(&names, &machines);
            others.truncate(1);
        }
        let instead = (!others.is_empty()).then(|| self.machine_types(&others));
        let more = pool.gpu.get()?.map(|_| "another gpu.type".to_owned());
        let fix = self.fix(&machines, instead, more)?;
        self.asked.refuse(path, value, problem, fix);
        Ok(false)
    }

    fn refuse_named(&self, path: &str, pool: &NodePoolDraft, machines: &[&str]) -> Checked {
        let provider = self.cloud.provider();
        for (n, name) in pool.machines_on(provider)?.iter().enumerate() {
            let Ok(name) = name else { continue };
            let Some(date) = self.missing(name) else {
                continue;
            };
            let path = format!("{path}.machineTypes.{}", provider.name());
            let path = match self.cloud.known().machine_types {
                MachineNames::One => path,
                MachineNames::Several(_) => format!("{path}[{n}]"),
            };
            if self.asked.violations.refused(&path) {
                continue;
            }
            let problem = format!("is not offered in {} as of {date}", self.region);
            let like = self.like(&[name], machines);
            let instead = if like.is_empty() && machines.iter().any(|it| self.missing(it).is_none())
            {
                Some("remove it".to_owned())
            } else {
                (!like.is_empty()).then(|| format!("use {}", like.join(" or ")))
            };
            let fix = self.fix(machines, instead, None)?;
            self.asked.refuse(path, name, problem, fix);
        }
        Ok(())
    }

    /// Machine types that can stand in for these, besides those that are asked for already.
    fn like(&self, names: &[&str], asked: &[&str]) -> Vec<String> {
        let like = names.iter().flat_map(|name| self.cloud.machines_like(name));
        like.filter(|name| !asked.contains(&name.as_str()))
            .filter(|name| self.can_name(name) && self.missing(name).is_none())
            .collect()
    }

    /// How a pool names these machine types.
    fn machine_types(&self, names: &[String]) -> String {
        let provider = self.cloud.provider().name();
        match self.cloud.known().machine_types {
            MachineNames::One => format!("use machineTypes.{provider}: {}", names.join("")),
            MachineNames::Several(_) => {
                format!("use machineTypes.{provider}: [{}]", names.join(", "))
            }
        }
    }

    /// What to do: something instead, or another region while nothing exists.
    fn fix(
        &self,
        machines: &[&str],
        instead: Option<String>,
        more: Option<String>,
    ) -> Field<String> {
        let regions = self.regions(machines)?;
        let region = match &regions[..] {
            [] => None,
            regions => Some(format!("a region such as {}", regions.join(" or "))),
        };
        let others: Vec<_> = region.into_iter().chain(more).collect();
        let others = (!others.is_empty()).then(|| format!("use {}", others.join(", or ")));
        Ok(match (instead, others) {
            (Some(instead), Some(others)) => format!("{instead}, or {others}"),
            (Some(one), None) | (None, Some(one)) => one,
            (None, None) => "use another machine type".to_owned(),
        })
    }

    /// The nearest regions that offer all of these and that the platform allows. A cluster that exists stays where it is.
    fn regions(&self, machines: &[&str]) -> Field<Vec<&'static str>> {
        let provider = self.cloud.provider();
        let mut missing = machines.iter().filter(|name| self.missing(name).is_some());
        let first = missing.next();
        let Some(first) = first.filter(|_| self.observed.objects().next().is_none()) else {
            return Ok(Vec::new());
        };
        let allowed = self.asked.input.regions_on(provider)?;
        let is_allowed =
            |region: &str| allowed.is_empty() || allowed.iter().any(|it| *it == region);
        let offers = |region: &str| {
            let mut missing = machines
                .iter()
                .filter_map(|name| offers::missing(provider, region, name));
            missing.next().is_none()
        };
        let nearest = offers::nearest(provider, self.region, first).into_iter();
        let found = nearest.filter(|region| is_allowed(region) && offers(region));
        Ok(found.take(REGIONS).collect())
    }
}
