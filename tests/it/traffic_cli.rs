//! `xcluster render` of a cluster that is to be drained, with and without the others.

use std::{
    path::PathBuf,
    process::{Command, Output},
};

use serde_json::{Value, json};

use crate::support::cases::{repository, run};

/// A file for one test.
fn file(name: &str, object: &Value) -> String {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&path, serde_saphyr::to_string(object).unwrap()).unwrap();
    path.display().to_string()
}

/// The settled cluster on AWS, drained just now.
fn rendered(name: &str, others: &[String]) -> Output {
    let mut composite = run("aws-traffic").world.composite.clone();
    composite["spec"]["traffic"]["state"] = json!("drained");
    let folder = repository("examples/aws-traffic");
    let mut command = Command::new(env!("CARGO_BIN_EXE_xcluster"));
    command
        .arg("render")
        .arg(file(name, &composite))
        .arg("--composition")
        .arg(folder.join("composition.yaml"))
        .arg("--observed")
        .arg(folder.join("observed"));
    for other in others {
        command.args(["--required", other]);
    }
    command.output().unwrap()
}

#[test]
fn the_summary_says_where_callers_are_sent() {
    let other = run("gcp-traffic").world.composite.clone();
    let mut idle = other.clone();
    idle["spec"]["traffic"]["state"] = json!("evacuated");
    let other = file("traffic-other.yaml", &other);
    let idle = file("traffic-idle.yaml", &idle);
    let to = "to k8s-inference-0a1b2c3d4e-123456789.us-east-1.elb.amazonaws.com";
    let rows = [
        (
            "traffic-1.yaml",
            vec![],
            format!("active, weight 150, {to}"),
            "Waiting",
        ),
        (
            "traffic-2.yaml",
            vec![other],
            format!("drained, weight 0, {to}"),
            "Waiting",
        ),
    ];
    for (name, others, expected, reason) in rows {
        let output = rendered(name, &others);
        let text = String::from_utf8(output.stdout).unwrap();
        let line = format!("# traffic of inference.acme.example: {expected}\n");
        assert!(text.contains(&line), "{name}: {text}");
        assert!(text.contains(&format!("reason: {reason}")), "{name}");
    }
    let output = rendered("traffic-3.yaml", &[idle]);
    assert_eq!(output.status.code(), Some(2));
    let message = String::from_utf8(output.stderr).unwrap();
    assert!(message.contains("would leave nobody to serve"), "{message}");
}

#[test]
#[cfg(not(feature = "failover"))]
fn a_build_without_failover_says_how_to_get_one_with_it() {
    for arguments in [
        &["failover", "--from", "prod-us", "--to", "prod-eu"][..],
        &["failback", "--help"],
        &["failover"],
    ] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_xcluster"));
        let output = command.args(arguments).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        let message = String::from_utf8(output.stderr).unwrap();
        assert!(message.contains("--features failover"), "{message}");
    }
}
