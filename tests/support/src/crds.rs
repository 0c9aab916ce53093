//! The definitions of the kinds that are composed, which are no part of the repository.

use std::{io::Write, path::PathBuf, sync::Once};

use crate::files::repository;

/// The folder that `XCLUSTER_CRDS` names, `.crds` unless set. There is none only where it says `none`.
///
/// A folder that is missing fails: what compares with it would pass without a comparison.
pub fn folder() -> Option<PathBuf> {
    let given = std::env::var_os("XCLUSTER_CRDS").filter(|given| !given.is_empty());
    if given.as_ref().is_some_and(|given| given == "none") {
        note_once(
            "NOT TESTED: anything against the providers' CRDs, since XCLUSTER_CRDS is none\n",
        );
        return None;
    }
    let folder = given.map_or_else(|| repository(".crds"), PathBuf::from);
    assert!(
        folder.is_dir(),
        "there are no CRDs in {}; run `make crds`",
        folder.display()
    );
    Some(folder)
}

/// Says it past the test harness, which shows what tests print only when they fail.
fn note_once(note: &str) {
    static SAID: Once = Once::new();
    SAID.call_once(|| {
        let _ = std::io::stderr().write_all(note.as_bytes());
    });
}
