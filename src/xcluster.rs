//! The people's command; see [`xcluster::cli`].

use std::process::ExitCode;

fn main() -> ExitCode {
    xcluster::cli::run()
}
