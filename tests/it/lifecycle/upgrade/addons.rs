//! Add-ons of EKS on the way to another version of Kubernetes.

use serde_json::json;
use xcluster::api::{minors, provider::Provider, spec::Version};

use super::{blocked_by, observed};
use crate::{
    lifecycle::{older, upgraded},
    support::{
        cases::run,
        simulator::{Fault, Step},
    },
};

/// AWS-3, input 27: EKS updates no add-on by itself, and nodes of a version need the kube-proxy of it.
#[test]
fn add_ons_follow_the_control_plane_before_the_nodes_do() {
    let (world, steps) = upgraded("aws-standard", "1.34", "1.36");
    let version = |step: &Step, key: &str| {
        let path = match key {
            "addons-kube-proxy" => "/status/atProvider/addonVersion",
            _ => "/status/atProvider/version",
        };
        observed(step, key, path).unwrap()
    };
    let mut asked = Vec::new();
    for step in &steps {
        let desired = step.desired();
        let (control_plane, proxy) = (version(step, "cluster"), version(step, "addons-kube-proxy"));
        assert!(proxy <= control_plane, "{proxy} under {control_plane}");
        let addon = &desired["addons-kube-proxy"]["spec"]["forProvider"]["addonVersion"];
        asked.push(addon.as_str().map(str::to_owned));
        for (key, group) in desired.iter().filter(|(_, it)| it["kind"] == "NodeGroup") {
            let wanted = group["spec"]["forProvider"]["version"].as_str().unwrap();
            let wanted = Version::parse(wanted).unwrap();
            assert!(
                wanted <= proxy,
                "{key}: {wanted} beside a kube-proxy of {proxy}"
            );
        }
    }
    asked.dedup();
    let words: Vec<_> = asked
        .iter()
        .map(|it| it.as_deref().unwrap_or("-"))
        .collect();
    let [first, second] = ["1.35", "1.36"].map(|minor| {
        let minor = Version::parse(minor).unwrap();
        minors::addon(&[], Provider::AWS, minor, "kubeProxy").unwrap()
    });
    assert_eq!(words, ["-", first, "-", second, "-"]);
    let status = steps.last().unwrap().status();
    let addons = status["addons"].as_array().unwrap();
    let proxy = addons
        .iter()
        .find(|addon| addon["name"] == "kubeProxy")
        .unwrap();
    assert_eq!(
        *proxy,
        json!({"name": "kubeProxy", "version": second, "ready": true})
    );
    assert_eq!(addons.len(), 5, "{addons:#?}");
    let reported = &world.observed()["addons-kube-proxy"]["status"]["atProvider"]["addonVersion"];
    assert_eq!(reported, second);
}

#[test]
fn an_add_on_that_somebody_updated_further_is_left_alone() {
    let mut world = run("aws-standard").world.clone();
    for (version, asked) in [
        ("v1.36.99-eksbuild.9", None),
        ("v1.35.0-eksbuild.1", Some("v1.36.0-eksbuild.9")),
    ] {
        world.cloud_mut("addons-kube-proxy")["addonVersion"] = json!(version);
        world.object_mut("addons-kube-proxy")["status"]["atProvider"]["addonVersion"] =
            json!(version);
        let step = world.reconcile();
        let sent = step.desired()["addons-kube-proxy"]["spec"]["forProvider"].clone();
        assert_eq!(sent["addonVersion"].as_str(), asked, "{version}");
    }
}

/// A lost status takes back no version that was sent.
#[test]
fn an_add_on_is_asked_for_the_same_version_while_it_reports_none() {
    let mut world = older("aws-standard", "1.34");
    world.edit(&json!({"kubernetesVersion": "1.36"}));
    let sent = |step: &Step| {
        let addon = &step.desired()["addons-kube-proxy"]["spec"]["forProvider"];
        addon["addonVersion"].as_str().map(str::to_owned)
    };
    let mut version = None;
    for _ in 0..20 {
        let step = world.reconcile();
        version = sent(&step);
        if version.is_some() {
            break;
        }
        world.tick();
    }
    assert!(version.is_some(), "no add-on is updated");
    Fault::NoStatus.hit(world.object_mut("addons-kube-proxy"));
    let step = world.reconcile();
    assert_eq!(sent(&step), version);
    // It lets no node lead, and begins no other step.
    for group in step
        .desired()
        .values()
        .filter(|it| it["kind"] == "NodeGroup")
    {
        assert_eq!(group["spec"]["forProvider"]["version"], "1.34");
    }
    let hold = blocked_by(&step)[0].clone();
    assert_eq!(hold["reason"], "it does not report its version", "{hold}");
}
