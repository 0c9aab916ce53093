//! GKE (<https://cloud.google.com/kubernetes-engine/docs/reference/rest/v1>).

mod cluster;
mod groups;
mod nodes;
mod operations;
mod pool;
mod update;

use std::collections::BTreeMap;

use serde_json::{Value, json};

use self::operations::Operation;
use super::{compute::Compute, iam::Iam, refusal::Refusal};
use crate::discovery::Call;

/// GKE's clusters, and what it works on.
#[derive(Default)]
pub struct Container {
    clusters: BTreeMap<String, Cluster>,
    operations: BTreeMap<String, Operation>,
    /// What goes wrong from now on.
    pub faults: Faults,
}

/// What goes wrong.
#[derive(Clone, Debug, Default)]
pub struct Faults {
    /// The creations that fail, by the names of clusters and pools, and why. The thing stays, with status ERROR.
    pub creations: BTreeMap<String, String>,
    /// Why node pools cannot be created, whatever they are called: the thing stays, with status ERROR.
    pub pools: Option<String>,
    /// What the methods begin with that are refused, such as `clusters.nodePools.create`, and why.
    pub refused: BTreeMap<&'static str, String>,
    /// Whether operations go on for ever.
    pub frozen: bool,
}

impl Faults {
    /// How the creation of a pool ends.
    fn end_of_pool(&self, name: &str) -> End {
        match &self.pools {
            Some(problem) => End {
                problem: problem.clone(),
            },
            None => self.end_of(name),
        }
    }

    /// How the creation of a cluster or a pool ends.
    fn end_of(&self, name: &str) -> End {
        let problem = self.creations.get(name).cloned().unwrap_or_default();
        End { problem }
    }
}

/// How a creation ends.
struct End {
    /// Why it fails; empty when it does not.
    problem: String,
}

impl End {
    fn status(&self) -> &'static str {
        if self.problem.is_empty() {
            "RUNNING"
        } else {
            "ERROR"
        }
    }

    /// Gives a cluster or a pool its status, with the reason of a failure.
    fn apply(&self, thing: &mut Value) {
        thing["status"] = self.status().into();
        if !self.problem.is_empty() {
            thing["statusMessage"] = self.problem.as_str().into();
        }
    }
}

/// One cluster.
pub struct Cluster {
    /// The API's cluster, without what follows from its pools.
    pub cluster: Value,
    /// Its pools, in the order of their creation.
    pub pools: Vec<Value>,
    /// How many nodes each pool has in each of its zones. Nothing scales them.
    pub nodes: BTreeMap<String, u64>,
}

impl Container {
    /// The clusters by their names.
    pub fn clusters(&self) -> impl Iterator<Item = (&str, &Cluster)> {
        let clusters = self.clusters.iter();
        clusters.map(|(path, cluster)| (name_in(path), cluster))
    }

    /// The autoscaler gives a pool so many nodes in each of its zones.
    pub fn scale(&mut self, pool: &str, nodes: u64) {
        for cluster in self.clusters.values_mut() {
            if let Some(per_zone) = cluster.nodes.get_mut(pool) {
                *per_zone = nodes;
            }
        }
    }

    /// A cluster, to change it as somebody else would.
    pub fn cluster_mut(&mut self, name: &str) -> Option<&mut Cluster> {
        let mut clusters = self.clusters.iter_mut();
        let found = clusters.find(|(path, _)| name_in(path) == name);
        found.map(|(_, cluster)| cluster)
    }

    /// Deletes a cluster as somebody else would.
    pub fn remove(&mut self, name: &str) {
        self.clusters.retain(|path, _| name_in(path) != name);
    }

