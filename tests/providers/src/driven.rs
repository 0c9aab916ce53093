//! The providers' own code in the place of the simulated providers.

use std::{collections::BTreeMap, ffi::OsString};

use cloudsim::{Changes, Providers, Simulator};
use serde_json::Value;

use crate::process::{Error, Process};

/// A cloud on this machine.
pub trait Cloud {
    /// How many calls it has had that were to change something.
    fn writes(&self) -> usize;

    /// The last calls, for a message.
    fn recent(&self) -> String;
}

/// One provider, its objects and its cloud.
pub struct Driven<C> {
    /// The cloud.
    pub cloud: C,
    /// Whether a round ends when no operation of Terraform's runs any more.
    pub waits: bool,
    /// Whether the provider is down: nothing becomes of its objects.
    pub is_down: bool,
    /// What the provider panicked with in the last round.
    pub panics: Vec<String>,
    /// What the API groups of its kinds contain, and those of no other provider.
    group: &'static str,
    /// Everything else is simulated: the other cloud, Usages, objects of provider-kubernetes.
    others: Simulator,
    program: OsString,
    arguments: Vec<OsString>,
    environment: &'static [(&'static str, &'static str)],
    process: Process,
    /// The objects as the provider left them, by what identifies them for it.
    known: BTreeMap<Identity, Value>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Identity {
    group: String,
    kind: String,
    namespace: String,
    name: String,
}

impl Identity {
    fn of(object: &Value) -> Self {
        let text = |pointer: &str| {
            let found = object.pointer(pointer).and_then(Value::as_str);
            found.unwrap_or_default().to_owned()
        };
        Self {
            group: text("/apiVersion")
                .split('/')
                .next()
                .unwrap_or_default()
                .to_owned(),
            kind: text("/kind"),
            namespace: text("/metadata/namespace"),
            name: text("/metadata/name"),
        }
    }
}

impl<C: Cloud> Driven<C> {
    /// Starts a provider for a cloud.
    ///
    /// # Errors
    /// [`Error::Io`].
    pub fn start(
        cloud: C,
        group: &'static str,
        program: OsString,
        arguments: Vec<OsString>,
        environment: &'static [(&'static str, &'static str)],
    ) -> Result<Self, Error> {
        let process = Process::start(&program, &arguments, environment)?;
        Ok(Self {
            cloud,
            waits: true,
            is_down: false,
            panics: Vec::new(),
            group,
            others: Simulator::default(),
            program,
            arguments,
            environment,
            process,
            known: BTreeMap::new(),
        })
    }

    /// Kills the provider, whatever it is at, and starts another one. It knows what the objects say.
    ///
    /// # Errors
    /// [`Error::Io`].
    pub fn restart(&mut self) -> Result<(), Error> {
        self.process = Process::start(&self.program, &self.arguments, self.environment)?;
        self.known.clear();
        Ok(())
    }

    /// The operations of Terraform's that have not ended yet.
    ///
    /// # Errors
    /// [`Error`].
    pub fn running(&mut self) -> Result<Vec<String>, Error> {
        Ok(self.process.look()?.running)
    }

    fn round(&mut self, objects: &mut [(&str, &mut Value)]) -> Result<Changes, Error> {
        let mut changes = Changes::default();
        let (group, known) = (self.group, &self.known);
        let own = |object: &Value| Identity::of(object).group.contains(group);
        let put: Vec<_> = objects
            .iter()
            .map(|(_, object)| &**object)
            .filter(|object| own(object) && known.get(&Identity::of(object)) != Some(*object))
            .collect();
        let writes = self.cloud.writes();
        let round = self.process.round(&put, self.waits)?;
        self.panics = round.panics;
        let left = round.objects;
        changes.in_clouds = self.cloud.writes() > writes;
        self.known = left.into_iter().map(|it| (Identity::of(&it), it)).collect();
        let mut others = Vec::new();
        for (key, object) in objects {
            if !own(object) {
                others.push((*key, &mut **object));
                continue;
            }
            let before = object.clone();
            match self.known.get(&Identity::of(object)) {
                Some(left) => **object = left.clone(),
                None => release(object),
            }
            if **object != before {
                changes.objects.push((*key).to_owned());
            }
        }
        let simulated = self.others.tick(others);
        changes.objects.extend(simulated.objects);
        changes.in_clouds |= simulated.in_clouds;
        Ok(changes)
    }
}

/// What the provider has let go.
fn release(object: &mut Value) {
    if let Some(metadata) = object["metadata"].as_object_mut() {
        metadata.remove("finalizers");
    }
}

impl<C: Cloud> Providers for Driven<C> {
    /// # Panics
    /// When the provider ends or refuses: its objects cannot be reconciled by anybody then.
    #[expect(clippy::panic, reason = "the test that runs it fails")]
    fn tick<'a>(&mut self, objects: impl IntoIterator<Item = (&'a str, &'a mut Value)>) -> Changes {
        if self.is_down {
            return Changes::default();
        }
        let mut objects: Vec<_> = objects.into_iter().collect();
        self.round(&mut objects)
            .unwrap_or_else(|error| panic!("{error}\n{}", self.cloud.recent()))
    }

    /// Nothing: what an API server has lost, its provider does not know of.
    fn forget(&mut self, _: &str) {}

    /// The provider polls, whatever was.
    fn is_steady(&self) -> bool {
        false
    }
}
