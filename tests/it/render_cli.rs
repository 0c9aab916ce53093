//! Every example through the real `crossplane composition render`, core and `resource validate`.
//!
//! They need the binaries that `make tools` builds; `make test-render` names their folder in
//! `XCLUSTER_TOOLS`. Without it there is nothing to compare with, and these tests say so and pass.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
    sync::atomic::{AtomicUsize, Ordering},
};

use serde_json::{Value, json};
use xcluster::cli::ScopeArg;

use crate::support::{
    cases::{Case, SCOPES, document, repository, run_in},
    crds,
    process::Process,
    simulator::{KEY, Step},
};

/// Numbers the folders: tests run side by side.
static RUNS: AtomicUsize = AtomicUsize::new(0);

/// The real clients.
struct Tools(PathBuf);

impl Tools {
    /// The folder that `make test-render` names.
    fn find() -> Option<Self> {
        let Some(folder) = std::env::var_os("XCLUSTER_TOOLS") else {
            println!("skipped: run `make test-render` to compare with the real clients");
            return None;
        };
        Some(Self(folder.into()))
    }

    fn crossplane(&self, args: &[&str]) -> Output {
        let binary = self.0.join("crossplane");
        Command::new(&binary)
            .args(args)
            .output()
            .unwrap_or_else(|error| panic!("{}: {error}; run `make tools`", binary.display()))
    }

    /// Renders a case as a person would; the answer is sorted out into documents.
    fn render(&self, run: &Run<'_>) -> Result<Vec<Value>, String> {
        let binary = format!(
            "--crossplane-binary={}",
            self.0.join("crossplane-core").display()
        );
        let xrd = format!("--xrd={}", run.xrd().display());
        let target = format!(
            "render.crossplane.io/runtime-development-target=localhost:{}",
            run.server.address.port()
        );
        let mut args = vec![
            "composition",
            "render",
            run.path("xr.yaml"),
            run.path("composition.yaml"),
            run.path("functions.yaml"),
            &binary,
            &xrd,
            "--include-full-xr",
            "--function-annotations",
            &target,
            "--timeout=60s",
        ]
        .into_iter()
        .map(str::to_owned)
        .collect::<Vec<_>>();
        if let Some(observed) = run.observed {
            args.push(format!("--observed-resources={}", observed.display()));
        }
        let args: Vec<_> = args.iter().map(String::as_str).collect();
        let output = self.crossplane(&args);
        if !output.status.success() {
            return Err(String::from_utf8_lossy(&output.stderr).into_owned());
        }
        let text = String::from_utf8(output.stdout).unwrap();
        fs::write(run.path("rendered.yaml"), &text).unwrap();
        Ok(xcluster::cli::load(Path::new(run.path("rendered.yaml"))).unwrap())
    }

    /// Validates what was rendered against the CRDs and the XRD.
    fn validate(&self, run: &Run<'_>, crds: &[PathBuf]) {
        let mut extensions: Vec<_> = crds.iter().map(|crd| crd.display().to_string()).collect();
        extensions.push(run.xrd().display().to_string());
        let cache = format!("--cache-dir={}", run.path("cache"));
        let output = self.crossplane(&[
            "resource",
            "validate",
            &extensions.join(","),
            run.path("rendered.yaml"),
            "--crossplane-image=",
            &cache,
            "--error-on-missing-schemas",
        ]);
        let report = String::from_utf8_lossy(&output.stdout);
        let bad: Vec<_> = report
            .lines()
            .filter(|line| !line.starts_with("[✓]"))
            .collect();
        assert!(output.status.success(), "{}: {}", run.label, bad.join("\n"));
    }
}

/// One rendering: a case in a scope, in a folder of its own.
struct Run<'a> {
    label: String,
    scope: &'a str,
    server: &'a Process,
    observed: Option<&'a Path>,
    files: Vec<(&'static str, String)>,
}

impl<'a> Run<'a> {
    fn new(case: &Case, scope: (ScopeArg, &'a str), server: &'a Process) -> Self {
        let (arg, name) = scope;
        let run = RUNS.fetch_add(1, Ordering::Relaxed);
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("render-{run}"));
        fs::create_dir_all(&folder).unwrap();
        let example = repository("examples").join(&case.name);
        let composite = case.in_scope(arg);
        let mut composition = document(&example.join("composition.yaml"));
        composition["spec"]["compositeTypeRef"]["kind"] = composite["kind"].clone();
        let functions = document(&example.join("functions.yaml"));
        let contents = [
            ("xr.yaml", composite),
            ("claim.yaml", case.claim()),
            ("composition.yaml", composition),
            ("functions.yaml", functions),
        ];
        for (file, content) in contents {
            fs::write(
                folder.join(file),
                serde_saphyr::to_string(&content).unwrap(),
            )
            .unwrap();
        }
        let files = [
            "claim.yaml",
            "xr.yaml",
            "composition.yaml",
            "functions.yaml",
            "rendered.yaml",
            "cache",
        ];
        Self {
            label: format!("{} as {name}", case.name),
            scope: name,
            server,
            observed: None,
            files: files
                .map(|file| (file, folder.join(file).display().to_string()))
                .into(),
        }
    }

    fn path(&self, file: &str) -> &str {
        let found = self.files.iter().find(|(name, _)| *name == file);
        &found.unwrap().1
    }

    fn xrd(&self) -> PathBuf {
        repository(&format!("clusters/xrd/{}.yaml", self.scope))
    }
}

