//! Another release of the function: this one with a difference. It is a shell script that answers `--version`, and then is
//! this test's own program, with the one test that serves.

use std::{env, fs, future::pending, os::unix::fs::PermissionsExt, process::abort, thread::park};

use clap::Parser;
use serde_json::{Value, json};
use xcluster::{
    compose::{compose, resource},
    server::{Server, args::Args},
    wire::{
        proto::v1::{Result as FunctionResult, RunFunctionRequest, RunFunctionResponse, Severity},
        structpb::to_struct,
    },
};

use crate::support::folder;

/// What differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// Nothing.
    None,
    /// A tag more.
    Tags,
    /// An object more.
    Creates,
    /// An add-on less.
    Deletes,
    /// Argo CD's Secret less.
    Forgets,
    /// The key less, which a Usage holds.
    DeletesHeld,
    /// A role stands for another one.
    Renames,
    /// A field that no cloud changes.
    Fixed,
    /// The nodes' disks are larger.
    Disks,
    /// Each cluster is refused.
    Refuses,
    /// It dies of the first call.
    Crashes,
    /// It never answers.
    Hangs,
}

const FAULTS: [Fault; 12] = [
    Fault::None,
    Fault::Tags,
    Fault::Creates,
    Fault::Deletes,
    Fault::Forgets,
    Fault::DeletesHeld,
    Fault::Renames,
    Fault::Fixed,
    Fault::Disks,
    Fault::Refuses,
    Fault::Crashes,
    Fault::Hangs,
];

/// What the script passes on.
const FAULT: &str = "XCLUSTER_TEST_FAULT";
const FLAGS: &str = "XCLUSTER_TEST_FLAGS";

/// A program for one test.
pub(super) fn program(name: &str, text: &str) -> String {
    let path = folder("programs").join(name);
    fs::write(&path, text).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    path.display().to_string()
}

/// The program of a release with this difference.
pub(super) fn release(fault: Fault) -> String {
    let own = env::current_exe().unwrap();
    let script = format!(
        "#!/bin/sh\n\
         if [ \"$1\" = --version ]; then echo 'function-xcluster 9.9.9'; exit; fi\n\
         {FAULT}={fault:?} {FLAGS}=\"$*\" exec '{}' --exact release::other::serves --ignored --nocapture\n",
        own.display()
    );
    program(&format!("{fault:?}"), &script)
}

#[test]
#[ignore = "it is the other release, which other tests start"]
fn serves() {
    let (Ok(fault), Ok(flags)) = (env::var(FAULT), env::var(FLAGS)) else {
        return;
    };
    let is_asked_for = |it: &&Fault| format!("{it:?}") == fault;
    let fault = FAULTS.iter().find(is_asked_for).unwrap();
    let args = ["function-xcluster"].into_iter().chain(flags.split(' '));
    let config = Args::try_parse_from(args).unwrap().config().unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let server = Server::bind(config, composer(*fault)).await.unwrap();
        server.serve(pending()).await.unwrap();
    });
}

fn composer(fault: Fault) -> fn(RunFunctionRequest) -> RunFunctionResponse {
    match fault {
        Fault::None => compose,
        Fault::Tags => |request| {
            edited(request, "network-vpc", |vpc| {
                vpc["spec"]["forProvider"]["tags"]["release"] = "9.9.9".into();
            })
        },
        Fault::Creates => |request| {
            let mut response = compose(request);
            let desired = response.desired.get_or_insert_default();
            if let Some(alias) = desired.resources.get("identity-key-alias") {
                let second = alias.clone();
                desired
                    .resources
                    .insert("identity-key-alias-second".to_owned(), second);
            }
            response
        },
        Fault::Deletes => |request| without(request, "addons-dns"),
        Fault::Forgets => |request| without(request, "registration-secret"),
        Fault::DeletesHeld => |request| without(request, "identity-key"),
        Fault::Renames => |request| {
            edited(request, "identity-node-role", |role| {
                role["metadata"]["annotations"]["crossplane.io/external-name"] = "other".into();
            })
        },
        Fault::Fixed => |request| {
            edited(request, "addons-dns", |addon| {
                addon["spec"]["forProvider"]["addonName"] = "other".into();
            })
        },
        Fault::Disks => |request| {
            edited(request, "nodes-template-general", |template| {
                template["spec"]["forProvider"]["blockDeviceMappings"][0]["ebs"]["volumeSize"] =
                    json!(200);
            })
        },
        Fault::Refuses => |_| {
            let result = FunctionResult {
                severity: Severity::Fatal.into(),
                message: "spec.region: is not to its taste".to_owned(),
                ..FunctionResult::default()
            };
            RunFunctionResponse {
                results: vec![result],
                ..RunFunctionResponse::default()
            }
        },
        Fault::Crashes => |_| abort(),
        Fault::Hangs => |_| {
            loop {
                park();
            }
        },
    }
}

/// The function's answer without an object.
fn without(request: RunFunctionRequest, key: &str) -> RunFunctionResponse {
    let mut response = compose(request);
    let desired = response.desired.get_or_insert_default();
    desired.resources.remove(key);
    response
}

/// The function's answer with an edited object, once there is one.
fn edited(request: RunFunctionRequest, key: &str, edit: fn(&mut Value)) -> RunFunctionResponse {
    let mut response = compose(request);
    let desired = response.desired.get_or_insert_default();
    if let Some(found) = desired.resources.get_mut(key) {
        let mut object = serde_json::to_value(&found.resource).unwrap();
        edit(&mut object);
        let ready = found.ready;
        *found = resource(to_struct(object.as_object().unwrap()).unwrap());
        found.ready = ready;
    }
    response
}
