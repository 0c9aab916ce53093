//! The clouds' memory, and one round of all providers.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    cloud::{Clouds, cloud_of, name_of, stored_name, text},
    fault::Faults,
    provider::{self, Outcome},
};

/// A global address: one of the documentation's (RFC 5737).
const ADDRESS: &str = "203.0.113.20";

/// How long things take.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Pace {
    /// A few ticks, for tests that count reconciles.
    #[default]
    Quick,
    /// As long as in the clouds, where a tick is ten seconds.
    Real,
}

/// What the clouds have, and what they did.
#[derive(Clone, Default, Deserialize, Serialize)]
pub struct Simulator {
    things: BTreeMap<String, Thing>,
    events: Vec<Event>,
    ticks: u64,
    #[serde(skip)]
    pace: Pace,
    /// What goes wrong at the moment.
    #[serde(skip)]
    pub faults: Faults,
    /// What Google Cloud reserves as a global address, unless it is the one of the documentation.
    #[serde(skip)]
    address: Option<String>,
}

/// Something that exists in a cloud, or that a cloud was asked for.
#[derive(Clone, Default, Deserialize, PartialEq, Serialize)]
pub struct Thing {
    /// The managed resource as its provider left it last, whatever faults made of that.
    pub object: Value,
    /// Whether the cloud has it.
    pub exists: bool,
    /// Its name in the cloud, as the provider has it in memory.
    #[serde(default)]
    pub id: String,
    /// For how many ticks, up to when it is ready.
    pub(crate) age: u32,
    /// For how many more ticks an update goes on.
    pub(crate) busy: u32,
    /// Whether new bounds are on their way.
    pub(crate) scaling: bool,
    /// For how many more ticks it is being deleted.
    pub(crate) deleting: Option<u32>,
    /// Whether its deletion never removes it from the cloud.
    pub kept: bool,
    /// What the cloud has.
    pub(crate) at: Value,
}

/// Something a cloud did or refused.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub struct Event {
    /// When.
    pub tick: u64,
    /// `created`, `deleted`, `refused to create`, `refused to update` or `refused to delete`.
    pub what: String,
    /// The kind.
    pub kind: String,
    /// The managed resource.
    pub object: String,
    /// The name in the cloud, or why it was refused.
    pub detail: String,
}

impl Simulator {
    /// Empty clouds.
    pub fn new(pace: Pace) -> Self {
        Self {
            pace,
            ..Self::default()
        }
    }

    /// The same clouds at another pace: it is not part of what is stored.
    pub fn at_pace(mut self, pace: Pace) -> Self {
        self.pace = pace;
        self
    }

    /// The same clouds with an address of this machine to reserve.
    pub fn reserving(mut self, address: &str) -> Self {
        self.address = Some(address.to_owned());
        self
    }

    /// What the clouds have, by the keys of the objects that asked for it.
    pub fn things(&self) -> impl Iterator<Item = (&str, &Thing)> {
        let things = self.things.iter().filter(|(_, thing)| thing.exists);
        things.map(|(key, thing)| (key.as_str(), thing))
    }

    /// What happened, oldest first.
    pub fn events(&self) -> &[Event] {
        &self.events
    }

    /// What the cloud has for an object, to change it behind its provider's back.
    pub fn cloud_mut(&mut self, key: &str) -> Option<&mut Value> {
        self.things.get_mut(key).map(|thing| &mut thing.at)
    }

    /// Puts something in the place of what the clouds have for an object, and gives that back: the same
    /// clouds can be lent to many objects in turn.
    pub fn replace(&mut self, key: &str, thing: Option<Thing>) -> Option<Thing> {
        match thing {
            Some(thing) => self.things.insert(key.to_owned(), thing),
            None => self.things.remove(key),
        }
    }

    /// All providers start anew. What is in no object's annotation is forgotten: it stays in
    /// the cloud, belongs to no object, and is made a second time.
    pub fn restart_providers(&mut self) {
        let forgotten = self.things.iter().filter(|(_, thing)| {
            let named_by_cloud = provider::is_named_by_cloud(&thing.object);
            thing.exists && named_by_cloud && stored_name(&thing.object).is_empty()
        });
        let forgotten: Vec<_> = forgotten.map(|(key, _)| key.clone()).collect();
        for key in forgotten {
            if let Some(mut thing) = self.things.remove(&key) {
                thing.object["status"]["atProvider"]["id"] = thing.id.clone().into();
                self.things.insert(format!("forgotten {}", thing.id), thing);
            }
        }
    }

    /// The object and what the cloud has for it are gone at once.
    pub fn forget(&mut self, key: &str) {
        self.things.remove(key);
    }

    /// One round of all providers over all managed resources. Whether anything changed.
    ///
    /// The key is whatever identifies an object to the caller for its whole life; ids are made from
    /// it. An object that may go loses the provider's finalizer.
    pub fn tick<'a>(
        &mut self,
        objects: impl IntoIterator<Item = (&'a str, &'a mut Value)>,
    ) -> bool {
        self.ticks += 1;
        let mut objects: Vec<_> = objects.into_iter().collect();
        let snapshot = self.snapshot(&objects);
        let clouds = Clouds(&snapshot);
        let mut changed = false;
        for (key, object) in &mut objects {
            let before = (*object).clone();
            let had = self.things.get(*key).cloned();
            let mut round = provider::Round {
                key,
                clouds: &clouds,
                faults: &self.faults,
                pace: self.pace,
                address: self.address.as_deref().unwrap_or(ADDRESS),
                ticks: self.ticks,
                events: &mut self.events,
            };
            let mut thing = had.clone().unwrap_or_default();
            let outcome = provider::advance(&mut round, object, &mut thing);
            changed |= **object != before;
            if outcome == Outcome::NotOurs {
                continue;
            }
            thing.object = (*object).clone();
            self.faults.hit(self.ticks, object);
            changed |= had.as_ref() != Some(&thing);
            self.things.insert((*key).to_owned(), thing);
            if outcome == Outcome::Gone {
                self.let_go(key);
            }
        }
        changed
    }

    /// All objects at the beginning of a tick, with the status that the clouds know and not what a
    /// fault made of it; and what is left in the clouds without an object.
    fn snapshot(&self, objects: &[(&str, &mut Value)]) -> BTreeMap<String, Value> {
        let known = self.things.iter().filter(|(_, thing)| thing.exists);
        let mut snapshot: BTreeMap<_, _> = known
            .map(|(key, thing)| (key.clone(), thing.object.clone()))
            .collect();
        for (key, object) in objects {
            let mut object = (**object).clone();
            // What a cloud has lost has no status, although its object still tells of one.
            if let Some(known) = snapshot.get(*key) {
                object["status"] = known["status"].clone();
            } else if cloud_of(&object).is_some() {
                object["status"] = Value::Null;
            }
            snapshot.insert((*key).to_owned(), object);
        }
        snapshot
    }

    /// Forgets what is gone, and what goes with it.
    fn let_go(&mut self, key: &str) {
        let Some(gone) = self.things.remove(key) else {
            return;
        };
        if gone.kept {
            self.things.insert(key.to_owned(), gone);
            return;
        }
        if text(&gone.object, "/kind") == "Cluster" {
            let name = name_of(&gone.object).to_owned();
            self.things
                .retain(|_, thing| !provider::goes_with(&thing.object, &name));
        }
    }
}