#[test]
fn render_cli_gives_what_the_goldens_hold_and_it_validates() {
    let Some(tools) = Tools::find() else { return };
    let server = Process::start();
    for case in Case::all() {
        for scope in SCOPES {
            let run = Run::new(&case, scope, &server);
            let rendered = tools
                .render(&run)
                .unwrap_or_else(|error| panic!("{}: {error}", run.label));
            let wanted = &run_in(&case.name, run.scope).steps[0];
            compare(&run, wanted, &rendered);
            for crds in crd_folders(&case) {
                tools.validate(&run, &crds);
            }
        }
    }
}

#[test]
fn render_cli_of_a_settled_cluster_changes_nothing() {
    let Some(tools) = Tools::find() else { return };
    let server = Process::start();
    for case in Case::all() {
        let observed = repository("examples").join(&case.name).join("observed");
        let mut run = Run::new(&case, SCOPES[0], &server);
        run.observed = Some(&observed);
        let rendered = tools
            .render(&run)
            .unwrap_or_else(|error| panic!("{}: {error}", run.label));
        let wanted = run_in(&case.name, run.scope).last();
        compare(&run, wanted, &rendered);
        let ready = condition(&rendered, "Ready");
        assert_eq!(ready["status"], "True", "{}: {ready}", run.label);
    }
}

#[test]
fn render_cli_accepts_what_our_own_command_prints() {
    let Some(tools) = Tools::find() else { return };
    let server = Process::start();
    for case in Case::all() {
        for scope in SCOPES {
            let run = Run::new(&case, scope, &server);
            let output = Command::new(env!("CARGO_BIN_EXE_xcluster"))
                .args(["render", "--scope", run.scope, "--composition"])
                .args([run.path("composition.yaml"), run.path("claim.yaml")])
                .output()
                .unwrap();
            assert!(output.status.success(), "{}: {output:?}", run.label);
            fs::write(run.path("rendered.yaml"), output.stdout).unwrap();
            for crds in crd_folders(&case) {
                tools.validate(&run, &crds);
            }
        }
    }
}

#[test]
fn render_cli_shows_every_problem_of_a_bad_spec() {
    let Some(tools) = Tools::find() else { return };
    let server = Process::start();
    let mut case = Case::new("aws-minimal");
    case.composite["spec"]["region"] = "nowhere".into();
    case.composite["spec"]["network"]["cidr"] = "10.0.0.0/8".into();
    let run = Run::new(&case, SCOPES[0], &server);
    let error = tools.render(&run).unwrap_err();
    for problem in [
        "returned a fatal result",
        "spec.network.cidr",
        "spec.region",
    ] {
        assert!(error.contains(problem), "{problem} is not in: {error}");
    }
}

/// The CRDs of a case's cloud, once for each supported release, and of Crossplane's own kinds.
fn crd_folders(case: &Case) -> Vec<Vec<PathBuf>> {
    let root = crds::folder().expect("`make test-render` validates against CRDs");
    let releases: &[&str] = if case.name.starts_with("aws") {
        &["provider-aws-v2.6.0"]
    } else {
        &["provider-gcp-v3.0.0"]
    };
    let always = ["crossplane-v2.3.4", "provider-kubernetes-v1.2.1"];
    releases
        .iter()
        .map(|release| {
            std::iter::once(release)
                .chain(&always)
                .map(|name| root.join(name))
                .collect()
        })
        .collect()
}

fn condition(rendered: &[Value], kind: &str) -> Value {
    let conditions = rendered[0]["status"]["conditions"].as_array().unwrap();
    let found = conditions
        .iter()
        .find(|condition| condition["type"] == kind);
    found.cloned().unwrap_or_default()
}

/// Compares an answer with a step of a run without the real clients, which the golden files hold.
fn compare(run: &Run<'_>, step: &Step, rendered: &[Value]) {
    let status = without_conditions(&rendered[0]["status"]);
    assert_eq!(
        status,
        without_conditions(&step.status()),
        "{}: status",
        run.label
    );
    let mut found: Vec<_> = rendered[1..].iter().map(without_core_s_own).collect();
    let wanted: Vec<_> = step.annotated().into_values().collect();
    let key = |object: &Value| {
        let key = object["metadata"]["annotations"][KEY].as_str();
        key.map(str::to_owned)
    };
    found.sort_by_key(key);
    let keys = |objects: &[Value]| objects.iter().map(key).collect::<Vec<_>>();
    assert_eq!(
        keys(&found),
        keys(&wanted),
        "{}: composed resources",
        run.label
    );
    for (found, wanted) in found.iter().zip(&wanted) {
        assert_eq!(found, wanted, "{}: {:?}", run.label, key(wanted));
    }
}

/// Conditions carry times, and core adds its own; it also notes which of them the claim gets.
fn without_conditions(status: &Value) -> Value {
    let mut status = status.clone();
    if let Some(fields) = status.as_object_mut() {
        fields.remove("conditions");
        fields.remove("claimConditionTypes");
    }
    status
}

/// An object without what core adds to everything it composes.
fn without_core_s_own(object: &Value) -> Value {
    let mut object = object.clone();
    let metadata = object["metadata"].as_object_mut().unwrap();
    metadata.retain(|key, _| {
        matches!(
            key.as_str(),
            "name" | "namespace" | "labels" | "annotations"
        )
    });
    if let Some(labels) = metadata.get_mut("labels").and_then(Value::as_object_mut) {
        labels.retain(|key, _| !key.starts_with("crossplane.io/"));
    }
    if metadata.get("labels") == Some(&json!({})) {
        metadata.remove("labels");
    }
    object
}
