//! The server as a program: flags in, exit code out.

use std::{
    error::Error,
    io::{self, Write},
    process::ExitCode,
};

use tokio::runtime::Runtime;

use super::{
    args::Args,
    run::{self, run},
    telemetry,
};

/// `EX_USAGE` of sysexits.h: flags, environment or certificates are wrong, a restart will not help.
pub const BAD_CONFIGURATION: u8 = 64;

/// Serves until SIGTERM or SIGINT.
pub fn program(args: Args) -> ExitCode {
    if let Err(error) = telemetry::init(args.debug) {
        // Without logs, text has to do; with standard error closed there is no place to write to.
        drop(writeln!(io::stderr(), "{error}"));
        return ExitCode::from(BAD_CONFIGURATION);
    }
    let config = match args.config() {
        Ok(config) => config,
        Err(error) => return refuse(&error),
    };
    let served = Runtime::new().map(|runtime| runtime.block_on(run(config)));
    match served {
        Ok(Ok(())) => ExitCode::SUCCESS,
        Ok(Err(error @ run::Error::Tls(_))) => refuse(&error),
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
