//! The lab, simulated.

use cloudsim::rules::{Kind, Reference, Rules};

/// Its rules: three kinds, of which the network is named by the lab.
pub(super) static RULES: Rules = Rules {
    cloud: "lab",
    group: ".lab.",
    kinds: &[
        Kind {
            name: "LabNetwork",
            is_named_by_cloud: true,
            fixed: &["region", "range"],
            ..Kind::PLAIN
        },
        Kind {
            name: "LabCluster",
            report: |subject, at| {
                at["status"] = if subject.ready { "UP" } else { "BUILDING" }.into();
                at["endpoint"] = "https://lab.example.com".into();
                at["version"] = subject.object["spec"]["forProvider"]["version"].clone();
            },
            ..Kind::PLAIN
        },
    ],
    references: &[
        Reference {
            field: "labNetwork",
            kind: "LabNetwork",
            reported: None,
        },
        Reference {
            field: "labCluster",
            kind: "LabCluster",
            reported: None,
        },
    ],
    ..Rules::PLAIN
};
