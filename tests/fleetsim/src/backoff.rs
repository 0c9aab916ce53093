//! How long somebody waits who has failed.

use std::time::Duration;

/// client-go's `ItemExponentialFailureRateLimiter`: twice as long after each failure, up to a limit.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Backoff {
    failures: u32,
}

/// The first wait of all of them.
const BASE: Duration = Duration::from_secs(1);

/// The most that core waits before it looks at a composite again: `definition/reconciler.go` of
/// Crossplane v2.3.4 and v2.4.0.
pub(crate) const CORE_MOST: Duration = Duration::from_secs(30);

/// The most that a provider waits before it tries again: `pkg/ratelimiter` of crossplane-runtime.
pub(crate) const PROVIDER_MOST: Duration = Duration::from_mins(1);

impl Backoff {
    /// Counts a failure, and says how long to wait.
    pub(crate) fn fail(&mut self, most: Duration) -> Duration {
        // More doublings than any limit has.
        let doublings = self.failures.min(16);
        self.failures += 1;
        (BASE * 2_u32.pow(doublings)).min(most)
    }

    /// Something worked.
    pub(crate) fn forget(&mut self) {
        self.failures = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_failure_doubles_the_wait_up_to_the_limit() {
        let mut backoff = Backoff::default();
        let waits: Vec<_> = (0..7).map(|_| backoff.fail(CORE_MOST).as_secs()).collect();
        assert_eq!(waits, [1, 2, 4, 8, 16, 30, 30]);
        backoff.forget();
        assert_eq!(backoff.fail(PROVIDER_MOST), BASE);
    }
}
