//! The kinds of Google Cloud.

use super::{
    NUMBER, gke,
    needs::{
        cluster_missing, early_agent, has_roles, in_use, not_available, nothing_streams, too_many,
        unknown_account,
    },
};
use crate::{
    object::{field, name_of},
    pace::Ticks,
    rules::Kind,
};

const PLAIN: Kind = Kind::PLAIN;

/// Those with rules of their own. Which ones the cloud names is `IdentifierFromProvider` in provider-gcp
/// v2.6.0, `config/externalname.go`.
pub(super) const KINDS: &[Kind] = &[
    Kind {
        name: "Network",
        fixed: &["/project", "/autoCreateSubnetworks", "/description"],
        keeps: |object, clouds| {
            let users = ["Subnetwork", "Router", "Cluster"];
            in_use(object, clouds, &users, "network")
        },
        ..PLAIN
    },
    Kind {
        name: "Subnetwork",
        fixed: &["/project", "/region", "/network"],
        keeps: |object, clouds| in_use(object, clouds, &["Cluster"], "subnetwork"),
        ..PLAIN
    },
    Kind {
        name: "GlobalAddress",
        fixed: &["/project", "/addressType"],
        report: |subject, at| at["address"] = subject.address.into(),
        ..PLAIN
    },
    Kind {
        name: "Project",
        report: |_, at| at["number"] = NUMBER.into(),
        ..PLAIN
    },
    Kind {
        name: "ProjectService",
        is_named_by_cloud: true,
        name_in_cloud: |_, object| {
            let [project, service] = ["project", "service"].map(|name| field(object, name));
            format!("{project}/{service}")
        },
        ..PLAIN
    },
    Kind {
        name: "ServiceAccount",
        keeps: has_roles,
        report: |subject, at| {
            let (name, project) = (name_of(subject.object), field(subject.object, "project"));
            let email = format!("{name}@{project}.iam.gserviceaccount.com");
            at["member"] = format!("serviceAccount:{email}").into();
            at["email"] = email.into();
        },
        ..PLAIN
    },
    Kind {
        name: "ProjectIAMMember",
        is_named_by_cloud: true,
        fixed: MEMBER,
        refuses: unknown_account,
        ..PLAIN
    },
    Kind {
        name: "CryptoKeyIAMMember",
        is_named_by_cloud: true,
        fixed: MEMBER,
        refuses: early_agent,
        ..PLAIN
    },
    // GCP never deletes these: their providers forget them.
    Kind {
        name: "KeyRing",
        is_forever: true,
        ..PLAIN
    },
    Kind {
        name: "CryptoKey",
        is_forever: true,
        ..PLAIN
    },
    Kind {
        name: "Cluster",
        ticks: Ticks::of(4, 48),
        fixed: &[
            "/project",
            "/location",
            "/description",
            "/network",
            "/subnetwork",
            "/enableAutopilot",
            "/datapathProvider",
            "/ipAllocationPolicy",
            "/defaultMaxPodsPerNode",
        ],
        // `node_config` is ForceNew, and GKE answers with that of the first pool, or with none.
        fixed_if_sent: &["/nodeConfig"],
        refuses: gke::cluster_lacks,
        interrupted: gke::interrupted,
        keeps: gke::keeps,
        answers: gke::answers,
        report: gke::report,
        upgrade: gke::upgrade,
        ..PLAIN
    },
    Kind {
        name: "NodePool",
        ticks: Ticks::of(3, 12),
        goes_with: Some(("Cluster", "cluster")),
        // A change of initialNodeCount is dropped by the provider.
        fixed: &[
            "/project",
            "/location",
            "/cluster",
            "/nodeConfig/machineType",
            "/nodeConfig/spot",
            "/nodeConfig/serviceAccount",
            "/nodeConfig/guestAccelerator",
            "/nodeConfig/oauthScopes",
        ],
        // Computed in Terraform 7.39 and read back as a difference (provider-upjet-gcp#1019).
        strict: &["/nodeDrainConfig"],
        refuses: |object, clouds| {
            let needs = [cluster_missing, nothing_streams, not_available, too_many];
            needs.iter().find_map(|need| need(object, clouds))
        },
        answers: gke::pool_answers,
        report: gke::pool_report,
        upgrade: gke::pool_upgrade,
        ..PLAIN
    },
];

const MEMBER: &[&str] = &["/role", "/member", "/condition"];
