//! The clouds' memory, and one round of all providers.

mod thing;

use std::{borrow::Cow, collections::BTreeMap, mem};

use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use self::thing::{Changes, Event, Thing};
use crate::{
    Faults, Pace, aws,
    clouds::{Clouds, Snapshot},
    gcp,
    object::{field, name_of, stored_name},
    provider::{self, Outcome, Round},
    providers::bystander,
    rules::Rules,
};

/// A global address: one of the documentation's (RFC 5737).
const ADDRESS: &str = "203.0.113.20";

/// What the clouds have, and what they did.
#[derive(Clone, Deserialize, Serialize)]
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
    /// The clouds that there are.
    #[serde(skip, default = "clouds")]
    rules: Vec<&'static Rules>,
}

fn clouds() -> Vec<&'static Rules> {
    vec![&aws::RULES, &gcp::RULES]
}

impl Default for Simulator {
    fn default() -> Self {
        Self::new(Pace::default())
    }
}

impl Simulator {
    /// Empty clouds.
    pub fn new(pace: Pace) -> Self {
        Self {
            things: BTreeMap::new(),
            events: Vec::new(),
            ticks: 0,
            pace,
            faults: Faults::default(),
            address: None,
            rules: clouds(),
        }
    }

    /// The same clouds at another pace: it is not part of what is stored.
    pub fn at_pace(mut self, pace: Pace) -> Self {
        self.pace = pace;
        self
    }

    /// The same clouds, and one with these rules, which come first.
    pub fn with_rules(mut self, rules: &'static Rules) -> Self {
        self.rules.insert(0, rules);
        self
    }

    /// The same clouds with an address of this machine to reserve.
    pub fn reserving(mut self, address: &str) -> Self {
        self.address = Some(address.to_owned());
        self
    }

    /// How fast they are.
    pub fn pace(&self) -> Pace {
        self.pace
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
            let rules = rules_of(&self.rules, &thing.object);
            let kind = rules.map(|rules| rules.kind(&thing.object));
            let named_by_cloud = kind.is_some_and(|kind| kind.is_named_by_cloud);
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

    /// One round of all providers over all managed resources, and what it changed.
    ///
    /// The key is whatever identifies an object for its whole life; ids are made from it. An object
    /// that may go loses the provider's finalizer.
    pub fn tick<'a>(
        &mut self,
        objects: impl IntoIterator<Item = (&'a str, &'a mut Value)>,
    ) -> Changes {
        self.ticks += 1;
        let mut objects: Vec<_> = objects.into_iter().collect();
        let things = mem::take(&mut self.things);
        let looks = self.look(&objects, &things);
        self.things = things;
        let mut changes = Changes::default();
        for ((key, object), look) in objects.iter_mut().zip(looks) {
            if look.object != **object {
                **object = look.object;
                changes.objects.push((*key).to_owned());
            }
            if let Some((rules, thing, outcome)) = look.managed {
                changes.in_clouds |= self.keep(key, object, thing);
                if self.faults.hit(self.ticks, rules.cloud, object) {
                    changes.objects.push((*key).to_owned());
                }
                if outcome == Outcome::Gone {
                    changes.in_clouds = true;
                    self.let_go(rules, key);
                }
            }
        }
        changes
    }

    /// What the providers make of the objects. None of them sees what another does now, but for what goes
    /// with its cluster.
    fn look(
        &mut self,
        objects: &[(&str, &mut Value)],
        things: &BTreeMap<String, Thing>,
    ) -> Vec<Look> {
        let snapshot = snapshot(&self.rules, objects, things);
        let mut gone: Vec<(&'static Rules, Value)> = Vec::new();
        let looks = objects.iter().map(|(key, object)| {
            let mut object = (**object).clone();
            let Some(rules) = rules_of(&self.rules, &object) else {
                bystander(&mut object);
                let managed = None;
                return Look { object, managed };
            };
            let had = things.get(*key).filter(|thing| {
                let mut gone = gone.iter();
                !gone.any(|(rules, with)| goes_with(rules, &thing.object, with))
            });
            let mut thing = had.map(Thing::without_object).unwrap_or_default();
            let mut round = Round {
                key,
                rules,
                clouds: Clouds::of(rules, &snapshot),
                faults: &self.faults,
                pace: self.pace,
                address: self.address.as_deref().unwrap_or(ADDRESS),
                ticks: self.ticks,
                events: &mut self.events,
            };
            let outcome = provider::advance(&mut round, &mut object, &mut thing);
            if outcome == Outcome::Gone && !thing.kept {
                gone.push((rules, object.clone()));
            }
            let managed = Some((rules, thing, outcome));
            Look { object, managed }
        });
        looks.collect()
    }

    /// Remembers what the cloud has for an object. Whether any of it is new.
    fn keep(&mut self, key: &str, object: &Value, mut thing: Thing) -> bool {
        let had = self.things.remove(key);
        let same = had.as_ref().is_some_and(|had| had.object == *object);
        let changed = !same || !had.as_ref().is_some_and(|had| had.has_same(&thing));
        thing.object = match had {
            Some(had) if same => had.object,
            _ => object.clone(),
        };
        self.things.insert(key.to_owned(), thing);
        changed
    }

    /// Forgets what is gone, and what goes with it.
    fn let_go(&mut self, rules: &Rules, key: &str) {
        let Some(gone) = self.things.remove(key) else {
            return;
        };
        if gone.kept {
            self.things.insert(key.to_owned(), gone);
            return;
        }
        self.things
            .retain(|_, thing| !goes_with(rules, &thing.object, &gone.object));
    }
}

/// What a provider made of an object.
struct Look {
    object: Value,
    /// Whose it is and what there is of it in the cloud; none for what is no cloud's.
    managed: Option<(&'static Rules, Thing, Outcome)>,
}

/// The rules of an object's cloud; none for what is in no cloud.
fn rules_of(all: &[&'static Rules], object: &Value) -> Option<&'static Rules> {
    all.iter().copied().find(|rules| rules.are_of(object))
}

/// Whether a cloud with these rules deletes an object together with another one.
fn goes_with(rules: &Rules, object: &Value, gone: &Value) -> bool {
    let with = rules.kind(object).goes_with;
    rules.are_of(object)
        && with.is_some_and(|(kind, name)| {
            gone["kind"] == kind && field(object, name) == name_of(gone)
        })
}

/// All objects at the beginning of a tick, with the status that the clouds know and not what a
/// fault made of it; and what is left in the clouds without an object.
fn snapshot<'a>(
    rules: &[&'static Rules],
    objects: &'a [(&str, &mut Value)],
    things: &'a BTreeMap<String, Thing>,
) -> Snapshot<'a> {
    let known = things.iter().filter(|(_, thing)| thing.exists);
    let mut snapshot: Snapshot<'_> = known
        .map(|(key, thing)| (key.as_str(), Cow::Borrowed(&thing.object)))
        .collect();
    for (key, object) in objects {
        // What a cloud has lost has no status, although its object still tells of one.
        let status = match snapshot.get(key) {
            Some(known) => &known["status"],
            None if rules_of(rules, object).is_some() => &Value::Null,
            None => &object["status"],
        };
        let seen = if object["status"] == *status {
            Cow::Borrowed(&**object)
        } else {
            let mut seen = (**object).clone();
            seen["status"] = status.clone();
            Cow::Owned(seen)
        };
        snapshot.insert(key, seen);
    }
    snapshot
}
