//! Every example through the real `crossplane composition render`, core and `resource validate`.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::atomic::{AtomicUsize, Ordering},
};

use manifests::{ScopeArg, load};
use serde_json::{Value, json};
use test_support::crossplane::{CORES, Tools, xrd};

use crate::support::{
    cases::{Case, SCOPES, document, repository, run_in},
    process::Process,
    simulator::{KEY, Step},
};

/// Numbers the folders: tests run side by side.
static RUNS: AtomicUsize = AtomicUsize::new(0);

/// One rendering: a case in a scope, in a folder of its own.
struct Run<'a> {
    case: &'a str,
    scope: &'a str,
    label: String,
    core: &'a str,
    server: &'a Process,
    observed: Option<&'a Path>,
    folder: PathBuf,
}

impl<'a> Run<'a> {
    fn new(case: &'a Case, scope: (ScopeArg, &'a str), core: &'a str, server: &'a Process) -> Self {
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
            ("composition.yaml", composition),
            ("functions.yaml", functions),
        ];
        for (file, content) in contents {
            let text = serde_saphyr::to_string(&content).unwrap();
            fs::write(folder.join(file), text).unwrap();
        }
        Self {
            case: &case.name,
            scope: name,
            label: format!("{} as {name} by {core}", case.name),
            core,
            server,
            observed: None,
            folder,
        }
    }

    fn path(&self, file: &str) -> String {
        self.folder.join(file).display().to_string()
    }

    /// Renders the case as a person would; the answer is sorted out into documents.
    fn render(&self, tools: &Tools) -> Result<Vec<Value>, String> {
        let port = self.server.address.port();
        let mut args = vec![
            "composition".to_owned(),
            "render".to_owned(),
            self.path("xr.yaml"),
            self.path("composition.yaml"),
            self.path("functions.yaml"),
            format!("--crossplane-binary={}", tools.binary(self.core).display()),
            format!("--xrd={}", xrd(self.scope).display()),
            "--include-full-xr".to_owned(),
            "--function-annotations".to_owned(),
            format!("render.crossplane.io/runtime-development-target=localhost:{port}"),
            "--timeout=60s".to_owned(),
        ];
        if let Some(observed) = self.observed {
            args.push(format!("--observed-resources={}", observed.display()));
        }
        let args: Vec<_> = args.iter().map(String::as_str).collect();
        let output = tools.crossplane(&args);
        if !output.status.success() {
            return Err(String::from_utf8_lossy(&output.stderr).into_owned());
        }
        let rendered = self.folder.join("rendered.yaml");
        fs::write(&rendered, output.stdout).unwrap();
        Ok(load(&rendered).unwrap())
    }
}

#[test]
fn render_cli_gives_what_the_goldens_hold_and_it_validates() {
    let Some(tools) = Tools::find() else { return };
    let server = Process::start();
    for case in Case::all() {
        for (scope, core) in SCOPES
            .iter()
            .flat_map(|scope| CORES.map(|core| (*scope, core)))
        {
            let run = Run::new(&case, scope, core, &server);
            let rendered = run
                .render(&tools)
                .unwrap_or_else(|error| panic!("{}: {error}", run.label));
            let wanted = &run_in(&case.name, run.scope).steps[0];
            compare(&run, wanted, &rendered);
            tools.validate(run.case, run.scope, &run.folder.join("rendered.yaml"));
        }
    }
}

#[test]
fn render_cli_of_a_settled_cluster_changes_nothing() {
    let Some(tools) = Tools::find() else { return };
    let server = Process::start();
    let cases = Case::all();
    for (case, core) in cases.iter().flat_map(|case| CORES.map(|core| (case, core))) {
        let observed = repository("examples").join(&case.name).join("observed");
        let mut run = Run::new(case, SCOPES[0], core, &server);
        run.observed = Some(&observed);
        let rendered = run
            .render(&tools)
            .unwrap_or_else(|error| panic!("{}: {error}", run.label));
        let wanted = run_in(&case.name, run.scope).last();
        compare(&run, wanted, &rendered);
        let ready = condition(&rendered, "Ready");
        assert_eq!(ready["status"], "True", "{}: {ready}", run.label);
    }
}

#[test]
fn render_cli_shows_every_problem_of_a_bad_spec() {
    let Some(tools) = Tools::find() else { return };
    let server = Process::start();
    let mut case = Case::new("aws-minimal");
    case.composite["spec"]["region"] = "nowhere".into();
    case.composite["spec"]["network"]["cidr"] = "10.0.0.0/8".into();
    for core in CORES {
        let run = Run::new(&case, SCOPES[0], core, &server);
        let error = run.render(&tools).unwrap_err();
        for problem in [
            "returned a fatal result",
            "spec.network.cidr",
            "spec.region",
        ] {
            assert!(error.contains(problem), "{problem} is not in: {error}");
        }
    }
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