    pub(super) fn answer(
        &mut self,
        call: &Call,
        compute: &Compute,
        iam: &Iam,
    ) -> Result<Value, Refusal> {
        self.advance();
        let place = Place::of(&call.path);
        let Some(method) = call.method.strip_prefix("container.projects.locations.") else {
            return Err(Refusal::unimplemented(&call.method));
        };
        let mut refused = self.faults.refused.iter();
        if let Some((_, problem)) = refused.find(|(start, _)| method.starts_with(*start)) {
            return Err(Refusal::new(403, "PERMISSION_DENIED", problem));
        }
        match method {
            "operations.get" => self.operation(call.path.get(2).map_or("", String::as_str)),
            "clusters.create" => self.create(&place, &call.body["cluster"], compute, iam),
            "clusters.get" => Ok(self.get(&place)?.view()),
            "clusters.delete" => self.delete(&place),
            "clusters.update" => self.update(&place, &call.body["update"]),
            "clusters.setResourceLabels" => {
                let labels = call.body["resourceLabels"].clone();
                self.change(&place, "SET_LABELS", move |cluster| {
                    cluster.cluster["resourceLabels"] = labels;
                })
            }
            "clusters.setMaintenancePolicy" => {
                let policy = call.body["maintenancePolicy"].clone();
                self.change(&place, "UPDATE_CLUSTER", move |cluster| {
                    cluster.cluster["maintenancePolicy"] = policy;
                })
            }
            "clusters.nodePools.create" => self.create_pool(&place, &call.body["nodePool"], iam),
            "clusters.nodePools.list" => Ok(json!({"nodePools": self.get(&place)?.pools})),
            "clusters.nodePools.get" => Ok(self.get(&place)?.pool(&place.pool)?.clone()),
            "clusters.nodePools.delete" => self.delete_pool(&place),
            "clusters.nodePools.update" => self.update_pool(&place, &call.body),
            "clusters.nodePools.setSize" => {
                let count = call.body["nodeCount"].as_u64().unwrap_or_default();
                let name = place.pool.clone();
                self.change(&place, "SET_NODE_POOL_SIZE", move |cluster| {
                    cluster.nodes.insert(name, count);
                })
            }
            "clusters.nodePools.setAutoscaling" => {
                let autoscaling = call.body["autoscaling"].clone();
                self.change_pool(&place, "SET_NODE_POOL_SIZE", move |pool| {
                    pool["autoscaling"] = autoscaling;
                })
            }
            "clusters.nodePools.setManagement" => {
                let management = call.body["management"].clone();
                self.change_pool(&place, "SET_NODE_POOL_MANAGEMENT", move |pool| {
                    pool["management"] = management;
                })
            }
            _ => Err(Refusal::unimplemented(&call.method)),
        }
    }

    fn get(&self, place: &Place) -> Result<&Cluster, Refusal> {
        let path = place.cluster_path();
        let missing = || Refusal::not_found(&format!("Not found: {path}."));
        self.clusters.get(&path).ok_or_else(missing)
    }

    /// Changes a cluster when its operation ends.
    fn change(
        &mut self,
        place: &Place,
        kind: &str,
        effect: impl FnOnce(&mut Cluster) + Send + 'static,
    ) -> Result<Value, Refusal> {
        self.get(place)?;
        self.start(place, kind, effect)
    }

    /// Changes a pool when its operation ends.
    fn change_pool(
        &mut self,
        place: &Place,
        kind: &str,
        effect: impl FnOnce(&mut Value) + Send + 'static,
    ) -> Result<Value, Refusal> {
        self.get(place)?.pool(&place.pool)?;
        let name = place.pool.clone();
        self.start(place, kind, move |cluster| {
            let mut pools = cluster.pools.iter_mut();
            if let Some(pool) = pools.find(|pool| pool["name"] == *name) {
                effect(pool);
            }
        })
    }
}

impl Cluster {
    fn pool(&self, name: &str) -> Result<&Value, Refusal> {
        let mut pools = self.pools.iter();
        let found = pools.find(|pool| pool["name"] == *name);
        found.ok_or_else(|| Refusal::not_found(&format!("Not found: nodePools/{name}.")))
    }

    /// The cluster as the API answers it.
    ///
    /// In responses `nodeConfig` and `initialNodeCount` are those of the first pool: they are deprecated, and
    /// the discovery document says so.
    fn view(&self) -> Value {
        let mut view = self.cluster.clone();
        if let Some(fields) = view.as_object_mut() {
            fields.remove("nodeConfig");
            fields.remove("initialNodeCount");
        }
        if let Some(first) = self.pools.first() {
            view["nodeConfig"] = first["config"].clone();
            view["initialNodeCount"] = first["initialNodeCount"].clone();
        }
        view["nodePools"] = json!(self.pools);
        view
    }
}

/// Where a cluster or a pool is.
struct Place {
    project: String,
    location: String,
    cluster: String,
    pool: String,
}

impl Place {
    fn of(path: &[String]) -> Self {
        let part = |index: usize| path.get(index).cloned().unwrap_or_default();
        Self {
            project: part(0),
            location: part(1),
            cluster: part(2),
            pool: part(3),
        }
    }

    /// The place of one of the cluster's pools.
    fn of_pool(&self, pool: &str) -> Self {
        Self {
            project: self.project.clone(),
            location: self.location.clone(),
            cluster: self.cluster.clone(),
            pool: pool.to_owned(),
        }
    }

    fn cluster_path(&self) -> String {
        format!(
            "projects/{}/locations/{}/clusters/{}",
            self.project, self.location, self.cluster
        )
    }
}

fn name_in(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}
