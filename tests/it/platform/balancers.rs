//! What makes load balancers on EKS: a controller with an identity in mode standard, a class in Auto
//! Mode, and the subnets that both look for.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{
    claimed, object, registered,
    rendering::{rendered, set},
    text,
};
use crate::support::cases::runs;

fn values() -> Value {
    let application = set("load-balancer-controller").application(claimed("prod-us"));
    application["spec"]["source"]["helm"]["valuesObject"].clone()
}

#[test]
fn the_controller_is_told_what_it_cannot_ask() {
    let (values, cluster) = (values(), claimed("prod-us"));
    assert_eq!(
        values["clusterName"],
        cluster.annotations["xcluster.dev/cloud-name"]
    );
    assert_eq!(values["region"], "us-east-1");
    let vpc = values["vpcId"].as_str().unwrap();
    assert!(vpc.starts_with("vpc-"), "{vpc}");
    assert_eq!(values["replicaCount"], 2);
    assert_eq!(values["podDisruptionBudget"], json!({"maxUnavailable": 1}));
}

#[test]
fn the_controllers_identity_is_that_of_its_service_account() {
    let application = set("load-balancer-identity").application(claimed("staging-us"));
    let [association] = &rendered(&application)[..] else {
        panic!("one object");
    };
    let controller = set("load-balancer-controller").application(claimed("staging-us"));
    assert_eq!(
        association["spec"]["forProvider"],
        json!({
            "region": "us-east-2",
            "clusterName": claimed("staging-us").annotations["xcluster.dev/cloud-name"],
            "namespace": controller["spec"]["destination"]["namespace"],
            "serviceAccount": values()["serviceAccount"]["name"],
            "roleArn": "arn:aws:iam::111122223333:role/aws-load-balancer-controller",
        })
    );
    assert_eq!(
        association["metadata"]["name"], "ml-platform.staging-us-load-balancer",
        "one a cluster"
    );
    let identities = text("bootstrap/eks/identities.tf");
    let roles = identities
        .lines()
        .find(|line| line.contains("workload_roles ="))
        .unwrap();
    for role in ["aws-load-balancer-controller", "external-secrets-reader"] {
        assert!(
            roles.contains(role),
            "{role} is made, and Crossplane may pass it on"
        );
    }
    assert!(text("bootstrap/eks/policies.tf").contains("for name in local.workload_roles"));
}

/// The policy's statements: what is between the braces of each.
fn statements() -> Vec<String> {
    let policy = text("bootstrap/eks/load-balancers.tf");
    let statements = policy.split("\n  statement {").skip(1);
    statements.map(str::to_owned).collect()
}

fn quoted(text: &str) -> BTreeSet<&str> {
    text.split('"').skip(1).step_by(2).collect()
}

#[test]
fn the_controller_changes_only_what_is_its_clusters() {
    // What the controller's documentation allows by tag, too; listeners have a statement by kind.
    let guarded = [
        "ec2:DeleteSecurityGroup",
        "elasticloadbalancing:CreateLoadBalancer",
        "elasticloadbalancing:CreateTargetGroup",
        "elasticloadbalancing:DeleteLoadBalancer",
        "elasticloadbalancing:DeleteTargetGroup",
        "elasticloadbalancing:DeregisterTargets",
        "elasticloadbalancing:ModifyLoadBalancerAttributes",
        "elasticloadbalancing:ModifyTargetGroup",
        "elasticloadbalancing:RegisterTargets",
        "elasticloadbalancing:SetSecurityGroups",
        "elasticloadbalancing:SetSubnets",
    ];
    for action in guarded {
        let mut found = statements();
        found.retain(|statement| quoted(statement).contains(action));
        assert_eq!(found.len(), 1, "{action}");
        assert!(found[0].contains("[local.own_cluster]"), "{action}");
    }
    for statement in statements() {
        let actions = quoted(&statement);
        let tags = |action: &&str| action.contains("Tags") && !action.contains(":Describe");
        assert!(
            !actions.iter().any(tags)
                || statement.contains("[local.own_cluster]")
                || statement.contains("resources = local.listening"),
            "another cluster's could become its own: {statement}"
        );
        let looks = |action: &&str| action.contains(":Describe") || action.contains(":List");
        let everything = statement.contains("resources = [\"*\"]");
        assert!(
            !everything || actions.iter().any(looks) || statement.contains("iam:AWSServiceName"),
            "{statement}"
        );
        assert!(
            !actions.iter().any(|action| action.ends_with(":*")),
            "{statement}"
        );
    }
    // No right for these, so nothing may use them.
    let values = values();
    let policy = text("bootstrap/eks/load-balancers.tf");
    for (value, right) in [
        ("enableShield", "shield:"),
        ("enableWaf", "waf"),
        ("enableWafv2", "wafv2:"),
    ] {
        assert_eq!(values[value], false, "{value}");
        assert!(!policy.contains(&format!("\"{right}")), "{right}");
    }
}

