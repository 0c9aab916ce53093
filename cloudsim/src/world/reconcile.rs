//! One reconcile of the composite.

use serde_json::Value;
use xcluster::wire::proto::v1::State;

use super::{Error, KEY, World, held::Held, step::Step};
use crate::{Providers, apply};

impl<P: Providers> World<P> {
    /// Calls the function, and does what it answers.
    ///
    /// # Errors
    /// [`Error`] for objects that cannot be encoded, and for requirements without end.
    pub fn reconcile(&mut self) -> Result<Step, Error> {
        let (request, response) = self.call()?;
        let mut step = Step {
            request,
            response,
            deleted: Vec::new(),
            refused: Vec::new(),
        };
        if step.fatal().is_none() {
            self.follow(&mut step)?;
        }
        let before = &self.composite["status"]["conditions"];
        self.composite["status"]["conditions"] = step.conditions_after(before);
        Ok(step)
    }

    /// Crossplane deletes first; if it may not, it applies nothing.
    fn follow(&mut self, step: &mut Step) -> Result<(), Error> {
        let desired = step.response.desired.clone().unwrap_or_default();
        self.collect_garbage(&desired, step);
        if !step.refused.is_empty() {
            return Ok(());
        }
        self.apply(desired, step)?;
        let status = &mut self.composite["status"];
        apply::apply(status, &mut self.status, step.status());
        Ok(())
    }

    fn apply(&mut self, desired: State, step: &mut Step) -> Result<(), Error> {
        for (key, resource) in desired.resources {
            let sent = resource.resource.unwrap_or_default();
            let held = self.objects.get(&key);
            let object = match held.and_then(|held| held.applied_of(&sent)) {
                Some(applied) => applied,
                None => composed(&key, &self.composite, serde_json::to_value(&sent)?),
            };
            if let Some(problem) = self.out_of_scope(&key, &object) {
                step.refused.push(problem);
                continue;
            }
            let held = self.objects.entry(key).or_insert_with(Held::new);
            if held.apply(sent, object) {
                self.is_quiet = false;
            }
        }
        Ok(())
    }

    /// Why core or the API server would not take an object: a namespaced composite composes nothing
    /// outside its namespace, and names have a form.
    fn out_of_scope(&self, key: &str, desired: &Value) -> Option<String> {
        let own = self.composite.pointer("/metadata/namespace");
        let theirs = desired.pointer("/metadata/namespace");
        if own.is_some() && own != theirs {
            return Some(format!(
                "{key} is in {theirs:?}, and its composite in {own:?}"
            ));
        }
        let name = desired["metadata"]["name"].as_str().unwrap_or_default();
        let sound = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-.".contains(&b);
        let is_sound = (1..=253).contains(&name.len()) && name.bytes().all(sound);
        (!is_sound).then(|| format!("{key} has the name {name:?}"))
    }
}

/// A desired object as Crossplane applies it.
pub fn composed(key: &str, composite: &Value, mut desired: Value) -> Value {
    desired["metadata"]["annotations"][KEY] = key.into();
    let name = &composite["metadata"]["name"];
    desired["metadata"]["labels"]["crossplane.io/composite"] = name.clone();
    if let Some(fields) = desired.as_object_mut() {
        fields.remove("status");
    }
    desired
}
