//! How everything goes when the composite is deleted.

use super::World;
use crate::{Providers, object::is_going};

impl<P: Providers> World<P> {
    /// Deletes the composite, and lets the providers work until its objects are gone.
    ///
    /// Crossplane calls no function then: Kubernetes' garbage collector deletes what the composite owns, and tries again
    /// what a Usage holds. How many rounds it took; none if objects are left after so many.
    pub fn tear_down(&mut self, rounds: usize) -> Option<usize> {
        for round in 0..rounds {
            if self.objects.is_empty() {
                return Some(round);
            }
            let staying = self.objects.iter();
            let staying = staying.filter(|(_, held)| {
                !is_going(held.object()) && self.holds(held.object()).is_none()
            });
            let free: Vec<_> = staying.map(|(key, _)| key.clone()).collect();
            for key in free {
                self.delete(&key);
            }
            self.is_quiet = false;
            self.tick();
        }
        None
    }
}
