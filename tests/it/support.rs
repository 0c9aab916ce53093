//! What several tests need.

pub(crate) mod cases;
pub(crate) mod cel;
pub(crate) mod client;
pub(crate) mod process;
pub(crate) mod running;
pub(crate) mod simulator;
pub(crate) mod tls;

use std::{
    future::Future,
    time::{Duration, Instant},
};

/// How long anything may take on a busy machine before a test gives up.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

/// How long this thread has computed. What else the machine does takes no part in it.
pub(crate) fn computed() -> Duration {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    let nanoseconds = text.split(' ').next().unwrap();
    Duration::from_nanos(nanoseconds.parse().unwrap())
}

/// Asks again until the answer is there.
///
/// # Panics
/// When it is still missing after [`PATIENCE`].
pub(crate) async fn eventually<T, F: Future<Output = Option<T>>>(
    what: &str,
    mut ask: impl FnMut() -> F,
) -> T {
    let deadline = Instant::now() + PATIENCE;
    loop {
        if let Some(answer) = ask().await {
            return answer;
        }
        assert!(Instant::now() < deadline, "still not: {what}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}
