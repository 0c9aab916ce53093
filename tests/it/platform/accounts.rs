//! What bootstrap/ makes in the clouds' accounts for the controllers of the management cluster.

use super::{
    secrets::pushed_keys,
    terraform::{Block, file},
    text,
};

/// The statement of a policy that has one.
fn statement(policy: &str) -> Block {
    let document = format!(r#"data "aws_iam_policy_document" "{policy}""#);
    file("eks/policies.tf").block(&document).block("statement")
}

/// As in `PushSecret`, `SecretExists` and `fetch` of external-secrets v2.9.0, providers/v1/aws/secretsmanager, for a
/// PushSecret without metadata whose deletionPolicy is None: a creation has tags, and every later push deletes the
/// resource policy. A release that looks first needs GetResourcePolicy (external-secrets#6831).
#[test]
fn external_secrets_may_make_the_calls_that_it_makes_on_aws_and_no_others() {
    let writer = [
        "CreateSecret",
        "DeleteResourcePolicy",
        "DescribeSecret",
        "GetResourcePolicy",
        "GetSecretValue",
        "PutSecretValue",
        "TagResource",
    ];
    let reader = ["DescribeSecret", "GetSecretValue"];
    for (policy, calls) in [("secrets_writer", &writer[..]), ("secrets_reader", &reader)] {
        let calls: Vec<_> = calls
            .iter()
            .map(|call| format!("secretsmanager:{call}"))
            .collect();
        assert_eq!(statement(policy).words("actions"), calls, "{policy}");
        assert_eq!(
            statement(policy).value("resources"),
            "[local.pushed_secrets]",
            "{policy}"
        );
    }
    let policies = text("bootstrap/eks/policies.tf");
    for key in pushed_keys() {
        assert!(key.starts_with("inference-"), "{key} is out of reach");
    }
    assert!(policies.contains(":secret:inference-*"));
}

/// A fresh project has none of these, and Terraform needs them before what it makes with them.
#[test]
fn a_fresh_project_gets_its_services_first() {
    let services = file("gcp/services.tf");
    let service =
        |name: &str| services.block(&format!(r#"resource "google_project_service" "{name}""#));
    // What google_project_service itself is read through.
    assert_eq!(
        service("first").words("for_each"),
        ["cloudresourcemanager", "serviceusage"]
    );
    assert_eq!(
        service("needed").words("for_each"),
        ["iam", "iamcredentials", "secretmanager", "sts"]
    );
    assert_eq!(
        service("needed").value("depends_on"),
        "[google_project_service.first]"
    );
    for name in ["first", "needed"] {
        let other = "other things of the project use it";
        assert_eq!(
            service(name).value("disable_on_destroy"),
            "false",
            "{other}"
        );
    }
    let rows = [
        (
            "federation",
            "google_iam_workload_identity_pool",
            "management",
        ),
        ("federation", "google_service_account", "this"),
        (
            "secrets",
            "google_project_iam_custom_role",
            "secret_creator",
        ),
    ];
    for (path, kind, name) in rows {
        let made = file(&format!("gcp/{path}.tf")).block(&format!(r#"resource "{kind}" "{name}""#));
        assert_eq!(
            made.value("depends_on"),
            "[google_project_service.needed]",
            "{kind}"
        );
    }
    let project = file("gcp/versions.tf").block(r#"data "google_project" "this""#);
    assert_eq!(
        project.value("depends_on"),
        "[google_project_service.first]"
    );
}
