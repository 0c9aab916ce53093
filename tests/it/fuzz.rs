//! Input that nothing sound would send, made by changing what something sound does send.
//!
//! Two runs with the same FUZZ_SEED and FUZZ_ITERATIONS try the same inputs, so that a failure can be
//! repeated anywhere. `make fuzz` runs longer; what it finds becomes a file in `fuzz/corpus/`.

mod bytes;
mod corpus;
mod decoders;
mod kinds;
mod manifests;
mod oracle;
mod text;
mod tree;

use proptest::test_runner::{Config, RngSeed};

/// Cases of each target unless FUZZ_ITERATIONS says otherwise: some seconds for all targets. Each night they are
/// tried at length (`.github/workflows/nightly.yml`).
const ITERATIONS: u32 = 100;

fn number<T: std::str::FromStr>(variable: &str, default: T) -> T {
    let Ok(text) = std::env::var(variable) else {
        return default;
    };
    let parsed = text.parse();
    parsed.unwrap_or_else(|_| panic!("{variable} is not a number: {text:?}"))
}

/// Whether more is asked for than each build does.
fn is_long() -> bool {
    number("FUZZ_ITERATIONS", ITERATIONS) > ITERATIONS
}

/// How a target runs, with `share` times as many cases as the setting says.
fn config(share: u32) -> Config {
    Config {
        cases: number("FUZZ_ITERATIONS", ITERATIONS).saturating_mul(share),
        rng_seed: RngSeed::Fixed(number("FUZZ_SEED", 1)),
        failure_persistence: None,
        // What a mutation leaves is rarely sound, and that is no reason to give up.
        max_global_rejects: u32::MAX,
        ..Config::default()
    }
}
