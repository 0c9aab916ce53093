//! What steps wait for. Every wait has an end, and ends at once when somebody stops the run.

use std::time::Duration;

use xcluster::api::choice::{Choice as _, TrafficState};

use super::{Run, Stop};
use crate::{
    cluster::Cluster,
    events::{Event, Tick},
    length::seconds,
    plan::Mode,
    sample::Server,
    step::Step,
    tally::Watch,
};

const LOOK: Duration = Duration::from_millis(250);
const ASK_API: Duration = Duration::from_secs(1);
/// A function that refuses a spec says so in one reconcile; a provider that stumbles has recovered by then.
const REFUSED: Duration = Duration::from_secs(10);

impl Run {
    /// A moment, in which people are told where the run is.
    pub(super) async fn pause(&mut self, length: Duration) -> Result<(), Stop> {
        let is_guarded = matches!(self.step, Step::RollBack | Step::StayDrained);
        let interrupted = self.world.interrupted.wait_for(|stop| *stop);
        tokio::select! {
            () = tokio::time::sleep(length) => {}
            // A sender that is gone stops nothing.
            Ok(_) = interrupted, if !is_guarded => return Err(Stop::Interrupted),
        }
        let now = self.start.elapsed();
        if now.as_secs() > self.told {
            self.told = now.as_secs();
            let tick = self.tally(|tally| {
                let last = tally.second(now.as_secs().saturating_sub(1));
                let (failed, total) = tally.failed_since(Duration::ZERO);
                Tick {
                    step: self.step,
                    elapsed: now,
                    last,
                    total,
                    failed,
                }
            });
            self.world.observer.see(&Event::Tick(tick));
        }
        Ok(())
    }

    /// Watches the callers for a while: not too many failures, and, where it is asked for, nothing from the source.
    pub(super) async fn watch(
        &mut self,
        length: Duration,
        without_source: bool,
    ) -> Result<String, Stop> {
        let from = self.start.elapsed();
        let mut watch = Watch::new(from);
        loop {
            self.tally(|tally| watch.look(tally));
            let Watch { failed, total, .. } = watch;
            self.keep_to_budget(failed, total)?;
            if without_source && let Some(at) = watch.last_from_source {
                return Err(Stop::Failed(format!(
                    "{} answered a caller that keeps to the TTL, {} s into the run",
                    self.source.name,
                    seconds(at)
                )));
            }
            if self.start.elapsed().saturating_sub(from) >= length {
                return Ok(format!(
                    "{failed} of {total} requests failed in {} s",
                    length.as_secs()
                ));
            }
            self.pause(LOOK).await?;
        }
    }

    pub(super) fn keep_to_budget(&self, failed: usize, total: usize) -> Result<(), Stop> {
        if !self.plan.over_budget(failed, total) {
            return Ok(());
        }
        let reasons = self.tally(|tally| tally.failures());
        let reasons: Vec<_> = reasons
            .iter()
            .map(|(reason, count)| format!("{reason} ({count})"))
            .collect();
        Err(Stop::Failed(format!(
            "{failed} of {total} requests failed, more than {} %: {}",
            self.plan.budget_percent,
            reasons.join(", ")
        )))
    }

