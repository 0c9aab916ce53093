//! What another release would do to each cluster, and to all of them.

use serde_json::{Value, json};
use xcluster::api::violation::printable_within;

use super::{fleet::Member, show};
use crate::table::Style;

/// What becomes of one cluster.
pub(super) enum Outcome {
    /// The other release asks for the same.
    Same,
    /// It asks for something else.
    Differs(Page),
    /// It refuses the cluster, Crossplane refuses its answer, or it never comes to an end.
    Failed(String),
    /// This release refuses it already: there is nothing to compare with.
    Unknown(String),
}

/// A plan as it is printed.
pub(super) struct Page {
    /// For a terminal.
    pub(super) text: String,
    /// For programs.
    pub(super) json: Value,
    /// How many steps create, change and delete something.
    pub(super) counts: [usize; 3],
    /// Whether something is lost, replaced or stuck.
    pub(super) stops: bool,
}

/// What becomes of all clusters.
pub(super) struct Fleet<'a> {
    /// The other release.
    pub(super) other: &'a str,
    /// Those that were compared.
    pub(super) clusters: Vec<(&'a Member, Outcome)>,
    /// The names of those that are being deleted.
    pub(super) going: Vec<&'a str>,
}

/// How much is shown of a problem, and how many clusters are named in a line.
const MOST: usize = 2000;
const NAMES: usize = 20;
/// This release.
const THIS: &str = concat!("xcluster ", env!("CARGO_PKG_VERSION"));

impl Fleet<'_> {
    /// Whether every cluster keeps what it has.
    pub(super) fn holds(&self) -> bool {
        self.stopped().is_empty()
    }

    /// What could not be compared, a line each.
    pub(super) fn unknown(&self) -> Vec<String> {
        let clusters = self.clusters.iter();
        let lines = clusters.filter_map(|(member, outcome)| match outcome {
            Outcome::Unknown(problem) => Some(format!(
                "{} was not compared: {THIS} refuses it: {problem}",
                member.name
            )),
            _ => None,
        });
        lines.collect()
    }

    /// The names of the clusters that a person has to look at first.
    fn stopped(&self) -> Vec<&str> {
        let stops = |outcome: &Outcome| match outcome {
            Outcome::Differs(page) => page.stops,
            Outcome::Failed(_) => true,
            Outcome::Same | Outcome::Unknown(_) => false,
        };
        let clusters = self.clusters.iter().filter(|(_, outcome)| stops(outcome));
        clusters.map(|(member, _)| member.name.as_str()).collect()
    }

    fn how_many(&self, is: fn(&Outcome) -> bool) -> usize {
        let outcomes = self.clusters.iter().map(|(_, outcome)| outcome);
        outcomes.filter(|outcome| is(outcome)).count()
    }

    /// How many clusters are the same, differ, are failed and were not compared.
    fn counts(&self) -> [usize; 4] {
        [
            self.how_many(|it| matches!(it, Outcome::Same)),
            self.how_many(|it| matches!(it, Outcome::Differs(_))),
            self.how_many(|it| matches!(it, Outcome::Failed(_))),
            self.how_many(|it| matches!(it, Outcome::Unknown(_))),
        ]
    }

    /// The steps of all clusters.
    fn steps(&self) -> [usize; 3] {
        let mut sum = [0; 3];
        for (_, outcome) in &self.clusters {
            if let Outcome::Differs(page) = outcome {
                for (sum, count) in sum.iter_mut().zip(page.counts) {
                    *sum += count;
                }
            }
        }
        sum
    }

    /// For a terminal.
    pub(super) fn text(&self, style: Style) -> String {
        let mut lines = vec![format!("from {THIS} to {}", self.other)];
        for (member, outcome) in &self.clusters {
            match outcome {
                Outcome::Same | Outcome::Unknown(_) => {}
                Outcome::Differs(page) => lines.push(format!("\n{}", page.text.trim_end())),
                Outcome::Failed(problem) => {
                    let line = format!(
                        "! {} fails: {}",
                        member.name,
                        printable_within(problem, MOST)
                    );
                    lines.push(format!("\n{}", style.red(&line)));
                }
            }
        }
        let [same, differ, failed, unknown] = self.counts();
        lines.push(format!(
            "\nclusters: {same} without a change, {differ} with changes, {failed} failed, {unknown} not compared"
        ));
        if !self.going.is_empty() {
            lines.push(format!(
                "left out, being deleted: {}",
                self.going.join(", ")
            ));
        }
        lines.push(show::numbers(self.steps()));
        let stopped = self.stopped();
        if !stopped.is_empty() {
            let line = format!("! look first at {}", listed(&stopped));
            lines.push(style.red(&line));
        }
        lines.join("\n") + "\n"
    }

    /// For programs.
    pub(super) fn json(&self) -> Value {
        let clusters = self.clusters.iter().map(|(member, outcome)| match outcome {
            Outcome::Same => json!({"name": member.name, "is": "same"}),
            Outcome::Differs(page) => {
                let mut plan = page.json.clone();
                plan["is"] = "different".into();
                plan["stops"] = page.stops.into();
                plan
            }
            Outcome::Failed(problem) => {
                json!({"name": member.name, "is": "failed", "problem": problem})
            }
            Outcome::Unknown(problem) => {
                json!({"name": member.name, "is": "notCompared", "problem": problem})
            }
        });
        let [same, differ, failed, unknown] = self.counts();
        let [create, change, delete] = self.steps();
        json!({
            "from": THIS,
            "to": self.other,
            "clusters": clusters.collect::<Value>(),
            "counts": {"same": same, "different": differ, "failed": failed, "notCompared": unknown},
            "steps": {"create": create, "change": change, "delete": delete},
            "beingDeleted": self.going,
            "lookFirstAt": self.stopped(),
        })
    }
}

fn listed(names: &[&str]) -> String {
    let shown = names.iter().take(NAMES).copied();
    let shown = shown.collect::<Vec<_>>().join(", ");
    match names.len().saturating_sub(NAMES) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}
