//! The folders of examples/, each in the three scopes.

use std::sync::OnceLock;

use manifests::ScopeArg;
use serde_json::Value;
use test_support::examples;
pub(crate) use test_support::files::{document, repository, text};
use xcluster::wire::structpb::Struct;

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

impl Case {
    /// All folders of examples/, by name.
    pub(crate) fn all() -> Vec<Self> {
        let names = examples::names();
        names.iter().map(|name| Self::new(name)).collect()
    }

    /// One folder.
    pub(crate) fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            composite: examples::composite(name),
            input: examples::input(name),
        }
    }

    /// What a person would have written for this composite.
    pub(crate) fn claim(&self) -> Value {
        examples::claim(&self.composite)
    }

    /// The composite as each XRD would have it.
    pub(crate) fn in_scope(&self, scope: ScopeArg) -> Value {
        examples::in_scope(&self.composite, scope)
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
