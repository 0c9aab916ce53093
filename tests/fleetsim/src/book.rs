//! Everything that clusters of one shape have been seen in, by number.
//!
//! Objects of equal clusters go through the same few contents, whatever the order. So each content exists once,
//! and what a provider or server-side apply makes of it is computed once.

use std::collections::BTreeMap;

use cloudsim::{Pace, Simulator, Thing, apply, crowd, world::composed};
use prost::Message;
use serde_json::{Value, json};
use xcluster::wire::structpb::{Struct, to_struct};

use crate::{Error, check, mask::Mask, shape::Shape};

/// The number of a key, of a desired object, of a content or of a view of one.
pub(crate) type Id = usize;

/// More looks than the quick simulated clouds take to make anything.
const LOOKS: usize = 12;

/// What there is to know of one shape.
pub(crate) struct Book {
    pub(crate) shape: Shape,
    owner: Value,
    /// Clouds in which the furthest cluster's things stand: the function asks for nothing before it can
    /// be made, so what any cluster's object needs is there.
    clouds: Simulator,
    keys: Vec<Key>,
    key_ids: BTreeMap<String, Id>,
    desired: Vec<Desired>,
    desired_ids: BTreeMap<(Id, Vec<u8>), Id>,
    contents: Vec<Content>,
    views: Vec<Struct>,
    view_ids: BTreeMap<(Id, String), Id>,
    applied: BTreeMap<(Option<Id>, Id), Change>,
    looked: BTreeMap<(Id, bool), Change>,
    seen: BTreeMap<(Id, Mask), Id>,
}

/// A composed resource's key, and the kind behind it.
struct Key {
    name: String,
    group: String,
    kind: String,
}

/// An object as the function wants it.
struct Desired {
    key: Id,
    value: Value,
}

/// An object as it stands in the API server, and what its cloud has.
struct Content {
    key: Id,
    object: Value,
    applied: Value,
    /// What was applied last.
    desired: Id,
    thing: Option<Thing>,
}

/// What became of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Change {
    pub(crate) content: Id,
    /// Writes to the API server; each is an event.
    pub(crate) writes: u32,
}

impl Book {
    /// An empty one.
    pub(crate) fn new(shape: Shape) -> Self {
        Self {
            owner: crowd::composite(&shape.composite, &[]),
            shape,
            clouds: Simulator::new(Pace::Quick),
            keys: Vec::new(),
            key_ids: BTreeMap::new(),
            desired: Vec::new(),
            desired_ids: BTreeMap::new(),
            contents: Vec::new(),
            views: Vec::new(),
            view_ids: BTreeMap::new(),
            applied: BTreeMap::new(),
            looked: BTreeMap::new(),
            seen: BTreeMap::new(),
        }
    }

    /// A key's name.
    pub(crate) fn name(&self, key: Id) -> &str {
        &self.keys[key].name
    }

    /// The kind behind a key.
    pub(crate) fn kind(&self, key: Id) -> &str {
        &self.keys[key].kind
    }

    /// The same with its group, which tells the clouds' kinds apart.
    pub(crate) fn group_kind(&self, key: Id) -> String {
        let Key { group, kind, .. } = &self.keys[key];
        format!("{kind}.{group}")
    }

    /// Whether a provider makes it in a cloud.
    pub(crate) fn is_managed(&self, key: Id) -> bool {
        !matches!(
            self.kind(key),
            "Secret" | "Usage" | "ClusterUsage" | "Object"
        )
    }

    /// The key of a desired object.
    pub(crate) fn key_of(&self, desired: Id) -> Id {
        self.desired[desired].key
    }

    /// Objects of some keys, as they are desired.
    pub(crate) fn referred(&self, keys: &[Id]) -> Vec<&Value> {
        let first = keys.iter().filter_map(|key| {
            let mut desired = self.desired.iter();
            desired.find(|desired| desired.key == *key)
        });
        first.map(|desired| &desired.value).collect()
    }

    /// The number of a desired object.
    pub(crate) fn want(&mut self, name: &str, object: &Struct) -> Result<Id, Error> {
        let known = self.key_ids.get(name).copied();
        let key = match known {
            Some(key) => key,
            None => self.add_key(name, object),
        };
        let entry = (key, object.encode_to_vec());
        if let Some(id) = self.desired_ids.get(&entry) {
            return Ok(*id);
        }
        let id = self.desired.len();
        let value = serde_json::to_value(object)?;
        self.desired.push(Desired { key, value });
        self.desired_ids.insert(entry, id);
        Ok(id)
    }

