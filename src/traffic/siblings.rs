//! The other clusters of a service: whether any serves when this one does not.
//!
//! Crossplane is asked only while it matters, and from v2.4 on it wakes whoever has asked when something changes
//! that the question finds (`composite/dependency/tracker.go`). So records are asked for by the label of the host: they change when somebody's
//! weight does. While this cluster serves and is to stop, the composites that the records name are asked for,
//! too, since only a composite says what its author wants. Only if none of them serves are all composites: a
//! record from before the label is not found by it, and "none" may be read from the whole list alone.

use super::questions::{Answers, Kind, Questions};
use crate::{
    api::composite::Composite,
    plan::{
        observed::{Condition, condition},
        traffic::host_label,
    },
    wire::{
        proto::v1::{RequestMeta, Requirements},
        structpb::{Struct, Value},
    },
};

/// The question for all composites of the kind.
const ALL: &str = "siblings";
/// The question for the records of the host.
const RECORDS: &str = "service-records";
/// How the question for the composite of a record begins.
const ONE: &str = "sibling/";
/// Composites that are asked for by name. One that serves is enough.
const MOST: usize = 8;
/// Crossplane's label for the composite of a composed object.
const COMPOSITE: &str = "crossplane.io/composite";

/// What is known of the other clusters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Siblings {
    /// Nothing that can be relied on, which is not the same as "none serves".
    Unknown,
    /// At least one serves.
    Serve,
    /// None does.
    Idle,
}

/// The cluster that is not to serve, and what Crossplane has said to it.
pub struct Asker<'a> {
    /// Who it is.
    pub own: &'a Composite,
    /// The service's host.
    pub host: &'a str,
    /// Its record of that host, where there is one.
    pub record: Option<&'a Struct>,
    /// Whether callers are sent to it now.
    pub serves: bool,
    /// What Crossplane says of itself.
    pub meta: &'a RequestMeta,
    /// What it has answered.
    pub answers: Answers<'a>,
}

impl<'a> Asker<'a> {
    /// What is known of the others, and what is asked to know more. The same spec, Input, objects and answers
    /// give the same questions, and an answer only adds to them.
    pub fn ask(&self) -> (Siblings, Option<Requirements>) {
        let mut questions = Questions::new(self.meta, self.answers);
        let siblings = if self.serves {
            self.before_it_leaves(&mut questions)
        } else {
            self.after_it_left(&mut questions)
        };
        (siblings, questions.asked())
    }

    /// Of a cluster that is about to leave the service to others.
    fn before_it_leaves(&self, questions: &mut Questions<'a>) -> Siblings {
        if let Some(record) = self.record {
            match self.named_by_records(record, questions) {
                // They are those that were found, and not all that there are.
                Siblings::Idle => {}
                known => return known,
            }
        }
        let Some(all) = questions.labeled(ALL, self.kind(), [].into()) else {
            return Siblings::Unknown;
        };
        let (itself, others): (Vec<_>, Vec<_>) = all.into_iter().partition(|it| self.is(it));
        if itself.is_empty() {
            // Whoever lists all composites finds this one too: the list is not all of them.
            return Siblings::Unknown;
        }
        Siblings::of(others.into_iter().any(|other| self.serves_beside(other)))
    }

    /// Of the composites whose records send callers somewhere.
    fn named_by_records(&self, own: &Struct, questions: &mut Questions<'a>) -> Siblings {
        let Some(records) = self.records(own, questions) else {
            return Siblings::Unknown;
        };
        let weighted = records.into_iter().filter(|it| has_weight(it));
        let named = weighted.filter_map(|record| self.composite_of(record));
        let mut found = Vec::new();
        for (namespace, name) in named.take(MOST) {
            let question = [ONE, namespace.unwrap_or_default(), "/", name].concat();
            found.push(questions.named(question, self.kind(), namespace, name));
        }
        let mut known = found.iter().flatten().flatten();
        if known.any(|other| !self.is(other) && self.serves_beside(other)) {
            Siblings::Serve
        } else if found.iter().any(Option::is_none) {
            Siblings::Unknown
        } else {
            Siblings::Idle
        }
    }

