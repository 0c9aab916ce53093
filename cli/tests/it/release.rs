//! `xcluster plan --with`: what another release would do, and what is no other release.

mod other;
mod refused;

use manifests::ScopeArg;
use serde_json::{Value, json};
use test_support::examples;

use self::other::{Fault, release};
use crate::support::{command, file, stderr, stdout, xcluster};

/// The composition of the examples on AWS.
const COMPOSITION: &str = "examples/aws-standard/composition.yaml";

/// What `kubectl get` prints of these objects.
fn list(objects: &[Value]) -> Value {
    json!({"apiVersion": "v1", "kind": "List", "metadata": {"resourceVersion": ""}, "items": objects})
}

/// A dump as a file, with what an API server adds to each object.
fn dump(name: &str, objects: &[Value]) -> String {
    let mut objects = objects.to_vec();
    for object in &mut objects {
        object["metadata"]["uid"] = "5a1c".into();
        object["metadata"]["managedFields"] =
            json!([{"manager": "crossplane", "operation": "Apply"}]);
        object["status"] = json!({"phase": "Ready", "clusterName": "of-before"});
    }
    let yaml = serde_saphyr::to_string(&list(&objects)).unwrap();
    file(name, &yaml)
}

/// The command itself, which serves this release.
fn own() -> String {
    command().get_program().to_str().unwrap().to_owned()
}

/// A dump of one cluster on AWS.
fn one() -> String {
    dump("one.yaml", &[examples::composite("aws-standard")])
}

/// What a release that differs by this would do to a cluster: the lines, and the exit code.
fn plan(fault: Fault) -> (String, Option<i32>) {
    let (program, dump) = (release(fault), one());
    let output = xcluster(&["plan", "--with", &program, &dump, "-c", COMPOSITION]);
    assert_eq!(stderr(&output), "", "{fault:?}");
    (stdout(&output), output.status.code())
}

/// The line with the clusters where the one of them differs.
const ONE: &str = "clusters: 0 without a change, 1 with changes, 0 failed, 0 not compared";
/// What each difference is called, besides what stands above and below each plan. A line with `!` is there only where
/// something is lost, replaced, stuck or refused, and then the exit code is 1.
const ROWS: &[(Fault, &[&str])] = &[
    (
        Fault::None,
        &[
            "clusters: 1 without a change, 0 with changes, 0 failed, 0 not compared",
            "0 to create, 0 to change, 0 to delete",
        ],
    ),
    (
        Fault::Tags,
        &[
            "plan for ml-platform/prod-us",
            "~  network-vpc  VPC",
            "spec.forProvider.tags.release: nothing -> \"9.9.9\"",
            "0 to create, 1 to change, 0 to delete",
            ONE,
        ],
    ),
    (
        Fault::Creates,
        &[
            "+  identity-key-alias-second  Alias",
            "1 to create, 0 to change, 0 to delete",
            ONE,
        ],
    ),
    (
        Fault::Deletes,
        &[
            "-  addons-dns  Addon",
            "! addons-dns is deleted",
            "! ml-platform/prod-us does not become Ready again",
            "! addons-dns waits for its creation (asked for just now)",
            "0 to create, 0 to change, 1 to delete",
            "! look first at ml-platform/prod-us",
            ONE,
        ],
    ),
    (
        Fault::Forgets,
        &[
            "! registration-secret is lost: Argo CD forgets the cluster, and ApplicationSets delete what they made on it",
            "! ml-platform/prod-us does not become Ready again",
            "! registration-secret waits for its creation (asked for just now)",
            "! look first at ml-platform/prod-us",
        ],
    ),
    (
        Fault::DeletesHeld,
        &[
            "! ml-platform/prod-us fails: Crossplane would not do it: identity-key is held by protection-identity-key",
            "! look first at ml-platform/prod-us",
        ],
    ),
    (
        Fault::Renames,
        &[
            "! identity-node-role is replaced: it stands for another thing in the cloud, and the old one is left behind",
            "! look first at ml-platform/prod-us",
        ],
    ),
    (
        Fault::Fixed,
        &[
            "spec.forProvider.addonName: \"coredns\" -> \"other\"",
            "! addons-dns cannot change: refuse to update the external resource because the following update requires \
                 replacing it: /addonName",
            "! look first at ml-platform/prod-us",
        ],
    ),
    (
        Fault::Disks,
        &[
            "! nodes-pool-general-816cf6 replaces every node of pool general: its launch template has a new version",
            "! look first at ml-platform/prod-us",
        ],
    ),
    (
        Fault::Refuses,
        &[
            "! ml-platform/prod-us fails: spec.region: is not to its taste",
            "clusters: 0 without a change, 0 with changes, 1 failed, 0 not compared",
            "! look first at ml-platform/prod-us",
        ],
    ),
];

