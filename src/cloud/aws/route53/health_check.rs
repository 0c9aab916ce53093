//! What asks a cluster whether it answers, and how another check takes its place.
//!
//! The interval of a check cannot change (`request_interval` in route53/health_check.go, Terraform 6.34), and upjet
//! refuses what would replace an object. So another interval is another check: it is made first, the record changes
//! over to it, and then the old one goes.

use super::{api::HealthCheck, zone::in_zone};
use crate::{
    api::input::Service,
    cloud::aws::identifiers::tags,
    plan::{
        build::as_observed,
        composed::{Plan, Stage},
        context::Cx,
        key::{HEALTH_CHECK, Key, NEXT_HEALTH_CHECK, OWN_RECORD, SERVICE_RECORD},
        object::{Extras, external_name},
    },
};

/// The checks take turns, so the one with the wanted interval has either key.
pub(super) const KEYS: [Key; 2] = [HEALTH_CHECK, NEXT_HEALTH_CHECK];

/// Seconds between two questions.
fn interval(service: &Service) -> u32 {
    if service.health_check.fast { 10 } else { 30 }
}

/// The key of the check with the wanted interval: it has it already, or is free.
fn wanted(cx: &Cx<'_>, service: &Service) -> Key {
    let has = |key: &Key| {
        let check = cx.observed.get(key)?;
        check.at("spec.forProvider.requestInterval")?.as_u32()
    };
    let mut keys = KEYS.into_iter();
    let found = keys.find(|key| has(key) == Some(interval(service)));
    let free = || KEYS.into_iter().find(|key| !cx.observed.exists(key));
    found.or_else(free).unwrap_or(HEALTH_CHECK)
}

/// The id of a check, once its provider has stored it.
pub(super) fn id_of<'a>(cx: &Cx<'a>, key: &Key) -> Option<&'a str> {
    cx.observed.get(key).and_then(external_name)
}

/// Plans the checks. The answer is the key of the one that the record shall have now.
pub(super) fn health_check(cx: &Cx<'_>, plan: &mut Plan, service: &Service, own: &str) -> Key {
    let wanted = wanted(cx, service);
    let check = HealthCheck {
        r#type: "HTTPS",
        fqdn: own.to_owned(),
        port: 443,
        resource_path: service.health_check.path.clone(),
        enable_sni: true,
        request_interval: interval(service),
        failure_threshold: service.health_check.failures,
        tags: tags(cx, own),
    };
    let check = in_zone(cx, service, wanted.clone(), Extras::default(), check);
    plan.add(check.after([OWN_RECORD]).optional());
    let mut others = KEYS.into_iter().filter(|key| *key != wanted);
    let Some(old) = others.find(|key| cx.observed.exists(key)) else {
        return wanted;
    };
    let id = id_of(cx, &wanted);
    let has = cx
        .observed
        .str_at(&SERVICE_RECORD, "status.atProvider.healthCheckId");
    if cx.observed.exists(&SERVICE_RECORD) && (id.is_none() || has != id) {
        plan.add(as_observed(Stage::Traffic, old.clone()).optional());
    }
    if id.is_some() { wanted } else { old }
}
