//! The cluster Secret in each of the modes, to the letter: Argo CD ignores what it does not know.

use serde_json::{Value, json};
use xcluster::wire::structpb::to_struct;

use crate::support::{
    cases::Case,
    simulator::{Step, World},
};

const ROLE: &str = "arn:aws:iam::111122223333:role/argocd";
const TARGET: &str = "arn:aws:iam::111122223333:role/argocd-target";
const ACCOUNT: &str = "serviceAccount:argocd@acme-prod.iam.gserviceaccount.com";

/// The last step of a minimal cluster whose platform has this Argo CD.
fn settled(case: &str, argocd: &Value, spec: &Value) -> Step {
    let mut composite = Case::new(case).composite;
    composite["spec"]["argocd"] = spec.clone();
    let input = json!({
        "argocd": argocd,
        // An address that the endpoint can be reached from gives it a certificate of its own.
        "allowedCidrs": ["203.0.113.0/24"],
    });
    let mut world = World::new(composite, Some(to_struct(&input).unwrap()));
    let step = world.settle().pop().unwrap();
    assert_eq!(step.fatal(), None);
    assert!(step.is_ready(), "{:#}", step.status()["waitingFor"]);
    step
}

/// A field of a cluster Secret.
pub(crate) fn decoded(secret: &Value, field: &str) -> Option<String> {
    let data = secret["data"].get(field)?.clone();
    let bytes: k8s_openapi::ByteString = serde_json::from_value(data).unwrap();
    Some(String::from_utf8(bytes.0).unwrap())
}

fn registered(step: &Step) -> Value {
    let conditions = step.conditions();
    let found = conditions
        .iter()
        .find(|condition| condition["type"] == "Registered");
    found.unwrap().clone()
}

fn exec(args: &[&str], env: Value) -> Value {
    let mut exec = json!({
        "command": "argocd-k8s-auth",
        "args": args,
        "apiVersion": "client.authentication.k8s.io/v1beta1",
    });
    if env != json!({}) {
        exec["env"] = env;
    }
    json!({ "execProviderConfig": exec })
}

#[test]
fn every_mode_writes_the_configuration_that_argo_cd_reads() {
    let name = |case: &str| {
        let step = settled(case, &json!({}), &json!({"register": false}));
        step.status()["clusterName"].as_str().unwrap().to_owned()
    };
    let eks = name("aws-minimal");
    let region = Case::new("aws-minimal").composite["spec"]["region"].clone();
    let token = "/var/run/secrets/eks.amazonaws.com/serviceaccount/token";
    let rows = [
        (
            "aws-minimal",
            "awsPodIdentity",
            json!({"aws": {"principalArn": ROLE}}),
            json!({"awsAuthConfig": {"clusterName": eks}}),
        ),
        (
            "aws-minimal",
            "awsPodIdentity",
            json!({"aws": {"principalArn": ROLE, "roleArn": TARGET}}),
            json!({"awsAuthConfig": {"clusterName": eks, "roleARN": TARGET}}),
        ),
        (
            "aws-minimal",
            "awsProfile",
            json!({"aws": {"principalArn": ROLE, "profile": "fleet"}}),
            json!({"awsAuthConfig": {"clusterName": eks, "profile": "fleet"}}),
        ),
        (
            "aws-minimal",
            "awsWebIdentity",
            json!({"aws": {"roleArn": TARGET}}),
            exec(
                &["aws", "--cluster-name", &eks],
                json!({"AWS_REGION": region, "AWS_ROLE_ARN": TARGET, "AWS_WEB_IDENTITY_TOKEN_FILE": token}),
            ),
        ),
        (
            "gcp-minimal",
            "gcpAdc",
            json!({"gcp": {"principal": ACCOUNT}}),
            exec(&["gcp"], json!({})),
        ),
        (
            "gcp-minimal",
            "gcpWif",
            json!({"gcp": {"principal": ACCOUNT, "credentialsFile": "/c.json"}}),
            exec(
                &["gcp"],
                json!({"GOOGLE_APPLICATION_CREDENTIALS": "/c.json"}),
            ),
        ),
    ];
    for (case, mode, argocd, mut expected) in rows {
        let step = settled(case, &argocd, &json!({"auth": {"mode": mode}}));
        let secret = &step.desired()["registration-secret"];
        let config: Value = serde_json::from_str(&decoded(secret, "config").unwrap()).unwrap();
        let authority = &step.status()["certificateAuthority"];
        expected["tlsClientConfig"] = json!({"insecure": false, "caData": authority});
        assert_eq!(config, expected, "{mode}");
        let server = decoded(secret, "server").unwrap();
        assert_eq!(step.status()["endpoint"], server, "{mode}");
        assert!(server.starts_with("https://"), "{mode}: {server}");
        assert_eq!(registered(&step)["status"], "True", "{mode}");
    }
}

#[test]
fn the_eks_capability_knows_a_cluster_by_its_arn_and_needs_no_configuration() {
    let argocd = json!({"aws": {"principalArn": ROLE}});
    let step = settled(
        "aws-minimal",
        &argocd,
        &json!({"auth": {"mode": "eksCapability"}}),
    );
    let secret = &step.desired()["registration-secret"];
    assert_eq!(
        decoded(secret, "server").unwrap(),
        step.status()["clusterId"]
    );
    assert_eq!(decoded(secret, "config"), None);
}

