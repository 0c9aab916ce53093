//! Why another release cannot be asked.

use std::path::PathBuf;

/// How much is shown of what a program says.
pub(super) const MOST_SAID: usize = 300;

/// Why another release cannot be asked.
#[derive(Clone, Debug, thiserror::Error)]
pub(crate) enum OtherError {
    #[error("--with {path}: there is no such file; name the program of the other release")]
    Missing { path: PathBuf },
    #[error("--with {path}: it may not be executed; chmod +x {path}")]
    NotExecutable { path: PathBuf },
    #[error(
        "--with {path}: it is no program for this machine; take the release's own for {os} on {arch}",
        os = std::env::consts::OS, arch = std::env::consts::ARCH
    )]
    OtherMachine { path: PathBuf },
    #[error("--with {path}: cannot run it: {problem}")]
    Run { path: PathBuf, problem: String },
    #[error(
        "--with {path}: it is neither function-xcluster nor xcluster: asked for --version, it {said}"
    )]
    Unknown { path: PathBuf, said: String },
    #[error("--with {path}: {name} cannot serve the function: {problem}")]
    NotServing {
        path: PathBuf,
        name: String,
        problem: String,
    },
    #[error("--with {path}: {name} has no answer for {cluster}: {problem}")]
    NoAnswer {
        path: PathBuf,
        name: String,
        cluster: String,
        problem: String,
    },
}
