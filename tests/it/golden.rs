//! What the examples become, step by step, in `tests/it/golden`.
//!
//! Of each example, in the scope of claims: `first.yaml` and `settled.yaml` are the first and the last
//! answer, `timeline.txt` has what each answer changes. `cluster.txt` and `namespaced.txt` have what
//! is different in the other scopes. `cost.yaml` has the cost of all examples. Hashes hold what no line
//! shows. A difference fails; `UPDATE_GOLDEN=1 cargo test --test it golden` writes the files anew.

mod cost;
mod credentials;
mod digest;
mod envelopes;
mod state;
mod timeline;

use std::{collections::BTreeSet, fs, path::Path};

use serde_json::Value;
use test_support::golden::{Files, agree, updating};

use crate::support::cases::{Case, SCOPES, repository, run, run_in, runs};

const FOLDER: &str = "tests/it/golden";

#[test]
fn examples_become_what_the_golden_files_say() {
    let cases = Case::all();
    let path = repository(FOLDER).join("cost.yaml");
    let mut problems: Vec<_> = agree(&path, &cost::file(&cases)).into_iter().collect();
    for case in &cases {
        let claims = run(&case.name);
        let mut files = Files::new(repository(FOLDER).join(&case.name));
        files.add("first.yaml", state::first(claims));
        files.add("settled.yaml", state::settled(claims));
        files.add("timeline.txt", timeline::file(claims));
        for (_, scope) in &SCOPES[1..] {
            let run = run_in(&case.name, scope);
            files.add(&format!("{scope}.txt"), envelopes::file(run));
        }
        problems.extend(files.compare());

        let folder = repository("examples").join(&case.name).join("observed");
        let mut files = Files::new(folder);
        let objects: Vec<_> = claims.world.observed().into_values().collect();
        files.add("settled.yaml", yaml(&objects));
        problems.extend(files.compare());
    }
    for entry in fs::read_dir(repository(FOLDER)).unwrap() {
        let path = entry.unwrap().path();
        let is_case = |case: &Case| path.ends_with(&case.name);
        if path.is_dir() && !cases.iter().any(is_case) {
            problems.push(format!("{} is of no example", path.display()));
        }
    }
    assert!(
        problems.is_empty(),
        "{}\nif that is right: UPDATE_GOLDEN=1 cargo test --test it golden",
        problems.join("\n")
    );
}

/// Documents with sorted keys.
fn yaml(documents: &[Value]) -> String {
    let mut text = String::new();
    for document in documents {
        text.push_str("---\n");
        text.push_str(serde_saphyr::to_string(document).unwrap().trim_end());
        text.push('\n');
    }
    text
}

/// More than that is more than a person reads.
#[test]
fn the_golden_files_stay_few_and_short() {
    const MOST: (usize, usize) = (60, 15_000);
    if updating() {
        return; // another test writes them now
    }
    let (mut files, mut lines) = (0, 0);
    count(&repository(FOLDER), &mut files, &mut lines);
    assert!(
        (files, lines) > (20, 1000),
        "only {files} files with {lines} lines were looked at"
    );
    assert!(
        files <= MOST.0 && lines <= MOST.1,
        "{FOLDER} has {files} files with {lines} lines; at most {MOST:?} can be read"
    );
}

fn count(folder: &Path, files: &mut usize, lines: &mut usize) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            count(&path, files, lines);
        } else {
            *files += 1;
            *lines += fs::read_to_string(&path).unwrap().lines().count();
        }
    }
}

#[test]
fn composed_resource_keys_stay_what_they_are() {
    let path = repository(FOLDER).join("keys.txt");
    let frozen = fs::read_to_string(&path).unwrap_or_default();
    let frozen: BTreeSet<_> = frozen.lines().map(str::to_owned).collect();
    let steps = runs().iter().flat_map(|run| &run.steps);
    let now: BTreeSet<_> = steps.flat_map(|step| step.desired().into_keys()).collect();
    let lost: Vec<_> = frozen.difference(&now).collect();
    assert!(
        lost.is_empty(),
        "clusters that have {lost:?} would lose them: a renamed key deletes and creates. If that \
         is meant, take them out of {} by hand",
        path.display()
    );
    let all = now
        .union(&frozen)
        .fold(String::new(), |text, key| text + key + "\n");
    if updating() {
        fs::write(&path, all).unwrap();
        return;
    }
    let new: Vec<_> = now.difference(&frozen).collect();
    assert!(
        new.is_empty(),
        "{new:?} are new keys, and keys are for ever: UPDATE_GOLDEN=1 cargo test --test it golden"
    );
}

#[test]
fn a_highly_available_cluster_is_at_most_fifty_objects() {
    for run in runs() {
        let objects = run.last().desired().len();
        assert!(objects <= 50, "{} composes {objects}", run.title());
    }
}
