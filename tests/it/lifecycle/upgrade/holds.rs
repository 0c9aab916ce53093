//! What holds the next version back, and what its author decides.

use serde_json::{Value, json};

use super::blocked_by;
use crate::{
    lifecycle::{STANDARD, assert_healthy, older},
    support::{cases::run, simulator::Step},
};

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
        assert_healthy(name, &world, &steps);
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