/// Else each refresh would be a difference, and a sync would make the webhooks refuse until Pods read the new one.
#[test]
fn a_certificate_that_the_chart_makes_anew_is_no_difference() {
    let application = set("load-balancer-controller").application(claimed("prod-us"));
    let ignored = application["spec"]["ignoreDifferences"].as_array().unwrap();
    let kinds: BTreeSet<_> = ignored
        .iter()
        .map(|it| it["kind"].as_str().unwrap())
        .collect();
    let expected = [
        "MutatingWebhookConfiguration",
        "Secret",
        "ValidatingWebhookConfiguration",
    ];
    assert_eq!(kinds, expected.into());
    let options = application["spec"]["syncPolicy"]["syncOptions"].to_string();
    assert!(
        options.contains("RespectIgnoreDifferences=true"),
        "{options}"
    );
}

#[test]
fn a_cluster_in_auto_mode_gets_the_class_and_no_controller() {
    let mut registered = registered().iter();
    let cluster = registered
        .find(|it| it.title == "aws-auto as claims")
        .unwrap();
    for name in ["load-balancer-controller", "load-balancer-identity"] {
        assert!(!set(name).selects(cluster), "{name}");
    }
    let mode = set("auto-mode");
    assert!(mode.selects(cluster));
    let made = rendered(&mode.application(cluster));
    let of = |kind: &str| made.iter().find(|it| it["kind"] == kind).unwrap().clone();
    let (class, parameters) = (of("IngressClass"), of("IngressClassParams"));
    let ingress = object(
        "model-server/deploy/overlays/aws/ingress.yaml",
        "Ingress",
        "inference",
    );
    assert_eq!(
        class["metadata"]["name"],
        ingress["spec"]["ingressClassName"]
    );
    assert_eq!(
        values()["ingressClass"],
        ingress["spec"]["ingressClassName"]
    );
    assert_eq!(
        class["spec"]["parameters"]["name"],
        parameters["metadata"]["name"]
    );
    let group = class["spec"]["parameters"]["apiGroup"].as_str().unwrap();
    assert_eq!(parameters["apiVersion"], format!("{group}/v1"));
    let scheme = &ingress["metadata"]["annotations"]["alb.ingress.kubernetes.io/scheme"];
    assert_eq!(&parameters["spec"]["scheme"], scheme);
}

/// Both controllers find the subnets of a load balancer by these tags alone, and want two zones at least.
#[test]
fn subnets_are_tagged_for_load_balancers() {
    let mut checked = 0;
    for run in runs() {
        let composed = run.last().desired();
        let subnets: Vec<_> = composed
            .values()
            .filter(|it| it["kind"] == "Subnet")
            .collect();
        if subnets.is_empty() {
            continue;
        }
        let tagged = |tag: &str| {
            let with = subnets
                .iter()
                .filter(|it| it["spec"]["forProvider"]["tags"][tag] == "1");
            with.count()
        };
        let (public, private) = (
            tagged("kubernetes.io/role/elb"),
            tagged("kubernetes.io/role/internal-elb"),
        );
        assert!(public >= 2 && public == private, "{}", run.title());
        assert_eq!(public + private, subnets.len(), "{}", run.title());
        checked += 1;
    }
    assert!(checked >= 9, "{checked}");
}

/// GKE installs the Gateway's classes with this channel, and serves them with its HTTP load balancing, which
/// is on unless somebody switches it off.
#[test]
fn gke_clusters_have_what_a_gateway_needs() {
    let mut checked = 0;
    for run in runs() {
        let cluster = &run.last().desired()["cluster"]["spec"]["forProvider"];
        if cluster.get("location").is_none() {
            continue;
        }
        let channel = &cluster["gatewayApiConfig"]["channel"];
        assert_eq!(channel, "CHANNEL_STANDARD", "{}", run.title());
        let addons = &cluster["addonsConfig"];
        assert_eq!(addons.get("httpLoadBalancing"), None, "{}", run.title());
        checked += 1;
    }
    assert!(checked >= 9, "{checked}");
}
