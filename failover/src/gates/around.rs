//! Whether what is around both clusters lets traffic move: secrets, nodes, DNS, and who else writes the objects.

use super::{Gate, Judge, failed, not_checked, passed};
use crate::{
    capacity::{Room, room},
    plan::Mode,
};

impl Judge<'_> {
    pub(super) fn secrets(&self) -> Gate {
        const NAME: &str = "secrets-ready";
        let applications = match &self.see.applications {
            Ok(applications) => applications,
            Err(why) => return not_checked(NAME, format!("Argo CD's Applications: {why}")),
        };
        let ours: Vec<_> = applications
            .iter()
            .filter(|application| application.cluster == self.see.target.argocd)
            .collect();
        let secrets: Vec<_> = ours
            .iter()
            .flat_map(|application| {
                let secrets = &application.external_secrets;
                secrets.iter().map(move |(name, health)| {
                    // Argo CD counts an ExternalSecret's health in its Application's, also where it keeps no other.
                    (name, health.as_deref().or(application.health.as_deref()))
                })
            })
            .collect();
        if secrets.is_empty() {
            return not_checked(
                NAME,
                "Argo CD has synced no ExternalSecret to the target; it is the target that knows them, \
                 and only the management cluster is asked",
            );
        }
        let not_ready: Vec<_> = secrets
            .iter()
            .filter(|(_, health)| *health != Some("Healthy"))
            .map(|(name, health)| format!("{name} is {}", health.unwrap_or("unknown")))
            .collect();
        self.blocks_when_planned(if not_ready.is_empty() {
            passed(NAME, format!("{} of them are Healthy", secrets.len()))
        } else {
            failed(
                NAME,
                not_ready.join(", "),
                "on the target: kubectl describe externalsecret --all-namespaces",
            )
        })
    }

    pub(super) fn capacity(&self) -> Gate {
        const NAME: &str = "capacity";
        let gate = match room(&self.see.source, &self.see.target) {
            Room::ByTheCloud => passed(NAME, "by the cloud, which makes nodes as Pods need them"),
            Room::Enough(found) => passed(NAME, found),
            Room::TooLittle(found) => failed(
                NAME,
                found,
                format!("raise max of the pools of {}", self.see.target.name),
            ),
            Room::TooFewNodes(found) => Gate {
                // A cluster that gets its own share back carried it with these nodes before.
                blocks: self.plan.mode == Mode::Planned,
                ..failed(
                    NAME,
                    found,
                    format!(
                        "raise min of the pools of {}, wait until the new nodes are Ready, and try again",
                        self.see.target.name
                    ),
                )
            },
            Room::Unknown(why) => not_checked(NAME, why),
        };
        self.blocks_when_planned(gate)
    }

    pub(super) fn ttl(&self) -> Gate {
        const NAME: &str = "ttl";
        let limit = self.plan.ttl_limit;
        self.blocks_when_planned(match &self.see.ttl {
            Ok(ttl) if *ttl <= limit => passed(NAME, format!("{} s", ttl.as_secs())),
            Ok(ttl) => failed(
                NAME,
                format!(
                    "callers may keep an answer for {} s, more than {} s",
                    ttl.as_secs(),
                    limit.as_secs()
                ),
                "lower the TTL in the function's Input, wait for the old one to pass, or say --ttl-limit",
            ),
            Err(why) => failed(NAME, why, "see the service's records, or name a server with --resolver"),
        })
    }

    pub(super) fn kept_by_git(&self) -> Gate {
        const NAME: &str = "written-here";
        let changed = self.changed();
        if changed.kept_by_git {
            return not_checked(
                NAME,
                format!(
                    "Argo CD applies {} from git, and would undo the change where it heals by itself; write \
                     spec.traffic there, too, or leave it out of the sync (ignoreDifferences)",
                    changed.name
                ),
            );
        }
        passed(NAME, format!("no other tool applies {}", changed.name))
    }
}
