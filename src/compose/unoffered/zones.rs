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
        let lacking = zones.nodes.iter().map(String::as_str);
        let lacking = lacking.filter_map(|zone| Some((zone, self.lacks(zone, &machines)?)));
        let (lack, dates): (Vec<_>, Vec<_>) = lacking.unzip();
        let Some(date) = dates.first() else {
            return Ok(());
        };
        let choice = zones.choice.iter().map(String::as_str);
        let choice: Vec<_> = choice
            .filter(|zone| self.lacks(zone, &machines).is_none())
            .collect();
        let path = format!("spec.nodePools[{n}].zones");
        let names = machines.join(" or ");
        for (k, zone) in pool.zones.sound()? {
            if lack.contains(&zone.as_str()) {
                let problem = format!("does not offer {names} as of {date}");
                let is_other = |it: &&str| zones.nodes.iter().all(|node| node != it);
                let others: Vec<_> = choice.iter().copied().filter(is_other).collect();
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
            let problem = format!(
                "is missing, and {} not offer {names} as of {date}",
                match &lack[..] {
                    [zone] => format!("{zone} does"),
                    zones => format!("{} do", zones.join(" and ")),
                }
            );
            let fix = match &choice[..] {
                [] => other_machines(pool)?,
                choice => format!("set it to [{}]", choice.join(", ")),
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
