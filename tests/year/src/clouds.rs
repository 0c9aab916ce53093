//! What a cloud has to be able to do to be watched for a year.

use cloudsim::{Providers, world::World};
use serde_json::Value;

/// A node pool as the cloud has it, whatever the objects say.
#[derive(Debug)]
pub struct Pool {
    /// The key of its object.
    pub key: String,
    /// How many nodes it has, over all zones.
    pub nodes: u64,
    /// What makes its nodes new when it changes.
    pub image: Value,
    /// Whether its nodes run.
    pub is_ready: bool,
    /// Whether it is being deleted.
    pub is_going: bool,
}

/// What goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// The cloud does not change what it has.
    UpdatesFail,
    /// The cloud makes no node pools.
    PoolsAreRefused,
    /// The cloud makes node pools that get no nodes, where a provider can see that.
    PoolsFail,
    /// Providers report nothing of node pools.
    NoStatus,
    /// Providers may not log in to do anything about node pools.
    NoCredentials,
    /// Each call fails now and then.
    Flapping,
}

impl Trouble {
    /// Whether providers do nothing while it lasts, where a test can make it no other way than to stop them.
    pub fn stops_providers(self) -> bool {
        matches!(self, Self::NoStatus | Self::NoCredentials)
    }
}

/// Clouds and their providers.
pub trait Clouds: Providers + Sized {
    /// The node pools of a cluster.
    fn pools(world: &World<Self>) -> Vec<Pool>;

    /// The autoscaler, or a person, gives a pool so many nodes.
    fn resize(world: &mut World<Self>, key: &str, nodes: u64);

    /// Lets something go wrong from now on; `None` ends it.
    fn trouble(&mut self, trouble: Option<Trouble>);

    /// All providers start anew, and forget what no object has stored.
    fn restart(&mut self);

    /// What was done in the clouds, in a few words.
    fn told(&self) -> String;
}

/// The name of the pool that a key belongs to.
pub fn pool_name(key: &str) -> Option<&str> {
    Some(key.strip_prefix("nodes-pool-")?.rsplit_once('-')?.0)
}
