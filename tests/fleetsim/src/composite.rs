//! A composite, and what core writes into it.

use std::{cell::OnceCell, rc::Rc};

use cloudsim::{
    crowd,
    world::{Core, is_ready},
};
use serde_json::Value;
use sha2::{Digest, Sha256};
use xcluster::wire::{
    proto::v1::RunFunctionResponse,
    structpb::{Struct, to_struct},
};

use crate::{
    Error,
    book::{Book, Id},
};

/// A composite as it stands in the API server. There are many, so all of it is text.
#[derive(Clone, Debug)]
pub(crate) struct Composite {
    /// What its author wrote.
    author: Rc<Value>,
    /// The function's status: it is the only one that writes it.
    status: String,
    conditions: String,
    /// The keys of the objects that it refers to.
    references: Vec<Id>,
    wire: OnceCell<Struct>,
    /// Tells it from every other state of a composite of its shape.
    pub(crate) id: [u8; 32],
}

/// A composite after a reconcile.
pub(crate) struct Written {
    pub(crate) composite: Composite,
    /// The writes that it took; each is an event.
    pub(crate) writes: u32,
}

impl Composite {
    /// One that its author has just created.
    pub(crate) fn new(author: Rc<Value>) -> Self {
        Self::with(author, String::new(), String::new(), Vec::new())
    }

    fn with(author: Rc<Value>, status: String, conditions: String, references: Vec<Id>) -> Self {
        let mut id = Sha256::new();
        // Neither text has a zero byte.
        id.update(&status);
        id.update([0]);
        id.update(&conditions);
        for key in &references {
            id.update([0]);
            id.update(key.to_be_bytes());
        }
        Self {
            id: id.finalize().into(),
            author,
            status,
            conditions,
            references,
            wire: OnceCell::new(),
        }
    }

    /// What is sent of it, given the objects that it refers to.
    pub(crate) fn on_wire(&self, book: &Book) -> Result<Struct, Error> {
        if let Some(wire) = self.wire.get() {
            return Ok(wire.clone());
        }
        let referred = book.referred(&self.references);
        let mut value = Value::clone(&self.author);
        if !self.conditions.is_empty() {
            value["status"] = serde_json::from_str(&self.status)?;
            value["status"]["conditions"] = serde_json::from_str(&self.conditions)?;
        }
        let wire = to_struct(&crowd::composite(&value, &referred))?;
        Ok(self.wire.get_or_init(|| wire).clone())
    }

    /// What core writes when the function has answered: the references, the function's status, and the
    /// conditions, one after another (`FunctionComposer.Compose` and `Reconciler.Reconcile`).
    pub(crate) fn after(
        &self,
        response: &RunFunctionResponse,
        references: Vec<Id>,
        responsive: bool,
    ) -> Result<Written, Error> {
        let desired = response.desired.as_ref();
        let desired = desired.and_then(|state| state.composite.as_ref()?.resource.as_ref());
        let status = desired.and_then(|desired| desired.get("status"));
        let status = serde_json::to_string(&status)?;
        let core = Core {
            synced: true,
            ready: is_ready(response),
            responsive,
        };
        let conditions = core.conditions(response).to_string();
        let writes = [
            references != self.references,
            status != self.status,
            conditions != self.conditions,
        ];
        Ok(Written {
            composite: Self::with(Rc::clone(&self.author), status, conditions, references),
            writes: writes.map(u32::from).iter().sum(),
        })
    }
}
