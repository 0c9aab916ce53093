//! The difference between two sets of composed objects.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use xcluster::{
    api::prices::{Quantity, Usd},
    cloud::change::Change,
    cost::{
        Report,
        bill::{HOURS, Span},
    },
};

use super::settle::Settled;

/// A cluster before and after a change.
pub(super) struct Difference<'a> {
    /// Its name.
    pub(super) name: &'a str,
    /// What changes.
    pub(super) change: Change<'a>,
    /// What is done.
    pub(super) steps: Vec<Step>,
    /// As it was.
    pub(super) before: &'a Settled,
    /// As it becomes.
    pub(super) after: &'a Settled,
    /// Why it changes.
    pub(super) cause: Cause<'a>,
    /// What was assumed, and what the files do not say.
    pub(super) notes: Vec<String>,
}

/// Why a cluster changes.
pub(super) enum Cause<'a> {
    /// Its author edits it.
    Edit(Box<Costs<'a>>),
    /// Another release of the function composes it. Nobody has asked for what that does, and what it costs only that
    /// release knows.
    Release,
}

/// What a cluster costs.
pub(super) struct Costs<'a> {
    /// Before.
    pub(super) old: Report<'a>,
    /// Afterwards.
    pub(super) new: Report<'a>,
}

impl Difference<'_> {
    /// What the object of a step costs a month: after the change, or before it where it goes.
    pub(super) fn monthly(&self, step: &Step) -> Option<Span<Usd>> {
        let costs = self.costs()?;
        let report = match step.what {
            What::Delete => &costs.old,
            What::Create | What::Change(_) => &costs.new,
        };
        monthly(&step.key, report)
    }

    /// What the cluster costs, where that is known.
    pub(super) fn costs(&self) -> Option<&Costs<'_>> {
        match &self.cause {
            Cause::Edit(costs) => Some(costs),
            Cause::Release => None,
        }
    }

    /// How many steps create, change and delete something.
    pub(super) fn counts(&self) -> [usize; 3] {
        let mut counts = [0; 3];
        for step in &self.steps {
            counts[match step.what {
                What::Create => 0,
                What::Change(_) => 1,
                What::Delete => 2,
            }] += 1;
        }
        counts
    }
}

/// What happens to one composed object.
pub(super) struct Step {
    /// Its key.
    pub(super) key: String,
    /// Its kind.
    pub(super) kind: String,
    /// What is done.
    pub(super) what: What,
}

/// What is done to an object.
pub(super) enum What {
    /// It is new.
    Create,
    /// These fields of it change.
    Change(Vec<Field>),
    /// It goes.
    Delete,
}

/// A field that changes.
pub(super) struct Field {
    /// Its path.
    pub(super) path: String,
    /// What it was; null if it was not there.
    pub(super) old: Value,
    /// What it becomes.
    pub(super) new: Value,
}

/// What leads from some objects to others, by key.
pub(super) fn steps(old: &BTreeMap<String, Value>, new: &BTreeMap<String, Value>) -> Vec<Step> {
    let keys: BTreeSet<_> = old.keys().chain(new.keys()).collect();
    let step = |key: &String| {
        let (before, after) = (old.get(key), new.get(key));
        let what = match (before, after) {
            (None, _) => What::Create,
            (_, None) => What::Delete,
            (Some(before), Some(after)) => {
                let mut fields = Vec::new();
                compare(String::new(), before, after, &mut fields);
                What::Change(fields)
            }
        };
        let kind = after.or(before)?["kind"].as_str()?.to_owned();
        let is_same = matches!(&what, What::Change(fields) if fields.is_empty());
        (!is_same).then(|| Step {
            key: key.clone(),
            kind,
            what,
        })
    };
    keys.into_iter().filter_map(step).collect()
}

fn compare(path: String, old: &Value, new: &Value, found: &mut Vec<Field>) {
    match (old, new) {
        (Value::Object(before), Value::Object(after)) => {
            let names: BTreeSet<_> = before.keys().chain(after.keys()).collect();
            for name in names {
                let dot = if path.is_empty() { "" } else { "." };
                compare(format!("{path}{dot}{name}"), &old[name], &new[name], found);
            }
        }
        (Value::Array(before), Value::Array(after)) if before.len() == after.len() => {
            for (n, (before, after)) in before.iter().zip(after).enumerate() {
                compare(format!("{path}[{n}]"), before, after, found);
            }
        }
        _ if old == new => {}
        _ => found.push(Field {
            path,
            old: old.clone(),
            new: new.clone(),
        }),
    }
}

/// What the object of a key costs a month, where the bill has a line for it.
fn monthly(key: &str, report: &Report<'_>) -> Option<Span<Usd>> {
    let items = &report.estimate.items;
    let sum = |holds: &dyn Fn(&str, Option<&str>) -> bool| {
        let lines = items.iter().filter(|item| holds(item.item, item.pool));
        let lines: Vec<_> = lines.map(|item| item.monthly_usd).collect();
        (!lines.is_empty()).then(|| Span {
            min: lines.iter().map(|line| line.min).sum(),
            max: lines.iter().map(|line| line.max).sum(),
        })
    };
    // Of several equal things, one.
    let one = |sku: &str| {
        let line = items.iter().find(|item| item.sku == sku)?;
        let usd = line.usd.times(Quantity::whole(HOURS));
        Some(Span { min: usd, max: usd })
    };
    if let Some(rest) = key.strip_prefix("nodes-pool-") {
        let (pool, _) = rest.rsplit_once('-')?;
        return sum(&|_, of| of == Some(pool));
    }
    match key {
        "cluster" => sum(&|item, _| item == "control plane"),
        "identity-key" => sum(&|item, _| item == "encryption key"),
        "network-nat" => sum(&|item, _| item == "NAT"),
        _ if key.starts_with("network-nat-address-") => one("public-ipv4"),
        _ if key.starts_with("network-nat-") => one("nat"),
        _ => None,
    }
}
