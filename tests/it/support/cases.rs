//! The folders of examples/, each in the three scopes.

use std::{
    path::{Path, PathBuf},
    sync::OnceLock,
};

use serde_json::{Value, json};
use xcluster::{
    cli::{ScopeArg, composite_of, input_of, load},
    wire::structpb::Struct,
};

use super::simulator::{Step, World};

/// The scopes and their names.
pub(crate) const SCOPES: [(ScopeArg, &str); 3] = [
    (ScopeArg::Claims, "claims"),
    (ScopeArg::Cluster, "cluster"),
    (ScopeArg::Namespaced, "namespaced"),
];

/// One folder of examples/.
#[derive(Clone)]
pub(crate) struct Case {
    /// The folder's name.
    pub(crate) name: String,
    /// xr.yaml.
    pub(crate) composite: Value,
    /// The Input in composition.yaml.
    pub(crate) input: Option<Struct>,
}

/// A path in the repository.
pub(crate) fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// A file of the repository.
pub(crate) fn text(path: &str) -> String {
    std::fs::read_to_string(repository(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The only document of a YAML file.
pub(crate) fn document(path: &Path) -> Value {
    let documents = load(path).unwrap_or_else(|error| panic!("{error}"));
    let [document] = &documents[..] else {
        panic!("{} holds {} documents", path.display(), documents.len());
    };
    document.clone()
}

impl Case {
    /// All folders of examples/, by name.
    pub(crate) fn all() -> Vec<Self> {
        let entries = std::fs::read_dir(repository("examples")).unwrap();
        let folders = entries.map(|entry| entry.unwrap().path());
        let mut names: Vec<_> = folders
            .filter(|path| path.join("xr.yaml").exists())
            .map(|path| path.file_name().unwrap().to_str().unwrap().to_owned())
            .collect();
        names.sort();
        assert!(names.len() >= 6, "examples/ has {} cases", names.len());
        names.iter().map(|name| Self::new(name)).collect()
    }

    /// One folder.
    pub(crate) fn new(name: &str) -> Self {
        let folder = repository("examples").join(name);
        let composition = folder.join("composition.yaml");
        let documents = load(&composition).unwrap_or_else(|error| panic!("{error}"));
        Self {
            name: name.to_owned(),
            composite: document(&folder.join("xr.yaml")),
            input: input_of(&documents, &composition).unwrap(),
        }
    }

    /// What a person would have written for this composite.
    pub(crate) fn claim(&self) -> Value {
        let mut claim = self.composite.clone();
        let reference = claim["spec"]["claimRef"].take();
        claim["kind"] = reference["kind"].clone();
        claim["metadata"] = json!({
            "name": reference["name"],
            "namespace": reference["namespace"],
        });
        if let Some(spec) = claim["spec"].as_object_mut() {
            spec.remove("claimRef");
        }
        claim
    }

    /// The composite as each XRD would have it.
    pub(crate) fn in_scope(&self, scope: ScopeArg) -> Value {
        if scope == ScopeArg::Claims {
            return self.composite.clone();
        }
        let composite = composite_of(&self.claim(), Some(scope), Path::new("claim")).unwrap();
        serde_json::to_value(composite).unwrap()
    }

    /// A world with this composite and nothing else, in the scope of claims.
    pub(crate) fn world(&self) -> World {
        self.world_in(ScopeArg::Claims)
    }

    /// A world with this composite and nothing else.
    pub(crate) fn world_in(&self, scope: ScopeArg) -> World {
        World::new(self.in_scope(scope), self.input.clone())
    }
}

/// The life of one example in one scope, up to the point where nothing changes any more.
pub(crate) struct Run {
    /// The example.
    pub(crate) case: Case,
    /// The scope's name.
    pub(crate) scope: &'static str,
    /// Every reconcile.
    pub(crate) steps: Vec<Step>,
    /// The world afterwards.
    pub(crate) world: World,
}

/// All examples in all scopes. They are run once for all tests.
pub(crate) fn runs() -> &'static [Run] {
    static RUNS: OnceLock<Vec<Run>> = OnceLock::new();
    RUNS.get_or_init(|| {
        let cases = Case::all();
        std::thread::scope(|threads| {
            let all = cases
                .iter()
                .flat_map(|case| SCOPES.map(|scope| (case, scope)));
            let running: Vec<_> = all
                .map(|(case, scope)| threads.spawn(move || Run::new(case, scope)))
                .collect();
            running.into_iter().map(|run| run.join().unwrap()).collect()
        })
    })
}

/// The run of one example as a claim.
pub(crate) fn run(name: &str) -> &'static Run {
    run_in(name, "claims")
}

/// The run of one example in one scope.
pub(crate) fn run_in(name: &str, scope: &str) -> &'static Run {
    let mut runs = runs().iter();
    let found = runs.find(|run| run.case.name == name && run.scope == scope);
    found.unwrap_or_else(|| panic!("there is no example {name} in scope {scope}"))
}

impl Run {
    fn new(case: &Case, (scope, name): (ScopeArg, &'static str)) -> Self {
        let mut world = case.world_in(scope);
        let steps = world.settle();
        Self {
            case: case.clone(),
            scope: name,
            steps,
            world,
        }
    }

    /// The scope.
    pub(crate) fn scope_argument(&self) -> ScopeArg {
        let found = SCOPES.iter().find(|(_, name)| *name == self.scope);
        found.unwrap().0
    }

    /// What a message begins with.
    pub(crate) fn title(&self) -> String {
        format!("{} as {}", self.case.name, self.scope)
    }

    /// The last reconcile.
    pub(crate) fn last(&self) -> &Step {
        self.steps.last().unwrap()
    }
}
