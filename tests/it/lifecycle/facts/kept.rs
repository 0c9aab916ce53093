//! What a cluster keeps of facts that are gone, and when it changes over to other ones.

use serde_json::{Value, json};

use super::{access, patch};
use crate::{
    argocd::decoded,
    lifecycle::assert_healthy,
    support::{
        cases::{run, run_in},
        simulator::{Step, World},
    },
};

/// The Secret's `config`, in the scope of claims.
fn config(step: &Step) -> String {
    decoded(&step.desired()["registration-secret"], "config").unwrap()
}

/// Whoever Argo CD is next, a cluster does not let it in before its access is ready.
#[test]
fn argocd_logs_in_as_before_until_its_new_role_has_access() {
    let role = |name: &str| format!("arn:aws:iam::111122223333:role/{name}");
    let mut world = run("aws-standard").world.clone();
    let own = config(run("aws-standard").last());
    for (new, has) in [
        (json!(role("one")), "role/one"),
        (json!(role("two")), "role/two"),
        (Value::Null, ""),
    ] {
        let before = access(&world.reconcile());
        world.edit_input(&patch("/argocd/aws/roleArn", new));
        let (mut waited, mut last) = (0, String::new());
        let steps = world.settle_watched(|_, step| {
            let ready = step.ready();
            let now = access(step);
            let fresh: Vec<_> = now.iter().filter(|key| !before.contains(key)).collect();
            let arrived = !fresh.is_empty() && fresh.iter().all(|key| ready.contains(*key));
            let is_new = config(step).contains(has) && (!has.is_empty() || config(step) == own);
            waited += usize::from(!arrived);
            assert!(arrived || !is_new, "{has}: {}", config(step));
            last = config(step);
        });
        assert_healthy(has, &world, &steps);
        assert!(waited > 1 && last.contains(has), "{has}: {last}");
        assert_eq!(has.is_empty(), last == own, "{has}: {last}");
    }
}

/// Where a control plane says from where it can be reached, and whether it can by a public address.
fn reached_from(world: &World) -> (Value, bool) {
    let cluster = &world.observed()["cluster"]["spec"]["forProvider"];
    let listed = cluster["masterAuthorizedNetworksConfig"]["cidrBlocks"].clone();
    if cluster["vpcConfig"].is_object() {
        let vpc = &cluster["vpcConfig"];
        (
            vpc["publicAccessCidrs"].clone(),
            vpc["endpointPublicAccess"] == true,
        )
    } else {
        let by_address = &cluster["controlPlaneEndpointsConfig"]["ipEndpointsConfig"]["enabled"];
        (listed, *by_address == true)
    }
}

#[test]
fn a_control_plane_keeps_the_platforms_ranges_while_it_names_none() {
    for name in ["aws-standard", "aws-auto", "gcp-standard", "gcp-autopilot"] {
        let mut world = run(name).world.clone();
        world.edit(&json!({"endpoint": {"allowedCidrs": []}}));
        world.edit_input(&json!({"allowedCidrs": ["203.0.113.0/24"]}));
        world.settle();
        let before = reached_from(&world);
        assert!(
            before.0.to_string().contains("203.0.113.0/24") && before.1,
            "{name}: {before:?}"
        );
        for gone in [Value::Null, json!([])] {
            world.edit_input(&json!({"allowedCidrs": gone}));
            let steps = world.settle();
            assert_healthy(name, &world, &steps);
            assert_eq!(reached_from(&world), before, "{name}");
        }
        // One from before the label was there keeps them, too.
        let labels = world.object_mut("cluster")["metadata"]["labels"].as_object_mut();
        labels.unwrap().remove("xcluster.dev/ranges-named-by");
        world.settle();
        assert_eq!(reached_from(&world), before, "{name}");
        // Other ones take their place, the author's are the author's to take away, and so is the endpoint.
        world.edit_input(&json!({"allowedCidrs": ["198.51.100.0/24"]}));
        world.settle();
        let now = reached_from(&world).0.to_string();
        assert!(
            now.contains("198.51.100.0/24") && !now.contains("203"),
            "{name}: {now}"
        );
        world.edit_input(&json!({"allowedCidrs": null}));
        world.edit(&json!({"endpoint": {"allowedCidrs": ["192.0.2.0/24"]}}));
        world.settle();
        assert!(
            reached_from(&world).0.to_string().contains("192.0.2.0/24"),
            "{name}"
        );
        world.edit(&json!({"endpoint": {"allowedCidrs": []}}));
        let steps = world.settle();
        assert_healthy(name, &world, &steps);
        assert_eq!(reached_from(&world), (Value::Null, false), "{name}");
    }
}

