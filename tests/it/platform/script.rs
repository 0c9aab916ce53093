//! bootstrap/up.sh: what it would do, what it does with programs that only write down their
//! arguments, and how it stops.

use std::{
    fs,
    os::unix::fs::symlink,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use super::{files, relative};
use crate::support::cases::repository;

/// Programs that succeed and write down how they were called. They are functions of bash: a file that
/// was just written cannot always be run, while other threads start processes.
struct Programs {
    folder: PathBuf,
}

/// What up.sh may find on any machine.
const USUAL: [&str; 8] = [
    "bash", "cat", "dirname", "grep", "openssl", "sed", "tail", "tr",
];

impl Programs {
    fn new(name: &str, missing: &[&str]) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("bootstrap-{name}"));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(folder.join("bin")).unwrap();
        for usual in USUAL {
            let mut places = ["/usr/bin", "/bin"]
                .iter()
                .map(|it| Path::new(it).join(usual));
            let program = places.find(|it| it.exists());
            let program = program.unwrap_or_else(|| panic!("{usual} is not installed"));
            symlink(program, folder.join("bin").join(usual)).unwrap();
        }
        let programs = Self { folder };
        for program in ["kubectl", "helm", "kind", "terraform", "jq"] {
            if !missing.contains(&program) {
                programs.put(program, "");
            }
        }
        programs
    }

    /// A program that writes down its arguments, then does this, with what it was given.
    fn put(&self, program: &str, body: &str) {
        let mut definitions = self.definitions();
        let calls = self.folder.join("calls");
        let read = "case \"$*\" in */dev/stdin* | *'--filename -'*) given=$(cat) ;; esac";
        definitions += &format!(
            "{program}() {{\nlocal given\nprintf '%s\\n' \"{program} $*\" >>'{}'\n{read}\n{body}\n}}\n",
            calls.display()
        );
        fs::write(self.folder.join("programs"), definitions).unwrap();
    }

    fn definitions(&self) -> String {
        fs::read_to_string(self.folder.join("programs")).unwrap_or_default()
    }

    fn calls(&self) -> String {
        fs::read_to_string(self.folder.join("calls")).unwrap_or_default()
    }

    fn up(&self, environment: &[(&str, &str)], arguments: &[&str]) -> Output {
        self.up_in(&repository(""), environment, arguments)
    }

    fn up_in(&self, root: &Path, environment: &[(&str, &str)], arguments: &[&str]) -> Output {
        let mut command = Command::new("bash");
        command
            .arg(root.join("bootstrap/up.sh"))
            .args(arguments)
            .env_clear();
        command.env("PATH", self.folder.join("bin"));
        command.env("BASH_ENV", self.folder.join("programs"));
        command.envs(environment.iter().copied());
        command.output().unwrap()
    }
}

fn out(output: &Output) -> String {
    let (out, error) = (
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
    );
    assert!(output.status.success(), "{out}{error}");
    out.into_owned()
}

/// What it says when it stops.
fn refused(output: &Output) -> String {
    assert!(!output.status.success());
    String::from_utf8_lossy(&output.stderr).trim().to_owned()
}

/// A copy of what up.sh reads, with the platform's own facts in it.
fn own_copy(name: &str) -> PathBuf {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("repository-{name}"));
    let _ = fs::remove_dir_all(&target);
    for folder in ["argocd", "bootstrap", "clusters"] {
        for extension in ["yaml", "sh"] {
            for path in files(folder, extension) {
                let copy = target.join(relative(&path));
                fs::create_dir_all(copy.parent().unwrap()).unwrap();
                let mut text = fs::read_to_string(&path).unwrap();
                if extension == "yaml" {
                    text = text.replace("111122223333", "444455556666");
                    text = text.replace("acme-prod", "our-project");
                    text = text.replace("acme.example", "our.example");
                    text = text.replace("mode: awsPodIdentity", "mode: awsProfile");
                }
                fs::write(copy, text).unwrap();
            }
        }
    }
    target
}

