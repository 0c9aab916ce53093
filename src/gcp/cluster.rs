//! The GKE control plane.

use super::{
    api::{
        AddonsConfig, AuthorizedNetworks, AutoProvisioning, Channel, CidrBlock, ClientCertificate,
        Cluster, ClusterAutoscaling, ControlPlaneEndpoints, DatabaseEncryption, DefaultPoolConfig,
        DnsEndpoint, Enabled, IpAllocationPolicy, Logging, MasterAuth, Monitoring,
        PrivateClusterConfig, ReleaseChannel, SecurityPosture, WorkloadIdentity,
    },
    facts,
    identity::{KEY, KEY_GRANT, NODE_ACCOUNT, NODE_ROLES, api_key},
    network,
};
use crate::{
    plan::{Cx, Plan, Stage, lacking, managed},
    version,
    xcluster::Mode,
};

/// The cluster.
pub(crate) const CLUSTER: &str = "cluster";
/// Where GKE reports the version it runs.
const RUNNING: &str = "status.atProvider.masterVersion";
/// Everything that IAM allows a node's service account.
pub(super) const SCOPES: &[&str] = &["https://www.googleapis.com/auth/cloud-platform"];

/// How the control plane is reached from outside its network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reach {
    /// By its DNS name, which IAM guards.
    Dns,
    /// By a public address, which a list of ranges guards.
    Listed,
    /// Not at all.
    Private,
}

/// How this cluster is reached.
pub(super) fn reach(cx: &Cx<'_>) -> Reach {
    match (cx.spec.endpoint.public, cx.allowed_cidrs().is_empty()) {
        (false, _) => Reach::Private,
        (true, true) => Reach::Dns,
        (true, false) => Reach::Listed,
    }
}

/// Plans the stage.
pub(super) fn cluster(cx: &Cx<'_>, plan: &mut Plan) {
    let Some(key_name) = key_name(cx) else {
        plan.add(lacking(
            Stage::Cluster,
            CLUSTER,
            "the encryption key's id",
            KEY,
        ));
        return;
    };
    let Some(email) = node_email(cx) else {
        let what = "the node service account's address";
        plan.add(lacking(Stage::Cluster, CLUSTER, what, NODE_ACCOUNT));
        return;
    };
    let common = common(cx, key_name);
    let cluster = match cx.spec.mode {
        Mode::Standard => standard(cx, common),
        Mode::Auto => autopilot(email, common),
    };
    let own_key = cx.spec.encryption.key_id.is_none();
    let name = Some(cx.names.cloud.clone());
    plan.add(
        managed(cx, Stage::Cluster, CLUSTER, name, cluster)
            .after([api_key("container"), network::SUBNET.to_owned()])
            .after(NODE_ROLES.map(|(key, _)| key))
            .after(own_key.then_some(KEY_GRANT)),
    );
}

/// The key cannot change once the cluster has one, so the cluster's own answer comes first.
fn key_name(cx: &Cx<'_>) -> Option<String> {
    cx.settled(
        CLUSTER,
        "spec.forProvider.databaseEncryption.keyName",
        KEY,
        "status.atProvider.id",
    )
    .or_else(|| cx.spec.encryption.key_id.clone())
}

fn node_email(cx: &Cx<'_>) -> Option<String> {
    let sent = "spec.forProvider.clusterAutoscaling.autoProvisioningDefaults.serviceAccount";
    let email = cx.settled(CLUSTER, sent, NODE_ACCOUNT, "status.atProvider.email");
    match cx.spec.mode {
        Mode::Auto => email,
        // Standard clusters name the account by reference.
        Mode::Standard => Some(email.unwrap_or_default()),
    }
}

