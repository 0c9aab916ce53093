//! What Route 53 cannot change.

use std::borrow::Cow;

use super::records::{own_name, type_of};
use crate::{
    api::{asked::Checked, draft::Field, input::ServiceDraft, violation::printable},
    cloud::unchanged::Unchanged,
    plan::key::{OWN_RECORD, SERVICE_RECORD},
};

/// Checks that existing records stay what they are: a provider cannot rename one, and would report an
/// error for ever. One difference is told, since others may follow from it.
pub(in crate::cloud::aws) fn unchanged(unchanged: &Unchanged<'_>) -> Checked {
    let Some(service) = unchanged.asked.input.traffic.get()? else {
        return Ok(());
    };
    let (host, zone) = (&service.host, &service.zone.aws.zone_id);
    let rows = [
        ("input.traffic.host", borrowed(host), SERVICE_RECORD, "name"),
        (
            "input.traffic.zone.aws.zoneId",
            borrowed(zone),
            SERVICE_RECORD,
            "zoneId",
        ),
        (
            "input.traffic.zone.aws.zoneId",
            borrowed(zone),
            OWN_RECORD,
            "zoneId",
        ),
        (
            "spec.argocd.name",
            own(unchanged, service),
            OWN_RECORD,
            "name",
        ),
        ("spec.traffic.address", kind(unchanged), OWN_RECORD, "type"),
    ];
    for (field, now, key, path) in rows {
        let was = unchanged
            .observed
            .str_at(&key, &format!("spec.forProvider.{path}"));
        let (Ok(now), Some(was)) = (now, was) else {
            continue;
        };
        if now == was {
            continue;
        }
        let problem = format!("is not what the record {key} was made with, which cannot change");
        let fix = format!(
            "set it back to {}, or delete that Record with kubectl first; callers are without it until it is made anew",
            printable(was)
        );
        unchanged.asked.refuse(field, &now, problem, fix);
        break;
    }
    Ok(())
}

fn borrowed(field: &Field<String>) -> Field<Cow<'_, str>> {
    Ok(Cow::Borrowed(field.as_ref()?))
}

/// The cluster's own name; empty where it has none.
fn own<'a>(unchanged: &Unchanged<'_>, service: &ServiceDraft) -> Field<Cow<'a, str>> {
    let own = own_name(unchanged.argocd_name()?, service.host.as_ref()?);
    Ok(Cow::Owned(own.unwrap_or_default()))
}

/// The type of the record of that name.
fn kind<'a>(unchanged: &Unchanged<'_>) -> Field<Cow<'a, str>> {
    let address = unchanged.address?.unwrap_or_default();
    Ok(Cow::Borrowed(type_of(address)))
}
