//! Upgrades: control plane first, nodes after it.

use serde_json::{Value, json};
use xcluster::api::{minors, provider::Provider, spec::Version};

use super::{STANDARD, older, upgraded};
use crate::support::{
    cases::run,
    simulator::{Fault, Step},
};

fn observed(step: &Step, key: &str, pointer: &str) -> Option<Version> {
    let resources = &step.request.observed.as_ref()?.resources;
    let object = serde_json::to_value(&resources.get(key)?.resource).unwrap();
    Version::parse(object.pointer(pointer)?.as_str()?)
}

fn phases(steps: &[Step]) -> Vec<Value> {
    let mut phases: Vec<_> = steps
        .iter()
        .map(|step| step.status()["phase"].clone())
        .collect();
    phases.dedup();
    phases
}

#[test]
fn nodes_are_upgraded_after_the_control_plane_and_never_beyond_it() {
    let (world, steps) = upgraded("aws-standard", "1.35", "1.36");
    let running = "/status/atProvider/version";
    let mut waited = 0;
    for step in &steps {
        let desired = step.desired();
        assert_eq!(desired["cluster"]["spec"]["forProvider"]["version"], "1.36");
        let control_plane = observed(step, "cluster", running).unwrap();
        for (key, group) in desired
            .iter()
            .filter(|(_, object)| object["kind"] == "NodeGroup")
        {
            let asked = group["spec"]["forProvider"]["version"].as_str().unwrap();
            let asked = Version::parse(asked).unwrap();
            assert!(
                asked <= control_plane,
                "{key}: {asked} under {control_plane}"
            );
            waited += usize::from(asked.minor == 35);
        }
    }
    assert!(waited >= 4, "the control plane was upgraded at once");
    for (key, object) in world.observed() {
        if matches!(object["kind"].as_str(), Some("Cluster" | "NodeGroup")) {
            assert_eq!(object["status"]["atProvider"]["version"], "1.36", "{key}");
        }
    }
}

#[test]
fn several_minors_are_gone_through_one_by_one_with_the_nodes() {
    let clouds = [
        ("aws-standard", "version", "version"),
        ("gcp-standard", "minMasterVersion", "masterVersion"),
    ];
    for (name, asked, runs) in clouds {
        let (world, steps) = upgraded(name, "1.33", "1.36");
        super::assert_healthy(name, &world, &steps);
        let mut seen = Vec::new();
        for step in &steps {
            let desired = step.desired();
            let version = &desired["cluster"]["spec"]["forProvider"][asked];
            seen.push(version.as_str().unwrap().to_owned());
            let pointer = format!("/status/atProvider/{runs}");
            let running = observed(step, "cluster", &pointer).unwrap();
            let asked = Version::parse(version.as_str().unwrap()).unwrap();
            assert!(
                asked.minor <= running.minor + 1,
                "{name}: {asked} over {running}"
            );
            for key in desired.keys().filter(|key| key.starts_with("nodes-pool-")) {
                let nodes = observed(step, key, "/status/atProvider/version").unwrap();
                assert!(
                    nodes <= running,
                    "{name}: {key} runs {nodes} under {running}"
                );
                assert!(
                    running.minor - nodes.minor <= 1,
                    "{name}: {key} was left behind"
                );
            }
        }
        seen.dedup();
        assert_eq!(seen, ["1.34", "1.35", "1.36"], "{name}");
    }
}