/// What both modes have.
fn common(cx: &Cx<'_>, key_name: String) -> Cluster {
    let reach = reach(cx);
    let listed = (reach == Reach::Listed).then(|| AuthorizedNetworks {
        cidr_blocks: cx
            .allowed_cidrs()
            .into_iter()
            .map(|cidr_block| CidrBlock { cidr_block })
            .collect(),
        gcp_public_cidrs_access_enabled: false,
    });
    Cluster {
        project: super::project(cx),
        location: cx.spec.region.clone(),
        // GKE cannot change it, so it holds nothing that the author can.
        description: format!("XCluster {}", cx.names.cloud),
        deletion_protection: cx.spec.deletion_protection,
        // A floor: the release channel may run ahead of it, which is no reason to raise it.
        min_master_version: version::next(cx, version::running(cx, RUNNING), facts::pools)
            .min(cx.spec.kubernetes_version)
            .to_string(),
        release_channel: ReleaseChannel { channel: "REGULAR" },
        resource_labels: cx.tags.clone(),
        network_ref: Some(cx.reference(network::VPC)),
        subnetwork_ref: Some(cx.reference(network::SUBNET)),
        ip_allocation_policy: IpAllocationPolicy {
            cluster_secondary_range_name: network::PODS,
            services_secondary_range_name: network::SERVICES,
            stack_type: "IPV4",
        },
        private_cluster_config: PrivateClusterConfig {
            enable_private_nodes: true,
            enable_private_endpoint: reach == Reach::Private,
        },
        control_plane_endpoints_config: ControlPlaneEndpoints {
            dns_endpoint_config: DnsEndpoint {
                allow_external_traffic: reach == Reach::Dns,
            },
            ip_endpoints_config: Enabled {
                enabled: reach != Reach::Dns,
            },
        },
        master_authorized_networks_config: listed,
        database_encryption: DatabaseEncryption {
            state: "ENCRYPTED",
            key_name,
        },
        gateway_api_config: Channel {
            channel: "CHANNEL_STANDARD",
        },
        cost_management_config: Enabled { enabled: true },
        security_posture_config: SecurityPosture {
            mode: "BASIC",
            vulnerability_mode: "VULNERABILITY_DISABLED",
        },
        // Autopilot always has it; left out there it would be a lasting difference.
        enable_intranode_visibility: true,
        ..Cluster::default()
    }
}

fn autopilot(service_account: String, common: Cluster) -> Cluster {
    Cluster {
        enable_autopilot: Some(true),
        cluster_autoscaling: Some(ClusterAutoscaling {
            auto_provisioning_defaults: AutoProvisioning {
                service_account,
                oauth_scopes: SCOPES,
            },
        }),
        ..common
    }
}

fn standard(cx: &Cx<'_>, common: Cluster) -> Cluster {
    Cluster {
        // GKE makes no cluster without a pool: it is removed as soon as the cluster is there.
        remove_default_node_pool: Some(true),
        initial_node_count: Some(1),
        node_config: Some(DefaultPoolConfig {
            service_account_ref: cx.reference(NODE_ACCOUNT),
        }),
        node_locations: network::zones(cx.spec),
        datapath_provider: Some("ADVANCED_DATAPATH"),
        enable_shielded_nodes: Some(true),
        enable_l4_ilb_subsetting: Some(true),
        // A /25 per node, so that the smallest network still has room for sixteen.
        default_max_pods_per_node: Some(64),
        master_auth: Some(MasterAuth {
            client_certificate_config: ClientCertificate {
                issue_client_certificate: false,
            },
        }),
        workload_identity_config: Some(WorkloadIdentity {
            workload_pool: format!("{}.svc.id.goog", super::project(cx)),
        }),
        addons_config: Some(AddonsConfig {
            dns_cache_config: Enabled { enabled: true },
            gce_persistent_disk_csi_driver_config: Enabled {
                enabled: cx.spec.addons.block_storage.enabled,
            },
            gcs_fuse_csi_driver_config: Enabled { enabled: true },
        }),
        logging_config: Some(Logging {
            enable_components: &[
                "SYSTEM_COMPONENTS",
                "WORKLOADS",
                "APISERVER",
                "CONTROLLER_MANAGER",
                "SCHEDULER",
            ],
        }),
        monitoring_config: Some(Monitoring {
            enable_components: &["SYSTEM_COMPONENTS"],
            managed_prometheus: Enabled { enabled: true },
        }),
        ..common
    }
}
