//! What Route 53 cannot change.

use super::records::{own_name, type_of};
use crate::{
    api::violation::{Violation, Violations, printable},
    plan::{
        context::Cx,
        key::{OWN_RECORD, SERVICE_RECORD},
    },
};

/// Checks that existing records stay what they are: a provider cannot rename one, and would report an
/// error for ever.
pub(in crate::cloud::aws) fn unchanged(cx: &Cx<'_>, violations: &Violations) {
    let Some(service) = &cx.input.traffic else {
        return;
    };
    let own = own_name(&cx.names.argocd, service).unwrap_or_default();
    let zone = service.zone.aws.zone_id.as_str();
    let address = cx.traffic.address.as_deref().unwrap_or_default();
    for (field, now, key, path) in [
        (
            "input.traffic.host",
            service.host.as_str(),
            SERVICE_RECORD,
            "name",
        ),
        (
            "input.traffic.zone.aws.zoneId",
            zone,
            SERVICE_RECORD,
            "zoneId",
        ),
        ("input.traffic.zone.aws.zoneId", zone, OWN_RECORD, "zoneId"),
        ("spec.argocd.name", &own, OWN_RECORD, "name"),
        ("spec.traffic.address", type_of(address), OWN_RECORD, "type"),
    ] {
        let was = cx
            .observed
            .str_at(&key, &format!("spec.forProvider.{path}"));
        let Some(was) = was.filter(|was| *was != now) else {
            continue;
        };
        violations.add(Violation::quoting(
            field,
            now,
            format!("is not what the record {key} was made with, which cannot change"),
            format!(
                "set it back to {}, or delete that Record with kubectl first; callers are without it until it is made anew",
                printable(was)
            ),
        ));
        return;
    }
}
