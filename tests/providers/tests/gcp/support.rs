//! A world with provider-gcp's own code.

use std::path::PathBuf;

use cloudsim::world::{Step, World};
use manifests::ScopeArg;
use providers::{Driven, driven::Cloud, google::Google, platform, spoil::spoiled};
use serde_json::Value;
use test_support::{examples, files::repository};
use xcluster::compose::compose;

/// A cluster of Google Cloud's, with the provider and the cloud.
pub(crate) type Gcp = World<Driven<Google>>;

/// The examples in Google Cloud.
pub(crate) fn examples() -> Vec<String> {
    let names = examples::names().into_iter();
    names.filter(|name| name.starts_with("gcp-")).collect()
}

/// One of them, of which nothing exists yet.
pub(crate) fn world(example: &str, scope: ScopeArg) -> Gcp {
    let composite = examples::in_scope(&examples::composite(example), scope);
    World::with(composite, platform::input(example), compose, driven(true))
}

/// The same with what v3.0 does to subnetworks.
pub(crate) fn unrepaired(example: &str, scope: ScopeArg) -> Gcp {
    let composite = examples::in_scope(&examples::composite(example), scope);
    World::with(composite, platform::input(example), compose, driven(false))
}

/// The same with a function that sends something else.
pub(crate) fn spoiled_world(example: &str, scope: ScopeArg, spoil: fn(&mut Value)) -> Gcp {
    let composite = examples::in_scope(&examples::composite(example), scope);
    let function = spoiled(spoil);
    World::with(composite, platform::input(example), function, driven(true))
}

/// Terraform keeps what it has read of node pools for five minutes, unless both are set. A provider polls every ten
/// (google/services/container/resource_container_node_pool.go, `getCacheTTL`).
const FRESH: [(&str, &str); 2] = [("VCR_PATH", "unused"), ("VCR_MODE", "unused")];

/// The provider, with a cloud that has nothing.
fn driven(repaired: bool) -> Driven<Google> {
    let tools =
        std::env::var_os("XCLUSTER_TOOLS").map_or_else(|| repository(".tools"), PathBuf::from);
    let cloud = Google::start(&tools.join("share/google"))
        .expect("Google's documents are there: run make test-providers-gcp");
    let program = tools.join("bin/provider-gcp").into_os_string();
    let mut arguments = vec![
        format!("--endpoint={}", cloud.url()).into(),
        "--project=acme-prod".into(),
    ];
    if repaired {
        arguments.push("--repair-subnetworks".into());
    }
    if std::env::var_os("VERBOSE").is_some() {
        arguments.push("--verbose".into());
    }
    Driven::start(cloud, ".gcp.", program, arguments, &FRESH).unwrap()
}

/// Lets it go on until nothing changes any more.
pub(crate) fn settle(world: &mut Gcp) -> Vec<Step> {
    let settled = world.settle_watched(|_, step| assert_eq!(step.refused, [""; 0]));
    settled.unwrap_or_else(|error| {
        let stuck = world.stuck().join("\n");
        panic!("{error}\n{stuck}\n{}", world.clouds().cloud.recent())
    })
}

/// The calls from one on that were to change something or were refused.
pub(crate) fn calls(world: &Gcp, from: usize) -> Vec<String> {
    let state = world.clouds().cloud.state();
    let calls = state.calls.iter().skip(from);
    let calls = calls.filter(|call| call.is_write || !matches!(call.status, 200 | 404));
    let mut calls: Vec<_> = calls
        .map(|call| {
            format!(
                "{} {} {} {} {}",
                call.status, call.method, call.path, call.body, call.message
            )
        })
        .collect();
    calls.dedup();
    calls
}

/// How many calls there were.
pub(crate) fn count(world: &Gcp) -> usize {
    world.clouds().cloud.state().calls.len()
}

/// The calls from one on that were to change something: the end of each method's id, and the fields that it sends,
/// in order.
pub(crate) fn writes(world: &Gcp, from: usize) -> Vec<String> {
    let state = world.clouds().cloud.state();
    let calls = state.calls.iter().skip(from).filter(|call| call.is_write);
    let mut writes: Vec<_> = calls
        .map(|call| {
            let parts: Vec<_> = call.method.rsplitn(3, '.').take(2).collect();
            let body = call.body.get("update").unwrap_or(&call.body).as_object();
            let fields = body.into_iter().flatten().map(|(field, _)| field.as_str());
            let fields = fields.collect::<Vec<_>>().join(",");
            let refused = if call.status == 200 {
                ""
            } else {
                &call.message
            };
            format!("{}.{} {fields}{refused}", parts[1], parts[0])
        })
        .collect();
    writes.sort();
    writes
}

/// Lets the function and the provider have their turns so often.
pub(crate) fn rounds(world: &mut Gcp, rounds: usize) {
    for _ in 0..rounds {
        world.reconcile().unwrap();
        world.tick();
    }
}

/// Lets both have their turns so often, and has the provider write nothing.
pub(crate) fn assert_no_writes(world: &mut Gcp, polls: usize) {
    let before = count(world);
    rounds(world, polls);
    assert_eq!(calls(world, before), [""; 0]);
}

/// What Google still has: key rings and keys cannot be deleted, and enabled APIs stay.
pub(crate) fn left(world: &Gcp) -> Vec<String> {
    world.clouds().cloud.state().left()
}
