//! Calls of the function: the request that core would send, through the same bytes.
//!
//! A call is made once for each situation: a shape, the composite, and what is seen of every object. The
//! function is pure and does not look at names but to write them, so clusters of one shape that are in the
//! same situation get the same answer, each with its own names.

use std::{collections::BTreeMap, rc::Rc, time::Duration};

use bytes::{Bytes, BytesMut};
use cloudsim::world::is_ready;
use prost::Message;
use xcluster::{
    compose::{compose, resource},
    wire::proto::v1::{
        Capability, Ready, RequestMeta, Resource, ResourceSelector, Resources, RunFunctionRequest,
        RunFunctionResponse, State, resource_selector::Match,
    },
};

use crate::{
    Error,
    book::{Book, Id},
    check,
    composite::{Composite, Written},
};

/// Situations that are remembered for a shape, each some ten kilobytes: beyond that, all are forgotten and asked
/// again.
const REMEMBERED: usize = 30_000;

/// `MaxRequirementsIterations`, and the call that begins.
const ROUNDS: u32 = 6;

/// All that an answer depends on.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Situation {
    composite: [u8; 32],
    responsive: bool,
    /// In the order of keys.
    views: Vec<Id>,
}

/// What core does with an answer.
pub(crate) struct Answer {
    /// In the order of keys.
    pub(crate) desired: Vec<Id>,
    /// Whether the composite is ready.
    pub(crate) ready: bool,
    /// Whether all objects are.
    pub(crate) all_ready: bool,
    /// `meta.ttl`.
    pub(crate) ttl: Duration,
    /// How many calls it took: core asks again with what the function requires.
    pub(crate) calls: u32,
    /// The composite afterwards.
    pub(crate) composite: Rc<Composite>,
    /// The writes to it.
    pub(crate) writes: u32,
}

/// The function as clusters of one shape call it.
#[derive(Default)]
pub(crate) struct Function {
    known: BTreeMap<Situation, Rc<Answer>>,
    /// Where requests are written: the operating system would have to clear new memory for each.
    buffer: BytesMut,
    /// Calls that were made and not remembered.
    pub(crate) made: u64,
}

impl Function {
    /// The answer to a composite and the views of its objects.
    pub(crate) fn ask(
        &mut self,
        book: &mut Book,
        composite: &Composite,
        objects: &[(Id, Id)],
        responsive: bool,
        remember: bool,
    ) -> Result<Rc<Answer>, Error> {
        let situation = Situation {
            composite: composite.id,
            responsive,
            views: objects.iter().map(|(_, view)| *view).collect(),
        };
        if let Some(answer) = self.known.get(&situation).filter(|_| remember) {
            return Ok(Rc::clone(answer));
        }
        let request = request(book, composite, objects)?;
        let (response, calls) = self.run(request)?;
        let answer = Rc::new(read(book, composite, &response, responsive, calls)?);
        if self.known.len() >= REMEMBERED {
            self.known.clear();
        }
        self.known.insert(situation, Rc::clone(&answer));
        Ok(answer)
    }

    /// Calls, and calls again with what the answer requires, as core's `FetchingFunctionRunner` does. All that a
    /// cluster finds is its own: it is the only one of its service.
    fn run(
        &mut self,
        mut request: RunFunctionRequest,
    ) -> Result<(RunFunctionResponse, u32), Error> {
        let mut answered = None;
        for calls in 1..=ROUNDS {
            let response = self.call(&request)?;
            if response.requirements == answered {
                return Ok((response, calls));
            }
            for (name, selector) in response.requirements.iter().flat_map(|it| &it.resources) {
                let own = request.observed.iter();
                let own = own.flat_map(|it| it.composite.iter().chain(it.resources.values()));
                let items = own.filter(|it| is_selected(it, selector)).cloned();
                let found = Resources {
                    items: items.collect(),
                };
                request.required_resources.insert(name.clone(), found);
            }
            answered = response.requirements;
        }
        let what = "it requires something else each time that it is asked";
        Err(Error::Promise(what.to_owned()))
    }

    fn call(&mut self, request: &RunFunctionRequest) -> Result<RunFunctionResponse, Error> {
        self.made += 1;
        self.buffer.reserve(request.encoded_len());
        // There is room.
        let _ = request.encode(&mut self.buffer);
        let received = RunFunctionRequest::decode(self.buffer.split().freeze())?;
        let answer = Bytes::from(compose(received).encode_to_vec());
        let response = RunFunctionResponse::decode(answer)?;
        check::answer(request, &response)?;
        Ok(response)
    }
}

/// Whether a requirement finds an object of the one cluster there is.
fn is_selected(held: &Resource, selector: &ResourceSelector) -> bool {
    let Some(object) = &held.resource else {
        return false;
    };
    let labels = object.at("metadata.labels");
    let label = |name: &str| labels?.as_struct()?.get(name)?.as_str();
    object.str_at("kind") == Some(&selector.kind)
        && object.str_at("apiVersion") == Some(&selector.api_version)
        && match &selector.r#match {
            None => true,
            Some(Match::MatchName(name)) => object.str_at("metadata.name") == Some(name),
            Some(Match::MatchLabels(wanted)) => {
                let mut wanted = wanted.labels.iter();
                wanted.all(|(name, value)| label(name) == Some(value))
            }
        }
}

fn request(
    book: &Book,
    composite: &Composite,
    objects: &[(Id, Id)],
) -> Result<RunFunctionRequest, Error> {
    let capabilities = [
        Capability::Capabilities,
        Capability::RequiredResources,
        Capability::Credentials,
        Capability::Conditions,
        Capability::RequiredSchemas,
    ];
    let resources = objects.iter().map(|(key, view)| {
        let object = book.on_wire(*view).clone();
        (book.name(*key).to_owned(), resource(object))
    });
    Ok(RunFunctionRequest {
        meta: Some(RequestMeta {
            tag: "tag".to_owned(),
            capabilities: capabilities.map(i32::from).to_vec(),
        }),
        observed: Some(State {
            composite: Some(resource(composite.on_wire(book)?)),
            resources: resources.collect(),
        }),
        input: book.shape.input.clone(),
        ..RunFunctionRequest::default()
    })
}

fn read(
    book: &mut Book,
    composite: &Composite,
    response: &RunFunctionResponse,
    responsive: bool,
    calls: u32,
) -> Result<Answer, Error> {
    let mut desired = Vec::new();
    let mut all_ready = true;
    let resources = response.desired.iter().flat_map(|state| &state.resources);
    for (name, resource) in resources {
        let object = resource.resource.clone().unwrap_or_default();
        desired.push(book.want(name, &object)?);
        all_ready &= resource.ready() == Ready::True;
    }
    let references = desired.iter().map(|id| book.key_of(*id)).collect();
    let Written { composite, writes } = composite.after(response, references, responsive)?;
    let ttl = response.meta.as_ref().and_then(|meta| meta.ttl.as_ref());
    let seconds = ttl.and_then(|ttl| u64::try_from(ttl.seconds).ok());
    Ok(Answer {
        desired,
        ready: is_ready(response),
        all_ready,
        ttl: Duration::from_secs(seconds.unwrap_or_default()),
        calls,
        composite: Rc::new(composite),
        writes,
    })
}
