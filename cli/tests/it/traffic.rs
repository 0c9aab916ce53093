//! `xcluster render` of a cluster that is to be drained, with and without the others.

use std::process::Output;

use manifests::load;
use serde_json::{Value, json};
use test_support::{examples, files::repository};

use crate::support::{command, file, stderr, stdout};

/// A file for one test.
fn yaml(name: &str, object: &Value) -> String {
    file(name, &serde_saphyr::to_string(object).unwrap())
}

/// An example as it is when nothing changes any more.
fn settled(example: &str) -> Value {
    let mut composite = examples::composite(example);
    let golden = format!("tests/it/golden/{example}/settled.yaml");
    composite["status"] = load(&repository(&golden)).unwrap()[0]["status"].take();
    composite
}

/// The settled cluster on AWS, drained just now.
fn rendered(name: &str, others: &[String]) -> Output {
    let mut composite = settled("aws-traffic");
    composite["spec"]["traffic"]["state"] = json!("drained");
    let folder = repository("examples/aws-traffic");
    let mut command = command();
    command
        .arg("render")
        .arg(yaml(name, &composite))
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
    let other = settled("gcp-traffic");
    let mut idle = other.clone();
    idle["spec"]["traffic"]["state"] = json!("evacuated");
    let other = yaml("traffic-other.yaml", &other);
    let idle = yaml("traffic-idle.yaml", &idle);
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
        let text = stdout(&output);
        let line = format!("# traffic of inference.acme.example: {expected}\n");
        assert!(text.contains(&line), "{name}: {text}");
        assert!(text.contains(&format!("reason: {reason}")), "{name}");
    }
    let output = rendered("traffic-3.yaml", &[idle]);
    assert_eq!(output.status.code(), Some(2));
    let message = stderr(&output);
    assert!(message.contains("would leave nobody to serve"), "{message}");
}
