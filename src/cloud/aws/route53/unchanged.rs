//! What Route 53 cannot change.

use std::borrow::Cow;

use super::records::{own_name, type_of};
use crate::{
    api::{
        asked::Checked, choice::Choice as _, draft::Field, input::ServiceDraft,
        violation::printable,
    },
    cloud::unchanged::Unchanged,
    plan::key::{OWN_RECORD, SERVICE_RECORD},
};

const ZONE_ID: &str = "input.traffic.zone.aws.zoneId";
const CONFIG_NAME: &str = "input.traffic.zone.aws.providerConfigRef.name";
const CONFIG_KIND: &str = "input.traffic.zone.aws.providerConfigRef.kind";

/// Checks that existing records stay what they are: a provider cannot rename one, and would report an
/// error for ever. One difference is told, since others may follow from it.
pub(in crate::cloud::aws) fn unchanged(unchanged: &Unchanged<'_>) -> Checked {
    let Some(service) = unchanged.asked.input.traffic.get()? else {
        return Ok(());
    };
    let (host, zone) = (borrowed(&service.host), &service.zone.aws);
    let config = &zone.provider_config_ref;
    let config_kind = || Ok(Cow::Borrowed(config.kind?.name()));
    let both = |field, now: Field<_>, path| {
        [SERVICE_RECORD, OWN_RECORD].map(|key| (field, now.clone(), key, path))
    };
    let mut rows = vec![(
        "input.traffic.host",
        host,
        SERVICE_RECORD,
        "forProvider.name",
    )];
    rows.extend(both(ZONE_ID, borrowed(&zone.zone_id), "forProvider.zoneId"));
    rows.extend([
        (
            "spec.argocd.name",
            own(unchanged, service),
            OWN_RECORD,
            "forProvider.name",
        ),
        (
            "spec.traffic.address",
            kind(unchanged),
            OWN_RECORD,
            "forProvider.type",
        ),
    ]);
    // Other credentials reach another account, which has neither the zone nor the health check.
    rows.extend(both(
        CONFIG_NAME,
        borrowed(&config.name),
        "providerConfigRef.name",
    ));
    rows.extend(both(CONFIG_KIND, config_kind(), "providerConfigRef.kind"));
    for (field, now, key, path) in rows {
        let was = unchanged.observed.str_at(&key, &format!("spec.{path}"));
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
        return Ok(());
    }
    ttl(unchanged, *service.ttl_seconds.as_ref()?);
    Ok(())
}

/// Checks that the host's record keeps its TTL: "weighted sets must contain the same TTL"
/// (aws-sdk-go-v2#518), so Route 53 takes a new one only for all clusters at once, in one request. Whoever
/// has sent that finds the new one in what Route 53 reports.
fn ttl(unchanged: &Unchanged<'_>, now: u32) {
    let record = unchanged.observed.get(&SERVICE_RECORD);
    let at = |part: &str| record?.at(&format!("{part}.ttl"))?.as_u32();
    let Some(was) = at("spec.forProvider") else {
        return;
    };
    if was != now && at("status.atProvider") != Some(now) {
        let problem = "is not the one that Route 53 has for all clusters of the host";
        let fix = format!(
            "set it back to {was}, or first change the records of all clusters in one request (docs/traffic.md)"
        );
        let field = "input.traffic.ttlSeconds";
        unchanged
            .asked
            .refuse(field, &now.to_string(), problem, fix);
    }
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
