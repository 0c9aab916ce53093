//! Changes, and what they mean for what runs.

use crate::support::{changed, stderr, stdout, xcluster};

pub(super) const US: &str = "clusters/prod-us.yaml";
pub(super) const EU: &str = "clusters/prod-eu.yaml";
const GKE: &str = "examples/gcp-standard/xr.yaml";
/// The line with the numbers where nothing is done.
pub(super) const NOTHING: &str = "0 to create, 0 to change, 0 to delete";

/// A change and what a plan says of it.
pub(super) struct Row {
    pub(super) name: &'static str,
    cluster: &'static str,
    composition: Option<&'static str>,
    /// What the cluster was before, where it is not as in its file.
    was: Option<(&'static str, &'static str)>,
    change: (&'static str, &'static str),
    /// Lines, without the spaces before and after them. The last one has the numbers.
    pub(super) says: &'static [&'static str],
    pub(super) code: i32,
}

impl Row {
    /// The plan, and the exit code.
    pub(super) fn plan(&self, more: &[&str]) -> (String, Option<i32>) {
        let written = |name: &str, changes: &[_]| {
            changed(&format!("{name}{}.yaml", self.name), self.cluster, changes)
        };
        let (old, new) = match self.was {
            Some(was) => (written("was-", &[was]), written("", &[was, self.change])),
            None => (self.cluster.to_owned(), written("", &[self.change])),
        };
        let mut args = vec!["plan", &old, &new];
        args.extend(
            self.composition
                .iter()
                .flat_map(|path| ["--composition", path]),
        );
        args.extend(more);
        let output = xcluster(&args);
        assert_eq!(stderr(&output), "", "{}", self.name);
        (stdout(&output), output.status.code())
    }
}

const fn row(
    name: &'static str,
    cluster: &'static str,
    change: (&'static str, &'static str),
    says: &'static [&'static str],
    code: i32,
) -> Row {
    Row {
        name,
        cluster,
        composition: None,
        was: None,
        change,
        says,
        code,
    }
}

const TRAFFIC: &str = "examples/aws-traffic/composition.yaml";
const SERVES: &str = "examples/aws-traffic/xr.yaml";
const SERVES_EU: &str = "examples/gcp-traffic/xr.yaml";
/// What a plan of a drain assumes.
pub(super) const ASSUMED: &str =
    "assumed: another cluster of inference.acme.example is active and Serving";
const GENERAL: &str = "{name: general, size: medium, min: 2, max: 10}";

