//! Logs: one JSON object a line on standard error, or text for people with `--debug`.

use std::{io, panic};

use tracing_subscriber::{EnvFilter, filter::ParseError};

const LEVELS: &str = "RUST_LOG";

/// Logs cannot be set up.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// RUST_LOG does not parse.
    #[error("cannot use RUST_LOG={value:?}: {source}; try info, debug or xcluster=debug")]
    Levels {
        /// What it holds.
        value: String,
        /// Why it does not parse.
        source: ParseError,
    },
    /// Logs were set up before.
    #[error("cannot set up logs: {0}")]
    Init(#[from] Box<dyn std::error::Error + Send + Sync>),
}

/// Sets up logs for the process, panics included. RUST_LOG overrides the level: info, or debug for
/// this crate with `debug`.
///
/// # Errors
/// [`Error::Levels`] for a RUST_LOG that does not parse, [`Error::Init`] when called twice.
pub fn init(debug: bool) -> Result<(), Error> {
    let levels = match (std::env::var(LEVELS), debug) {
        (Ok(value), _) if !value.is_empty() => value,
        (_, true) => "info,xcluster=debug".to_owned(),
        (_, false) => "info".to_owned(),
    };
    let filter = EnvFilter::try_new(&levels).map_err(|source| Error::Levels {
        value: levels,
        source,
    })?;
    let logs = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(io::stderr);
    if debug {
        logs.try_init()?;
    } else {
        logs.json()
            .flatten_event(true)
            .with_span_list(false)
            .try_init()?;
    }
    panic::set_hook(Box::new(log_panic));
    Ok(())
}

/// Logs where a panic happened; in a call, the line about the Fatal result follows and says whose it was.
/// Its message is logged only if it is fixed text: a formatted one may quote Secrets.
fn log_panic(panic: &panic::PanicHookInfo<'_>) {
    let at = panic.location().map(ToString::to_string);
    let message = panic.payload().downcast_ref::<&'static str>().copied();
    tracing::error!(at, message, "bug: a call panicked");
}
