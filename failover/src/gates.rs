//! What must hold before traffic is moved. Pure: everything that was looked at is in [`Findings`].

mod around;
mod clusters;
mod sameness;

use std::{collections::BTreeSet, time::Duration};

use serde::Serialize;

pub use sameness::essence;

use crate::{
    cluster::{Application, Cluster},
    plan::{Mode, Plan},
    sample::Failure,
    service::Reply,
};

/// What came of a gate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Verdict {
    /// It holds.
    Passed,
    /// It does not.
    Failed,
    /// Nobody can say; `found` says why.
    NotChecked,
}

/// A gate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Gate {
    /// Its name.
    pub name: &'static str,
    /// What came of it.
    pub verdict: Verdict,
    /// Whether the run stops when it fails.
    pub blocks: bool,
    /// What was found.
    pub found: String,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fix: Option<String>,
}

/// Whether traffic may be moved.
pub fn may_go_on(gates: &[Gate]) -> bool {
    !gates
        .iter()
        .any(|gate| gate.blocks && gate.verdict == Verdict::Failed)
}

/// What a cluster's own address answered, past DNS.
#[derive(Clone, Debug, Default)]
pub struct Direct {
    /// The address; none where the cluster does not say one.
    pub address: Option<String>,
    /// Requests sent.
    pub asked: u32,
    /// Good answers.
    pub replies: Vec<Reply>,
    /// Why the others failed.
    pub failures: BTreeSet<Failure>,
}

impl Direct {
    /// Whether every request was answered, and by this cluster.
    pub fn answers(&self, cluster: &str) -> bool {
        self.asked > 0
            && self.replies.len() == self.asked as usize
            && self.replies.iter().all(|reply| reply.cluster == cluster)
    }
}

/// Everything that gates look at.
#[derive(Clone, Debug)]
pub struct Findings {
    /// The cluster that serves now.
    pub source: Cluster,
    /// The one that serves afterwards.
    pub target: Cluster,
    /// All other clusters.
    pub others: Vec<Cluster>,
    /// Argo CD's Applications, or why they cannot be read.
    pub applications: Result<Vec<Application>, String>,
    /// The source's own address; asked only while it is supposed to answer.
    pub source_direct: Direct,
    /// The target's.
    pub target_direct: Direct,
    /// The TTL of the service's name, or why it is not known.
    pub ttl: Result<Duration, String>,
}

struct Judge<'a> {
    plan: &'a Plan,
    see: &'a Findings,
}

/// Looks at everything; the gates in the order in which they are shown.
pub fn judge(plan: &Plan, see: &Findings) -> Vec<Gate> {
    let judge = Judge { plan, see };
    let mut gates = vec![
        judge.spec_accepted(),
        judge.target_ready(),
        judge.target_registered(),
    ];
    if plan.mode != Mode::Failback {
        gates.extend([judge.target_active(), judge.not_the_last()]);
    }
    if plan.mode != Mode::Unplanned {
        gates.push(judge.source_answers());
    }
    gates.extend([
        judge.target_answers(),
        judge.same_answer(),
        judge.same_revision(),
        judge.secrets(),
        judge.capacity(),
        judge.ttl(),
        judge.kept_by_git(),
    ]);
    gates
}

fn passed(name: &'static str, found: impl Into<String>) -> Gate {
    Gate {
        name,
        verdict: Verdict::Passed,
        blocks: true,
        found: found.into(),
        fix: None,
    }
}

fn failed(name: &'static str, found: impl Into<String>, fix: impl Into<String>) -> Gate {
    Gate {
        name,
        verdict: Verdict::Failed,
        blocks: true,
        found: found.into(),
        fix: Some(fix.into()),
    }
}

fn not_checked(name: &'static str, why: impl Into<String>) -> Gate {
    Gate {
        name,
        verdict: Verdict::NotChecked,
        blocks: false,
        found: why.into(),
        fix: None,
    }
}

impl Judge<'_> {
    /// The cluster whose traffic is changed.
    fn changed(&self) -> &Cluster {
        match self.plan.mode {
            Mode::Failback => &self.see.target,
            Mode::Planned | Mode::Unplanned => &self.see.source,
        }
    }

    /// When the source is gone, a target that answers is enough.
    fn blocks_when_planned(&self, gate: Gate) -> Gate {
        Gate {
            blocks: gate.blocks && self.plan.mode != Mode::Unplanned,
            ..gate
        }
    }
}
