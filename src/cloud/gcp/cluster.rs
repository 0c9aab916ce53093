//! The GKE control plane.

use super::{
    api::{
        AddonsConfig, AuthorizedNetworks, AutoProvisioning, Channel, CidrBlock, ClientCertificate,
        Cluster, ClusterAutoscaling, ClusterInit, ControlPlaneEndpoints, DatabaseEncryption,
        DefaultPoolConfig, DnsEndpoint, Enabled, IpAllocationPolicy, KubeletConfig, Logging,
        MasterAuth, Monitoring, PrivateClusterConfig, ReleaseChannel, SecurityPosture,
        ShieldedInstance, WorkloadIdentity,
    },
    endpoint::{Reach, ranges, reach},
    facts::RUNNING,
    followers,
    identifiers::project,
    keys::{API, KEY_GRANT, NODE_ACCOUNT, NODE_ROLES, SUBNET},
    maintenance, network,
    nodes::SCOPES,
};
use crate::{
    api::choice::{Mode, SupportType},
    cloud::{ranges::Ranges, versions},
    plan::{
        build::{lacking, managed_with},
        composed::{Foreign, Plan, Stage},
        context::Cx,
        key::{CLUSTER, ENCRYPTION_KEY, NETWORK},
        object::Extras,
        waiting::Waiting,
    },
};

/// What to do about a cluster of another description.
const FOREIGN: &str = "something else than this function made the cluster: use another name, since the function only looks at it";

/// The pool that GKE makes a cluster with.
const FIRST_POOL: &str = "default-pool";
/// What to do about a first pool that has stayed.
const HALF_MADE: &str = "delete that pool once the cluster runs, which takes nothing else along: docs/troubleshooting.md, \"A GKE cluster is \
     half made\", has the commands; the provider goes on by itself";

/// Plans the stage.
pub(super) fn cluster(cx: &Cx<'_>, plan: &mut Plan) {
    let Some(key_name) = key_name(cx) else {
        plan.add(lacking(
            Stage::Cluster,
            CLUSTER,
            "the encryption key's id",
            ENCRYPTION_KEY,
        ));
        return;
    };
    let ranges = ranges(cx);
    let common = common(cx, key_name, &ranges);
    let (cluster, init) = match cx.spec.mode {
        Mode::Standard => (standard(cx, common), Some(first_nodes(cx))),
        Mode::Auto => {
            let Some(email) = node_email(cx) else {
                let what = "the node service account's address";
                plan.add(lacking(Stage::Cluster, CLUSTER, what, NODE_ACCOUNT));
                return;
            };
            (autopilot(email, common), None)
        }
    };
    let own_key = cx.spec.encryption.key_id.is_none();
    let foreign = foreign(cx);
    let extras = Extras {
        external_name: Some(cx.names.cloud.clone()),
        policies: cx.policies_of_cluster(&CLUSTER, foreign.is_some()),
        init,
        labels: ranges.labels(),
    };
    plan.add(
        managed_with(cx, cx.build, Stage::Cluster, CLUSTER, extras, cluster)
            .foreign(foreign)
            .unfinished(unfinished(cx))
            .after([API.of("container"), SUBNET])
            .after(NODE_ROLES.map(|(key, _)| key))
            .after(own_key.then_some(KEY_GRANT)),
    );
}

/// What the cluster is described as. GKE cannot change it, so it holds nothing that an author can
/// change. It tells that this function made the cluster, not for which composite.
fn description(cx: &Cx<'_>) -> String {
    format!("XCluster {}", cx.names.cloud)
}

/// What shows that somebody else made the cluster of this name: upjet adopts what it finds, and the
/// description is what cannot be changed afterwards. While GKE reports none, nothing is shown.
fn foreign(cx: &Cx<'_>) -> Option<Foreign> {
    // An empty description is reported, too, and is not ours.
    let has = cx
        .observed
        .reported(&CLUSTER)?
        .at("description")?
        .as_str()?;
    let ours = description(cx);
    (has != ours).then(|| Foreign::by("description", has, &ours, FOREIGN))
}

/// What the creation has left to do. The provider deletes the first pool at the end of it and nowhere else (Terraform 7.39,
/// resource_container_cluster.go: `remove_default_node_pool` in `Create`). A creation that a quota or a restart of the
/// provider ends before that leaves the pool for good, be the cluster running or in the state ERROR, which the provider
/// does not report, and the next look at the cluster calls it ready. Autopilot keeps a pool of this name for itself.
fn unfinished(cx: &Cx<'_>) -> Option<Waiting> {
    if cx.spec.mode == Mode::Auto {
        return None;
    }
    let pools = cx
        .observed
        .get(&CLUSTER)?
        .at("status.atProvider.nodePool")?;
    let mut names = pools.items().filter_map(|pool| pool.str_at("name"));
    names.any(|name| name == FIRST_POOL).then(|| Waiting {
        what: "the end of its creation".to_owned(),
        reason: format!("the provider was stopped before it deleted the pool {FIRST_POOL}"),
        fix: Some(HALF_MADE.into()),
    })
}

