//! Whether both clusters can do what is asked of them.

use std::collections::BTreeSet;

use xcluster::api::choice::{Choice as _, TrafficState};

use super::{Direct, Gate, Judge, failed, not_checked, passed};
use crate::cluster::Cluster;

impl Judge<'_> {
    /// What is written into a cluster comes into force only where the function accepts its spec.
    pub(super) fn spec_accepted(&self) -> Gate {
        const NAME: &str = "spec-accepted";
        let changed = self.changed();
        let name = &changed.name;
        let refused = |verb: &str, why: &str| {
            let fix = format!(
                "correct the spec of {name}; until then no change of spec.traffic comes into force"
            );
            let found = format!("the function {verb} the spec of {name}: {why}");
            self.blocks_when_planned(failed(NAME, found, fix))
        };
        match (&changed.valid, &changed.spec) {
            (Some(valid), _) if !valid.holds => refused("refuses", &valid.why),
            (None, Err(why)) => refused("would refuse", why),
            (Some(_), Err(why)) => not_checked(
                NAME,
                format!(
                    "the function accepts the spec of {name}, and this command does not understand it: {why}"
                ),
            ),
            (Some(_), Ok(_)) => passed(NAME, format!("the function accepts the spec of {name}")),
            (None, Ok(_)) => passed(
                NAME,
                format!("{name} has no condition Valid; this command finds its spec sound"),
            ),
        }
    }

    pub(super) fn target_ready(&self) -> Gate {
        const NAME: &str = "target-ready";
        let target = &self.see.target;
        self.blocks_when_planned(if target.ready.holds {
            passed(NAME, format!("{} is Ready", target.name))
        } else {
            failed(
                NAME,
                format!("{} is not Ready: {}", target.name, target.ready.why),
                format!(
                    "kubectl describe {} says what it waits for",
                    described(target)
                ),
            )
        })
    }

    pub(super) fn target_registered(&self) -> Gate {
        const NAME: &str = "target-registered";
        let target = &self.see.target;
        self.blocks_when_planned(if target.registered.holds {
            passed(
                NAME,
                format!("{} is {} in Argo CD", target.name, target.argocd),
            )
        } else {
            failed(
                NAME,
                format!(
                    "{} is not registered: {}",
                    target.name, target.registered.why
                ),
                format!(
                    "kubectl describe {} says why, in its condition Registered",
                    described(target)
                ),
            )
        })
    }

    pub(super) fn target_active(&self) -> Gate {
        const NAME: &str = "target-active";
        let target = &self.see.target;
        let Some(in_force) = &target.in_force else {
            return failed(
                NAME,
                format!("{} does not say which traffic is in force", target.name),
                "install a release of the function that writes status.traffic",
            );
        };
        if in_force.state == TrafficState::Active && in_force.weight == 0 {
            return failed(
                NAME,
                format!("{} has the weight 0 in DNS", target.name),
                "raise its spec.traffic.weight",
            );
        }
        if target.wants() == TrafficState::Active && in_force.state == TrafficState::Active {
            return passed(NAME, format!("{} takes traffic", target.name));
        }
        failed(
            NAME,
            format!(
                "{} is to be {}, and {} is in force",
                target.name,
                target.wants().name(),
                in_force.state.name()
            ),
            format!(
                "bring it back first: xcluster failback --from {} --to {}",
                self.see.source.name, target.name
            ),
        )
    }

    pub(super) fn not_the_last(&self) -> Gate {
        const NAME: &str = "source-not-the-last";
        let source = &self.see.source;
        let Some(host) = source.host() else {
            return not_checked(
                NAME,
                format!("{} has no service name in status.traffic.host", source.name),
            );
        };
        let active: Vec<_> = std::iter::once(&self.see.target)
            .chain(&self.see.others)
            .filter(|other| other.serves(host))
            .map(|other| other.name.as_str())
            .collect();
        if active.is_empty() {
            return failed(
                NAME,
                format!("{} is the last one that serves {host}", source.name),
                "make another cluster of the service active first",
            );
        }
        passed(
            NAME,
            format!("{host} is served by {}, too", active.join(", ")),
        )
    }

    pub(super) fn source_answers(&self) -> Gate {
        answers(
            "source-answers",
            &self.see.source,
            &self.see.source_direct,
            "its cluster is not healthy; if it is gone, say --unplanned",
        )
    }

    pub(super) fn target_answers(&self) -> Gate {
        answers(
            "target-answers",
            &self.see.target,
            &self.see.target_direct,
            "see its Pods and its load balancer",
        )
    }
}

fn answers(name: &'static str, cluster: &Cluster, direct: &Direct, fix: &str) -> Gate {
    let Some(address) = &direct.address else {
        return failed(
            name,
            format!("{} says no address in status.traffic", cluster.name),
            format!(
                "kubectl describe {} says what its address waits for",
                described(cluster)
            ),
        );
    };
    let good = direct.replies.len();
    if direct.answers(&cluster.argocd) {
        return passed(name, format!("{good} of {} at {address}", direct.asked));
    }
    let strangers: BTreeSet<_> = direct
        .replies
        .iter()
        .map(|reply| reply.cluster.as_str())
        .filter(|name| *name != cluster.argocd)
        .collect();
    if !strangers.is_empty() {
        let strangers: Vec<_> = strangers.into_iter().collect();
        return failed(
            name,
            format!(
                "{address} is answered by {}, not by {}",
                strangers.join(", "),
                cluster.argocd
            ),
            "see status.traffic.address, and the annotations that the service's Application sets",
        );
    }
    let why: Vec<_> = direct.failures.iter().map(ToString::to_string).collect();
    failed(
        name,
        format!(
            "{good} of {} at {address}: {}",
            direct.asked,
            why.join(", ")
        ),
        fix,
    )
}

fn described(cluster: &Cluster) -> String {
    match &cluster.namespace {
        Some(namespace) => format!("cluster {} --namespace {namespace}", cluster.name),
        None => format!("xcluster {}", cluster.name),
    }
}
