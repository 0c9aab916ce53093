//! Manifests that were changed: what can still be read gets an answer.

use std::{
    cell::RefCell,
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use manifests::{composite_of, input_of, load};
use proptest::{collection::vec, prelude::*, sample::Index, test_runner::TestRunner};

use super::{
    config,
    oracle::{self, Verdict},
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