    /// Of a cluster that has left: it stays away whatever becomes of the others, so what their records say is enough.
    fn after_it_left(&self, questions: &mut Questions<'a>) -> Siblings {
        let Some(own) = self.record else {
            return Siblings::Unknown;
        };
        let Some(records) = self.records(own, questions) else {
            return Siblings::Unknown;
        };
        let is_own = |record: &&Struct| same(record, own);
        if !records.iter().any(is_own) {
            // Its own record has no label yet, and theirs may have none either.
            return Siblings::Unknown;
        }
        let mut others = records.iter().filter(|record| !is_own(record));
        Siblings::of(others.any(|other| has_weight(other)))
    }

    /// Asks for the records of the host, which are of the same kind as its own.
    fn records(&self, own: &Struct, questions: &mut Questions<'a>) -> Option<Vec<&'a Struct>> {
        let of = Kind {
            version: own.str_at("apiVersion").unwrap_or_default(),
            kind: own.str_at("kind").unwrap_or_default(),
        };
        let (label, value) = host_label(self.host);
        let labels = [(label.into_owned(), value.into_owned())].into();
        questions.labeled(RECORDS, of, labels)
    }

    /// Namespace and name of the composite of another record.
    fn composite_of<'r>(&self, record: &'r Struct) -> Option<(Option<&'r str>, &'r str)> {
        let labels = record.at("metadata.labels")?.as_struct()?;
        let name = labels.get(COMPOSITE)?.as_str()?;
        // A composite in a namespace has its objects beside it.
        let own = self.own.namespace.as_deref();
        let namespace = own.and_then(|_| record.str_at("metadata.namespace"));
        let is_own = name == self.own.name && namespace == own;
        (!is_own && !name.is_empty()).then_some((namespace, name))
    }

    fn kind(&self) -> Kind<'a> {
        Kind {
            version: &self.own.api_version,
            kind: &self.own.kind,
        }
    }

    fn is(&self, object: &Struct) -> bool {
        object.str_at("metadata.name") == Some(self.own.name.as_str())
            && object.str_at("metadata.namespace") == self.own.namespace.as_deref()
    }

    /// Whether another cluster serves now, and is meant to go on. It need not be Ready: a node pool that is not sound, or a
    /// change that goes on, takes no caller away from it, and Route 53 leaves out one that does not answer.
    fn serves_beside(&self, other: &Struct) -> bool {
        let weight = other.at("spec.traffic.weight").and_then(Value::as_i64);
        let state = other.str_at("spec.traffic.state");
        other.str_at("status.traffic.host") == Some(self.host)
            && state.is_none_or(|state| state == "active")
            && weight.is_none_or(|weight| weight > 0)
            && condition(other, "Serving").is_some_and(Condition::holds)
            && other.at("metadata.deletionTimestamp").is_none()
    }
}

impl Siblings {
    fn of(any_serves: bool) -> Self {
        if any_serves { Self::Serve } else { Self::Idle }
    }
}

fn same(one: &Struct, other: &Struct) -> bool {
    ["metadata.namespace", "metadata.name"]
        .iter()
        .all(|path| one.str_at(path) == other.str_at(path))
}

/// Whether a record sends callers somewhere, as far as anybody knows, and is meant to.
fn has_weight(record: &Struct) -> bool {
    let weight = |of: &str| {
        let weight = record.at(of)?.at("weightedRoutingPolicy.weight")?;
        weight.as_i64()
    };
    weight("spec.forProvider").is_some_and(|sent| sent > 0)
        && weight("status.atProvider").is_none_or(|reported| reported > 0)
        && record.at("metadata.deletionTimestamp").is_none()
}
