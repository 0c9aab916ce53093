//! What a function asks for beside the composite and its objects.

use serde_json::Value;
use xcluster::wire::proto::v1::{
    Requirements, ResourceSelector, Resources, RunFunctionRequest, RunFunctionResponse,
    resource_selector::Match,
};

use super::{Error, World, on_wire};
use crate::Providers;

/// How often Crossplane asks again when a function requires something else.
const ROUNDS: usize = 5;

impl<P: Providers> World<P> {
    /// Calls the function until it asks for nothing else. The last request, and the answer.
    pub(super) fn call(&self) -> Result<(RunFunctionRequest, RunFunctionResponse), Error> {
        let stored = || {
            let others = self.others.as_ref()?;
            let objects = self.objects.values().map(|held| held.object());
            let all = std::iter::once(&self.composite).chain(others);
            Some(all.chain(objects).collect())
        };
        call(&*self.function, self.request()?, stored)
    }
}

/// Calls a function as Crossplane does, again with what it requires until it requires the same twice in a row. `stored` is
/// what there is in the API server; nothing from a Crossplane that does not answer. The last request, and the
/// answer.
///
/// # Errors
/// [`Error::Encode`], and [`Error::Requirements`] when it requires something else each time.
pub fn call<'a>(
    function: &dyn Fn(RunFunctionRequest) -> RunFunctionResponse,
    mut request: RunFunctionRequest,
    stored: impl Fn() -> Option<Vec<&'a Value>>,
) -> Result<(RunFunctionRequest, RunFunctionResponse), Error> {
    let mut answered = None;
    for _ in 0..=ROUNDS {
        let response = function(request.clone());
        if response.requirements == answered {
            return Ok((request, response));
        }
        if let (Some(asked), Some(stored)) = (&response.requirements, stored()) {
            answer(asked, &stored, &mut request)?;
        }
        answered = response.requirements;
    }
    Err(Error::Requirements)
}

/// Adds what there is of what the function asks for.
fn answer(
    asked: &Requirements,
    stored: &[&Value],
    request: &mut RunFunctionRequest,
) -> Result<(), Error> {
    for (name, selector) in &asked.resources {
        let found = stored.iter().filter(|it| is_selected(it, selector));
        let items = found.map(|it| on_wire(it)).collect::<Result<_, _>>()?;
        let found = Resources { items };
        request.required_resources.insert(name.clone(), found);
    }
    Ok(())
}

fn is_selected(object: &Value, selector: &ResourceSelector) -> bool {
    let metadata = &object["metadata"];
    let namespace = metadata["namespace"].as_str();
    object["kind"] == *selector.kind
        && object["apiVersion"] == *selector.api_version
        && selector
            .namespace
            .as_deref()
            .is_none_or(|wanted| namespace == Some(wanted))
        && match &selector.r#match {
            None => true,
            Some(Match::MatchName(name)) => metadata["name"] == **name,
            Some(Match::MatchLabels(wanted)) => {
                let mut labels = wanted.labels.iter();
                labels.all(|(name, value)| metadata["labels"][name] == **value)
            }
        }
}