#[test]
fn the_dns_endpoint_of_gke_is_trusted_publicly_and_gets_no_authority() {
    let mut world = crate::support::cases::run("gcp-minimal").world.clone();
    let input = json!({"argocd": {"gcp": {"principal": ACCOUNT}}});
    world.input = Some(to_struct(&input).unwrap());
    let step = world.settle().pop().unwrap();
    let secret = &step.desired()["registration-secret"];
    let config: Value = serde_json::from_str(&decoded(secret, "config").unwrap()).unwrap();
    assert_eq!(config["tlsClientConfig"], json!({"insecure": false}));
}

#[test]
fn what_the_platform_has_not_said_is_named_and_holds_back_nothing_else() {
    let rows = [
        (
            "aws-minimal",
            "awsPodIdentity",
            json!({}),
            "argocd.aws.principalArn",
        ),
        (
            "aws-minimal",
            "awsWebIdentity",
            json!({}),
            "argocd.aws.roleArn",
        ),
        (
            "aws-minimal",
            "awsProfile",
            json!({"aws": {"principalArn": ROLE}}),
            "argocd.aws.profile",
        ),
        ("gcp-minimal", "gcpAdc", json!({}), "argocd.gcp.principal"),
    ];
    for (case, mode, argocd, fact) in rows {
        let step = settled(case, &argocd, &json!({"auth": {"mode": mode}}));
        let condition = registered(&step);
        assert_eq!(condition["status"], "False", "{mode}");
        assert_eq!(condition["reason"], "PlatformFactMissing", "{mode}");
        let message = condition["message"].as_str().unwrap();
        assert!(message.contains(fact), "{mode}: {message}");
        assert!(
            !step.desired().contains_key("registration-secret"),
            "{mode}"
        );
    }
}

#[test]
fn labels_and_annotations_of_the_author_s_stand_beside_ours() {
    let spec = json!({
        "labels": {"team": "ml"},
        "annotations": {"example.org/zone": "z1"},
        "skipReconcile": true,
    });
    let step = settled(
        "aws-minimal",
        &json!({"aws": {"principalArn": ROLE}}),
        &spec,
    );
    let metadata = &step.desired()["registration-secret"]["metadata"];
    assert_eq!(metadata["labels"]["team"], "ml");
    assert_eq!(
        metadata["labels"]["argocd.argoproj.io/secret-type"],
        "cluster"
    );
    assert_eq!(metadata["annotations"]["example.org/zone"], "z1");
    assert_eq!(
        metadata["annotations"]["argocd.argoproj.io/skip-reconcile"],
        "true"
    );
}

/// The Secret's labels or annotations of ours, once an example is settled.
fn of_ours(case: &str, spec: &Value, kind: &str) -> Value {
    let case = Case::new(case);
    let mut input = serde_json::to_value(case.input.unwrap_or_default()).unwrap();
    input["argocd"] = json!({"aws": {"principalArn": ROLE}, "gcp": {"principal": ACCOUNT}});
    let mut composite = case.composite;
    for (field, value) in spec.as_object().unwrap() {
        composite["spec"][field] = value.clone();
    }
    let input = to_struct(&input).unwrap();
    let step = World::new(composite, Some(input)).settle().pop().unwrap();
    assert_eq!(step.fatal(), None);
    assert!(step.is_ready(), "{:#}", step.status()["waitingFor"]);
    let mut found = step.desired()["registration-secret"]["metadata"][kind].clone();
    found["status"] = step.status();
    found
}

#[test]
fn controllers_learn_what_the_cloud_calls_the_network() {
    let rows = [
        ("aws-minimal", "/network/vpcId"),
        ("aws-auto", "/network/vpcId"),
        ("gcp-minimal", "/network/network"),
        ("gcp-autopilot", "/network/network"),
    ];
    for (case, path) in rows {
        let found = of_ours(case, &json!({}), "annotations");
        // On GCP the status has the whole address, which ends in the name.
        let reported = found["status"].pointer(path).unwrap().as_str().unwrap();
        let name = reported.rsplit('/').next().unwrap();
        assert_eq!(found["xcluster.dev/network"], name, "{case}");
        let range = &Case::new(case).composite["spec"]["network"]["cidr"];
        assert_eq!(&found["xcluster.dev/network-cidr"], range, "{case}");
    }
}

#[test]
fn no_cluster_has_two_metrics_servers() {
    let on = json!({"addons": {"metricsServer": {"enabled": true}}});
    let off = json!({});
    let rows = [
        ("aws-minimal", &off, "chart", "EKS has none of its own"),
        ("aws-minimal", &on, "cloud", "the add-on is composed"),
        ("aws-auto", &off, "chart", "Auto Mode has none of its own"),
        (
            "aws-auto",
            &on,
            "chart",
            "Auto Mode takes no add-on of ours",
        ),
        ("gcp-minimal", &off, "cloud", "GKE always has one"),
        ("gcp-autopilot", &off, "cloud", "GKE always has one"),
    ];
    for (case, spec, expected, reason) in rows {
        let found = of_ours(case, spec, "labels");
        assert_eq!(
            found["xcluster.dev/metrics-server"], expected,
            "{case}: {reason}"
        );
    }
}
