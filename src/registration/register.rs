//! The stage: what it waits for, and what is sent.

use super::{
    decide::Registration,
    existing::Existing,
    metadata,
    namespace::namespace,
    secret::{Contents, carried, secret},
};
use crate::{
    api::{choice::Mode, composite::Scope},
    cloud::{
        facts::{Facts, Followers},
        interface::Cloud,
    },
    plan::{
        build::{composed, lacking},
        composed::{Composed, Plan, Source, Stage},
        context::Cx,
        key::{CLUSTER, Key, NETWORK, REGISTRATION_OBJECT, REGISTRATION_SECRET},
        ready::ReadyWhen,
    },
    wire::structpb::to_struct,
};

/// The key of the registration in this scope: a namespaced XR can compose only in its own
/// namespace.
pub fn key(cx: &Cx<'_>) -> Key {
    let elsewhere = cx.composite.scope == Scope::Namespaced
        && cx.composite.namespace.as_deref() != Some(namespace(cx));
    if elsewhere {
        REGISTRATION_OBJECT
    } else {
        REGISTRATION_SECRET
    }
}

/// Plans the stage.
///
/// The Secret is sticky: once it exists it is sent on whatever happens, with the endpoint, the
/// certificate authority and the network that it has if the cloud reports none. Without it Argo CD would forget the
/// cluster, and everything it runs there.
pub fn register(
    cloud: &dyn Cloud,
    cx: &Cx<'_>,
    plan: &mut Plan,
    registration: &Registration,
    (facts, followers): (&Facts, &Followers),
) {
    let key = key(cx);
    let login = match registration {
        Registration::Wanted(login) => login,
        Registration::Unwanted => return,
        Registration::Lacking(fact) => {
            let action = format!("the platform has to set {fact} in the function's Input");
            let from = Source::Person(action);
            plan.add(missing(key, "Argo CD's identity", from).optional());
            return;
        }
    };
    // The Secret that exists is taken apart only where the cloud leaves something out.
    let existing = Existing::of(cx.observed, &key);
    let server = match login.proof {
        None => facts.id.clone(),
        Some(_) => facts.endpoint.clone(),
    };
    let Some(server) = server.or_else(|| existing.server()) else {
        plan.add(missing(key, "the control plane's address", CLUSTER));
        return;
    };
    let mut authority = None;
    if !facts.publicly_trusted {
        let known = facts.certificate_authority.clone();
        authority = known.or_else(|| existing.authority());
        if authority.is_none() && login.proof.is_some() {
            let what = "the control plane's certificate authority";
            plan.add(missing(key, what, CLUSTER));
            return;
        }
    }
    let network = facts.network_name.clone();
    let Some(network) = network.or_else(|| existing.network()) else {
        plan.add(missing(key, "the network's id", NETWORK));
        return;
    };
    let account = cx.account.map(str::to_owned);
    let account = account.or_else(|| existing.account());
    let access = login
        .proof
        .as_ref()
        .map(|_| cloud.access_key(&login.principal));
    let contents = Contents {
        server,
        proof: login.proof.as_ref(),
        authority,
        labels: metadata::labels(cloud, cx, facts.version.as_deref(), existing.workload()),
        // Whoever Argo CD is next, the cluster does not let it in before that is granted.
        config: awaits(cx, access.as_ref())
            .then(|| existing.config())
            .flatten(),
        annotations: metadata::annotations(cloud, cx, network, account),
    };
    let secret = secret(cx, contents);
    let object = if key == REGISTRATION_OBJECT {
        secret.and_then(|secret| carried(cx, &secret))
    } else {
        secret.and_then(|secret| to_struct(&secret))
    };
    let resource = composed(Stage::Registration, key.clone(), object)
        .ready_when(ready_when(&key))
        .existing(cx.observed.exists(&key));
    plan.add(
        resource
            .after([CLUSTER])
            .after(access)
            .after_any(first_nodes(cx, followers)),
    );
}

/// Whether the access of a key is not granted yet.
fn awaits(cx: &Cx<'_>, access: Option<&Key>) -> bool {
    let granted = |key: &Key| {
        let object = cx.observed.get(key);
        object.is_some_and(|object| ReadyWhen::Condition.holds(object))
    };
    access.is_some_and(|key| !granted(key))
}

/// A registration that cannot be built now. One that exists is as ready as before.
fn missing(key: Key, what: &'static str, from: impl Into<Source>) -> Composed {
    let ready = ready_when(&key);
    lacking(Stage::Registration, key, what, from).ready_when(ready)
}

/// When a registration is ready: a Secret has no conditions.
fn ready_when(key: &Key) -> ReadyWhen {
    if *key == REGISTRATION_SECRET {
        ReadyWhen::Exists
    } else {
        ReadyWhen::Condition
    }
}

/// Argo CD would report errors from a cluster without a node, so registration waits for one.
fn first_nodes(cx: &Cx<'_>, followers: &Followers) -> Vec<Key> {
    match cx.spec.mode {
        Mode::Standard => followers
            .pools
            .iter()
            .map(|pool| pool.key.clone())
            .collect(),
        Mode::Auto => Vec::new(),
    }
}
