//! A world with provider-aws' own code.

use std::path::PathBuf;

use cloudsim::world::{Step, World};
use manifests::ScopeArg;
use providers::{
    Driven,
    amazon::{ACCOUNT, Amazon},
};
use serde_json::Value;
use test_support::{examples, files::repository};
use xcluster::{compose::compose, wire::structpb::Struct};

/// A cluster of AWS', with the provider and the cloud.
pub(crate) type Aws = World<Driven<Amazon>>;

/// The examples in AWS, and those whose DNS is there.
pub(crate) fn examples() -> Vec<String> {
    let names = examples::names().into_iter();
    names.filter(|name| name.starts_with("aws-")).collect()
}

/// One of them, of which nothing exists yet.
pub(crate) fn world(example: &str, scope: ScopeArg) -> Aws {
    let composite = examples::in_scope(&examples::composite(example), scope);
    world_of(composite, examples::input(example))
}

/// A cluster of which nothing exists yet.
pub(crate) fn world_of(composite: Value, input: Option<Struct>) -> Aws {
    World::with(composite, input, compose, driven())
}

/// The provider, with a cloud that has nothing.
fn driven() -> Driven<Amazon> {
    let tools =
        std::env::var_os("XCLUSTER_TOOLS").map_or_else(|| repository(".tools"), PathBuf::from);
    let python = tools.join("share/provider-aws/venv/bin/python");
    let cloud = Amazon::start(&python, &repository("tests/providers/aws"))
        .expect("the simulated AWS is there: run make test-providers-aws");
    // The zone of all examples with traffic.
    cloud.add_zone("Z0ACMEEXAMPLE", "acme.example").unwrap();
    let program = tools.join("bin/provider-aws").into_os_string();
    let mut arguments = vec![
        format!("--endpoint={}", cloud.url()).into(),
        format!("--account={ACCOUNT}").into(),
    ];
    if std::env::var_os("VERBOSE").is_some() {
        arguments.push("--verbose".into());
    }
    Driven::start(cloud, ".aws.", program, arguments, &[]).unwrap()
}

/// Lets it go on until nothing changes any more.
pub(crate) fn settle(world: &mut Aws) -> Vec<Step> {
    let settled = world.settle_watched(|_, step| assert_eq!(step.refused, [""; 0]));
    settled.unwrap_or_else(|error| {
        panic!(
            "{error}\n{}\n{}",
            world.stuck().join("\n"),
            calls(world, 0).join("\n")
        )
    })
}

/// The calls from one on that were to change something or were refused.
pub(crate) fn calls(world: &Aws, from: usize) -> Vec<String> {
    let calls = world.clouds().cloud.calls(from).unwrap().into_iter();
    let calls = calls.filter(|call| call.is_write || !matches!(call.status, 200 | 404));
    let mut calls: Vec<_> = calls
        .map(|call| {
            format!(
                "{} {} {} {} {}",
                call.status, call.service, call.action, call.request, call.message
            )
        })
        .collect();
    calls.dedup();
    calls
}

/// How many calls there were.
pub(crate) fn count(world: &Aws) -> usize {
    world.clouds().cloud.calls(0).unwrap().len()
}

/// The objects that their provider cannot bring to what is desired, and what it panicked with.
pub(crate) fn stuck(world: &Aws) -> Vec<String> {
    let mut stuck = world.stuck();
    stuck.extend(world.clouds().panics.clone());
    stuck
}

/// Looks at a settled world for some rounds. Nothing is written, and nothing is refused.
pub(crate) fn rests(world: &mut Aws, rounds: usize) {
    let before = count(world);
    for _ in 0..rounds {
        world.tick();
    }
    assert_eq!(calls(world, before), [""; 0]);
}
