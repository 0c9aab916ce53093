//! What one call costs for a settled cluster: decode, compose, encode.
//!
//! `cargo bench --bench settled` prints a line for each example: how large request and response
//! are, and the median time of a call over several rounds.

use std::{
    hint::black_box,
    io::{self, Write},
    path::Path,
    time::{Duration, Instant},
};

use prost::Message;
use xcluster::{
    cli::{ManifestError, composite_of, input_of, load, observed_of},
    compose::{compose, resource},
    proto::v1::{RunFunctionRequest, State},
};

const ROUNDS: usize = 15;
const CALLS: u32 = 200;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut out = io::stdout().lock();
    for case in ["aws-standard", "gcp-standard", "gcp-autopilot"] {
        let request = request(case)?.encode_to_vec();
        let mut rounds: Vec<_> = (0..ROUNDS).map(|_| round(&request)).collect();
        rounds.sort();
        let response = call(&request)?;
        writeln!(
            out,
            "{case}: request {} B, response {} B, {:.3} ms a call (fastest {:.3}, slowest {:.3})",
            request.len(),
            response.len(),
            milliseconds(rounds[ROUNDS / 2]),
            milliseconds(rounds[0]),
            milliseconds(rounds[ROUNDS - 1]),
        )?;
    }
    Ok(())
}

/// The settled example as Crossplane would send it.
fn request(case: &str) -> Result<RunFunctionRequest, ManifestError> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("examples")
        .join(case);
    let xr = folder.join("xr.yaml");
    let composite = composite_of(&load(&xr)?[0], None, &xr)?;
    let composition = folder.join("composition.yaml");
    let observed = folder.join("observed");
    Ok(RunFunctionRequest {
        observed: Some(State {
            composite: Some(resource(composite)),
            resources: observed_of(&load(&observed)?, &observed)?,
        }),
        input: input_of(&load(&composition)?, &composition)?,
        ..RunFunctionRequest::default()
    })
}

fn call(request: &[u8]) -> Result<Vec<u8>, prost::DecodeError> {
    // A server has the request as Bytes, of which fields are slices.
    let request = RunFunctionRequest::decode(bytes::Bytes::copy_from_slice(request))?;
    Ok(compose(request).encode_to_vec())
}

fn round(request: &[u8]) -> Duration {
    let start = Instant::now();
    for _ in 0..CALLS {
        let _ = black_box(call(black_box(request)));
    }
    start.elapsed() / CALLS
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}
