//! A world with provider-gcp's own code.

use std::path::PathBuf;

use cloudsim::world::{Step, World};
use manifests::ScopeArg;
use providers::{Driven, google::Google};
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
    World::with(composite, examples::input(example), compose, driven())
}

/// The provider, with a cloud that has nothing.
fn driven() -> Driven<Google> {
    let tools =
        std::env::var_os("XCLUSTER_TOOLS").map_or_else(|| repository(".tools"), PathBuf::from);
    let cloud = Google::start(&tools.join("share/google"))
        .expect("Google's documents are there: run make test-providers-gcp");
    let program = tools.join("bin/provider-gcp").into_os_string();
    let mut arguments = vec![
        format!("--endpoint={}", cloud.url()).into(),
        "--project=acme-prod".into(),
        "--repair-subnetworks".into(),
    ];
    if std::env::var_os("VERBOSE").is_some() {
        arguments.push("--verbose".into());
    }
    Driven::start(cloud, ".gcp.", program, arguments).unwrap()
}

/// Lets it go on until nothing changes any more.
pub(crate) fn settle(world: &mut Gcp) -> Vec<Step> {
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
