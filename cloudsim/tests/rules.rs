//! A cloud of a test's own, beside those that there are.

#![allow(
    clippy::unwrap_used,
    missing_docs,
    reason = "a test that cannot go on fails"
)]

use std::collections::BTreeMap;

use cloudsim::{
    Faults, Pace, Simulator, Ticks,
    object::{field, name_of, reported},
    rules::{Kind, Reference, Rules},
};
use serde_json::{Value, json};

/// A cloud with networks, and machines in them.
static NIMBUS: Rules = Rules {
    cloud: "nimbus",
    group: ".nimbus.",
    kinds: &[
        Kind {
            name: "Network",
            is_named_by_cloud: true,
            name_in_cloud: |seed, _| format!("net-of-{seed}"),
            fixed: &["/range"],
            keeps: |object, clouds| {
                let mut machines = clouds.all("Machine");
                let user = machines.find(|it| field(it, "networkId") == name_of(object))?;
                Some(format!("{} is in it", name_of(user)))
            },
            report: |_, at| at["gateway"] = "10.0.0.1".into(),
            ..Kind::PLAIN
        },
        Kind {
            name: "Machine",
            ticks: Ticks::of(2, 9),
            goes_with: Some(("Farm", "farm")),
            refuses: |object, clouds| {
                let network = field(object, "networkId");
                let none = clouds.working("Network", network).is_none();
                none.then(|| format!("no network {network}"))
            },
            ..Kind::PLAIN
        },
    ],
    references: &[Reference {
        field: "networkId",
        kind: "Network",
        reported: None,
    }],
    no_region: |object| (field(object, "region") == "nowhere").then(|| "no region".to_owned()),
    ..Rules::PLAIN
};

/// Some objects of the cloud, by name.
struct World {
    clouds: Simulator,
    objects: BTreeMap<String, Value>,
}

impl World {
    fn new(pace: Pace) -> Self {
        Self {
            clouds: Simulator::new(pace).with_rules(&NIMBUS),
            objects: BTreeMap::new(),
        }
    }

    fn add(&mut self, kind: &str, name: &str, spec: &Value) {
        let object = json!({
            "apiVersion": "infra.nimbus.example.org/v1", "kind": kind, "metadata": {"name": name},
            "spec": {"forProvider": spec},
        });
        self.objects.insert(name.to_owned(), object);
    }

    fn tick(&mut self) -> bool {
        let objects = self.objects.iter_mut();
        let objects = objects.map(|(name, object)| (name.as_str(), object));
        let changes = self.clouds.tick(objects);
        let there: Vec<_> = self.clouds.things().map(|(name, _)| name).collect();
        self.objects.retain(|name, object| {
            object["metadata"]["deletionTimestamp"].is_null() || there.contains(&name.as_str())
        });
        changes.any()
    }

    fn is(&self, name: &str, condition: &str) -> bool {
        let conditions = self.objects[name]["status"]["conditions"].as_array();
        let mut conditions = conditions.into_iter().flatten();
        conditions.any(|it| it["type"] == condition && it["status"] == "True")
    }

    fn delete(&mut self, name: &str) {
        self.objects.get_mut(name).unwrap()["metadata"]["deletionTimestamp"] = "now".into();
    }

    fn told(&self, what: &str) -> Vec<&str> {
        let events = self.clouds.events().iter();
        let events = events.filter(|event| event.what == what);
        events.map(|event| event.detail.as_str()).collect()
    }
}

#[test]
fn its_kinds_are_named_made_reported_and_deleted_by_its_rules() {
    let mut world = World::new(Pace::Quick);
    world.add("Network", "lan", &json!({"range": "10.0.0.0/8"}));
    world.add(
        "Machine",
        "one",
        &json!({"networkIdRef": {"name": "lan"}, "region": "here"}),
    );
    let mut ticks = 0;
    while world.tick() {
        ticks += 1;
    }
    assert!(ticks > 2, "{ticks}");
    assert!(world.is("lan", "Ready") && world.is("one", "Ready"));
    assert_eq!(name_of(&world.objects["lan"]), "net-of-lan");
    assert_eq!(reported(&world.objects["lan"], "gateway"), "10.0.0.1");
    assert_eq!(field(&world.objects["one"], "networkId"), "net-of-lan");

    world.objects.get_mut("lan").unwrap()["spec"]["forProvider"]["range"] = "10.0.0.0/9".into();
    world.tick();
    assert!(!world.is("lan", "Synced"), "a fixed field has changed");

    world.delete("lan");
    world.tick();
    let refused = world.told("refused to delete");
    assert_eq!(refused.len(), 1, "{refused:?}");
    assert!(refused[0].ends_with("is in it"), "{refused:?}");
    world.delete("one");
    while world.tick() {}
    assert_eq!(world.clouds.things().count(), 0);
}

#[test]
fn its_regions_and_faults_are_its_own() {
    let mut world = World::new(Pace::Quick);
    world.add("Network", "lan", &json!({"region": "nowhere"}));
    world.tick();
    assert_eq!(world.told("refused to create"), ["no region"]);

    let mut world = World::new(Pace::Quick);
    world.clouds.faults = Faults::parse([("create-fails", "nimbus")]).unwrap();
    world.add("Network", "lan", &json!({}));
    world.tick();
    assert!(!world.is("lan", "Synced"));
    world.clouds.faults = Faults::parse([("create-fails", "aws")]).unwrap();
    world.tick();
    assert!(world.is("lan", "Synced"));
}

#[test]
fn at_once_nothing_is_refused_and_nothing_takes_time() {
    let mut world = World::new(Pace::Instant);
    world.add("Machine", "one", &json!({"networkId": "net-of-nobody"}));
    assert!(world.tick());
    assert!(world.is("one", "Ready"));
    assert!(!world.tick());
    world.delete("one");
    world.tick();
    assert_eq!(world.clouds.things().count(), 0);
}

#[test]
fn one_cloud_does_not_see_what_another_one_has() {
    let mut world = World::new(Pace::Quick);
    world.add("Network", "lan", &json!({}));
    world.objects.get_mut("lan").unwrap()["apiVersion"] = "compute.gcp.upbound.io/v1".into();
    world.add("Machine", "one", &json!({"networkIdRef": {"name": "lan"}}));
    while world.tick() {}
    assert!(!world.is("one", "Synced"), "{:#}", world.objects["one"]);
}