    fn add_key(&mut self, name: &str, object: &Struct) -> Id {
        let id = self.keys.len();
        let text = |path| object.str_at(path).unwrap_or_default().to_owned();
        self.keys.push(Key {
            name: name.to_owned(),
            group: text("apiVersion"),
            kind: text("kind"),
        });
        self.key_ids.insert(name.to_owned(), id);
        id
    }

    /// Applies a desired object to what is there of it, if anything is.
    pub(crate) fn apply(&mut self, content: Option<Id>, desired: Id) -> Result<Change, Error> {
        if let Some(change) = self.applied.get(&(content, desired)) {
            return Ok(*change);
        }
        let Desired { key, value } = &self.desired[desired];
        let wanted = composed(&self.keys[*key].name, &self.owner, value.clone());
        let (mut object, mut applied, thing) = match content.map(|id| &self.contents[id]) {
            Some(had) => {
                let before = &self.desired[had.desired].value;
                check::fields(&self.keys[*key].name, before, value)?;
                (had.object.clone(), had.applied.clone(), had.thing.clone())
            }
            None => (json!({}), json!({}), None),
        };
        let before = object.clone();
        apply::apply(&mut object, &mut applied, wanted);
        let writes = u32::from(object != before);
        let next = Content {
            key: *key,
            object,
            applied,
            desired,
            thing,
        };
        let change = self.add(next, writes);
        self.applied.insert((content, desired), change);
        Ok(change)
    }

    /// Whether a content is what is desired already.
    pub(crate) fn holds(&self, content: Id, desired: Id) -> bool {
        self.contents[content].desired == desired
    }

    /// One look of the object's provider; `to_the_end`, as many as it takes until nothing changes.
    pub(crate) fn look(&mut self, content: Id, to_the_end: bool) -> Change {
        if let Some(change) = self.looked.get(&(content, to_the_end)) {
            return *change;
        }
        let had = &self.contents[content];
        let name = self.keys[had.key].name.clone();
        let mut object = had.object.clone();
        let kept = self.clouds.replace(&name, had.thing.clone());
        for _ in 0..if to_the_end { LOOKS } else { 1 } {
            let changes = self.clouds.tick([(name.as_str(), &mut object)]);
            if !changes.any() {
                break;
            }
        }
        let thing = self.clouds.replace(&name, None);
        let furthest = if to_the_end { &thing } else { &kept };
        let furthest = furthest.clone().or_else(|| thing.clone());
        self.clouds.replace(&name, furthest);
        let before = &had.object;
        let other = |field: &str| object[field] != before[field];
        let writes = [other("metadata") || other("spec"), other("status")];
        let next = Content {
            key: had.key,
            object,
            applied: had.applied.clone(),
            desired: had.desired,
            thing,
        };
        let change = self.add(next, writes.map(u32::from).iter().sum());
        self.looked.insert((content, to_the_end), change);
        change
    }

    fn add(&mut self, content: Content, writes: u32) -> Change {
        let id = self.contents.len();
        self.contents.push(content);
        Change {
            content: id,
            writes,
        }
    }

    /// What an observer sees of a content under a mask. Equal ones have one number.
    pub(crate) fn view(&mut self, content: Id, mask: Mask) -> Result<Id, Error> {
        if let Some(view) = self.seen.get(&(content, mask)) {
            return Ok(*view);
        }
        let Content { key, object, .. } = &self.contents[content];
        let object = mask.over(object);
        let entry = (*key, serde_json::to_string(&object)?);
        let known = self.view_ids.get(&entry).copied();
        let view = match known {
            Some(view) => view,
            None => {
                // What nobody but core has written yet carries nothing else.
                let crowded = object["status"].is_object();
                let whole = crowded.then(|| crowd::composed(&object, &self.owner));
                self.views.push(to_struct(&whole.unwrap_or(object))?);
                self.view_ids.insert(entry, self.views.len() - 1);
                self.views.len() - 1
            }
        };
        self.seen.insert((content, mask), view);
        Ok(view)
    }

    /// What is sent of a view.
    pub(crate) fn on_wire(&self, view: Id) -> &Struct {
        &self.views[view]
    }
}
