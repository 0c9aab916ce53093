//! The function's server: flags in, exit code out.

use std::process::ExitCode;

use clap::Parser;
use xcluster::server::{
    args::Args,
    program::{BAD_CONFIGURATION, program},
};

fn main() -> ExitCode {
    match Args::try_parse() {
        Ok(args) => program(args),
        Err(error) => {
            drop(error.print());
            ExitCode::from(if error.use_stderr() {
                BAD_CONFIGURATION
            } else {
                0
            })
        }
    }
}
