//! The function's server: flags in, exit code out.

use std::{
    error::Error,
    io::{self, Write},
    process::ExitCode,
};

use clap::Parser;
use xcluster::server::{self, args::Args, telemetry};

/// `EX_USAGE` of sysexits.h: flags, environment or certificates are wrong, a restart will not help.
const BAD_CONFIGURATION: u8 = 64;

fn main() -> ExitCode {
    let args = match Args::try_parse() {
        Ok(args) => args,
        Err(error) => {
            drop(error.print());
            return ExitCode::from(if error.use_stderr() {
                BAD_CONFIGURATION
            } else {
                0
            });
        }
    };
    if let Err(error) = telemetry::init(args.debug) {
        // Without logs, text has to do; with standard error closed there is no place to write to.
        drop(writeln!(io::stderr(), "{error}"));
        return ExitCode::from(BAD_CONFIGURATION);
    }
    let config = match args.config() {
        Ok(config) => config,
        Err(error) => return refuse(&error),
    };
    let served =
        tokio::runtime::Runtime::new().map(|runtime| runtime.block_on(server::run(config)));
    match served {
        Ok(Ok(())) => ExitCode::SUCCESS,
        Ok(Err(error @ server::Error::Tls(_))) => refuse(&error),
        Ok(Err(error)) => fail(&error),
        Err(error) => fail(&error),
    }
}

fn refuse(error: &dyn Error) -> ExitCode {
    tracing::error!(%error, "bad configuration");
    ExitCode::from(BAD_CONFIGURATION)
}

fn fail(error: &dyn Error) -> ExitCode {
    tracing::error!(%error, "cannot go on");
    ExitCode::FAILURE
}
