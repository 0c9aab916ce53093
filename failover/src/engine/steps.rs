//! The steps, one function each.

use std::time::Duration;

use xcluster::api::{
    choice::{Choice as _, TrafficState},
    defaults,
};

use super::{Run, Stop};
use crate::{
    gates::{Direct, essence},
    length::seconds,
    plan::Mode,
    sample::Server,
};

/// How long callers are watched after Pods were taken away, or a cluster has its share again.
const SETTLE: Duration = Duration::from_secs(5);

impl Run {
    /// Nothing is changed while callers fail already.
    pub(super) async fn baseline(&mut self) -> Result<String, Stop> {
        self.watch(self.plan.baseline, false).await
    }

    pub(super) async fn drain(&mut self) -> Result<String, Stop> {
        let asked = self.start.elapsed();
        self.ask_for(Some(TrafficState::Drained), 3).await?;
        self.decision = Some(asked);
        if self.plan.mode == Mode::Unplanned {
            return Ok("asked for; nobody waits for a cluster that is gone".to_owned());
        }
        self.until_in_force(TrafficState::Drained).await?;
        let took = self
            .start
            .elapsed()
            .saturating_sub(self.decision.unwrap_or_default());
        Ok(format!("in force after {} s", seconds(took)))
    }

    pub(super) async fn observe(&mut self) -> Result<String, Stop> {
        let decision = self.decision.unwrap_or_default();
        self.until_moved(decision).await
    }

    pub(super) async fn hold(&mut self) -> Result<String, Stop> {
        let from = self.start.elapsed();
        let found = self.watch(self.plan.hold, true).await?;
        let (ignoring, _) = self.tally(|tally| tally.ignoring_ttl(from, Duration::MAX));
        if ignoring == 0 {
            return Ok(found);
        }
        Ok(format!(
            "{found}; {ignoring} requests of callers that keep their connection went to {}",
            self.source.name
        ))
    }

    pub(super) async fn evacuate(&mut self) -> Result<String, Stop> {
        self.ask_for(Some(TrafficState::Evacuated), 3).await?;
        self.until_in_force(TrafficState::Evacuated).await?;
        self.watch(SETTLE.max(self.ttl), true).await
    }

    /// Pods first, traffic later: a cluster without Pods that got its share would fail everything.
    pub(super) async fn warm_up(&mut self) -> Result<String, Stop> {
        self.ask_for(Some(TrafficState::Drained), 3).await?;
        self.until_in_force(TrafficState::Drained).await?;
        let began = self.start.elapsed();
        loop {
            let direct = self.ask_home().await;
            if direct.answers(&self.home().argocd) {
                return self.compare(&direct).await;
            }
            if self.start.elapsed().saturating_sub(began) >= self.plan.warm_up {
                let why: Vec<_> = direct.failures.iter().map(ToString::to_string).collect();
                return Err(Stop::Failed(format!(
                    "{} answers {} of {} requests after {} s: {}",
                    self.home().name,
                    direct.replies.len(),
                    direct.asked,
                    self.plan.warm_up.as_secs(),
                    why.join(", ")
                )));
            }
            self.pause(Duration::from_secs(1)).await?;
        }
    }

    /// What has come back must answer as the one that serves does.
    async fn compare(&mut self, home: &Direct) -> Result<String, Stop> {
        let (serving, name) = match self.plan.mode {
            Mode::Failback => (self.world.source_address(&self.source), &self.source.name),
            _ => (self.world.target_address(&self.target), &self.target.name),
        };
        let other = self.world.ask_directly(serving, 1).await;
        let first = |direct: &Direct| direct.replies.first().map(|reply| essence(&reply.body));
        match (first(home), first(&other)) {
            (Some(ours), Some(theirs)) if ours == theirs => Ok(format!(
                "answers {} of {} at its own address, and as {name} does",
                home.replies.len(),
                home.asked
            )),
            (_, None) => Err(Stop::Failed(format!(
                "{name} does not answer at its own address"
            ))),
            (ours, theirs) => Err(Stop::Failed(format!(
                "answers {}, {name} {}",
                ours.unwrap_or_default(),
                theirs.unwrap_or_default()
            ))),
        }
    }

    pub(super) async fn give_back(&mut self) -> Result<String, Stop> {
        let from = self.start.elapsed();
        let is_failback = self.plan.mode == Mode::Failback;
        // In a failover the decision was another one, and stays the one that is measured.
        if is_failback {
            self.decision = Some(from);
        }
        let state = if is_failback {
            Some(TrafficState::Active)
        } else {
            self.home().wanted
        };
        self.ask_for(state, 3).await?;
        self.until_in_force(TrafficState::Active).await?;
        self.until_served_by(self.home_server(), from).await?;
        if is_failback {
            self.settled = Some(self.start.elapsed());
        }
        let found = self.watch(SETTLE.max(self.ttl), false).await?;
        Ok(format!("{} serves again; {found}", self.home().name))
    }

    /// Back to a state, whatever else happens.
    pub(super) async fn roll_back(&mut self, state: Option<TrafficState>) -> Result<String, Stop> {
        let wanted = state.unwrap_or(defaults::TRAFFIC_STATE);
        let by_hand = format!(
            "write spec.traffic.state of {} yourself: {}",
            self.home().name,
            wanted.name()
        );
        let advise = |stop: Stop| match stop {
            Stop::Failed(why) => Stop::Failed(format!("{why}; {by_hand}")),
            Stop::Interrupted => Stop::Interrupted,
        };
        let from = self.start.elapsed();
        self.ask_for(state, 5).await.map_err(advise)?;
        self.until_in_force(wanted).await.map_err(advise)?;
        if wanted == TrafficState::Active {
            self.until_served_by(self.home_server(), from)
                .await
                .map_err(advise)?;
        }
        Ok(format!("{} is {} again", self.home().name, wanted.name()))
    }

    /// Whether the cluster that gave its traffic away can have it back.
    pub(super) async fn source_answers(&self) -> bool {
        let direct = self
            .world
            .ask_directly(self.world.source_address(&self.source), 3)
            .await;
        direct.answers(&self.source.argocd)
    }

    async fn ask_home(&self) -> Direct {
        let address = match self.plan.mode {
            Mode::Failback => self.world.target_address(&self.target),
            _ => self.world.source_address(&self.source),
        };
        self.world
            .ask_directly(address, self.plan.direct_requests)
            .await
    }

    fn home_server(&self) -> Server {
        match self.plan.mode {
            Mode::Failback => Server::Target,
            _ => Server::Source,
        }
    }
}
