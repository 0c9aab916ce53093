//! What is no dump, and what is no other release.

use std::{fs, os::unix::fs::PermissionsExt};

use serde_json::json;
use test_support::examples;

use super::{
    COMPOSITION, dump, one,
    other::{Fault, program, release},
    own,
};
use crate::support::{assert_refused, xcluster};

#[test]
fn what_is_no_dump_of_clusters_is_refused() {
    let own = own();
    let config = |name: &str| json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name, "namespace": "default"}});
    let foreign = json!({"apiVersion": "container.gcp.upbound.io/v1beta2", "kind": "Cluster", "metadata": {"name": "gke"}});
    let mixed = [
        examples::composite("aws-minimal"),
        config("a"),
        foreign,
        config("b"),
        config("c"),
    ];
    let how = "no Cluster or XCluster of xcluster.dev; dump them with: kubectl get xclusters.xcluster.dev --all-namespaces";
    let mixed = dump("mixed.yaml", &mixed);
    let named = "ConfigMap default/a, Cluster gke, ConfigMap default/b and 1 more: no Cluster";
    let empty = dump("none.yaml", &[]);
    for (file, expected) in [
        (mixed.as_str(), how),
        (&mixed, named),
        (&empty, "holds no clusters"),
        ("no-such-file.yaml", "cannot read no-such-file.yaml"),
    ] {
        assert_refused(&["plan", "--with", &own, file], expected);
    }
    for args in [
        &["plan", "--with", &own, &empty, &empty][..],
        &["plan", "--with", &own, &empty, "--price-book", &empty],
        &["plan", &empty, &empty, "--answer-within", "1"],
        &["plan", "--with", &own, &empty, "--answer-within", "0"],
    ] {
        assert_eq!(xcluster(args).status.code(), Some(64), "{args:?}");
    }
}

#[test]
fn what_is_no_other_release_is_refused() {
    let dump = one();
    let plain = program("plain", "#!/bin/sh\n");
    fs::set_permissions(&plain, fs::Permissions::from_mode(0o644)).unwrap();
    // An ELF file for a machine that there is none of.
    let foreign = program("foreign", "\u{7f}ELF and nothing else");
    let says = |name: &str, text: &str, rest: &str| {
        program(
            name,
            &format!("#!/bin/sh\n[ \"$1\" = --version ] && {{ {text}; exit; }}\n{rest}\n"),
        )
    };
    let silent = says("silent", "true", "");
    let other = says("other", "echo 'kubectl v1.35'", "");
    let stuck = says("stuck", "exec sleep 60", "");
    let ends = says(
        "ends",
        "echo 'function-xcluster 0.0.1'",
        "echo 'no more memory' >&2; exit 3",
    );
    let old = says(
        "old",
        "echo 'xcluster 0.0.1'",
        "echo \"unrecognized subcommand '$1'\" >&2; exit 64",
    );
    let deaf = says("deaf", "echo 'function-xcluster 0.0.1'", "exec sleep 60");
    let rows = [
        (
            "no-such-program",
            "--with no-such-program: there is no such file; name the program of the other release",
        ),
        (".", "--with .: it may not be executed"),
        (&plain, "it may not be executed; chmod +x "),
        (
            &foreign,
            "it is no program for this machine; take the release's own for linux on ",
        ),
        (
            &silent,
            "it is neither function-xcluster nor xcluster: asked for --version, it says nothing",
        ),
        (&other, "asked for --version, it says \"kubectl v1.35\""),
        (&stuck, "asked for --version, it did not end within 1 s"),
        (
            &ends,
            "function-xcluster 0.0.1 cannot serve the function: it ended (exit status: 3) and said: no more memory",
        ),
        (
            &old,
            "xcluster 0.0.1 cannot serve the function: it ended (exit status: 64) and said: unrecognized subcommand 'function'",
        ),
        (
            &deaf,
            "function-xcluster 0.0.1 cannot serve the function: it did not listen within 1 s",
        ),
    ];
    for (program, expected) in rows {
        assert_refused(
            &["plan", "--with", program, &dump, "--answer-within", "1"],
            expected,
        );
    }
}

#[test]
fn a_release_that_dies_or_hangs_is_named_with_the_cluster() {
    let dump = one();
    for (fault, expected) in [
        (
            Fault::Crashes,
            "function-xcluster 9.9.9 has no answer for ml-platform/prod-us: it ended (signal: 6 (SIGABRT)",
        ),
        (
            Fault::Hangs,
            "function-xcluster 9.9.9 has no answer for ml-platform/prod-us: it did not answer within 2 s",
        ),
    ] {
        let program = release(fault);
        assert_refused(
            &[
                "plan",
                "--with",
                &program,
                &dump,
                "--answer-within",
                "2",
                "-c",
                COMPOSITION,
            ],
            expected,
        );
    }
}
