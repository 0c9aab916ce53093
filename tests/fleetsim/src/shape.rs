//! What clusters the fleet is made of.

use std::{path::Path, rc::Rc};

use manifests::{composite_of, input_of, load};
use serde_json::{Value, json};
use xcluster::wire::structpb::Struct;

use crate::Error;

/// A cloud.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Cloud {
    Aws,
    Gcp,
}

/// Both clouds, in the order of tables.
pub(crate) const CLOUDS: [Cloud; 2] = [Cloud::Aws, Cloud::Gcp];

impl Cloud {
    /// What tables call it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Aws => "aws",
            Self::Gcp => "gcp",
        }
    }
}

/// A kind of cluster: clusters of one shape differ in nothing but their names.
#[derive(Clone, Debug)]
pub(crate) struct Shape {
    pub(crate) cloud: Cloud,
    /// The node pools that its author asks for.
    pub(crate) pools: usize,
    /// How many of the clusters have it, beside the other shapes' shares.
    pub(crate) share: u32,
    /// The composite as Crossplane makes it for a claim.
    pub(crate) composite: Rc<Value>,
    /// The function's Input.
    pub(crate) input: Option<Struct>,
}

/// The folders of examples/ that a cloud's clusters are like, with other pools where a number stands, and
/// how many of 50 are; all of it is an assumption. What is drained asks core for the other clusters of its service at
/// every call.
const MIX: [(&str, Option<usize>, u32); 9] = [
    ("standard", None, 12),
    ("standard", Some(1), 10),
    ("standard", Some(3), 8),
    ("standard", Some(4), 4),
    ("standard", Some(5), 4),
    ("managed", None, 6),
    ("minimal", None, 4),
    ("traffic", None, 1),
    ("drained", None, 1),
];

impl Shape {
    /// All shapes, from the folder `examples` of the repository.
    pub(crate) fn all(examples: &Path) -> Result<Vec<Self>, Error> {
        let mut shapes = Vec::new();
        for cloud in CLOUDS {
            for (example, pools, share) in MIX {
                let folder = match (example, cloud) {
                    ("managed", Cloud::Aws) => "auto",
                    ("managed", Cloud::Gcp) => "autopilot",
                    ("drained", _) => "traffic",
                    _ => example,
                };
                let folder = examples.join(format!("{}-{folder}", cloud.name()));
                let mut shape = Self::read(&folder, cloud, pools, share)?;
                if example == "drained" {
                    let composite = Rc::make_mut(&mut shape.composite);
                    composite["spec"]["traffic"]["state"] = "drained".into();
                }
                shapes.push(shape);
            }
        }
        Ok(shapes)
    }

    fn read(folder: &Path, cloud: Cloud, pools: Option<usize>, share: u32) -> Result<Self, Error> {
        let xr = folder.join("xr.yaml");
        let documents = load(&xr)?;
        let document = documents.first().unwrap_or(&Value::Null);
        let mut composite = serde_json::to_value(composite_of(document, None, &xr)?)?;
        if let Some(pools) = pools {
            composite["spec"]["nodePools"] = (1..=pools).map(pool).collect();
        }
        let composition = folder.join("composition.yaml");
        let pools = composite["spec"]["nodePools"].as_array();
        Ok(Self {
            cloud,
            pools: pools.map_or(0, Vec::len),
            share,
            input: input_of(&load(&composition)?, &composition)?,
            composite: Rc::new(composite),
        })
    }

    /// The same under another name.
    pub(crate) fn named(&self, name: &str) -> Self {
        let mut shape = self.clone();
        let composite = Rc::make_mut(&mut shape.composite);
        composite["metadata"]["name"] = name.into();
        composite["spec"]["claimRef"]["name"] = name.into();
        let labels = &mut composite["metadata"]["labels"];
        labels["crossplane.io/composite"] = name.into();
        labels["crossplane.io/claim-name"] = name.into();
        shape
    }
}

/// Every third pool is one of spot GPUs.
fn pool(number: usize) -> Value {
    let name = format!("pool-{number}");
    if number.is_multiple_of(3) {
        json!({"name": name, "gpu": {"type": "nvidia-l4", "count": 1}, "min": 0, "max": 8, "capacity": "spot"})
    } else {
        json!({"name": name, "size": "medium", "min": 2, "max": 10})
    }
}
