//! Which clusters something of the platform's is for.

use serde::Serialize;

use crate::{
    api::{
        draft::{Entries, Field, Items, Unsound, drafted},
        reader::{Object, Rule},
        rules::{ENVIRONMENT, NAMESPACE, WORKLOAD},
        violation::Violation,
    },
    wire::structpb::Value,
};

/// Most namespaces, and most environments.
const MOST: usize = 100;
/// Most workloads.
const MOST_WORKLOADS: usize = 50;

drafted! {
    /// The clusters of these namespaces in these environments.
    ///
    /// An author chooses the environment, and not the namespace: both count. A cluster-scoped composite without a claim has no
    /// namespace; who may make one may make anything.
    #[derive(Clone, Debug, Serialize)]
    pub struct Members, MembersDraft {
        /// The namespaces of claims and of namespaced composites.
        pub namespaces: Vec<String> = Items<Field<String>>,
        /// The environments.
        pub environments: Vec<String> = Items<Field<String>>,
    }
}

impl Members {
    /// Whether a cluster is one of them. Its namespace is empty if it has none.
    pub fn admit(&self, namespace: &str, environment: &str) -> bool {
        admit(
            self.namespaces.iter(),
            namespace,
            self.environments.iter(),
            environment,
        )
    }
}

impl MembersDraft {
    /// The same, while some of it may be unsound.
    ///
    /// # Errors
    /// [`Unsound`].
    pub fn admit(&self, namespace: &str, environment: &str) -> Field<bool> {
        let (namespaces, environments) = (self.namespaces.all()?, self.environments.all()?);
        Ok(admit(
            namespaces.into_iter(),
            namespace,
            environments.into_iter(),
            environment,
        ))
    }
}

fn admit<'a>(
    mut namespaces: impl Iterator<Item = &'a String>,
    namespace: &str,
    mut environments: impl Iterator<Item = &'a String>,
    environment: &str,
) -> bool {
    let is_known = namespace.is_empty() || namespaces.any(|it| it == namespace);
    is_known && environments.any(|it| it == environment)
}

/// Reads both lists of an object. Neither has a default: what is for everybody is said so.
pub(super) fn members(object: &mut Object<'_, '_>) -> MembersDraft {
    MembersDraft {
        namespaces: needed(object, "namespaces", &NAMESPACE, "[ml-platform]"),
        environments: needed(object, "environments", &ENVIRONMENT, "[prod]"),
    }
}

fn needed(
    object: &mut Object<'_, '_>,
    key: &'static str,
    rule: &Rule,
    example: &str,
) -> Items<Field<String>> {
    let list = object.strings_that(key, MOST, rule);
    if list.get().is_ok_and(<[_]>::is_empty) {
        let fix = format!("say whose clusters it is for, such as {key}: {example}");
        object.violation(Violation::new(object.path(key), "", "is missing", fix));
        return Items(Err(Unsound));
    }
    list
}

/// Reads `workloads`: what the platform runs, by name, and on which clusters.
pub(super) fn workloads(object: &mut Object<'_, '_>) -> Entries<String, MembersDraft> {
    Entries(object.entries("workloads", MOST_WORKLOADS).map(|entries| {
        let read = entries.into_iter().map(|(path, name, value)| {
            if !(WORKLOAD.holds)(&name) {
                object.violation(WORKLOAD.broken(&path, Value::String(&name)));
            }
            let mut of_name = object.child(path, value);
            let members = members(&mut of_name);
            of_name.finish();
            (name, members)
        });
        read.collect()
    }))
}
