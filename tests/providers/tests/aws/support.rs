//! A world with provider-aws' own code.

use std::{
    collections::BTreeMap,
    path::PathBuf,
    thread,
    time::{Duration, Instant},
};

use cloudsim::{
    apply,
    world::{Step, World},
};
use manifests::ScopeArg;
use providers::{
    Driven,
    amazon::{ACCOUNT, Amazon, Record, Switches},
    platform,
    spoil::spoiled,
};
use serde_json::Value;
use test_support::{examples, files::repository};
use xcluster::{
    compose::compose,
    wire::structpb::{Struct, to_struct},
};

/// A cluster of AWS', with the provider and the cloud.
pub(crate) type Aws = World<Driven<Amazon>>;

/// Crossplane polls every minute, and a provider every ten: so many polls are an hour.
pub(crate) const HOUR: usize = 6;

/// The examples in AWS.
pub(crate) fn examples() -> Vec<String> {
    let names = examples::names().into_iter();
    names.filter(|name| name.starts_with("aws-")).collect()
}

/// One of them, of which nothing exists yet.
pub(crate) fn world(example: &str, scope: ScopeArg) -> Aws {
    let composite = examples::in_scope(&examples::composite(example), scope);
    world_of(composite, platform::input(example))
}

/// One of them with another spec from the beginning.
pub(crate) fn changed(example: &str, spec: &Value) -> Aws {
    let mut composite = examples::composite(example);
    apply::merge_patch(&mut composite["spec"], spec);
    world_of(composite, platform::input(example))
}

/// The same with a function that sends something else.
pub(crate) fn spoiled_world(example: &str, spoil: fn(&mut Value)) -> Aws {
    let composite = examples::composite(example);
    World::with(
        composite,
        platform::input(example),
        spoiled(spoil),
        driven(),
    )
}

/// A cluster of which nothing exists yet.
fn world_of(composite: Value, input: Option<Struct>) -> Aws {
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

/// Changes the platform's Input.
pub(crate) fn edit_input(world: &mut Aws, change: &Value) {
    let mut input = serde_json::to_value(&world.input).unwrap();
    apply::merge_patch(&mut input, change);
    world.input = Some(to_struct(&input).unwrap());
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

/// Lets the function and the provider have their turns so often. The last answer of the function.
pub(crate) fn rounds(world: &mut Aws, rounds: usize) -> Step {
    for _ in 1..rounds {
        world.reconcile().unwrap();
        world.tick();
    }
    let step = world.reconcile().unwrap();
    world.tick();
    step
}

/// Lets both have their turns so often, and has the provider write nothing and be refused nothing.
pub(crate) fn assert_no_writes(world: &mut Aws, polls: usize) {
    let before = count(world);
    rounds(world, polls);
    assert_eq!(calls(world, before), [""; 0]);
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

/// The calls from one on that were to change something: the service and the action, for an update of EKS the fields that
/// it sends, and why it was refused. In order, with how many there were of each.
///
/// Not those for the address of a NAT gateway: AWS refuses them until the gateway is gone, and the provider asks again.
pub(crate) fn writes(world: &Aws, from: usize) -> Vec<String> {
    let mut found = BTreeMap::new();
    let calls = world.clouds().cloud.calls(from).unwrap().into_iter();
    for call in calls.filter(|call| call.is_write && call.action != "DisassociateAddress") {
        *found.entry(told(&call)).or_insert(0) += 1;
    }
    let lines = found.into_iter();
    let lines = lines.map(|(call, times)| match times {
        1 => call,
        times => format!("{call} x{times}"),
    });
    lines.collect()
}

fn told(call: &Record) -> String {
    let mut line = format!("{}.{}", call.service, call.action);
    let body: Value = serde_json::from_str(&call.request).unwrap_or_default();
    if call.action.starts_with("Update") {
        let fields = body.as_object().into_iter().flatten();
        let fields = fields.map(|(name, _)| name.as_str());
        let fields: Vec<_> = fields
            .filter(|name| *name != "clientRequestToken")
            .collect();
        line = format!("{line} {}", fields.join(","));
    }
    if call.status >= 300 {
        line = format!("{line} {}", call.message);
    }
    line.trim_end().to_owned()
}

/// The objects that their provider cannot bring to what is desired, and what it panicked with.
pub(crate) fn stuck(world: &Aws) -> Vec<String> {
    let mut stuck = world.stuck();
    stuck.extend(world.clouds().panics.clone());
    stuck
}

/// A person deletes an object, as the advice says, and Crossplane makes it anew.
pub(crate) fn delete_object(world: &mut Aws, key: &str) {
    let deleted = &mut world.object_mut(key).unwrap()["metadata"]["deletionTimestamp"];
    *deleted = "2026-01-15T09:30:00Z".into();
    for _ in 0..20 {
        world.tick();
        if !world.observed().contains_key(key) {
            return;
        }
    }
    panic!("{key} stays: {:#?}", stuck(world));
}

/// Kills the provider after each call that makes or changes something in some services, once for each: the cloud has
/// done it, and the provider never hears of it. `person` does what the advice says, and answers whether it was anything.
/// How often the provider died.
pub(crate) fn dies_in_every_call(
    world: &mut Aws,
    services: &'static str,
    mut person: impl FnMut(&mut Aws) -> bool,
) -> usize {
    /// So many rounds in which nothing was made or changed, and nothing will be.
    const QUIET: usize = 8;
    /// No cluster has so many kinds of calls.
    const MOST: usize = 60;
    world.clouds_mut().waits = false;
    let switches = Switches {
        hold: services,
        ..Switches::default()
    };
    world.clouds().cloud.set(&switches).unwrap();
    let (mut died, mut quiet) = (0, 0);
    while quiet < QUIET {
        assert!(died < MOST, "no end: {}", stuck(world).join("\n"));
        let before = count(world);
        world.reconcile().unwrap();
        world.tick();
        if ended(world) == 0 {
            let calls = world.clouds().cloud.calls(before).unwrap();
            let is_quiet = !calls.iter().any(|call| call.is_write && call.status < 300);
            quiet = if is_quiet { quiet + 1 } else { 0 };
            if quiet > 2 && person(world) {
                quiet = 0;
            }
            continue;
        }
        // What has ended is stored before the provider dies: it dies in the middle of what is held alone.
        for _ in 0..2 {
            world.tick();
            ended(world);
        }
        world.clouds_mut().restart().unwrap();
        world.clouds().cloud.release().unwrap();
        (died, quiet) = (died + 1, 0);
    }
    world.clouds_mut().waits = true;
    world.clouds().cloud.set(&Switches::default()).unwrap();
    died
}

/// Waits until every operation has ended or has its call held. How many are held.
#[expect(
    clippy::disallowed_methods,
    reason = "another process works meanwhile, and tells nothing"
)]
fn ended(world: &mut Aws) -> usize {
    let deadline = Instant::now() + Duration::from_mins(1);
    loop {
        let running = world.clouds_mut().running().unwrap();
        let held = world.clouds().cloud.held().unwrap();
        if running.len() == held.len() {
            return held.len();
        }
        assert!(Instant::now() < deadline, "{running:?} run, {held:?} held");
        thread::sleep(Duration::from_millis(5));
    }
}
