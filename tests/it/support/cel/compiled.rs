//! Rules that can be evaluated, and the functions that they call.

use std::{
    collections::BTreeMap,
    sync::{Arc, LazyLock, Mutex, PoisonError},
};

use cel::{
    Context, Env, ExecutionError, Program,
    common::types::{CelBool, CelString},
};
use regex::Regex;

use super::Outcome;

/// A rule that can be evaluated.
pub(crate) struct Compiled {
    program: Program,
    /// Whether it compares with the old value.
    pub(crate) is_transition: bool,
}

/// CEL with the functions that an API server adds to it, as far as rules use them.
static ENV: LazyLock<Arc<Env>> = LazyLock::new(|| {
    let mut env = Env::stdlib();
    env.add_extension(cel::extensions::strings).unwrap();
    cel::add_member_overload!(env, fn matches: (CelString, CelString) -> Result<CelBool>).unwrap();
    Arc::new(env)
});

/// CEL's own function of this name. The library's compiles the expression at each call, which is slow.
fn matches(text: &CelString<'_>, pattern: &CelString<'_>) -> Result<CelBool, ExecutionError> {
    static KNOWN: Mutex<BTreeMap<String, Regex>> = Mutex::new(BTreeMap::new());
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    if !known.contains_key(pattern.inner()) {
        let regex = Regex::new(pattern.inner());
        let regex = regex.map_err(|error| ExecutionError::function_error("matches", error))?;
        known.insert(pattern.inner().to_owned(), regex);
    }
    Ok(known[pattern.inner()].is_match(text.inner()).into())
}

/// A rule by its text. Each is compiled once.
///
/// # Panics
/// When it is not CEL.
pub(crate) fn compiled(rule: &str) -> Arc<Compiled> {
    static KNOWN: Mutex<BTreeMap<String, Arc<Compiled>>> = Mutex::new(BTreeMap::new());
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(found) = known.get(rule) {
        return Arc::clone(found);
    }
    let program = ENV.compile(rule);
    let program = program.unwrap_or_else(|error| panic!("{rule}: {error}"));
    let is_transition = program.references().has_variable("oldSelf");
    let found = Arc::new(Compiled {
        program,
        is_transition,
    });
    known.insert(rule.to_owned(), Arc::clone(&found));
    found
}

impl Compiled {
    /// The functions that the rule calls and the library lacks.
    pub(crate) fn unknown_functions(&self) -> Vec<String> {
        let references = self.program.references();
        let named = references.functions().into_iter();
        let named = named.filter(|name| name.chars().all(|c| c.is_ascii_alphanumeric()));
        let lacks = |call: &str, name: &str| {
            let mut context = Context::with_env(Arc::clone(&ENV));
            context.add_variable_from_value("self", cel::Value::Null);
            let error = ENV.compile(call).unwrap().execute(&context);
            error == Err(ExecutionError::undeclared_reference(name))
        };
        named
            .filter(|name| {
                lacks(&format!("{name}(self)"), name) && lacks(&format!("self.{name}()"), name)
            })
            .map(str::to_owned)
            .collect()
    }

    /// Whether the rule holds for a value, in the place of an older one.
    pub(super) fn evaluate(&self, new: &cel::Value, old: Option<&cel::Value>) -> Outcome {
        let mut context = Context::with_env(Arc::clone(&ENV));
        context.add_variable_from_value("self", new.clone());
        if let Some(old) = old {
            context.add_variable_from_value("oldSelf", old.clone());
        }
        match self.program.execute(&context) {
            Ok(cel::Value::Bool(true)) => Outcome::Holds,
            Ok(cel::Value::Bool(false)) => Outcome::Broken,
            Ok(other) => Outcome::Error(format!("{other:?} is no bool")),
            Err(error) => Outcome::Error(error.to_string()),
        }
    }
}
