//! Core's circuit breaker: a token bucket for each composite.
//!
//! `internal/circuit/{token_bucket,mapfunc}.go` of Crossplane, the same in v2.3.4 and v2.4.0. Each time that a watch event is
//! mapped to a composite it costs a token: once for a creation, twice for a change, which is mapped with
//! the old object and with the new one. Without tokens the breaker opens and core drops events.

use std::time::Duration;

/// `halfOpenInterval`: how often an open breaker lets an event through.
const HALF_OPEN: Duration = Duration::from_secs(30);

/// The flags of core that rule the breaker.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Limits {
    /// Tokens that a composite begins with and can have: `--circuit-breaker-burst`, 100 unless set.
    pub burst: f64,
    /// Tokens that it gets in a second: `--circuit-breaker-refill-rate`, 1 unless set.
    pub refill: f64,
    /// For how long the breaker stays open: `--circuit-breaker-cooldown`, 5 minutes unless set.
    pub cooldown: Duration,
}

/// The breaker of one composite.
#[derive(Clone, Debug, Default)]
pub(crate) struct Breaker {
    /// Tokens that are missing from a full bucket.
    missing: f64,
    /// The same for a bucket without a bottom: what a burst must be for the breaker never to open.
    demand: f64,
    filled: Duration,
    open: Option<Open>,
    /// What the events cost.
    pub(crate) spent: u64,
    /// The highest demand so far.
    pub(crate) needed: f64,
}

#[derive(Clone, Copy, Debug)]
struct Open {
    since: Duration,
    allowed: Duration,
}

/// What becomes of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Core looks at the composite.
    Kept,
    /// Core looks at it, and the breaker has opened.
    Opened,
    /// Nobody learns of it.
    Dropped,
}

impl Breaker {
    /// Whether it is open, as core writes it into the condition Responsive.
    pub(crate) fn is_open(&self) -> bool {
        self.open.is_some()
    }

    /// An event is mapped to the composite.
    pub(crate) fn event(&mut self, now: Duration, limits: &Limits) -> Verdict {
        let half_open = self.open.map(|open| now > open.allowed + HALF_OPEN);
        let opened = self.record(now, half_open == Some(true), limits);
        match half_open {
            Some(false) => Verdict::Dropped,
            _ if opened => Verdict::Opened,
            _ => Verdict::Kept,
        }
    }

    /// `RecordEvent`. Whether it opened the breaker.
    fn record(&mut self, now: Duration, half_open: bool, limits: &Limits) -> bool {
        let gained = limits.refill * (now.saturating_sub(self.filled)).as_secs_f64();
        self.filled = now;
        self.spent += 1;
        self.demand = (self.demand - gained).max(0.0) + 1.0;
        self.needed = self.needed.max(self.demand);
        self.missing = (self.missing - gained).max(0.0);
        if let Some(open) = &mut self.open {
            if half_open {
                open.allowed = now;
            }
            if now.saturating_sub(open.since) < limits.cooldown {
                return false;
            }
            self.open = None;
        }
        if limits.burst - self.missing >= 1.0 {
            self.missing += 1.0;
            return false;
        }
        self.open = Some(Open {
            since: now,
            allowed: now,
        });
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: Limits = Limits {
        burst: 100.0,
        refill: 1.0,
        cooldown: Duration::from_mins(5),
    };

    fn after(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    /// A breaker that opened at the beginning.
    fn opened() -> Breaker {
        let mut breaker = Breaker::default();
        let verdicts: Vec<_> = (0..101)
            .map(|_| breaker.event(Duration::ZERO, &LIMITS))
            .collect();
        assert_eq!(verdicts[99], Verdict::Kept);
        assert_eq!(verdicts[100], Verdict::Opened);
        breaker
    }

    #[test]
    fn it_opens_with_the_first_event_beyond_the_burst() {
        assert!(opened().is_open());
    }

    #[test]
    fn a_second_gives_a_token() {
        let mut breaker = Breaker::default();
        for _ in 0..100 {
            breaker.event(Duration::ZERO, &LIMITS);
        }
        assert_eq!(breaker.event(after(1), &LIMITS), Verdict::Kept);
        assert_eq!(breaker.event(after(1), &LIMITS), Verdict::Opened);
    }

    #[test]
    fn an_open_one_lets_an_event_through_every_thirty_seconds() {
        let mut breaker = opened();
        let verdicts = [10, 30, 31, 40, 62].map(|at| breaker.event(after(at), &LIMITS));
        let expected = [
            Verdict::Dropped,
            Verdict::Dropped,
            Verdict::Kept,
            Verdict::Dropped,
            Verdict::Kept,
        ];
        assert_eq!(verdicts, expected);
    }

    #[test]
    fn it_closes_with_the_first_event_after_the_cooldown() {
        let mut breaker = opened();
        breaker.event(after(299), &LIMITS);
        assert!(breaker.is_open());
        breaker.event(after(300), &LIMITS);
        assert!(!breaker.is_open());
        assert_eq!(breaker.event(after(300), &LIMITS), Verdict::Kept);
    }

    #[test]
    fn what_it_needs_does_not_depend_on_what_it_has() {
        let small = Limits {
            burst: 10.0,
            ..LIMITS
        };
        let needed = |limits| {
            let mut breaker = Breaker::default();
            for second in [0, 0, 1] {
                for _ in 0..20 {
                    breaker.event(after(second), limits);
                }
            }
            (breaker.needed, breaker.spent)
        };
        assert_eq!(needed(&small), (59.0, 60));
        assert_eq!(needed(&LIMITS), (59.0, 60));
    }
}
