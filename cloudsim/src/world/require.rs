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
        let mut request = self.request()?;
        let mut answered = None;
        for _ in 0..=ROUNDS {
            let response = (self.function)(request.clone());
            if response.requirements == answered {
                return Ok((request, response));
            }
            if let Some(asked) = &response.requirements {
                self.answer(asked, &mut request)?;
            }
            answered = response.requirements;
        }
        Err(Error::Requirements)
    }

    /// Adds what there is of what the function asks for.
    fn answer(&self, asked: &Requirements, request: &mut RunFunctionRequest) -> Result<(), Error> {
        let Some(others) = &self.others else {
            return Ok(());
        };
        for (name, selector) in &asked.resources {
            let objects = self.objects.values().map(|held| held.object());
            let all = std::iter::once(&self.composite)
                .chain(others)
                .chain(objects);
            let found = all.filter(|object| is_selected(object, selector));
            let items = found.map(on_wire).collect::<Result<_, _>>()?;
            let found = Resources { items };
            request.required_resources.insert(name.clone(), found);
        }
        Ok(())
    }
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