/// The key cannot change once the cluster has one, so the cluster's own answer comes first.
fn key_name(cx: &Cx<'_>) -> Option<String> {
    cx.lasting(
        &CLUSTER,
        "spec.forProvider.databaseEncryption.keyName",
        &ENCRYPTION_KEY,
        "status.atProvider.id",
    )
    .or_else(|| cx.spec.encryption.key_id.clone())
}

/// The address of the nodes' account, which Autopilot takes by its name. Standard clusters refer to it.
fn node_email(cx: &Cx<'_>) -> Option<String> {
    let sent = "spec.forProvider.clusterAutoscaling.autoProvisioningDefaults.serviceAccount";
    cx.lasting(&CLUSTER, sent, &NODE_ACCOUNT, "status.atProvider.email")
}

/// What both modes have.
fn common(cx: &Cx<'_>, key_name: String, ranges: &Ranges) -> Cluster {
    let reach = reach(cx, ranges);
    let listed = (reach == Reach::Listed).then(|| AuthorizedNetworks {
        cidr_blocks: ranges
            .list
            .iter()
            .cloned()
            .map(|cidr_block| CidrBlock { cidr_block })
            .collect(),
        gcp_public_cidrs_access_enabled: false,
    });
    Cluster {
        project: project(cx),
        location: cx.spec.region.clone(),
        description: description(cx),
        deletion_protection: cx.spec.deletion_protection,
        // A floor: the release channel may run ahead of it, which is no reason to raise it.
        min_master_version: versions::next(
            cx,
            versions::running(cx, RUNNING),
            "spec.forProvider.minMasterVersion",
            followers::followers,
        )
        .min(cx.spec.kubernetes_version)
        .to_string(),
        release_channel: ReleaseChannel {
            channel: match cx.spec.upgrade.support_type {
                SupportType::Standard => "REGULAR",
                SupportType::Extended => "EXTENDED",
            },
        },
        maintenance_policy: maintenance::policy(&cx.spec.maintenance),
        resource_labels: cx.tags.clone(),
        network_ref: Some(cx.reference(&NETWORK)),
        subnetwork_ref: Some(cx.reference(&SUBNET)),
        ip_allocation_policy: IpAllocationPolicy {
            cluster_secondary_range_name: network::PODS,
            services_secondary_range_name: network::SERVICES,
            stack_type: "IPV4",
        },
        private_cluster_config: PrivateClusterConfig {
            enable_private_nodes: true,
            // GKE answers true as soon as the public address is off, by name or not at all; another
            // value is an update at every poll (terraform-provider-google#27901, #28981).
            enable_private_endpoint: reach != Reach::Listed,
            // A private address answers its own region alone otherwise, and the management cluster may be in another one (GKE
            // documentation, "Accessing the control plane's private endpoint globally"). Computed where it is left out.
            master_global_access_config: (reach == Reach::Private)
                .then_some(Enabled { enabled: true }),
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

/// GKE makes no cluster without a pool: the provider removes it as soon as the cluster is there.
///
/// All of it is for the creation only. Afterwards GKE answers with the configuration of whichever
/// pool is the first, which Terraform compares with this one and cannot change (`ForceNew`): upjet
/// would refuse every update of the cluster.
fn first_nodes(cx: &Cx<'_>) -> ClusterInit {
    ClusterInit {
        initial_node_count: 1,
        node_config: DefaultPoolConfig {
            service_account_ref: cx.reference(&NODE_ACCOUNT),
            // It lives for minutes. Three disks of GKE's usual 100 GiB are more SSD than some quotas have left.
            disk_type: "pd-standard",
            disk_size_gb: 20,
            // Some organizations refuse every instance without it (constraints/compute.requireShieldedVm).
            shielded_instance_config: ShieldedInstance::ON,
            kubelet_config: KubeletConfig::DEFAULT,
        },
    }
}

fn standard(cx: &Cx<'_>, common: Cluster) -> Cluster {
    Cluster {
        remove_default_node_pool: Some(true),
        node_locations: network::zones(cx.spec),
        datapath_provider: Some("ADVANCED_DATAPATH"),
        enable_shielded_nodes: Some(true),
        enable_l4_ilb_subsetting: Some(true),
        default_max_pods_per_node: Some(network::PODS_PER_NODE),
        master_auth: Some(MasterAuth {
            client_certificate_config: ClientCertificate {
                issue_client_certificate: false,
            },
        }),
        workload_identity_config: Some(WorkloadIdentity {
            workload_pool: project(cx).map(|project| format!("{project}.svc.id.goog")),
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
