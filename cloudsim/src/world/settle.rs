//! The providers' work, and reconciles until nothing changes any more.

use super::{Error, World, step::Step};
use crate::Providers;

/// More reconciles than any cluster needs: each minor version of an upgrade is a few.
const RECONCILES: usize = 200;

impl<P: Providers> World<P> {
    /// Lets the providers work for a tick. Whether anything changed.
    pub fn tick(&mut self) -> bool {
        if self.is_quiet && self.clouds.is_steady() {
            return false;
        }
        let waiting = self.objects.iter();
        let waiting = waiting.filter(|(_, held)| self.waits_for_user(held.object()));
        let waiting: Vec<_> = waiting.map(|(key, _)| key.clone()).collect();
        let objects = self.objects.iter_mut();
        let objects = objects.filter(|(key, _)| !waiting.contains(key));
        let objects = objects.map(|(key, held)| (key.as_str(), held.for_provider()));
        let changes = self.clouds.tick(objects);
        for key in &changes.objects {
            if let Some(held) = self.objects.get_mut(key) {
                held.changed();
            }
        }
        self.is_quiet = !self.remove_released() && !changes.any();
        !self.is_quiet
    }

    /// Reconciles and ticks until neither changes anything any more.
    ///
    /// # Errors
    /// [`Error::Unsettled`], and what [`Self::reconcile`] says.
    pub fn settle(&mut self) -> Result<Vec<Step>, Error> {
        self.settle_watched(|_, _| {})
    }

    /// The same; `each` looks at the world after every reconcile.
    ///
    /// # Errors
    /// [`Error::Unsettled`], and what [`Self::reconcile`] says.
    pub fn settle_watched(
        &mut self,
        mut each: impl FnMut(&Self, &Step),
    ) -> Result<Vec<Step>, Error> {
        let mut steps: Vec<Step> = Vec::new();
        while steps.len() < RECONCILES {
            let step = self.reconcile()?;
            each(self, &step);
            let same = steps
                .last()
                .is_some_and(|last| last.response == step.response);
            steps.push(step);
            if !self.tick() && same {
                return Ok(steps);
            }
        }
        Err(Error::Unsettled {
            reconciles: RECONCILES,
            waiting: self.composite["status"]["waitingFor"].clone(),
        })
    }
}