    /// Waits until no caller that keeps to the TTL has been served by the source, or by nobody, for as long as an answer
    /// may be kept.
    pub(super) async fn until_moved(&mut self, from: Duration) -> Result<String, Stop> {
        // A request that is still under way has not failed yet.
        let quiet = self
            .ttl
            .max(self.plan.request_limit + Duration::from_secs(1));
        let began = self.start.elapsed();
        let bound = self.ttl + self.plan.margin + quiet;
        loop {
            let now = self.start.elapsed();
            let quiet_from = now.saturating_sub(quiet);
            let (last, answered) =
                self.tally(|tally| (tally.last_not_moved(from), tally.moved_since(quiet_from)));
            let is_quiet = last.is_none_or(|last| last < quiet_from);
            if is_quiet && answered > 0 && now.saturating_sub(began) >= quiet {
                let first = self
                    .tally(|tally| tally.moved_for_good(from))
                    .unwrap_or(now);
                self.settled = Some(first);
                let took = seconds(first.saturating_sub(from));
                return Ok(format!(
                    "nothing from {} since {took} s after the decision",
                    self.source.name
                ));
            }
            if self.plan.mode == Mode::Planned {
                let (failed, total) = self.tally(|tally| tally.failed_since(from));
                self.keep_to_budget(failed, total)?;
            }
            if now.saturating_sub(began) >= bound {
                return Err(Stop::Failed(format!(
                    "{} still gets requests, or they fail, {} s after the change; the TTL is {} s",
                    self.source.name,
                    seconds(now.saturating_sub(began)),
                    self.ttl.as_secs()
                )));
            }
            self.pause(LOOK).await?;
        }
    }

    /// Waits until a cluster is served to callers that keep to the TTL.
    pub(super) async fn until_served_by(
        &mut self,
        server: Server,
        from: Duration,
    ) -> Result<(), Stop> {
        let began = self.start.elapsed();
        let bound = self.ttl + self.plan.margin;
        while self.tally(|tally| tally.answered_by(server, from)) == 0 {
            if self.start.elapsed().saturating_sub(began) >= bound {
                let name = self.home().name.clone();
                return Err(Stop::Failed(format!(
                    "{name} gets no request {} s after it should",
                    bound.as_secs()
                )));
            }
            self.pause(LOOK).await?;
        }
        Ok(())
    }

    /// Writes the state, trying again where that is not possible at once.
    pub(super) async fn ask_for(
        &mut self,
        state: Option<TrafficState>,
        tries: u32,
    ) -> Result<(), Stop> {
        let home = self.home().clone();
        let mut last = String::new();
        for attempt in 0..tries {
            if attempt > 0 {
                self.pause(ASK_API).await?;
            }
            match self.world.api.set_state(&home, state).await {
                Ok(()) => {
                    self.written = true;
                    return Ok(());
                }
                Err(error) => last = error.to_string(),
            }
        }
        Err(Stop::Failed(format!(
            "cannot write spec.traffic of {}: {last}",
            home.name
        )))
    }

    /// Waits until `status.traffic` says that a state is in force.
    pub(super) async fn until_in_force(&mut self, state: TrafficState) -> Result<(), Stop> {
        let began = self.start.elapsed();
        let mut refused_since = None;
        let mut last = String::from("nothing said yet");
        loop {
            let now = self.start.elapsed();
            match self.current().await {
                Ok(cluster)
                    if cluster.in_force.as_ref().map(|traffic| traffic.state) == Some(state) =>
                {
                    self.drained = cluster.is_drained();
                    return Ok(());
                }
                Ok(cluster) if !cluster.synced.holds => {
                    last = cluster.synced.why;
                    refused_since.get_or_insert(now);
                }
                Ok(_) => refused_since = None,
                Err(why) => last = why,
            }
            let is_refused =
                refused_since.is_some_and(|since| now.saturating_sub(since) >= REFUSED);
            if is_refused || now.saturating_sub(began) >= self.plan.apply {
                let took = seconds(now.saturating_sub(began));
                return Err(Stop::Failed(format!(
                    "{} is not {} after {took} s: {last}",
                    self.home().name,
                    state.name()
                )));
            }
            self.pause(ASK_API).await?;
        }
    }

    /// The cluster whose traffic is changed, as it is now.
    pub(super) async fn current(&self) -> Result<Cluster, String> {
        let clusters = self
            .world
            .api
            .clusters()
            .await
            .map_err(|error| error.to_string())?;
        let home = self.home();
        let is_home =
            |cluster: &Cluster| cluster.name == home.name && cluster.namespace == home.namespace;
        let found = clusters.into_iter().find(is_home);
        let found = found.ok_or_else(|| format!("{} is gone", home.name))?;
        match found.unclear {
            None => Ok(found),
            Some(why) => Err(why),
        }
    }
}
