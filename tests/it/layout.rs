//! The tree tells the architecture, and keeps to it.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use crate::support::cases::repository;

/// Modules that touch files, the clock or the network; everything else is pure.
const EDGE: [&str; 10] = [
    "args",
    "bin",
    "cli",
    "function",
    "main",
    "metrics",
    "server",
    "telemetry",
    "tls",
    "limits",
];

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found.sort();
    found
}

#[test]
fn both_clouds_have_the_same_files() {
    let names = |cloud: &str| -> BTreeSet<_> {
        let root = repository("src").join(cloud);
        let names = files(&root);
        names
            .iter()
            .map(|file| file.strip_prefix(&root).unwrap().to_owned())
            .collect()
    };
    assert_eq!(names("aws"), names("gcp"));
    assert!(names("aws").len() > 10);
}

#[test]
fn what_is_pure_names_no_clock_no_file_and_no_network() {
    let root = repository("src");
    let mut pure = 0;
    for file in files(&root) {
        let relative = file.strip_prefix(&root).unwrap();
        let module = relative
            .components()
            .next()
            .unwrap()
            .as_os_str()
            .to_str()
            .unwrap();
        if EDGE.contains(&module.trim_end_matches(".rs")) {
            continue;
        }
        pure += 1;
        let text = fs::read_to_string(&file).unwrap();
        for forbidden in [
            "tokio",
            "std::fs",
            "std::net",
            "std::time",
            "std::env",
            "std::process",
        ] {
            let stands = text
                .lines()
                .any(|line| !line.trim_start().starts_with("//") && line.contains(forbidden));
            assert!(!stands, "{} names {forbidden}", relative.display());
        }
    }
    assert!(pure > 40, "only {pure} files were looked at");
}

#[test]
fn nothing_reads_what_stands_beside_the_repository() {
    fn look(folder: &Path, found: &mut BTreeSet<PathBuf>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap();
            let ours = !name.starts_with('.') || [".ci", ".github"].contains(&name);
            if path.is_dir() && ours && !["target", "dist"].contains(&name) {
                look(&path, found);
            } else if path.is_file() && name != "layout.rs" {
                let text = fs::read(&path).unwrap();
                if String::from_utf8_lossy(&text).contains("../shared") {
                    found.insert(path.strip_prefix(repository("")).unwrap().to_owned());
                }
            }
        }
    }
    let mut found = BTreeSet::new();
    look(&repository(""), &mut found);
    // It hands a folder of definitions to `make crds`.
    assert_eq!(found, [PathBuf::from(".ci/run")].into());
}
