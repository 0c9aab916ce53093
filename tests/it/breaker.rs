//! Core's circuit breaker, at the pace of the clouds.
//!
//! Core counts what it watches: each change of a composed resource or of the composite costs two
//! tokens, each creation one. A composite gets one a second; without any left, core stops to listen for
//! five minutes (`internal/circuit/token_bucket.go`, the same in v2.3.4 and v2.4.0). A cluster must never get there while it is
//! made, with the burst that the README asks for.

use std::collections::BTreeMap;

use cloudsim::Pace;
use serde_json::Value;

use crate::support::{
    cases::{Case, text},
    simulator::{Step, World},
};

/// `--circuit-breaker-burst`, as the README has it.
const BURST: i64 = 1000;
/// Seconds, and so tokens, of a tick of the simulated clouds.
const TICK: i64 = 10;
/// What must always be left: providers also retry, people edit, and core looks at every event at once instead of
/// once a tick. In a simulated fleet (`tests/fleetsim`) that takes some 200 tokens more.
const RESERVE: i64 = 650;
const CREATION: i64 = 1;
const CHANGE: i64 = 2;
/// crossplane-runtime's own writes before and after a creation: the finalizer, and the annotations
/// that say that it is going on and that it succeeded.
const BOOKKEEPING: i64 = 3 * CHANGE;
/// A Usage's finalizer, labels, owner and conditions, as its controller writes them.
const USAGE: i64 = 4 * CHANGE;

struct Bucket {
    tokens: i64,
    /// The lowest level, and the second it was reached in.
    lowest: (i64, i64),
    spent: i64,
    second: i64,
}

impl Bucket {
    fn spend(&mut self, tokens: i64) {
        self.spent += tokens;
        self.tokens -= tokens;
        self.lowest = self.lowest.min((self.tokens, self.second));
    }

    fn refill(&mut self) {
        self.second += TICK;
        self.tokens = BURST.min(self.tokens + TICK);
    }

    /// What core sees of a reconcile.
    fn reconciled(
        &mut self,
        before: &BTreeMap<String, Value>,
        after: &BTreeMap<String, Value>,
        was: &Value,
        is: &Value,
    ) {
        for (key, object) in after {
            match before.get(key) {
                None if object["kind"].as_str().unwrap().ends_with("Usage") => {
                    self.spend(CREATION + USAGE);
                }
                None => self.spend(CREATION),
                Some(before) if before != object => self.spend(CHANGE),
                Some(_) => {}
            }
        }
        // Its list of references, its status, and its conditions.
        let new_refs = after.len() != before.len();
        let status = |composite: &Value| {
            let mut status = composite["status"].clone();
            let conditions = status["conditions"].take();
            (status, conditions)
        };
        let ((was, held), (is, hold)) = (status(was), status(is));
        let writes = [new_refs, was != is, held != hold];
        let writes = writes.into_iter().filter(|write| *write).count();
        self.spend(CHANGE * i64::try_from(writes).unwrap());
    }

    /// What core sees of the providers' work.
    fn provided(&mut self, before: &BTreeMap<String, Value>, after: &BTreeMap<String, Value>) {
        for (key, object) in after {
            let before = &before[key];
            if before["spec"] != object["spec"] {
                self.spend(CHANGE);
            }
            if before["status"] != object["status"] {
                self.spend(CHANGE);
            }
            let exists = |object: &Value| !object["status"]["atProvider"].is_null();
            if exists(object) && !exists(before) {
                self.spend(BOOKKEEPING);
            }
        }
    }
}

/// From nothing to Ready, with a core that reconciles at once.
fn create(world: &mut World) -> (Bucket, Vec<Step>) {
    let mut bucket = Bucket {
        tokens: BURST,
        lowest: (BURST, 0),
        spent: 0,
        second: 0,
    };
    let mut steps: Vec<Step> = Vec::new();
    while !steps.last().is_some_and(Step::is_ready) {
        assert!(bucket.second < 3600, "not ready after an hour");
        let (before, was) = (world.observed(), world.composite.clone());
        steps.push(world.reconcile());
        let after = world.observed();
        bucket.reconciled(&before, &after, &was, &world.composite);
        world.tick();
        bucket.provided(&after, &world.observed());
        bucket.refill();
    }
    (bucket, steps)
}

#[test]
fn the_breaker_stays_closed_while_a_cluster_is_made() {
    let mut short = Vec::new();
    for case in Case::all() {
        let mut world = case.world().at_pace(Pace::Real);
        let (bucket, steps) = create(&mut world);
        let (left, second) = bucket.lowest;
        let line = format!(
            "{}: {left} tokens left after {second} s; {} spent in {} s and {} reconciles",
            case.name,
            bucket.spent,
            bucket.second,
            steps.len()
        );
        println!("{line}");
        if left < RESERVE {
            short.push(line);
        }
    }
    assert!(
        short.is_empty(),
        "less than {RESERVE}:\n{}",
        short.join("\n")
    );
}

#[test]
fn the_readme_asks_for_that_burst() {
    let readme = text("README.md");
    let flag = format!("args={{--circuit-breaker-burst={BURST}}}");
    assert!(readme.contains(&flag), "README.md has no {flag}");
}