/// GCP-4: raising the floor of the control plane leaves the nodes where they are.
#[test]
fn gke_nodes_are_asked_to_follow_exactly_and_are_left_alone_afterwards() {
    let (world, steps) = upgraded("gcp-standard", "1.35", "1.36");
    let asked = |step: &Step| {
        let desired = step.desired().into_iter();
        let pools = desired.filter(|(_, object)| object["kind"] == "NodePool");
        let mut asked: Vec<_> = pools
            .map(|(_, pool)| pool["spec"]["forProvider"]["version"].clone())
            .collect();
        asked.dedup();
        asked
    };
    let exact = world.observed()["cluster"]["status"]["atProvider"]["masterVersion"].clone();
    assert!(exact.as_str().unwrap().starts_with("1.36."), "{exact}");
    assert!(
        steps.iter().any(|step| asked(step) == [exact.clone()]),
        "no pool is asked to follow"
    );
    assert_eq!(asked(steps.last().unwrap()), [Value::Null]);
    for (key, object) in world.observed() {
        if object["kind"] == "NodePool" {
            assert_eq!(object["status"]["atProvider"]["version"], exact, "{key}");
        }
    }
}

/// GCP-4: GKE brings its own upgrades to the nodes, when it is their time.
#[test]
fn nodes_are_not_hurried_after_an_upgrade_of_gkes_own() {
    let mut world = run("gcp-standard").world.clone();
    for version in ["1.37.9-gke.1000000", "1.36.9-gke.1000000"] {
        world.cloud_mut("cluster")["masterVersion"] = json!(version);
        let steps = world.settle();
        super::assert_healthy("gcp-standard", &world, &steps);
        for step in &steps {
            for (key, object) in step.desired() {
                let sent = object.pointer("/spec/forProvider/version");
                assert_eq!(sent, None, "{key} under {version}");
            }
        }
    }
}

/// GCP-4: a status that is lost for a moment takes nothing away that was sent.
#[test]
fn an_upgrade_of_nodes_goes_on_while_their_status_is_lost() {
    let mut world = older("gcp-standard", "1.35");
    world.edit(&json!({"kubernetesVersion": "1.36"}));
    let general = |key: &String| key.starts_with("nodes-pool-general-");
    let key = world.observed().into_keys().find(general).unwrap();
    let sent = |step: &Step| {
        step.desired()[&key]
            .pointer("/spec/forProvider/version")
            .cloned()
    };
    let mut version = None;
    for _ in 0..20 {
        version = sent(&world.step());
        if version.is_some() {
            break;
        }
    }
    assert!(version.is_some(), "no pool is asked to follow");
    for lost in [key.as_str(), "cluster"] {
        let mut world = world.clone();
        Fault::NoStatus.hit(world.object_mut(lost));
        assert_eq!(sent(&world.reconcile()), version, "without {lost}");
    }
}

#[test]
fn an_upgrade_is_a_phase_that_ends() {
    for name in STANDARD {
        let (_, steps) = upgraded(name, "1.35", "1.36");
        assert_eq!(phases(&steps), ["Upgrading", "Ready"], "{name}");
        let upgraded = |step: &Step| {
            let conditions = step.conditions();
            let found = conditions.iter().find(|c| c["type"] == "Upgraded");
            found.unwrap()["status"].clone()
        };
        assert_eq!(upgraded(&steps[0]), "False", "{name}");
        assert_eq!(upgraded(steps.last().unwrap()), "True", "{name}");
        let version = &steps.last().unwrap().status()["kubernetesVersion"]["controlPlane"];
        assert!(
            version.as_str().unwrap().starts_with("1.36"),
            "{name}: {version}"
        );
        assert!(steps.iter().all(|step| step.deleted.is_empty()), "{name}");
    }
}

#[test]
fn a_control_plane_that_the_cloud_upgraded_is_not_fought() {
    let mut world = run("aws-standard").world.clone();
    world.cloud_mut("cluster")["version"] = json!("1.37");
    world.object_mut("cluster")["status"]["atProvider"]["version"] = json!("1.37");
    let steps = world.settle();
    super::assert_healthy("aws-standard", &world, &steps);
    let desired = steps.last().unwrap().desired();
    assert_eq!(desired["cluster"]["spec"]["forProvider"]["version"], "1.37");
}

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
    let mut world = older("aws-standard", "1.35");
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
    assert_eq!(sent(&world.reconcile()), version);
}

