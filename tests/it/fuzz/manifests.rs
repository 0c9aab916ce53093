//! Files for the people's command that are no manifests, or hardly: the real binary must say so.

use std::{
    cell::RefCell,
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::{Duration, Instant},
};

use proptest::{collection::vec, prelude::*, sample::Index, test_runner::TestRunner};
use xcluster::cli::{composite_of, input_of, load};

use super::{
    config,
    corpus::kept,
    oracle::{self, Verdict, is_disguise},
};
use crate::{
    fixture::request,
    support::{cases::text, tls::tempdir},
};

/// What YAML is made of.
const TOKENS: [&str; 24] = [
    "\n", "\n\n", "  ", "\t", ": ", "- ", "---\n", "...\n", "{", "}", "[", "]", "\"", "'", "|",
    ">", "#", "&a ", "*a", "!!str ", "? ", "\u{0}", "\u{feff}", "\u{85}",
];

/// Starts the command as a person does.
fn run(args: &[&str]) -> (Option<i32>, String) {
    const LONGEST: Duration = Duration::from_secs(20);
    let start = Instant::now();
    let output = Command::new(env!("CARGO_BIN_EXE_xcluster"))
        .args(args)
        .env_clear()
        .output()
        .unwrap();
    assert!(
        start.elapsed() < LONGEST,
        "{args:?} took {:?}",
        start.elapsed()
    );
    (
        output.status.code(),
        String::from_utf8(output.stderr).unwrap(),
    )
}

/// The command ends by itself, and with words that a terminal can show.
fn check_command(path: &Path) {
    let file = path.to_str().unwrap();
    for args in [
        &["render", file][..],
        &["render", "clusters/prod-us.yaml", "--composition", file],
        &["render", "clusters/prod-us.yaml", "--observed", file],
        &["cost", file],
        &["plan", file, "clusters/prod-us.yaml"],
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
        let control = complaint
            .trim_end()
            .chars()
            .find(|c| c.is_control() || is_disguise(*c));
        assert_eq!(control, None, "{args:?}: {complaint:?}");
    }
}

#[test]
fn files_that_are_no_manifests_are_refused_in_words() {
    let folder = tempdir("fuzz-manifests");
    for (name, bytes) in kept("manifests") {
        let path = folder.join(&name);
        fs::write(&path, bytes).unwrap();
        check_command(&path);
    }
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

/// Reads the file as the command does, and calls the function with what it holds.
fn answer(path: &Path) -> Option<Verdict> {
    let documents = load(path).ok()?;
    let composite = composite_of(documents.first()?, None, path).ok()?;
    // A file that is no Composition is refused as one.
    drop(input_of(&documents, path));
    Some(oracle::check(&request(composite, None)))
}

#[test]
fn changed_manifests_get_an_answer() {
    let path: PathBuf = tempdir("fuzz-changed").join("cluster.yaml");
    let sound: Vec<char> = text("clusters/prod-us.yaml").chars().collect();
    let tally = RefCell::new(BTreeMap::<Option<Verdict>, u32>::new());
    let edit = (any::<Index>(), 0..4_usize, any::<Index>());
    let ran = TestRunner::new(config(2)).run(&vec(edit, 1..4), |edits| {
        let mut changed = sound.clone();
        for (at, cut, token) in edits {
            let at = at.index(changed.len() + 1);
            let end = (at + cut).min(changed.len());
            changed.splice(at..end, token.get(&TOKENS).chars());
        }
        fs::write(&path, changed.into_iter().collect::<String>()).unwrap();
        *tally.borrow_mut().entry(answer(&path)).or_default() += 1;
        Ok(())
    });
    let tally = tally.into_inner();
    println!("manifests: {tally:?}");
    if let Err(error) = ran {
        panic!("{error}");
    }
    assert!(tally.len() == 3, "{tally:?}");
}
