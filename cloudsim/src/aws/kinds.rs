//! The kinds of AWS.

use super::{
    PLAIN, dns,
    eks::{self, cluster},
    keeps,
    needs::{self, addon_lacks, cluster_lacks, group_lacks, policy_lacks},
    network, zones,
};
use crate::{
    id::{hashed, id},
    object::field,
    pace::Ticks,
    rules::Kind,
};

/// Those with rules of their own. Which ones the cloud names is `IdentifierFromProvider` in provider-aws
/// v2.6.0, `config/externalname.go`.
pub(super) const KINDS: &[Kind] = &[
    Kind {
        name: "VPC",
        is_named_by_cloud: true,
        name_in_cloud: |seed, _| hashed("vpc", seed, 17),
        fixed: &["/cidrBlock", "/region"],
        keeps: keeps::network,
        report: |_, at| at["mainRouteTableId"] = format!("rtb-{}", id("main", 17)).into(),
        ..PLAIN
    },
    Kind {
        name: "Subnet",
        is_named_by_cloud: true,
        name_in_cloud: |seed, _| hashed("subnet", seed, 17),
        fixed: &["/cidrBlock", "/vpcId"],
        fixed_if_sent: &["/availabilityZone", "/availabilityZoneId"],
        refuses: zones::subnet_lacks,
        keeps: keeps::subnet,
        report: |subject, at| zones::report(subject.object, at),
        ..PLAIN
    },
    Kind {
        name: "InternetGateway",
        is_named_by_cloud: true,
        name_in_cloud: |seed, _| hashed("igw", seed, 17),
        keeps: keeps::internet_gateway,
        ..PLAIN
    },
    Kind {
        name: "EIP",
        is_named_by_cloud: true,
        name_in_cloud: |seed, _| hashed("eipalloc", seed, 17),
        keeps: keeps::address,
        ..PLAIN
    },
    Kind {
        name: "NATGateway",
        ticks: Ticks::of(2, 12),
        is_named_by_cloud: true,
        name_in_cloud: |seed, _| hashed("nat", seed, 17),
        fixed: &["/subnetId", "/allocationId"],
        refuses: network::gateway_lacks,
        ..PLAIN
    },
    Kind {
        name: "RouteTable",
        is_named_by_cloud: true,
        name_in_cloud: |seed, _| hashed("rtb", seed, 17),
        keeps: keeps::route_table,
        ..PLAIN
    },
    Kind {
        name: "RouteTableAssociation",
        is_named_by_cloud: true,
        name_in_cloud: |seed, _| hashed("rtbassoc", seed, 17),
        fixed: &["/subnetId"],
        ..PLAIN
    },
    Kind {
        name: "Route",
        name_in_cloud: |seed, _| hashed("r", seed, 17),
        report: network::report_route,
        ..PLAIN
    },
    Kind {
        name: "Key",
        is_named_by_cloud: true,
        ..PLAIN
    },
    Kind {
        name: "Role",
        refuses: |object, _| needs::role_denied(object),
        ..PLAIN
    },
    Kind {
        name: "Group",
        keeps: keeps::log_group,
        ..PLAIN
    },
    Kind {
        name: "Cluster",
        ticks: Ticks::of(4, 60),
        fixed: &[
            "/region",
            "/roleArn",
            "/encryptionConfig",
            "/kubernetesNetworkConfig",
        ],
        refuses: cluster_lacks,
        refuses_change: |_, wanted| needs::reserved(wanted.pointer("/vpcConfig/publicAccessCidrs")),
        keeps: keeps::cluster,
        answers: cluster::answers,
        report: cluster::report,
        upgrade: cluster::upgrade,
        ..PLAIN
    },
    Kind {
        name: "NodeGroup",
        ticks: Ticks::of(3, 18),
        fixed: &[
            "/amiType",
            "/capacityType",
            "/clusterName",
            "/instanceTypes",
            "/launchTemplate/name",
            "/nodeRoleArn",
            "/subnetIds",
        ],
        // EKS answers with a strategy that is not computed in Terraform (terraform-aws-eks#3625).
        strict: &["/updateConfig/updateStrategy"],
        refuses: |object, clouds| {
            eks::cluster_missing(object, clouds).or_else(|| group_lacks(object, clouds))
        },
        keeps: keeps::node_group,
        answers: |_, _, had, now| {
            now["releaseVersion"] = eks::release(had, now).into();
            if now["updateConfig"]["updateStrategy"].is_null() {
                now["updateConfig"]["updateStrategy"] = "DEFAULT".into();
            }
        },
        report: |subject, at| at["status"] = eks::status(subject, "CREATE_FAILED").into(),
        upgrade: eks::nodes_upgrade,
        ..PLAIN
    },
    Kind {
        name: "LaunchTemplate",
        is_named_by_cloud: true,
        name_in_cloud: |seed, _| hashed("lt", seed, 17),
        fixed: &["/name"],
        report: |subject, at| {
            let latest = at["latestVersion"].as_u64().unwrap_or(0);
            at["latestVersion"] = (latest + u64::from(subject.changed)).into();
        },
        ..PLAIN
    },
    Kind {
        name: "Addon",
        ticks: Ticks::of(2, 6),
        name_in_cloud: |_, object| {
            let [cluster, addon] = ["clusterName", "addonName"].map(|name| field(object, name));
            format!("{cluster}:{addon}")
        },
        goes_with: CLUSTER,
        fixed: &["/addonName", "/clusterName"],
        refuses: |object, clouds| {
            eks::cluster_missing(object, clouds).or_else(|| addon_lacks(object, clouds))
        },
        answers: |object, clouds, had, now| {
            now["addonVersion"] = eks::addon_version(object, clouds, had);
        },
        ..PLAIN
    },
    Kind {
        name: "AccessEntry",
        goes_with: CLUSTER,
        fixed: &["/principalArn", "/clusterName"],
        refuses: eks::cluster_missing,
        ..PLAIN
    },
    Kind {
        name: "AccessPolicyAssociation",
        goes_with: CLUSTER,
        fixed: &["/principalArn", "/policyArn", "/clusterName"],
        refuses: |object, clouds| {
            eks::cluster_missing(object, clouds).or_else(|| policy_lacks(object, clouds))
        },
        ..PLAIN
    },
    Kind {
        name: "PodIdentityAssociation",
        goes_with: CLUSTER,
        ..PLAIN
    },
    Kind {
        name: "Record",
        is_named_by_cloud: true,
        name_in_cloud: |_, object| dns::identity(object),
        fixed: &["/zoneId", "/name", "/type"],
        refuses: dns::refuses,
        refuses_change: dns::refuses_change,
        answers: |_, _, had, now| dns::answers(had, now),
        ..PLAIN
    },
    Kind {
        name: "HealthCheck",
        is_named_by_cloud: true,
        fixed: &["/requestInterval", "/type"],
        ..PLAIN
    },
];

/// What EKS deletes together with a cluster.
const CLUSTER: Option<(&str, &str)> = Some(("Cluster", "clusterName"));