fn blocked_by(step: &Step) -> Value {
    step.status()["kubernetesVersion"]["blockedBy"].clone()
}

fn upgrade_condition(step: &Step) -> Value {
    let conditions = step.conditions();
    let found = conditions.iter().find(|c| c["type"] == "Upgraded");
    found.unwrap().clone()
}

#[test]
fn a_paused_cluster_stays_where_it_is() {
    for name in STANDARD {
        let mut world = older(name, "1.35");
        world.edit(&json!({"kubernetesVersion": "1.36", "upgrade": {"paused": true}}));
        let steps = world.settle();
        let last = steps.last().unwrap();
        for step in &steps {
            assert_eq!(step.fatal(), None, "{name}");
            assert!(step.deleted.is_empty(), "{name}");
        }
        let running = &last.status()["kubernetesVersion"]["controlPlane"];
        assert!(
            running.as_str().unwrap().starts_with("1.35"),
            "{name}: {running}"
        );
        assert_eq!(last.status()["phase"], "Ready", "{name}");
        let condition = upgrade_condition(last);
        assert_eq!(condition["status"], "False", "{name}");
        assert_eq!(condition["reason"], "Paused", "{name}");
        assert_eq!(blocked_by(last)[0]["what"], "spec.upgrade.paused", "{name}");

        world.edit(&json!({"upgrade": {"paused": false}}));
        let steps = world.settle();
        super::assert_healthy(name, &world, &steps);
        let running = &steps.last().unwrap().status()["kubernetesVersion"]["controlPlane"];
        assert!(
            running.as_str().unwrap().starts_with("1.36"),
            "{name}: {running}"
        );
        assert_eq!(blocked_by(steps.last().unwrap()), json!([]), "{name}");
    }
}

/// Input 51: what holds a step back has a name, and a pool that never had a node holds nothing back.
#[test]
fn a_step_waits_for_pools_that_lag_and_names_them() {
    let mut world = older("aws-standard", "1.34");
    let general = |key: &String| key.starts_with("nodes-pool-general-");
    let key = world.observed().into_keys().find(general).unwrap();
    world.cloud_mut(&key)["version"] = json!("1.33");
    world.object_mut(&key)["status"]["atProvider"]["version"] = json!("1.33");
    world.edit(&json!({"kubernetesVersion": "1.36"}));
    let step = world.reconcile();
    let asked = &step.desired()["cluster"]["spec"]["forProvider"]["version"];
    assert_eq!(asked, "1.34");
    let holds = blocked_by(&step);
    assert_eq!(holds[0]["what"], "node pool general");
    assert_eq!(holds[0]["reason"], "it runs 1.33 on its way to 1.34");
    assert_eq!(upgrade_condition(&step)["reason"], "NodePoolsBehind");

    world.object_mut(&key)["status"]["atProvider"]["status"] = json!("CREATE_FAILED");
    let step = world.reconcile();
    let asked = &step.desired()["cluster"]["spec"]["forProvider"]["version"];
    assert_eq!(asked, "1.35", "{}", blocked_by(&step));
}

#[test]
fn a_step_waits_for_a_required_pool_that_is_not_ready() {
    let mut world = older("aws-standard", "1.35");
    let general = |key: &String| key.starts_with("nodes-pool-general-");
    let key = world.observed().into_keys().find(general).unwrap();
    world.object_mut(&key)["status"]["atProvider"]["status"] = json!("DEGRADED");
    world.edit(&json!({"kubernetesVersion": "1.36"}));
    let step = world.reconcile();
    assert_eq!(
        step.desired()["cluster"]["spec"]["forProvider"]["version"],
        "1.35"
    );
    assert_eq!(blocked_by(&step)[0]["reason"], "it is not ready");
    let condition = upgrade_condition(&step);
    let message = condition["message"].as_str().unwrap();
    assert!(
        message.contains("the step to 1.36 waits for node pool general"),
        "{message}"
    );
}

