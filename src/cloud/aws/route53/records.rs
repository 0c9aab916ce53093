//! The service's records in Route 53, for clusters of both clouds.
//!
//! Each cluster has two. Its own name, `<name in Argo CD>.<host>`, leads to its load balancer: by
//! address, or by the host name that a load balancer on AWS has instead. And the service's host has
//! one record of each cluster, with its weight, that leads to the cluster's own name: all of them are
//! CNAMEs, because Route 53 takes only records of one type for one name.
//!
//! Records stand on the management side, since one inside a dead cluster could not be changed. Cloud
//! DNS cannot hold them: it keeps the weights of all clusters in one record set, which no cluster can
//! own alone.

use super::{
    api::{Record, Weighted},
    health_check::{KEYS, health_check, id_of},
    zone::in_zone,
};
use crate::{
    api::{input::Service, rules::is_address},
    plan::{
        build::{as_observed, lacking},
        composed::{Composed, Plan, Source, Stage},
        context::Cx,
        key::{ADDRESS, CLUSTER, OWN_RECORD, SERVICE_RECORD},
        object::Extras,
        traffic::host_label,
    },
};

/// Longest label of a name in DNS.
const LONGEST_LABEL: usize = 63;

/// The cluster's own name: a single label before the service's host, which a certificate for
/// `*.<host>` covers. The ApplicationSet makes the same of the cluster's name in Argo CD.
pub(super) fn own_name(argocd: &str, host: &str) -> Option<String> {
    let plain = |c: char| {
        if c.is_ascii_alphanumeric() {
            c.to_ascii_lowercase()
        } else {
            '-'
        }
    };
    let label: String = argocd.chars().map(plain).collect();
    (label.len() <= LONGEST_LABEL).then(|| format!("{label}.{host}"))
}

/// The type of the record of the cluster's own name.
pub(super) fn type_of(address: &str) -> &'static str {
    if is_address(address) { "A" } else { "CNAME" }
}

/// Plans the stage.
pub(in crate::cloud::aws) fn records(cx: &Cx<'_>, plan: &mut Plan) {
    let service = cx.input.traffic.as_ref();
    let Some(service) = service.filter(|_| cx.traffic.host.is_some()) else {
        // The platform lost it, or wants it no more, or not from such clusters. Names that callers use are not taken away for that:
        // a person deletes them.
        for key in [OWN_RECORD, SERVICE_RECORD].into_iter().chain(KEYS) {
            if cx.observed.exists(&key) {
                plan.add(as_observed(Stage::Traffic, key).optional());
            }
        }
        return;
    };
    let Some(own) = own_name(&cx.names.argocd, &service.host) else {
        let hint = "the name in Argo CD has more than 63 characters; set spec.argocd.name to a shorter one";
        plan.add(
            lacking(
                Stage::Traffic,
                OWN_RECORD,
                "a name in DNS",
                Source::Person(hint.to_owned()),
            )
            .optional(),
        );
        return;
    };
    plan.add(own_record(cx, service, &own).after([CLUSTER]).optional());
    let check = health_check(cx, plan, service, &own);
    let record = Record {
        zone_id: service.zone.aws.zone_id.clone(),
        name: service.host.clone(),
        r#type: "CNAME",
        ttl: service.ttl_seconds,
        records: vec![target(cx, &own, id_of(cx, &check))],
        set_identifier: Some(cx.names.identity.clone()),
        weighted_routing_policy: Some(Weighted {
            weight: cx.traffic.weight,
        }),
        health_check_id_ref: Some(cx.reference(&check).always()),
    };
    let id = id(&record);
    let extras = Extras {
        external_name: Some(id),
        labels: vec![host_label(&service.host)],
        ..Extras::default()
    };
    plan.add(
        in_zone(cx, service, SERVICE_RECORD, extras, record)
            .after([OWN_RECORD, check])
            .optional(),
    );
}

/// What Terraform will call a record (`createRecordImportID` in record.go, Terraform 6.34). With a set
/// identifier no other cluster's record has it, so the provider finds the record again, even if it died
/// while it made it. A record without one may be another cluster's: its name stays Route 53's to give.
fn id(record: &Record) -> String {
    let kind = record.r#type.to_owned();
    let parts = [
        Some(record.zone_id.clone()),
        Some(record.name.clone()),
        Some(kind),
    ];
    let set = record.set_identifier.clone();
    let parts = parts.into_iter().chain([set]).flatten();
    parts.collect::<Vec<_>>().join("_")
}

/// What the service's record leads to: the cluster's own name, with or without the dot at its end. Both
/// mean the same in DNS.
///
/// A change of the weight alone never reaches Route 53: Terraform takes the TTL from the plan, upjet
/// makes the plan from the difference, and Route 53 refuses a record without a TTL. provider-aws from
/// v2.6.0 adds the TTL when `records` differ (`config/cluster/route53/config.go`), so the form changes
/// with the weight. Route 53 ignores a change of the dot alone (octodns-route53#96), so what it reports
/// decides the form, and a weight that has arrived makes no difference any more. The same holds for another
/// health check.
fn target(cx: &Cx<'_>, own: &str, check: Option<&str>) -> String {
    let record = cx.observed.get(&SERVICE_RECORD);
    let at = |part: &str| {
        let part = record?.at(part)?;
        let weight = part.at("weightedRoutingPolicy.weight")?.as_i64()?;
        let asked_by = part.at("healthCheckId").and_then(|id| id.as_str());
        Some((part.at("records.0")?.as_str()?, weight, asked_by))
    };
    let last = at("status.atProvider").or_else(|| at("spec.forProvider"));
    let Some((value, weight, asked_by)) = last else {
        return own.to_owned();
    };
    let same_check = check.is_none() || asked_by.is_none() || check == asked_by;
    let is_there = same_check && weight == i64::from(cx.traffic.weight);
    if is_there == value.ends_with('.') {
        format!("{own}.")
    } else {
        own.to_owned()
    }
}

fn own_record(cx: &Cx<'_>, service: &Service, own: &str) -> Composed {
    let Some(address) = &cx.traffic.address else {
        let from = if cx.observed.exists(&ADDRESS) {
            ADDRESS.into()
        } else {
            let action =
                "set spec.traffic.address to the host name of the load balancer of the Ingress";
            Source::Person(action.to_owned())
        };
        return lacking(
            Stage::Traffic,
            OWN_RECORD,
            "the load balancer's address",
            from,
        );
    };
    let record = Record {
        zone_id: service.zone.aws.zone_id.clone(),
        name: own.to_owned(),
        r#type: type_of(address),
        ttl: service.ttl_seconds,
        records: vec![address.clone()],
        set_identifier: None,
        weighted_routing_policy: None,
        health_check_id_ref: None,
    };
    in_zone(cx, service, OWN_RECORD, Extras::default(), record)
}
