//! Providers that die in the middle of their work.
//!
//! upjet creates asynchronously and stores the id that AWS chooses only later (upjet#531, provider-upjet-aws#1482). So what
//! these tests show per kind is the table in docs/compatibility.md.

use std::collections::BTreeMap;

use manifests::ScopeArg;
use serde_json::json;

use super::support::{
    Aws, HOUR, assert_no_writes, delete_object, dies_in_every_call, rounds, settle, stuck, world,
};

/// What the advice says for objects that the provider cannot go on with. Whether there was any.
fn person(world: &mut Aws) -> bool {
    let problems = world.stuck();
    problems.iter().fold(false, |acted, problem| {
        let (key, message) = problem.split_once(": ").unwrap();
        helps(world, key, message) || acted
    })
}

fn helps(world: &mut Aws, key: &str, message: &str) -> bool {
    let object = world.observed().remove(key).unwrap();
    let at = &object["spec"]["forProvider"];
    let mut wanted = json!({"region": "us-east-1", "name": object["metadata"]["name"]});
    if message.contains("already has an internet gateway attached") {
        wanted["vpc"] = at["vpcId"].clone();
        world.clouds().cloud.remove(&wanted).unwrap();
        return true;
    }
    if object["kind"] == "RouteTableAssociation" {
        wanted["subnet"] = at["subnetId"].clone();
    }
    let id = match object["kind"].as_str().unwrap() {
        "Record" => ["zoneId", "name", "type"]
            .map(|field| at[field].as_str().unwrap())
            .join("_"),
        _ => world.clouds().cloud.find(&wanted).unwrap().remove(0),
    };
    let annotations = &mut world.object_mut(key).unwrap()["metadata"]["annotations"];
    annotations["crossplane.io/external-name"] = id.into();
    true
}

/// The changes of records.
const RECORDS: &str = "POST /2013-04-01/hostedzone/Z0ACMEEXAMPLE/rrset";

/// What the creations of one cluster have made: the action, for how many objects, and how many things.
///
/// What AWS names is lost with each call of its creation. A VPC, a key, and an internet gateway have two of them.
const MADE: [(&str, usize, usize); 17] = [
    ("CreateVpc", 1, 3),
    ("CreateKey", 1, 3),
    ("CreateInternetGateway", 1, 3),
    ("AllocateAddress", 1, 2),
    ("CreateRouteTable", 2, 4),
    // Lost, failed, and made anew by a person.
    ("CreateNatGateway", 1, 3),
    // AWS refuses a second one, and a person names the first one.
    ("CreateSubnet", 4, 4),
    ("AssociateRouteTable", 2, 2),
    ("CreateLaunchTemplate", 1, 1),
    // The provider finds these by their names or their fields.
    ("CreateRoute", 3, 3),
    ("CreateRole", 4, 4),
    ("CreateLogGroup", 1, 1),
    ("CreateAlias", 1, 1),
    ("CreateCluster", 1, 1),
    ("CreateNodegroup", 1, 1),
    ("CreateAddon", 5, 5),
    ("AttachRolePolicy", 5, 5),
];

/// How many things each action has made.
fn made(world: &Aws, services: &[&str]) -> BTreeMap<String, usize> {
    let mut made = BTreeMap::new();
    let calls = world.clouds().cloud.calls(0).unwrap().into_iter();
    let calls = calls.filter(|call| call.is_write && call.status < 300);
    let calls = calls.filter(|call| services.contains(&call.service.as_str()));
    for call in calls {
        *made.entry(call.action).or_default() += 1;
    }
    made
}

/// What a NAT gateway's object has for the name of its gateway.
fn name_of(world: &Aws, key: &str) -> String {
    let object = &world.observed()[key];
    let name = &object["metadata"]["annotations"]["crossplane.io/external-name"];
    name.as_str().unwrap().to_owned()
}

#[test]
fn a_provider_that_dies_in_every_creation_leaves_what_aws_names_or_is_helped() {
    let mut world = world("aws-minimal", ScopeArg::Claims);
    dies_in_every_call(&mut world, ".", person);
    // A second gateway has failed, and the provider takes it for its own: only the route tells.
    let (nat, route) = ("network-nat-use1-az1", "network-route-use1-az1");
    let waiting = rounds(&mut world, 2).waiting(route).unwrap();
    assert_eq!(
        waiting["reason"], "the cloud reports blackhole",
        "{waiting:#}"
    );
    let fix = waiting["fix"].as_str().unwrap();
    assert!(fix.contains("a NAT gateway whose id is lost"), "{fix}");
    let failed = name_of(&world, nat);
    // The provider knows its id by heart, so another one in the annotation does not last.
    let left = world.clouds().cloud.left().unwrap();
    let mut lost = left.iter().filter_map(|it| it.strip_prefix("nat gateway "));
    let lost = lost.next().unwrap().to_owned();
    let annotations = &mut world.object_mut(nat).unwrap()["metadata"]["annotations"];
    annotations["crossplane.io/external-name"] = lost.as_str().into();
    rounds(&mut world, 4);
    assert_eq!(name_of(&world, nat), failed);
    // What docs/troubleshooting.md says.
    let gateway = json!({"region": "us-east-1", "nat": lost});
    world.clouds().cloud.remove(&gateway).unwrap();
    delete_object(&mut world, nat);
    dies_in_every_call(&mut world, ".", person);
    assert_settles(&mut world);
    let made = made(&world, &["ec2", "eks", "iam", "kms", "logs"]);
    for (action, objects, expected) in MADE {
        assert_eq!(made[action], expected, "{action} for {objects}: {made:#?}");
    }
}

#[test]
fn a_provider_that_dies_in_every_call_of_route_53_is_helped() {
    let mut world = world("aws-traffic", ScopeArg::Claims);
    dies_in_every_call(&mut world, "^(route53|eks)", person);
    assert_settles(&mut world);
    let made = made(&world, &["eks", "route53"]);
    // A check is lost with each call of its creation: its own and that of its tags. Records have one each.
    assert_eq!(made["POST /2013-04-01/healthcheck"], 3, "{made:#?}");
    assert_eq!(made[RECORDS], 2, "{made:#?}");
    for action in [
        "CreateCluster",
        "CreateAccessEntry",
        "AssociateAccessPolicy",
    ] {
        assert_eq!(made[action], 1, "{made:#?}");
    }
}

/// It gets ready in spite of all, and nothing is written for an hour afterwards.
fn assert_settles(world: &mut Aws) {
    let steps = settle(world);
    let step = steps.last().unwrap();
    assert!(
        step.is_ready(),
        "{:#}\n{:#?}",
        step.status()["waitingFor"],
        stuck(world)
    );
    assert_eq!(stuck(world), [""; 0]);
    assert_no_writes(world, HOUR);
}