#[test]
fn an_account_that_the_platform_loses_stays_known_to_argocd() {
    let mut world = run("aws-standard").world.clone();
    let account = |step: &Step| {
        let secret = &step.desired()["registration-secret"];
        secret["metadata"]["annotations"]["xcluster.dev/account"].clone()
    };
    for accounts in [json!({"default": {"aws": "111122223333"}}), Value::Null] {
        world.edit_input(&json!({"accounts": null}));
        world.edit_input(&json!({"accounts": accounts}));
        let steps = world.settle();
        assert_eq!(account(steps.last().unwrap()), "111122223333", "{accounts}");
    }
}

/// Other credentials reach another account: upjet would find nothing there, and create it a second time.
#[test]
fn what_exists_keeps_its_credentials() {
    let rows = [
        (
            "aws-traffic",
            "claims",
            "traffic/zone/aws/providerConfigRef",
            "name",
            "dns",
        ),
        (
            "gcp-traffic",
            "cluster",
            "traffic/zone/aws/providerConfigRef",
            "kind",
            "ClusterProviderConfig",
        ),
        (
            "gcp-traffic",
            "namespaced",
            "traffic/zone/aws/providerConfigRef",
            "name",
            "dns",
        ),
        (
            "aws-standard",
            "namespaced",
            "argocd/providerConfigRef",
            "name",
            "default",
        ),
        (
            "gcp-standard",
            "namespaced",
            "argocd/providerConfigRef",
            "kind",
            "ClusterProviderConfig",
        ),
    ];
    for (name, scope, path, field, was) in rows {
        let other = if field == "name" {
            "other"
        } else {
            "ProviderConfig"
        };
        for (now, value) in [(other, json!(other)), ("default", Value::Null)] {
            let is_same = value.is_null() && (was == "default" || field == "kind");
            let mut world = run_in(name, scope).world.clone();
            world.edit_input(&patch(&format!("/{path}/{field}"), value));
            let step = world.reconcile();
            assert_eq!(
                step.fatal().is_none(),
                is_same,
                "{name} {scope}: {:?}",
                step.fatal()
            );
            let dotted = path.replace('/', ".");
            let expected = format!("input.{dotted}.{field}: \"{now}\" is not what");
            let fix = format!("set it back to {was}");
            let told = step.fatal().unwrap_or_default();
            assert!(
                is_same || told.contains(&expected) && told.contains(&fix),
                "{told}"
            );
        }
    }
}

#[test]
fn a_cluster_keeps_the_kind_of_its_credentials() {
    for scope in ["cluster", "namespaced"] {
        for name in ["aws-standard", "gcp-autopilot"] {
            let mut world = run_in(name, scope).world.clone();
            world.edit(&json!({"providerConfigRef": {"kind": "ProviderConfig"}}));
            let step = world.reconcile();
            let expected = "spec.providerConfigRef.kind: \"ProviderConfig\" cannot change once the cluster exists; set it back to \
                            ClusterProviderConfig";
            let told = step.fatal().unwrap_or_default();
            assert!(told.contains(expected), "{name} {scope}: {told}");
        }
    }
}

/// The way that Argo CD logs in, wherever it was named, stays while nobody names one.
#[test]
fn argocd_logs_in_as_before_while_nobody_says_how() {
    let modes = [
        (
            "aws-standard",
            "aws",
            &[
                "awsWebIdentity",
                "awsProfile",
                "eksCapability",
                "awsPodIdentity",
            ][..],
        ),
        ("gcp-standard", "gcp", &["gcpWif", "gcpAdc"]),
    ];
    for (name, cloud, modes) in modes {
        let login = |step: &Step| {
            let secret = &step.desired()["registration-secret"];
            (decoded(secret, "server"), decoded(secret, "config"))
        };
        let mut world = run(name).world.clone();
        let facts =
            json!({"roleArn": "arn:aws:iam::111122223333:role/target", "profile": "argocd"});
        if cloud == "aws" {
            world.edit_input(&json!({"argocd": {"aws": facts}}));
        }
        let mut known = Vec::new();
        for mode in modes {
            for of_spec in [false, true] {
                let in_spec = of_spec.then_some(mode);
                world.edit(&json!({"argocd": {"auth": {"mode": in_spec}}}));
                world.edit_input(&json!({"argocd": {cloud: {"mode": mode}}}));
                let before = login(world.settle().last().unwrap());
                world.edit(&json!({"argocd": {"auth": null}}));
                world.edit_input(&json!({"argocd": {cloud: {"mode": null}}}));
                let steps = world.settle();
                assert_healthy(mode, &world, &steps);
                assert_eq!(login(steps.last().unwrap()), before, "{mode} {of_spec}");
                known.push(before);
            }
        }
        known.dedup();
        assert_eq!(known.len(), modes.len(), "{name}: {known:?}");
    }
}
