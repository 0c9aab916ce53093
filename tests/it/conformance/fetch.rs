//! `make crds` and `make test` where GitHub cannot be reached.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use test_support::crds;

use crate::support::cases::repository;

/// A folder for definitions, with nothing in it.
fn empty(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("crds-{name}"));
    let _ = fs::remove_dir_all(&folder);
    folder
}

/// Runs a script of tools/ that fetches into a folder, without a network.
fn run(script: &str, into: &Path, environment: &[(&str, &str)]) -> Output {
    let mut command = Command::new("bash");
    command.arg(repository("tools").join(script));
    command.args(["bash", "-c", "echo tested with $XCLUSTER_CRDS"]);
    command.env_remove("CI").env_remove("CRDS_FROM");
    command.env("XCLUSTER_CRDS", into);
    command.env("CRDS_GITHUB", "http://127.0.0.1:1");
    command.env("GO", "no-go");
    command.envs(environment.iter().copied());
    command.output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn a_folder_that_has_all_definitions_is_enough() {
    let Some(from) = crds::folder() else { return };
    let into = empty("copied");
    let environment = [("CRDS_FROM", from.to_str().unwrap())];
    let output = run("crds.sh", &into, &environment);
    assert!(output.status.success(), "{}", text(&output.stderr));
    // Nothing is fetched again.
    let output = run("with-crds.sh", &into, &[("CI", "true")]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let said = text(&output.stdout);
    assert_eq!(said, format!("tested with {}\n", into.display()));
}

#[test]
fn a_definition_that_cannot_be_fetched_is_named_with_the_way_to_get_it() {
    let output = run("crds.sh", &empty("missing"), &[]);
    assert_eq!(output.status.code(), Some(1));
    let said = text(&output.stderr);
    let first = "such as provider-aws-v2.6.0/cloudwatchlogs.aws.m.upbound.io_groups.yaml\n";
    assert!(said.contains(first), "{said}");
    assert!(said.contains("make crds CRDS_FROM=FOLDER"), "{said}");
}

#[test]
fn tests_without_definitions_say_what_was_not_tested_or_fail() {
    let into = empty("without");
    let output = run("with-crds.sh", &into, &[]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let said = text(&output.stdout);
    assert!(said.contains("tested with none\n"), "{said}");
    let last = said.lines().last().unwrap();
    assert!(last.starts_with("NOT TESTED: "), "{last}");

    let output = run("with-crds.sh", &into, &[("CI", "true")]);
    assert_eq!(output.status.code(), Some(1));
    assert!(!text(&output.stdout).contains("tested with"));
}
