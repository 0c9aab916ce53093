//! What the function reads of objects that exist, against the definitions of the releases that report it.

use std::{collections::BTreeSet, fs};

use serde_json::Value;
use xcluster::{
    compose::compose,
    wire::{proto::v1::RunFunctionRequest, structpb::to_struct},
};

use super::{crds, schema::Crds};
use crate::{
    api::{
        examples::{input, spec},
        schema::{SOURCE, schema_of, yaml},
    },
    support::cases::{repository, runs},
};

/// Takes out of an object what its definition does not have, as the API server does.
fn prune(schema: &Value, value: &mut Value) {
    if schema["x-kubernetes-preserve-unknown-fields"] == true {
        return;
    }
    match value {
        Value::Object(fields) => {
            let known = schema["properties"].as_object();
            let any = &schema["additionalProperties"];
            fields.retain(|name, _| {
                any.is_object() || known.is_some_and(|known| known.contains_key(name))
            });
            for (name, value) in fields {
                let own = known.and_then(|known| known.get(name));
                prune(own.unwrap_or(any), value);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|it| prune(&schema["items"], it)),
        _ => {}
    }
}

/// A request whose observed objects are as the API server of a release keeps them.
fn pruned(crds: &Crds, request: &RunFunctionRequest) -> RunFunctionRequest {
    let mut request = request.clone();
    for held in request
        .observed
        .iter_mut()
        .flat_map(|it| it.resources.values_mut())
    {
        let mut object = serde_json::to_value(&held.resource).unwrap();
        for schema in crds.schemas(&object) {
            for part in ["spec", "status"] {
                if let Some(value) = object.get_mut(part) {
                    prune(&schema["properties"][part], value);
                }
            }
        }
        held.resource = Some(to_struct(&object).unwrap());
    }
    request
}

/// A field that is read and that no release has would be there in the simulator alone.
#[test]
fn every_answer_is_made_from_fields_that_the_definitions_have() {
    let Some(crds) = crds() else { return };
    for run in runs() {
        for (number, step) in run.steps.iter().enumerate() {
            let answer = compose(pruned(crds, &step.request));
            let same = answer == step.response;
            assert!(same, "{}, step {number}: another answer", run.title());
        }
    }
}

#[test]
fn what_a_definition_does_not_have_is_taken_out() {
    let Some(crds) = crds() else { return };
    let run = runs()
        .iter()
        .find(|run| run.title().contains("aws"))
        .unwrap();
    let mut request = run.steps.last().unwrap().request.clone();
    let resources = &mut request.observed.as_mut().unwrap().resources;
    let held = resources.get_mut("cluster").unwrap();
    let mut object = serde_json::to_value(&held.resource).unwrap();
    object["status"]["atProvider"]["invented"] = "x".into();
    object["spec"]["forProvider"]["vpcConfig"]["invented"] = true.into();
    held.resource = Some(to_struct(&object).unwrap());
    let request = pruned(crds, &request);
    let cluster = &request.observed.unwrap().resources["cluster"];
    let cluster = serde_json::to_value(&cluster.resource).unwrap();
    assert!(!cluster.to_string().contains("invented"));
    assert!(cluster["status"]["atProvider"]["endpoint"].is_string());
}

/// Whether a schema has a dotted path; a number is an item of a list.
fn has(schema: &Value, path: &str) -> bool {
    let mut segments = path.split('.');
    let found = segments.try_fold(schema, |schema, segment| {
        let next = match segment.parse::<usize>() {
            Ok(_) => &schema["items"],
            Err(_) => &schema["properties"][segment],
        };
        next.is_object().then_some(next)
    });
    found.is_some()
}

/// The dotted paths in the code of a folder.
fn paths(folder: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for file in crate::layout::files(&repository(folder)) {
        // Machine types and words of errors have dots, too.
        let of_errors = file.parent().is_some_and(|it| it.ends_with("remedies"));
        if file.ends_with("machines.rs") || of_errors {
            continue;
        }
        let text = fs::read_to_string(&file).unwrap();
        let code = text.split("#[cfg(test)]").next().unwrap();
        let code = code
            .lines()
            .filter(|line| !line.trim_start().starts_with("//"));
        for line in code {
            found.extend(line.split('"').skip(1).step_by(2).map(str::to_owned));
        }
    }
    found.retain(|text| {
        let part = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric());
        text.contains('.')
            && text.split('.').all(part)
            && text.starts_with(|c: char| c.is_ascii_lowercase())
    });
    found
}

/// What has dots and is no path of an object: names of services and of the clouds' controllers.
const NAMES: [&str; 9] = [
    "amazonaws.com",
    "amazonaws.com.cn",
    "amazonaws.eu",
    "googleapis.com",
    "id.goog",
    "crossplane.io",
    "kubernetes.io",
    ".aws",
    ".gcp",
];

/// What only releases later than the supported ones report. It is read to know that they run.
const LATER: [&str; 2] = [
    "status.atProvider.nodeDrainConfig",
    "spec.forProvider.nodeDrainConfig",
];

/// A path that no kind has reads as absent for ever, and no test of one example has to notice.
#[test]
fn every_path_in_the_code_of_a_cloud_is_one_of_its_kinds() {
    let Some(crds) = crds() else { return };
    let apis = [spec(), input()];
    let composite = schema_of(&yaml(SOURCE));
    let of_api = |path: &str| {
        has(&composite, path)
            || apis.iter().any(|api| {
                let rest = path
                    .strip_prefix(api.root)
                    .and_then(|rest| rest.strip_prefix('.'));
                has(&api.schema, rest.unwrap_or(path))
            })
    };
    let (aws, gcp) = ("provider-aws-v2.6.0", "provider-gcp-v2.6.0");
    let rows = [
        ("src/cloud/aws", vec![aws], 15),
        ("src/cloud/gcp", vec![gcp], 15),
        ("src/plan", vec![aws, gcp], 5),
        ("src/traffic", vec![aws, gcp], 5),
    ];
    for (folder, releases, least) in rows {
        let schemas: Vec<_> = releases.iter().flat_map(|it| crds.all(it)).collect();
        assert!(schemas.len() > 30, "{releases:?}: {}", schemas.len());
        let paths = paths(folder);
        assert!(paths.len() > least, "{paths:?}");
        let unknown: Vec<_> = paths
            .iter()
            .filter(|path| !LATER.contains(&path.as_str()))
            .filter(|path| !NAMES.iter().any(|name| path.ends_with(name)))
            // Definitions leave metadata to the API server.
            .filter(|path| !path.starts_with("metadata.") && !of_api(path))
            .filter(|path| {
                let places = ["", "status.atProvider.", "spec.forProvider.", "spec."];
                let mut whole = places.iter().map(|place| format!("{place}{path}"));
                !whole.any(|path| schemas.iter().any(|schema| has(schema, &path)))
            })
            .collect();
        assert!(unknown.is_empty(), "{folder}: no kind has {unknown:?}");
    }
}
