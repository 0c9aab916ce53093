//! Advice about an object: what you can do about it, with its own name.

use std::borrow::Cow;

use super::{
    object::external_name,
    observed::Condition,
    remedies::{Advice, REMEDIES, Row},
};
use crate::wire::structpb::Struct;

/// Of a resource without a report so far.
pub(crate) const PROVIDER_SILENT: &str = "if it stays so for minutes, the provider does not run or cannot see the object: \
     look at kubectl get providers.pkg.crossplane.io";

/// Of what upjet and crossplane-runtime retry.
const AGAIN: &str = "; the provider tries again by itself";

/// What to do about an object of which a provider says this, or whose cloud has given it up.
pub(crate) fn remedy(
    object: &Struct,
    failure: Option<Condition<'_>>,
    exists: bool,
) -> Option<Cow<'static, str>> {
    // crossplane-runtime, ReconcilePaused: it comes without a message.
    if failure.is_some_and(|failure| failure.reason() == "ReconcilePaused") {
        return Some(Cow::Owned(format!(
            "somebody paused it: kubectl annotate {} crossplane.io/paused-",
            Named(object)
        )));
    }
    let advice = failure.and_then(|failure| row(failure.message()));
    let advice = advice.map(|(_, advice)| advice);
    if let Some(anew) = anew(object) {
        let cause = match advice {
            Some(advice) => text(advice, object, true).into(),
            None => look(object)?,
        };
        return Some(filled(format!("{cause}; {anew}").into(), object));
    }
    let Some(advice) = advice else {
        return look(object).map(Cow::Owned);
    };
    let text = text(advice, object, exists);
    Some(match advice {
        Advice::Once(_) | Advice::ByName { .. } => filled(Cow::Borrowed(text), object),
        Advice::Retried(_) | Advice::ByExistence { .. } => {
            filled(Cow::Owned(format!("{text}{AGAIN}")), object)
        }
    })
}

fn text(advice: &Advice, object: &Struct, exists: bool) -> &'static str {
    match advice {
        Advice::Once(text) | Advice::Retried(text) => text,
        Advice::ByExistence { existing, .. } if exists => existing,
        Advice::ByExistence { absent, .. } => absent,
        Advice::ByName { chosen, .. } if external_name(object).is_some() => chosen,
        Advice::ByName { unknown, .. } => unknown,
    }
}

fn filled(text: Cow<'static, str>, object: &Struct) -> Cow<'static, str> {
    const OBJECT: &str = "{object}";
    if text.contains(OBJECT) {
        return Cow::Owned(text.replace(OBJECT, &Named(object).to_string()));
    }
    text
}

/// EC2 API, Route.state: what the route leads to does not work. upjet calls a NAT gateway ready that has failed.
const BLACKHOLE: &str = "if it stays so for minutes, the NAT gateway of this route has failed, or the provider lost the id of one that \
     works: see aws ec2 describe-nat-gateways, and docs/troubleshooting.md (a NAT gateway whose id is lost)";

/// Where EKS tells what is wrong with an object in one of the states that are not sound: the provider does not report it.
fn look(object: &Struct) -> Option<String> {
    if object.str_at("status.atProvider.state") == Some("blackhole") {
        return Some(BLACKHOLE.to_owned());
    }
    let given = |path: &str, else_: &'static str| object.str_at(path).unwrap_or(else_).to_owned();
    let region = given("spec.forProvider.region", "REGION");
    let name = external_name(object).unwrap_or("NAME");
    let command = match object.str_at("status.atProvider.status")? {
        "CREATE_FAILED" | "DEGRADED" | "DELETE_FAILED" => {
            let cluster = given("spec.forProvider.clusterName", "CLUSTER");
            format!(
                "describe-nodegroup --region {region} --cluster-name {cluster} --nodegroup-name {name} --query \
                 nodegroup.health"
            )
        }
        "FAILED" => {
            format!("describe-cluster --region {region} --name {name} --query cluster.health")
        }
        _ => return None,
    };
    Some(format!(
        "look at its issues with aws eks {command}, and fix them"
    ))
}

/// How an object is made anew that its cloud leaves as it is.
///
/// upjet keeps what a failed creation left behind, finds that it exists and differs in nothing, and forgets the error
/// (`Observe` of external_async_tfpluginsdk.go, upjet v2.4). So nothing is tried again.
fn anew(object: &Struct) -> Option<String> {
    let named = Named(object);
    match object.str_at("status.atProvider.status")? {
        // EKS API, Nodegroup.status.
        "CREATE_FAILED" => Some(format!(
            "then kubectl delete {named}: EKS does not try again. The node group has no nodes that work, and Crossplane creates it \
             anew"
        )),
        // EKS API, Cluster.status.
        "FAILED" => Some(format!(
            "then kubectl delete {named}: EKS does not try again, and deletes it in spite of its protection. Nothing runs on a \
             control plane that failed, and Crossplane creates it anew"
        )),
        _ => None,
    }
}

/// Whether an object is in a state that its cloud leaves by itself no more.
pub(crate) fn is_given_up(object: &Struct) -> bool {
    anew(object).is_some()
}

/// An object as kubectl takes it: kind and group, name, namespace where it has one.
struct Named<'a>(&'a Struct);

impl std::fmt::Display for Named<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let kind = self.0.str_at("kind");
        let kind = kind.map_or_else(|| "KIND".to_owned(), str::to_ascii_lowercase);
        let group = self
            .0
            .str_at("apiVersion")
            .and_then(|it| it.rsplit_once('/'));
        let group = group.map_or(String::new(), |(group, _)| format!(".{group}"));
        let name = self.0.str_at("metadata.name").unwrap_or("NAME");
        write!(f, "{kind}{group} {name}")?;
        match self.0.str_at("metadata.namespace") {
            Some(namespace) => write!(f, " --namespace {namespace}"),
            None => Ok(()),
        }
    }
}

/// The first row whose words a message has.
fn row(message: &str) -> Option<&'static Row> {
    let message = message.to_ascii_lowercase();
    let has = |words: &str| words.split(" && ").all(|words| message.contains(words));
    let mut rows = REMEDIES.iter().copied().flatten();
    rows.find(|(words, _)| words.iter().any(|words| has(words)))
}

#[cfg(test)]
mod tests;
