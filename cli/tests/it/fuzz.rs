//! Files that are no manifests, or hardly: the command must say so.

use std::{fs, path::Path, process::Command};

use test_support::{files::repository, text::hidden};

use crate::support::{command, folder, stderr};

/// What was found once: each file did something that it must not.
const CORPUS: &str = "cli/tests/it/corpus";

/// Starts the command as a person does. After 20 seconds of computing the kernel ends it, and it has no code.
fn run(args: &[&str]) -> (Option<i32>, String) {
    let output = Command::new("/bin/sh")
        .args(["-c", r#"ulimit -t 20 && exec "$0" "$@""#])
        .arg(command().get_program())
        .args(args)
        .current_dir(repository("."))
        .env_clear()
        .output()
        .unwrap();
    (output.status.code(), stderr(&output))
}

/// The command ends by itself, and with words that a terminal can show.
fn check_command(path: &Path) {
    let file = path.to_str().unwrap();
    let own = command();
    let own = Path::new(own.get_program());
    for args in [
        &["render", file][..],
        &["render", "clusters/prod-us.yaml", "--composition", file],
        &["render", "clusters/prod-us.yaml", "--observed", file],
        &["cost", file],
        &["plan", file, "clusters/prod-us.yaml"],
        &["plan", file, "--with", own.to_str().unwrap()],
    ] {
        let (code, complaint) = run(args);
        assert!(
            matches!(code, Some(0..=2)),
            "{args:?}: {code:?}: {complaint}"
        );
        assert!(
            complaint.len() < 10_000,
            "{args:?}: {} bytes",
            complaint.len()
        );
        assert_eq!(
            hidden(complaint.trim_end()),
            None,
            "{args:?}: {complaint:?}"
        );
    }
}

#[test]
fn files_that_are_no_manifests_are_refused_in_words() {
    let kept = fs::read_dir(repository(CORPUS)).unwrap();
    let kept: Vec<_> = kept.map(|entry| entry.unwrap().path()).collect();
    assert!(kept.len() > 5, "{kept:?}");
    for path in kept {
        check_command(&path);
    }
    let folder = folder("fuzz");
    for (name, unit, times) in [
        ("lists", "[", 100_000),
        ("objects", "{a: ", 100_000),
        ("items", "- ", 100_000),
        ("long", "x", 5_000_000),
    ] {
        let path = folder.join(format!("{name}.yaml"));
        fs::write(&path, unit.repeat(times)).unwrap();
        check_command(&path);
    }
}
