//! What the crates are made of: nothing without a reason, and nothing unsafe.

use std::collections::{BTreeMap, BTreeSet};

use crate::support::cases::text;

/// The manifests of all crates, the workspace's first.
fn manifests() -> Vec<String> {
    let root = text("Cargo.toml");
    let line = root
        .lines()
        .find_map(|line| line.strip_prefix("members = ["));
    let members = line.unwrap().trim_end_matches(']').split(',');
    let members = members.map(|name| name.trim().trim_matches('"').to_owned());
    let mut found = vec!["Cargo.toml".to_owned()];
    found.extend(members.map(|folder| format!("{folder}/Cargo.toml")));
    assert!(found.len() > 3);
    found
}

/// The lines of a manifest by table.
fn tables(manifest: &str) -> BTreeMap<String, Vec<String>> {
    let mut found = BTreeMap::<_, Vec<_>>::new();
    let mut table = String::new();
    for line in text(manifest).lines() {
        if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
            name.0.clone_into(&mut table);
        } else if !line.trim().is_empty() && !line.starts_with('#') {
            found
                .entry(table.clone())
                .or_default()
                .push(line.to_owned());
        }
    }
    found
}

/// The crates that a manifest names and that are not ours.
fn direct(manifest: &str) -> BTreeSet<String> {
    let tables = tables(manifest);
    let ours = |line: &str| line.contains("path = ");
    let dependencies = tables
        .iter()
        .filter(|(name, _)| name.ends_with("dependencies"));
    let lines = dependencies.flat_map(|(_, lines)| lines);
    let lines = lines.filter(|line| !ours(line) && !line.starts_with(' '));
    lines
        .filter_map(|line| Some(line.split_once('=')?.0.trim().to_owned()))
        .collect()
}

/// What stands in the first column of the page's table of dependencies.
fn explained() -> BTreeSet<String> {
    let page = text("docs/decisions.md");
    let (_, section) = page.split_once("## Dependencies").unwrap();
    let rows = section.lines().filter_map(|line| line.strip_prefix("| "));
    let names = rows.filter_map(|row| row.split('|').next());
    let word = |c: char| !c.is_ascii_alphanumeric() && c != '-' && c != '_';
    names
        .flat_map(|names| names.split(word))
        .map(str::to_owned)
        .collect()
}

#[test]
fn every_dependency_has_its_reason_on_the_page_of_decisions() {
    let explained = explained();
    let mut count = 0;
    for manifest in manifests() {
        for name in direct(&manifest) {
            count += 1;
            assert!(
                explained.contains(&name),
                "{manifest}: docs/decisions.md does not say why there is {name}"
            );
        }
    }
    assert!(count > 40, "only {count} dependencies were found");
}

#[test]
fn no_crate_may_have_unsafe_code() {
    let root = tables("Cargo.toml");
    let forbidden = r#"unsafe_code = "forbid""#.to_owned();
    assert!(root["workspace.lints.rust"].contains(&forbidden));
    for manifest in manifests() {
        assert_eq!(
            tables(&manifest)["lints"],
            ["workspace = true"],
            "{manifest}"
        );
    }
}

#[test]
fn advisories_are_checked_before_anything_is_released() {
    // Not in `make deny`: a new advisory must not break an old commit.
    let workflow = text(".github/workflows/ci.yml");
    assert!(workflow.contains(r#"make deny DENY_CHECKS="advisories bans licenses sources""#));
    let (_, required) = workflow.split_once("  ship-it:").unwrap();
    let needs = required
        .lines()
        .find(|line| line.trim().starts_with("needs:"))
        .unwrap();
    assert!(needs.contains("deny"), "{needs}");
}
