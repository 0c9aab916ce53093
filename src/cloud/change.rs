//! What a change of composed resources does to what runs: what is lost with a resource for good, and
//! whose nodes are replaced. `xcluster plan` asks; nothing here is sent.

use super::{
    effects::{Keys, Loss},
    interface::Cloud,
    pools,
};
use crate::{
    api::{
        choice::GpuModel,
        spec::{NodePool, Spec},
    },
    plan::key::{
        CLUSTER, ENCRYPTION_KEY, Key, NETWORK, POOL, REGISTRATION_OBJECT, REGISTRATION_SECRET,
    },
};

/// What every cluster loses.
const LOSSES: &[Loss] = &[
    Loss {
        with: Keys::One(CLUSTER),
        lost: "everything that runs on it goes along",
    },
    Loss {
        with: Keys::One(ENCRYPTION_KEY),
        lost: "what it encrypts cannot be read any more, backups included",
    },
    Loss {
        with: Keys::One(NETWORK),
        lost: "everything in it goes along",
    },
    Loss {
        with: Keys::One(REGISTRATION_SECRET),
        lost: FORGOTTEN,
    },
    Loss {
        with: Keys::One(REGISTRATION_OBJECT),
        lost: FORGOTTEN,
    },
];

const FORGOTTEN: &str =
    "Argo CD forgets the cluster, and ApplicationSets delete what they made on it";

/// A cluster's spec before and after a change.
#[derive(Clone, Copy)]
pub struct Change<'a> {
    /// The cloud that it is on.
    pub cloud: &'static dyn Cloud,
    /// As it was.
    pub old: &'a Spec,
    /// As it shall be.
    pub new: &'a Spec,
}

impl Change<'_> {
    /// What is lost for good when the resource of a key is deleted.
    pub fn loss(&self, key: &Key) -> Option<&'static str> {
        if let Some(pool) = pools::name_of(key) {
            return self.loss_of_pool(pool);
        }
        let mut losses = LOSSES.iter().chain(self.cloud.losses());
        losses.find(|loss| loss.with.hold(key)).map(|it| it.lost)
    }

    /// A pool that another one of its name replaces is not lost.
    fn loss_of_pool(&self, name: &str) -> Option<&'static str> {
        if named(self.new, name).is_some() {
            return None;
        }
        let gpu = named(self.old, name).and_then(gpu_model);
        let mut pools = self.new.node_pools.iter();
        let no_more = |gpu| pools.all(|pool| gpu_model(pool) != Some(gpu));
        Some(if gpu.is_some_and(no_more) {
            "its nodes go with what runs on them, and no other pool has such GPUs"
        } else {
            "its nodes go with what runs on them"
        })
    }

    /// Why nodes are replaced when the pool of a key is created: another one of its name is there, which then goes.
    pub fn replaces<'k>(&self, key: &'k Key) -> Option<(Option<&'k str>, &'static str)> {
        let name = pools::name_of(key)?;
        let why = "machines, zones and how nodes are bought cannot change in place";
        named(self.old, name).map(|_| (Some(name), why))
    }

    /// Why nodes are replaced when a field of the resource of a key changes, and of which pool; of all
    /// pools without one.
    pub fn replacement<'k>(
        &self,
        key: &'k Key,
        field: &str,
    ) -> Option<(Option<&'k str>, &'static str)> {
        let mut replacements = self.cloud.replacements().iter();
        let found = replacements.find(|it| it.of.hold(key) && it.field == field)?;
        Some((pools::name_of(key), found.why))
    }
}

fn named<'a>(spec: &'a Spec, pool: &str) -> Option<&'a NodePool> {
    spec.node_pools.iter().find(|it| it.name == pool)
}

fn gpu_model(pool: &NodePool) -> Option<GpuModel> {
    pool.gpu.as_ref().map(|gpu| gpu.model)
}

/// Whether a key is a node pool's.
pub fn is_pool(key: &Key) -> bool {
    POOL.name_in(key).is_some()
}