#[test]
fn a_dry_run_prints_the_plan_and_calls_nothing() {
    let programs = Programs::new("dry", &[]);
    let plan = out(&programs.up(&[], &["--dry-run"]));
    assert_eq!(programs.calls(), "");
    let order = [
        "kind create cluster",
        "bootstrap/people.yaml",
        "bootstrap/policies.yaml",
        "aws-credentials",
        "upgrade --install crossplane",
        "activation-claims.yaml",
        "providers.yaml",
        "--for condition=Healthy",
        "aws-secret.yaml",
        "xrd/claims.yaml",
        "install external-secrets",
        "install argocd argo-cd",
        "inference-tokens",
        "--kustomize",
        "application/root",
    ];
    let mut from = 0;
    for part in order {
        let found = plan[from..]
            .find(part)
            .unwrap_or_else(|| panic!("{part} does not come then: {plan}"));
        from += found;
    }
    assert!(
        plan.lines()
            .filter(|line| line.contains("kubectl "))
            .all(|line| line.contains("--context kind-xcluster"))
    );
}

#[test]
fn every_manifest_is_installed_by_some_variant() {
    let programs = Programs::new("variants", &[]);
    let mut plans = String::new();
    for scope in ["claims", "cluster", "namespaced"] {
        for (management, identity) in [("kind", "secret"), ("eks", "pod-identity"), ("eks", "irsa")]
        {
            let environment = [
                ("MANAGEMENT", management),
                ("SCOPE", scope),
                ("CONTEXT", "a-context"),
                ("AWS_IDENTITY", identity),
            ];
            let plan = out(&programs.up(&environment, &["--dry-run"]));
            for word in plan.split_whitespace().filter(|word| {
                word.starts_with('/') && word.contains("platform") && word.ends_with(".yaml")
            }) {
                assert!(Path::new(word).exists(), "{word}");
            }
            plans += &plan;
        }
    }
    for path in files("bootstrap", "yaml") {
        let path = relative(&path);
        // A second release is there for a while: a person installs it, and takes it away again (docs/day2.md).
        if path == "bootstrap/crossplane/function-next.yaml" {
            continue;
        }
        assert!(
            plans.contains(&format!("/{path}")),
            "{path} is installed by nothing"
        );
    }
    for path in files("clusters/xrd", "yaml") {
        assert!(plans.contains(&relative(&path)), "{}", path.display());
    }
}

#[test]
fn it_does_not_use_keys_on_eks() {
    let programs = Programs::new("eks", &[]);
    let plan = out(&programs.up(
        &[("MANAGEMENT", "eks"), ("CONTEXT", "management")],
        &["--dry-run"],
    ));
    assert!(plan.contains("aws-pod-identity.yaml") && plan.contains("gcp-federation.yaml"));
    assert!(
        !plan.contains("credentials,") && !plan.contains("-credentials"),
        "{plan}"
    );
}

#[test]
fn it_can_be_run_again_and_shows_no_key() {
    let root = own_copy("again");
    let programs = Programs::new("again", &[]);
    programs.put("kind", "[ \"$1 $2\" != 'get clusters' ] || echo xcluster");
    let google = programs.folder.join("google.json");
    fs::write(&google, "a-google-key").unwrap();
    let environment = [
        ("AWS_ACCESS_KEY_ID", "an-access-key"),
        ("AWS_SECRET_ACCESS_KEY", "a-secret-key"),
        ("GOOGLE_APPLICATION_CREDENTIALS", google.to_str().unwrap()),
    ];
    let first = out(&programs.up_in(&root, &environment, &[]));
    let calls = programs.calls();
    let second = out(&programs.up_in(&root, &environment, &[]));
    assert_eq!(
        programs.calls(),
        format!("{calls}{calls}"),
        "the same again"
    );
    assert!(!calls.contains("kind create"), "it is there already");
    for text in [&first, &second, &calls] {
        for key in ["an-access-key", "a-secret-key", "a-google-key"] {
            assert!(!text.contains(key), "{key} is shown");
        }
    }
    assert!(first.contains("==> Argo CD") && first.contains("done in"));
}

/// Secrets reach kubectl by its standard input.
#[test]
fn keys_reach_the_secrets() {
    let root = own_copy("keys");
    let programs = Programs::new("keys", &[]);
    let got = programs.folder.join("got");
    programs.put(
        "kubectl",
        &format!(
            "case \"$*\" in create\\ secret*) echo \"$given\" >>'{}' ;; esac",
            got.display()
        ),
    );
    let environment = [
        ("AWS_ACCESS_KEY_ID", "an-access-key"),
        ("AWS_SECRET_ACCESS_KEY", "a-secret-key"),
        ("CLOUDS", "aws"),
    ];
    out(&programs.up_in(&root, &environment, &[]));
    let got = fs::read_to_string(got).unwrap();
    assert_eq!(
        got.matches("aws_access_key_id = an-access-key\naws_secret_access_key = a-secret-key")
            .count(),
        3,
        "{got}"
    );
    for namespace in ["crossplane-system", "argocd", "external-secrets"] {
        assert!(programs.calls().contains(&format!(
            "create secret generic aws-credentials --namespace {namespace}"
        )));
    }
    // The repository may lie in a folder of any name.
    let calls = programs
        .calls()
        .replace(repository("").to_str().unwrap(), "");
    assert!(!calls.contains("gcp"), "only what CLOUDS names");
}