#[test]
fn a_step_waits_for_a_kube_proxy_that_its_author_keeps_too_old() {
    let mut world = older("aws-standard", "1.34");
    let pinned = json!({"kubeProxy": {"version": "v1.31.9-eksbuild.1"}});
    world.edit(&json!({"addons": pinned, "kubernetesVersion": "1.36"}));
    let step = world.reconcile();
    assert_eq!(
        step.desired()["cluster"]["spec"]["forProvider"]["version"],
        "1.34"
    );
    let hold = blocked_by(&step)[0].clone();
    assert_eq!(hold["what"], "add-on kubeProxy");
    assert_eq!(
        hold["reason"],
        "v1.31.9-eksbuild.1 does not work with Kubernetes 1.35"
    );
    assert!(
        hold["fix"]
            .as_str()
            .unwrap()
            .contains("spec.addons.kubeProxy.version"),
        "{hold}"
    );
}

/// A step that has begun is not taken back by what comes up meanwhile.
#[test]
fn a_step_that_has_begun_goes_on() {
    let mut world = older("aws-standard", "1.35");
    world.edit(&json!({"kubernetesVersion": "1.36"}));
    let step = world.reconcile();
    assert_eq!(
        step.desired()["cluster"]["spec"]["forProvider"]["version"],
        "1.36"
    );
    let general = |key: &String| key.starts_with("nodes-pool-general-");
    let key = world.observed().into_keys().find(general).unwrap();
    world.object_mut(&key)["status"]["atProvider"]["status"] = json!("DEGRADED");
    let step = world.reconcile();
    assert_eq!(
        step.desired()["cluster"]["spec"]["forProvider"]["version"],
        "1.36"
    );
}

#[test]
fn support_and_force_reach_the_clouds() {
    let world = |name: &str, upgrade: &Value| {
        let mut world = run(name).world.clone();
        world.edit(&json!({"upgrade": upgrade}));
        world.reconcile()
    };
    let extended = json!({"supportType": "extended", "force": true});
    let aws = world("aws-standard", &extended).desired();
    let cluster = &aws["cluster"]["spec"]["forProvider"];
    assert_eq!(cluster["upgradePolicy"]["supportType"], "EXTENDED");
    assert_eq!(cluster["forceUpdateVersion"], true);
    for group in aws.values().filter(|object| object["kind"] == "NodeGroup") {
        assert_eq!(group["spec"]["forProvider"]["forceUpdateVersion"], true);
    }
    let gcp = world("gcp-standard", &extended);
    let cluster = &gcp.desired()["cluster"]["spec"]["forProvider"];
    assert_eq!(cluster["releaseChannel"]["channel"], "EXTENDED");
    let notes = gcp.status()["parity"].to_string();
    assert!(notes.contains("spec.upgrade.force"), "{notes}");
    for (name, days) in [
        ("aws-standard", ["2027-08-02", "2028-08-02"]),
        ("gcp-standard", ["2027-08-31", "2028-06-30"]),
    ] {
        for (support, day) in ["standard", "extended"].into_iter().zip(days) {
            let status = world(name, &json!({"supportType": support})).status();
            assert_eq!(status["kubernetesVersion"]["supportEnds"], day, "{name}");
        }
    }
}

/// The label of Argo CD's cluster says what runs, so that nothing is deployed that needs more.
#[test]
fn the_label_in_argo_cd_says_the_version_that_runs() {
    let mut world = older("aws-standard", "1.35");
    world.edit(&json!({"kubernetesVersion": "1.36"}));
    let label = |step: &Step| {
        step.desired()["registration-secret"]["metadata"]["labels"]["xcluster.dev/kubernetes-version"].clone()
    };
    assert_eq!(label(&world.reconcile()), "1.35");
    assert_eq!(label(world.settle().last().unwrap()), "1.36");
}
