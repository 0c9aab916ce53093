//! The management cluster that bootstrap/eks makes: what it costs, what can delete it, and what its Pods reach.

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use serde_json::Value;
use xcluster::api::{choice::SupportType, minors, provider::Provider, spec::Version};

use super::{
    files, relative,
    terraform::{Block, file},
    text,
};

fn cluster() -> Block {
    file("eks/cluster.tf").block(r#"resource "aws_eks_cluster" "this""#)
}

fn default_version() -> String {
    let variable = file("eks/variables.tf").block(r#"variable "kubernetes_version""#);
    variable.words("default").remove(0)
}

#[test]
fn it_pays_for_no_extended_support() {
    assert_eq!(
        cluster().block("upgrade_policy").value("support_type"),
        r#""STANDARD""#
    );
}

/// What is shipped asks for: the cloud, the version, and where.
fn shipped() -> Vec<(Provider, Version, String)> {
    let mut shipped = vec![(Provider::AWS, default_version(), "bootstrap/eks".to_owned())];
    let folders = ["clusters", "docs/cost", "examples"];
    let paths = folders.iter().flat_map(|folder| files(folder, "yaml"));
    for path in paths.map(|path| relative(&path)) {
        let Ok(cluster) = serde_saphyr::from_str::<Value>(&text(&path)) else {
            continue;
        };
        let text = |field: &str| cluster["spec"][field].as_str().map(str::to_owned);
        let (Some(version), Some(provider)) = (text("kubernetesVersion"), text("provider")) else {
            continue;
        };
        let known = [Provider::AWS, Provider::GCP];
        let provider = known.into_iter().find(|it| it.name() == provider);
        shipped.push((provider.unwrap(), version, path));
    }
    let shipped = shipped.into_iter();
    shipped
        .map(|(provider, version, path)| {
            let version = Version::parse(version.trim_matches('"'));
            (provider, version.unwrap(), path)
        })
        .collect()
}

/// This test looks at the clock, on purpose: it turns red 60 days before somebody who starts with a shipped file would be
/// upgraded by the cloud.
#[test]
fn no_shipped_version_loses_its_standard_support_within_sixty_days() {
    let shipped = shipped();
    assert!(shipped.len() > 15, "{}", shipped.len());
    let today = Timestamp::now().to_zoned(TimeZone::UTC).date();
    for (provider, version, path) in shipped {
        let ends = minors::support_ends(&[], provider, version, SupportType::Standard);
        let ends = ends.unwrap_or_else(|| panic!("{path}: {version} is not in the table"));
        let left = (ends.parse::<Date>().unwrap() - today).get_days();
        assert!(
            left > 60,
            "{path}: support of {version} ends on {ends}, in {left} days"
        );
    }
}

#[test]
fn it_cannot_be_deleted_by_mistake() {
    assert_eq!(
        cluster().value("deletion_protection"),
        "var.deletion_protection"
    );
    let variable = file("eks/variables.tf").block(r#"variable "deletion_protection""#);
    assert_eq!(variable.value("default"), "true");
    // The provider has the argument since 6.9.
    let terraform = file("eks/versions.tf").block("terraform");
    let aws = terraform.block("required_providers").words("aws");
    let version = aws.last().unwrap().strip_prefix("~> ").unwrap();
    let (major, minor) = version.split_once('.').unwrap();
    let number = |part: &str| part.parse::<u32>().unwrap();
    assert!((number(major), number(minor)) >= (6, 9), "{version}");
}

/// A change of the argument would replace a cluster that exists.
#[test]
fn only_add_ons_of_eks_run_and_they_are_upgraded_with_it() {
    assert_eq!(cluster().value("bootstrap_self_managed_addons"), "false");
    assert_eq!(
        cluster().block("lifecycle").value("ignore_changes"),
        "[bootstrap_self_managed_addons]"
    );
    let file = file("eks/cluster.tf");
    let installed = file.block("locals").words("addons_before_nodes");
    assert_eq!(
        installed,
        ["vpc-cni", "kube-proxy", "eks-pod-identity-agent"]
    );
    for (name, key) in [("before_nodes", "each.key"), ("coredns", r#""coredns""#)] {
        let addon = file.block(&format!(r#"resource "aws_eks_addon" "{name}""#));
        assert_eq!(
            addon.value("addon_version"),
            format!("data.aws_eks_addon_version.this[{key}].version"),
            "{name}"
        );
    }
    let nodes = file.block(r#"resource "aws_eks_node_group" "this""#);
    assert_eq!(nodes.value("version"), "aws_eks_cluster.this.version");
}

#[test]
fn a_pod_cannot_be_the_nodes_role() {
    let file = file("eks/cluster.tf");
    let template = file.block(r#"resource "aws_launch_template" "node""#);
    let metadata = template.block("metadata_options");
    assert_eq!(metadata.value("http_put_response_hop_limit"), "1");
    assert_eq!(metadata.value("http_tokens"), r#""required""#);
    let nodes = file.block(r#"resource "aws_eks_node_group" "this""#);
    let used = nodes.block("launch_template");
    assert_eq!(used.value("id"), "aws_launch_template.node.id");
    assert_eq!(
        used.value("version"),
        "aws_launch_template.node.latest_version"
    );
    assert_eq!(
        nodes.block("lifecycle").value("create_before_destroy"),
        "true"
    );
}

#[test]
fn its_network_policies_are_enforced() {
    let addon = file("eks/cluster.tf").block(r#"resource "aws_eks_addon" "before_nodes""#);
    assert_eq!(
        addon.value("configuration_values"),
        r#"each.key == "vpc-cni" ? jsonencode({ enableNetworkPolicy = "true" }) : null"#
    );
}

/// <https://docs.aws.amazon.com/eks/latest/userguide/network-reqs.html>
#[test]
fn it_takes_no_zone_that_eks_refuses() {
    let network = file("eks/network.tf");
    let zones = network.block(r#"data "aws_availability_zones" "available""#);
    assert_eq!(
        zones.words("exclude_zone_ids"),
        ["cac1-az3", "use1-az3", "usw1-az2"]
    );
    // A region may have two only.
    let picked = network.block("locals").value("zones");
    assert!(picked.contains("min(3, length("), "{picked}");
    for resource in ["aws_subnet", "aws_route_table_association"] {
        let each = network.block(&format!(r#"resource "{resource}" "private""#));
        assert_eq!(each.value("count"), "length(local.zones)", "{resource}");
    }
    let needed = cluster().block("lifecycle").block("precondition");
    assert_eq!(needed.value("condition"), "length(local.zones) > 1");
}