/// Environment, missing programs, reason and fix.
type Row<'a> = (&'a [(&'a str, &'a str)], &'a [&'a str], &'a str, &'a str);

#[test]
fn it_stops_with_the_reason_and_the_fix() {
    let keys = ("AWS_ACCESS_KEY_ID", "x");
    let rows: [Row<'_>; 9] = [
        (
            &[("MANAGEMENT", "gke")],
            &[],
            "MANAGEMENT is 'gke'",
            "use kind or eks",
        ),
        (
            &[("SCOPE", "all")],
            &[],
            "SCOPE is 'all'",
            "use claims, cluster or namespaced",
        ),
        (
            &[("CLOUDS", "azure")],
            &[],
            "CLOUDS names 'azure'",
            "use aws, gcp or both",
        ),
        (
            &[("AWS_IDENTITY", "magic")],
            &[],
            "AWS_IDENTITY is 'magic'",
            "use pod-identity, irsa or secret",
        ),
        (
            &[("MANAGEMENT", "eks")],
            &[],
            "CONTEXT is not set",
            "CONTEXT=",
        ),
        (
            &[keys],
            &["helm"],
            "helm is not installed",
            "docs/platform.md",
        ),
        (
            &[keys],
            &[],
            "the AWS account 111122223333 is an example",
            "put yours into",
        ),
        (
            &[("CLOUDS", "gcp")],
            &[],
            "the Google Cloud project acme-prod is an example",
            "put yours into",
        ),
        (
            &[("CLOUDS", "")],
            &[],
            "the service's host inference.acme.example is an example",
            "argocd/root.yaml",
        ),
    ];
    for (index, (environment, missing, reason, fix)) in rows.into_iter().enumerate() {
        let programs = Programs::new(&format!("refused-{index}"), missing);
        let message = refused(&programs.up(environment, &[]));
        assert_eq!(message.lines().count(), 1, "{message}");
        assert!(
            message.starts_with("error: ") && message.contains(reason) && message.contains(fix),
            "{message}"
        );
        assert_eq!(programs.calls(), "", "nothing was changed");
    }
    let root = own_copy("refused");
    let programs = Programs::new("refused", &[]);
    let composition = root.join("clusters/composition.yaml");
    let profile = fs::read_to_string(&composition).unwrap();
    let pod_identity = profile.replace("mode: awsProfile", "mode: awsPodIdentity");
    fs::write(&composition, pod_identity).unwrap();
    let message = refused(&programs.up_in(&root, &[keys], &[]));
    assert!(
        message.contains("put 'mode: awsProfile' and 'profile: default' into"),
        "{message}"
    );
    fs::write(&composition, profile).unwrap();
    let message = refused(&programs.up_in(&root, &[], &[]));
    assert!(
        message.contains("AWS has no credentials; set AWS_ACCESS_KEY_ID"),
        "{message}"
    );
    let message = refused(&programs.up_in(&root, &[("CLOUDS", "gcp")], &[]));
    assert!(
        message.contains("set GOOGLE_APPLICATION_CREDENTIALS to a file"),
        "{message}"
    );
    assert!(refused(&programs.up(&[], &["--force"])).contains("the only one is --dry-run"));
}

#[test]
fn a_step_that_fails_says_what_the_program_said() {
    let root = own_copy("failing");
    let programs = Programs::new("failing", &[]);
    let environment = [("CLOUDS", "")];
    programs.put("helm", "echo 'context deadline exceeded' >&2; return 1");
    let message = refused(&programs.up_in(&root, &environment, &[]));
    assert!(message.contains("context deadline exceeded"), "{message}");
    assert!(
        message.contains("error: the chart crossplane 2.3.4 does not come up; look at"),
        "{message}"
    );
    programs.put("helm", "");
    programs.put(
        "kubectl",
        "case \"$*\" in *application/root*) echo 'timed out' >&2; return 1 ;; esac",
    );
    let message = refused(&programs.up_in(&root, &environment, &[]));
    assert!(
        message.contains("is repoURL in argocd/root.yaml yours, and is this commit pushed to it?"),
        "{message}"
    );
}
