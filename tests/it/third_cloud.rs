//! A third cloud is one folder: here is one of three kinds, which the function and the simulator know through
//! their interfaces alone.

mod kinds;
mod lab;
mod simulated;

use cloudsim::{Pace, Simulator, world::World};
use serde_json::{Value, json};
use xcluster::{cloud::registry::Clouds, compose::compose_on};

use lab::Lab;

/// All clouds, and the lab.
static CLOUDS: Clouds =
    Clouds::new(&[&xcluster::cloud::aws::Aws, &xcluster::cloud::gcp::Gcp, &Lab]);

fn world(pool: &Value) -> World {
    let composite = json!({
        "apiVersion": "xcluster.dev/v1alpha1",
        "kind": "XCluster",
        "metadata": {"name": "bench", "uid": "00000000-0000-0000-0000-000000000003"},
        "spec": {
            "crossplane": {},
            "provider": "lab",
            "region": "lab-basement-1",
            "environment": "dev",
            "kubernetesVersion": "1.36",
            "network": {"cidr": "10.30.0.0/16"},
            "nodePools": [pool],
        },
    });
    let clouds = Simulator::new(Pace::Quick).with_rules(&simulated::RULES);
    World::new(composite, None, |req| compose_on(CLOUDS, req)).on(clouds)
}

#[test]
fn a_cluster_in_a_third_cloud_gets_ready() {
    let mut world = world(&json!({"name": "general", "min": 2, "max": 4}));
    let steps = world.settle().unwrap();
    let (first, last) = (&steps[0], steps.last().unwrap());
    assert_eq!(
        first.desired().keys().collect::<Vec<_>>(),
        ["network-vpc", "protection-composite"]
    );
    assert!(!first.is_ready() && last.is_ready());
    let keys: Vec<_> = last.desired().into_keys().collect();
    let [cluster, network, pool, .., secret] = &keys[..] else {
        panic!("{keys:?}");
    };
    assert_eq!(
        (cluster.as_str(), network.as_str()),
        ("cluster", "network-vpc")
    );
    assert!(pool.starts_with("nodes-pool-general-"), "{pool}");
    assert_eq!(secret, "registration-secret");

    let status = last.status();
    assert_eq!(status["phase"], "Ready");
    assert_eq!(status["provider"], "lab");
    assert_eq!(status["endpoint"], "https://lab.example.com");
    assert!(status["network"]["labNetworkId"].is_string());
    assert_eq!(status["nodePools"][0]["machineType"], "bench");
    assert_eq!(status["parity"][0]["note"], "the lab has no NAT");
    // Its region is near those of other clouds, and the book has no price of its rent.
    assert_eq!(status["cost"]["equivalent"]["region"], "eu-central-1");
    assert_eq!(
        status["cost"]["missing"],
        json!(["rent: no price of rent in lab-basement-1"])
    );
    let registered = last
        .conditions()
        .into_iter()
        .find(|it| it["type"] == "Registered");
    assert_eq!(registered.unwrap()["status"], "True");
}

#[test]
fn a_third_cloud_checks_and_keeps_what_is_its_own() {
    let refusal = |world: &mut World| {
        let step = world.reconcile().unwrap();
        step.fatal().unwrap_or_default().to_owned()
    };
    let pool = json!({"name": "general", "min": 2, "max": 4});
    let mut gpu = world(
        &json!({"name": "gpu", "min": 1, "max": 1, "gpu": {"type": "nvidia-l4", "count": 1}}),
    );
    assert!(refusal(&mut gpu).contains("spec.nodePools[0].gpu: is not available in the lab"));

    let mut unknown = world(&pool);
    unknown.composite["spec"]["provider"] = "attic".into();
    assert!(refusal(&mut unknown).contains("use aws or gcp or lab"));

    let mut moved = world(&pool);
    moved.settle().unwrap();
    moved.composite["spec"]["region"] = "lab-attic-1".into();
    assert!(refusal(&mut moved).contains("cannot change once the cluster exists"));

    let mut other = world(&pool);
    other.settle().unwrap();
    other.composite["spec"]["provider"] = "gcp".into();
    other.composite["spec"]["region"] = "europe-west1".into();
    other.composite["spec"]["account"] = "acme-prod".into();
    assert!(
        refusal(&mut other)
            .contains("spec.provider: \"gcp\" cannot change once the cluster exists")
    );
}
