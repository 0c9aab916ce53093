//! Where mutation starts: requests of settled and of new clusters, and inputs that are kept because
//! of what they did once.
//!
//! The files in `corpus/` are bytes as hexadecimal digits, with `#` before remarks, so that a review
//! can see what each is about.

use std::{collections::BTreeMap, fs, path::Path, sync::OnceLock};

use bytes::Bytes;
use manifests::ScopeArg;
use prost::Message;
use serde_json::{Value, json};
use xcluster::{
    compose::resource,
    wire::{
        proto::v1::{
            Capability, CredentialData, Credentials, Resources, RunFunctionRequest, State,
            credentials,
        },
        structpb::to_struct,
    },
};

use crate::{
    fixture::{self, yaml},
    support::cases::repository,
};

/// Requests as they are on the wire.
pub(super) fn seeds() -> &'static [Vec<u8>] {
    static SEEDS: OnceLock<Vec<Vec<u8>>> = OnceLock::new();
    SEEDS.get_or_init(|| {
        let requests = requests();
        requests.iter().map(Message::encode_to_vec).collect()
    })
}

/// Both clouds, in different scopes, at the first call and settled, one of them drained.
pub(super) fn requests() -> Vec<RunFunctionRequest> {
    let mut drained = fixture::aws();
    fixture::merge(
        &mut drained,
        &json!({"traffic": {"state": "drained", "address": "lb-1.us-east-1.elb.amazonaws.com"}}),
    );
    let mut input = fixture::input();
    let service = yaml(
        "{traffic: {host: inference.acme.example, namespaces: [ml-platform], environments: [prod], zone: {aws: {zoneId: Z0ACMEEXAMPLE}}}}",
    );
    fixture::merge(&mut input, &service);
    let mut found = Vec::new();
    for (scope, spec, input) in [
        (ScopeArg::Claims, fixture::aws(), &fixture::input()),
        (ScopeArg::Namespaced, fixture::gcp(), &fixture::input()),
        (ScopeArg::Cluster, drained, &input),
    ] {
        let mut world = fixture::world(scope, "prod", &spec, Some(input));
        found.push(whole(world.request()));
        world.settle();
        found.push(whole(world.request()));
    }
    found
}

/// A request that says something in every part.
fn whole(mut request: RunFunctionRequest) -> RunFunctionRequest {
    let theirs = to_struct(&theirs()).unwrap();
    if let Some(meta) = &mut request.meta {
        meta.capabilities = vec![
            Capability::Capabilities.into(),
            Capability::RequiredResources.into(),
        ];
    }
    request.desired = Some(State {
        composite: Some(resource(
            to_struct(&json!({"status": {"theirs": {"n": 1.5}}})).unwrap(),
        )),
        resources: [("theirs".to_owned(), resource(theirs.clone()))].into(),
    });
    request.context = Some(theirs.clone());
    let composite = request
        .observed
        .as_ref()
        .and_then(|it| it.composite.clone());
    let items = vec![composite.unwrap_or_default(), resource(theirs)];
    let siblings = Resources { items };
    request.required_resources = ["service-records", "siblings"]
        .map(|question| (question.to_owned(), siblings.clone()))
        .into();
    request.extra_resources = [("more".to_owned(), siblings)].into();
    let data = BTreeMap::from([("key".to_owned(), Bytes::from_static(b"value"))]);
    let source = credentials::Source::CredentialData(CredentialData { data });
    let credentials = Credentials {
        source: Some(source),
    };
    request.credentials = [("cloud".to_owned(), credentials)].into();
    request
}

/// What an earlier step of the pipeline desires.
fn theirs() -> Value {
    json!({"apiVersion": "v1", "kind": "Theirs", "metadata": {"name": "theirs"}, "spec": {"n": 1.5, "list": [null, true]}})
}

/// The kept inputs of one kind, by the name of their file.
pub(super) fn kept(kind: &str) -> Vec<(String, Vec<u8>)> {
    let folder = repository("tests/it/fuzz/corpus").join(kind);
    let entries =
        fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    assert!(!paths.is_empty(), "nothing in {}", folder.display());
    paths.iter().map(|path| (name(path), read(path))).collect()
}

fn name(path: &Path) -> String {
    path.file_name().unwrap().to_str().unwrap().to_owned()
}

fn read(path: &Path) -> Vec<u8> {
    let bytes = fs::read(path).unwrap();
    if path.extension().is_none_or(|extension| extension != "hex") {
        return bytes;
    }
    let text = String::from_utf8(bytes).unwrap();
    let lines = text.lines().map(|line| line.split('#').next().unwrap());
    let digits: Vec<u8> = lines
        .flat_map(str::chars)
        .filter(|c| !c.is_whitespace())
        .map(|c| {
            u8::try_from(
                c.to_digit(16)
                    .unwrap_or_else(|| panic!("{}: {c:?}", path.display())),
            )
            .unwrap()
        })
        .collect();
    assert!(
        digits.len().is_multiple_of(2),
        "{} ends in half a byte",
        path.display()
    );
    digits
        .chunks(2)
        .map(|pair| pair[0] << 4 | pair[1])
        .collect()
}
