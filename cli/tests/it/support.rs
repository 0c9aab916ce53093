//! Running the command, and files for it.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use test_support::files::{repository, text};

/// The command in the repository's folder.
pub(crate) fn command() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xcluster"));
    command.current_dir(repository("."));
    command
}

/// Runs the command to its end.
pub(crate) fn xcluster(args: &[&str]) -> Output {
    command().args(args).output().unwrap()
}

/// Runs the command, which must refuse to do anything and say why in one line.
pub(crate) fn assert_refused(args: &[&str], reason: &str) {
    let output = xcluster(args);
    assert_eq!(output.status.code(), Some(2), "{args:?}");
    let said = stderr(&output);
    assert!(said.contains(reason), "{said}");
    assert_eq!(
        (said.lines().count(), stdout(&output).len()),
        (1, 0),
        "{said}"
    );
}

pub(crate) fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

pub(crate) fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// A folder for one test.
pub(crate) fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// A file for one test.
pub(crate) fn file(name: &str, text: &str) -> String {
    let path = folder("files").join(name);
    fs::write(&path, text).unwrap();
    path.display().to_string()
}

/// A file of the repository with a change in its text.
pub(crate) fn changed(name: &str, path: &str, changes: &[(&str, &str)]) -> String {
    let mut text = text(path);
    for (from, to) in changes {
        assert!(text.contains(from), "{from}");
        text = text.replace(from, to);
    }
    file(name, &text)
}
