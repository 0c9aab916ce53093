//! Zones that offer none of the machine types of a pool.
//!
//! A cloud refuses the whole pool when one of its zones does not: GKE with `Accelerator type "nvidia-l4" does not exist in zone
//! us-west4-b` (GoogleCloudPlatform/kubernetes-engine-samples#1738), EKS with `Your requested instance type (g4dn.xlarge) is not
//! supported in your requested Availability Zone` (eksctl-io/eksctl#6461).

use super::Place;
use crate::{
    api::{asked::Checked, draft::Field, spec::NodePoolDraft},
    cloud::offers,
};

impl Place<'_> {
    /// Refuses a pool in zones that offer none of its machine types.
    pub(super) fn check_zones(&self, n: usize, pool: &NodePoolDraft) -> Checked {
        let machines = self.cloud.machines_asked(pool)?;
        let zones = self.cloud.zones_asked(self.asked, self.observed, pool)?;
        let lacking = |zone: &&String| self.lacks(zone, &machines).is_some();
        let lack: Vec<_> = zones.nodes.iter().filter(lacking).collect();
        let Some(date) = lack.first().and_then(|zone| self.lacks(zone, &machines)) else {
            return Ok(());
        };
        let offering = |zone: &&String| self.offers(zone, &machines);
        let choice: Vec<_> = zones.choice.iter().filter(offering).collect();
        let path = format!("spec.nodePools[{n}].zones");
        let names = machines.join(" or ");
        for (k, zone) in pool.zones.sound()? {
            if lack.contains(&zone) {
                let problem = format!("does not offer {names} as of {date}");
                let others = choice.iter().filter(|it| !zones.nodes.contains(it));
                let others: Vec<_> = others.map(|it| it.as_str()).collect();
                let fix = if !others.is_empty() {
                    format!("use {}", others.join(" or "))
                } else if lack.len() < zones.nodes.len() {
                    "remove it".to_owned()
                } else {
                    other_machines(pool)?
                };
                self.asked
                    .refuse(format!("{path}[{k}]"), zone, problem, fix);
            }
        }
        if pool.zones.get()?.is_empty() {
            let lack: Vec<_> = lack.into_iter().map(String::as_str).collect();
            let problem = format!(
                "is missing, and {} not offer {names} as of {date}",
                match &lack[..] {
                    [zone] => format!("{zone} does"),
                    zones => format!("{} do", zones.join(" and ")),
                }
            );
            let fix = match &choice[..] {
                [] => other_machines(pool)?,
                choice => {
                    let choice: Vec<_> = choice.iter().map(|it| it.as_str()).collect();
                    format!("set it to [{}]", choice.join(", "))
                }
            };
            self.asked.refuse(path, "", problem, fix);
        }
        Ok(())
    }

    /// Since when a zone is known to offer none of these machine types. Where a pool of the cluster has one, the table is wrong.
    fn lacks(&self, zone: &str, machines: &[&str]) -> Option<&'static str> {
        let (provider, region) = (self.cloud.provider(), self.region);
        let missing = |name: &&str| {
            let date = offers::missing_in(provider, region, zone, name)?;
            let is_known = self.allows(name)
                || self.has_in(zone, name)
                || offers::missing(provider, region, name).is_some();
            (!is_known).then_some(date)
        };
        let dates: Option<Vec<_>> = machines.iter().map(missing).collect();
        dates?.first().copied()
    }

    /// Whether a zone offers one of these machine types, as far as is known.
    fn offers(&self, zone: &str, machines: &[&str]) -> bool {
        self.lacks(zone, machines).is_none()
    }

    /// Whether a pool of the cluster was made with a machine type in a zone, as far as is known.
    fn has_in(&self, zone: &str, machine: &str) -> bool {
        self.objects_with(machine).any(|object| {
            let zones = self.cloud.zones_made(self.observed, object);
            zones.is_empty() || zones.iter().any(|it| it == zone)
        })
    }
}

/// What to do where no zone helps.
fn other_machines(pool: &NodePoolDraft) -> Field<String> {
    Ok(match pool.gpu.get()? {
        Some(_) => "use another gpu.type".to_owned(),
        None => "use another machine type".to_owned(),
    })
}
