//! How long things take.

/// How long things take.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Pace {
    /// Everything succeeds at once: clouds make and delete whatever they are asked to, in any order.
    Instant,
    /// A few ticks, for tests that count reconciles.
    #[default]
    Quick,
    /// As long as in the clouds, where a tick is ten seconds.
    Real,
}

/// Ticks at the quick and at the real pace; at once is none.
#[derive(Clone, Copy, Debug)]
pub struct Ticks {
    /// At the quick pace.
    pub quick: u32,
    /// At the real pace.
    pub real: u32,
}

impl Ticks {
    /// So many at the quick pace, and so many at the real one.
    pub const fn of(quick: u32, real: u32) -> Self {
        Self { quick, real }
    }

    /// How many there are at a pace.
    pub(crate) fn at(self, pace: Pace) -> u32 {
        match pace {
            Pace::Instant => 0,
            Pace::Quick => self.quick,
            Pace::Real => self.real,
        }
    }
}
