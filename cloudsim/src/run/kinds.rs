//! The kinds that providers manage, and a watch on each.

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use futures_util::StreamExt;
use kube::{
    Api, Client, ResourceExt,
    api::{ApiResource, DynamicObject},
    discovery::{Discovery, Scope},
    runtime::{WatchStreamExt, reflector, watcher},
};
use serde_json::Value;
use tracing::{info, warn};

/// How often new kinds are looked for.
const EVERY: Duration = Duration::from_secs(10);

/// All kinds of the simulated providers.
pub(crate) struct Kinds {
    client: Client,
    watched: BTreeMap<String, Watched>,
    looked: Option<Instant>,
}

struct Watched {
    resource: ApiResource,
    namespaced: bool,
    store: reflector::Store<DynamicObject>,
}

impl Kinds {
    pub(crate) fn new(client: Client) -> Self {
        Self {
            client,
            watched: BTreeMap::new(),
            looked: None,
        }
    }

    /// Starts to watch kinds that have come since the last look.
    pub(crate) async fn discover(&mut self) {
        if self.looked.is_some_and(|looked| looked.elapsed() < EVERY) {
            return;
        }
        self.looked = Some(Instant::now());
        let found = match Discovery::new(self.client.clone()).run().await {
            Ok(found) => found,
            Err(error) => return warn!("cannot look for kinds: {error}"),
        };
        for group in found.groups().filter(|group| is_ours(group.name())) {
            for (resource, capabilities) in group.resources_by_stability() {
                let name = format!("{}/{}", resource.api_version, resource.kind);
                let configures = resource.kind.contains("ProviderConfig");
                if !configures && !self.watched.contains_key(&name) {
                    let namespaced = capabilities.scope == Scope::Namespaced;
                    self.watch(name, resource, namespaced);
                }
            }
        }
    }

    fn watch(&mut self, name: String, resource: ApiResource, namespaced: bool) {
        let api: Api<DynamicObject> = Api::all_with(self.client.clone(), &resource);
        let writer = reflector::store::Writer::new(resource.clone());
        let store = writer.as_reader();
        let changes = watcher(api, watcher::Config::default())
            .default_backoff()
            .reflect(writer);
        // It begins again after every error, for as long as the process lives.
        tokio::spawn(changes.for_each(|_| std::future::ready(())));
        info!("watching {name}");
        let watched = Watched {
            resource,
            namespaced,
            store,
        };
        self.watched.insert(name, watched);
    }

    /// The objects of all kinds that `fresh` lets pass, by kind, namespace and name.
    pub(crate) fn objects(
        &self,
        mut fresh: impl FnMut(&str, &Value) -> bool,
    ) -> BTreeMap<String, Value> {
        let mut objects = BTreeMap::new();
        for (kind, watched) in &self.watched {
            for object in watched.store.state() {
                let namespace = object.namespace().unwrap_or_default();
                let key = format!("{kind} {namespace} {}", object.name_any());
                match serde_json::to_value(&*object) {
                    Ok(object) if fresh(&key, &object) => drop(objects.insert(key, object)),
                    Ok(_) => {}
                    Err(error) => warn!("{key}: {error}"),
                }
            }
        }
        objects
    }

    /// Where an object of [`Self::objects`] is read and written.
    pub(crate) fn api(&self, key: &str) -> Option<Api<DynamicObject>> {
        let mut words = key.splitn(3, ' ');
        let watched = self.watched.get(words.next()?)?;
        let (client, resource) = (self.client.clone(), &watched.resource);
        Some(if watched.namespaced {
            Api::namespaced_with(client, words.next()?, resource)
        } else {
            Api::all_with(client, resource)
        })
    }
}

fn is_ours(group: &str) -> bool {
    let providers = [
        ".aws.upbound.io",
        ".aws.m.upbound.io",
        ".gcp.upbound.io",
        ".gcp.m.upbound.io",
    ];
    let kubernetes = ["kubernetes.crossplane.io", "kubernetes.m.crossplane.io"];
    providers.iter().any(|suffix| group.ends_with(suffix)) || kubernetes.contains(&group)
}