/// What each change means for what runs.
pub(super) const ROWS: &[Row] = &[
    Row {
        composition: Some(TRAFFIC),
        ..row(
            "drained",
            SERVES,
            ("weight: 150", "state: drained"),
            &[
                "metadata.labels.xcluster.dev/traffic: \"active\" -> \"drained\"",
                "spec.forProvider.weightedRoutingPolicy.weight: 150 -> 0",
                ASSUMED,
                "0 to create, 2 to change, 0 to delete",
            ],
            0,
        )
    },
    Row {
        composition: Some("examples/gcp-traffic/composition.yaml"),
        ..row(
            "drained-gke",
            SERVES_EU,
            ("{weight: 50}", "{state: drained}"),
            &[
                "metadata.labels.xcluster.dev/traffic: \"active\" -> \"drained\"",
                "spec.forProvider.weightedRoutingPolicy.weight: 50 -> 0",
                ASSUMED,
                "0 to create, 2 to change, 0 to delete",
            ],
            0,
        )
    },
    Row {
        composition: Some(TRAFFIC),
        ..row(
            "weight-0",
            SERVES,
            ("weight: 150", "weight: 0"),
            &[
                "spec.forProvider.weightedRoutingPolicy.weight: 150 -> 0",
                ASSUMED,
                "0 to create, 1 to change, 0 to delete",
            ],
            0,
        )
    },
    Row {
        composition: Some(TRAFFIC),
        ..row(
            "weight",
            SERVES,
            ("weight: 150", "weight: 30"),
            &[
                "spec.forProvider.weightedRoutingPolicy.weight: 150 -> 30",
                "0 to create, 1 to change, 0 to delete",
            ],
            0,
        )
    },
    row(
        "weight-of-nothing",
        US,
        ("  argocd:", "  traffic: {weight: 30}\n  argocd:"),
        &[
            "no record gets the new weight: the Input has no traffic.host; name the Composition that has it with \
             --composition",
            NOTHING,
        ],
        0,
    ),
    row(
        "disk",
        US,
        (
            GENERAL,
            "{name: general, size: medium, min: 2, max: 10, diskGiB: 200}",
        ),
        &[
            "spec.forProvider.launchTemplate.version: \"1\" -> \"2\"",
            "! nodes-pool-general-816cf6 replaces every node of pool general: its launch template has a new version",
            "0 to create, 2 to change, 0 to delete",
        ],
        0,
    ),
    row(
        "tags",
        US,
        ("  argocd:", "  tags: {owner: ml}\n  argocd:"),
        &[
            "! nodes-pool-general-816cf6 replaces every node of pool general: its launch template has a new version",
            "! nodes-pool-gpu-400b5f replaces every node of pool gpu: its launch template has a new version",
            "0 to create, 34 to change, 0 to delete",
        ],
        0,
    ),
    row(
        "environment",
        US,
        ("environment: prod", "environment: staging"),
        &[
            "! nodes-pool-general-816cf6 replaces every node of pool general: its launch template has a new version",
            "! nodes-pool-gpu-400b5f replaces every node of pool gpu: its launch template has a new version",
            "0 to create, 35 to change, 0 to delete",
        ],
        0,
    ),
    row(
        "disk-gke",
        GKE,
        ("min: 3, max: 12", "min: 3, max: 12, diskGiB: 200"),
        &[
            "! nodes-pool-general-fcbc8c replaces every node of pool general: its nodes get disks of another size",
            "0 to create, 1 to change, 0 to delete",
        ],
        0,
    ),
    Row {
        was: Some(("\"1.36\"", "\"1.34\"")),
        ..row(
            "upgrade",
            US,
            ("\"1.34\"", "\"1.36\""),
            &[
                "spec.forProvider.version: \"1.34\" -> \"1.36\"",
                "! cluster replaces every node: nodes follow the control plane to another version of Kubernetes",
                "0 to create, 4 to change, 0 to delete",
            ],
            0,
        )
    },
    Row {
        was: Some(("\"1.36\"", "\"1.34\"")),
        ..row(
            "paused",
            US,
            ("\"1.34\"", "\"1.35\"\n  upgrade: {paused: true}"),
            &[
                "the next version waits for spec.upgrade.paused: it is true; set it to false",
                NOTHING,
            ],
            0,
        )
    },
    Row {
        was: Some(("\"1.36\"", "\"1.34\"")),
        ..row(
            "upgrade-gke",
            GKE,
            ("\"1.34\"", "\"1.36\""),
            &[
                "! cluster replaces every node: nodes follow the control plane to another version of Kubernetes",
                "0 to create, 2 to change, 0 to delete",
            ],
            0,
        )
    },
    row(
        "larger",
        US,
        ("size: medium", "size: large"),
        &[
            "! nodes-pool-general-1cc9e8 replaces every node of pool general: machines, zones and how nodes are bought \
             cannot change in place",
            "! nodes-pool-general-816cf6 stays while it waits for nodes-pool-general-1cc9e8 (not ready yet)",
            "1 to create, 0 to change, 1 to delete",
        ],
        0,
    ),
    row(
        "renamed",
        US,
        ("name: general", "name: workers"),
        &[
            "! nodes-pool-general-816cf6 is lost: its nodes go with what runs on them",
            "! nodes-pool-general-816cf6 stays while it waits for nodes-pool-workers-816cf6 (not ready yet)",
            "2 to create, 0 to change, 2 to delete",
        ],
        1,
    ),
    row(
        "renamed-gke",
        GKE,
        ("name: general", "name: workers"),
        &[
            "! nodes-pool-general-fcbc8c is lost: its nodes go with what runs on them",
            "! nodes-pool-general-fcbc8c stays while it waits for nodes-pool-workers-fcbc8c (not ready yet)",
            "1 to create, 0 to change, 1 to delete",
        ],
        1,
    ),
    row(
        "no-gpu",
        US,
        (
            "    - {name: gpu, gpu: {type: nvidia-l4, count: 1}, min: 0, max: 8, capacity: spot}\n",
            "",
        ),
        &[
            "! nodes-pool-gpu-400b5f is lost: its nodes go with what runs on them, and no other pool has such GPUs",
            "0 to create, 1 to change, 2 to delete",
        ],
        1,
    ),
    row(
        "gpu-elsewhere",
        US,
        ("name: gpu,", "name: inference,"),
        &[
            "! nodes-pool-gpu-400b5f is lost: its nodes go with what runs on them",
            "! nodes-pool-gpu-400b5f stays while it waits for nodes-pool-inference-400b5f (not ready yet)",
            "2 to create, 0 to change, 2 to delete",
        ],
        1,
    ),
    row(
        "no-nat",
        US,
        ("10.20.0.0/16}", "10.20.0.0/16, nat: none}"),
        &[
            "! network-nat-address-use1-az1 is lost: others may have allowed the cluster in by this address",
            "! network-nat-address-use1-az2 is lost: others may have allowed the cluster in by this address",
            "! network-nat-address-use1-az4 is lost: others may have allowed the cluster in by this address",
            "! network-route-use1-az1 is lost: nodes in its zone reach nothing outside the VPC any more",
            "! network-route-use1-az2 is lost: nodes in its zone reach nothing outside the VPC any more",
            "! network-route-use1-az4 is lost: nodes in its zone reach nothing outside the VPC any more",
            "0 to create, 0 to change, 9 to delete",
        ],
        1,
    ),
    row(
        "no-nat-gke",
        GKE,
        ("10.41.0.0/16}", "10.41.0.0/16, nat: none}"),
        &[
            "! network-nat is lost: nodes reach nothing outside Google Cloud any more",
            "0 to create, 0 to change, 1 to delete",
        ],
        1,
    ),
    row(
        "unregistered",
        EU,
        ("labels: {workload: inference}", "register: false"),
        &[
            "! registration-secret is lost: Argo CD forgets the cluster, and ApplicationSets delete what they made on it",
            "0 to create, 0 to change, 2 to delete",
        ],
        1,
    ),
];