#[test]
fn a_plan_says_what_another_release_would_do() {
    for (fault, says) in ROWS {
        let (text, code) = plan(*fault);
        let lines: Vec<_> = text.lines().map(str::trim).collect();
        for said in *says {
            assert!(lines.contains(said), "{fault:?}: no {said:?} in\n{text}");
        }
        let marks = |lines: &[&str]| lines.iter().filter(|line| line.starts_with('!')).count();
        assert_eq!(marks(&lines), marks(says), "{fault:?}\n{text}");
        let expected = i32::from(marks(says) > 0);
        assert_eq!(code, Some(expected), "{fault:?}\n{text}");
        assert!(lines[0].ends_with(" to function-xcluster 9.9.9"), "{text}");
    }
}

/// This very release changes nothing of any example, in any scope, and neither of what a claim says itself. The command serves
/// the function, too.
#[test]
fn a_release_changes_nothing_against_itself() {
    let own = own();
    for name in examples::names() {
        let composite = examples::composite(&name);
        let scopes = [ScopeArg::Claims, ScopeArg::Cluster, ScopeArg::Namespaced];
        let composites = scopes.map(|scope| examples::in_scope(&composite, scope));
        let claim = examples::claim(&composite);
        let objects: Vec<_> = composites.into_iter().chain([claim]).collect();
        let dump = dump(&format!("{name}.yaml"), &objects);
        let composition = format!("examples/{name}/composition.yaml");
        let output = xcluster(&["plan", "--with", &own, &dump, "-c", &composition]);
        let version = env!("CARGO_PKG_VERSION");
        let said = format!(
            "from xcluster {version} to xcluster {version}\n\nclusters: 4 without a change, 0 with changes, 0 failed, \
             0 not compared\n0 to create, 0 to change, 0 to delete\n"
        );
        assert_eq!(
            (stdout(&output), stderr(&output)),
            (said, String::new()),
            "{name}"
        );
        assert_eq!(output.status.code(), Some(0), "{name}");
    }
}

#[test]
fn json_has_each_cluster_and_the_numbers() {
    let mut going = examples::composite("aws-minimal");
    going["metadata"]["deletionTimestamp"] = "2026-01-15T09:30:00Z".into();
    let mut unsound = examples::composite("aws-minimal");
    unsound["spec"]["region"] = "nowhere".into();
    let sound = examples::composite("aws-standard");
    let text = serde_json::to_string(&list(&[going, unsound, sound])).unwrap();
    let dump = file("several.json", &text);
    let with = |fault| {
        let program = release(fault);
        let output = xcluster(&[
            "plan",
            "--with",
            &program,
            &dump,
            "-c",
            COMPOSITION,
            "-o",
            "json",
        ]);
        let plan: Value = serde_json::from_str(&stdout(&output)).unwrap();
        (plan, stderr(&output), output.status.code())
    };
    let (plan, complaint, code) = with(Fault::Deletes);
    assert_eq!(plan["to"], "function-xcluster 9.9.9");
    assert_eq!(
        plan["beingDeleted"],
        json!(["ml-platform/dev-us"]),
        "{plan}"
    );
    assert_eq!(plan["lookFirstAt"], json!(["ml-platform/prod-us"]));
    assert_eq!(
        plan["steps"],
        json!({"create": 0, "change": 0, "delete": 1})
    );
    let counts = json!({"same": 0, "different": 1, "failed": 0, "notCompared": 1});
    assert_eq!(plan["counts"], counts);
    let clusters = plan["clusters"].as_array().unwrap();
    assert_eq!(clusters[0]["is"], "notCompared");
    assert!(clusters[0]["problem"].as_str().unwrap().contains("nowhere"));
    let step = &clusters[1]["steps"][0];
    assert_eq!(
        (&step["key"], &step["do"]),
        (&json!("addons-dns"), &json!("delete"))
    );
    assert!(step["lost"].is_string());
    // What is lost counts more than what has no answer.
    assert_eq!(code, Some(1));
    assert!(
        complaint.contains("ml-platform/dev-us was not compared: "),
        "{complaint}"
    );
    assert_eq!(with(Fault::Tags).2, Some(2));
    let (plan, _, _) = with(Fault::Renames);
    assert!(
        plan["clusters"][1]["steps"][0]["replaced"].is_string(),
        "{plan}"
    );
    let (plan, _, _) = with(Fault::Fixed);
    assert!(
        plan["clusters"][1]["steps"][0]["stuck"].is_string(),
        "{plan}"
    );
    let (plan, _, _) = with(Fault::Refuses);
    assert_eq!(plan["clusters"][1]["is"], "failed");
}

/// As large a fleet as one control plane serves, without the limits that files of people have.
#[test]
fn a_dump_may_be_as_large_as_a_fleet() {
    let one = examples::composite("gcp-minimal");
    let mut padded = one.clone();
    // What 2,000 clusters are to the parser, in one object that no cluster is composed by.
    padded["status"] = json!({"padding": vec![json!({"a": 1, "b": 2}); 150_000]});
    let yaml = serde_saphyr::to_string(&list(&[padded, one])).unwrap();
    assert!(yaml.lines().count() > 250_000);
    let dump = file("large.yaml", &yaml);
    let own = own();
    let output = xcluster(&[
        "plan",
        "--with",
        &own,
        &dump,
        "-c",
        "examples/gcp-minimal/composition.yaml",
    ]);
    assert!(
        stdout(&output).contains("\nclusters: 2 without a change"),
        "{}",
        stderr(&output)
    );
}
