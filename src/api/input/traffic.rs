//! `traffic`: the host that callers use, and who answers for it in DNS.

use serde::Serialize;

use crate::api::{
    defaults,
    reader::Object,
    rules::{HOST, HOSTED_ZONE, REQUEST_PATH},
    spec::{ProviderConfigRef, provider_config_ref},
};

/// One service, which all clusters of the Composition serve.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Service {
    /// The host that callers use.
    pub host: String,
    /// The zone that holds its records.
    pub zone: Zone,
    /// How long resolvers may keep an answer.
    pub ttl_seconds: u32,
    /// How DNS finds out that a cluster does not answer.
    pub health_check: HealthCheck,
}

/// The zone, at the one provider that keeps a record for each cluster by itself.
#[derive(Clone, Debug, Serialize)]
pub struct Zone {
    /// At Route 53.
    pub aws: HostedZone,
}

/// A public hosted zone of Route 53.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct HostedZone {
    /// Its id.
    pub zone_id: String,
    /// provider-aws' credentials for the account that it is in.
    pub provider_config_ref: ProviderConfigRef,
}

/// What Route 53 asks each cluster over HTTPS.
#[derive(Clone, Debug, Serialize)]
pub struct HealthCheck {
    /// The path.
    pub path: String,
    /// Every 10 seconds instead of every 30.
    pub fast: bool,
    /// How many times in a row the answer is missing or wrong before callers are sent elsewhere.
    pub failures: u32,
}

pub(super) fn read(mut object: Object<'_, '_>) -> Option<Service> {
    let host = object
        .need(
            "host",
            "set it to the name that callers use, such as inference.example.com",
        )
        .string_that(&HOST);
    let zone = object
        .need(
            "zone",
            "say where its records stand, such as {aws: {zoneId: Z0123456789ABCDEFGHIJ}}",
        )
        .object();
    let zone = zone.and_then(read_zone);
    let ttl_seconds = object.integer("ttlSeconds", &(10..=3600));
    let health_check = health_check(object.object("healthCheck"));
    object.finish();
    Some(Service {
        host: host?,
        zone: zone?,
        ttl_seconds: ttl_seconds.unwrap_or(defaults::DNS_TTL_SECONDS),
        health_check,
    })
}

fn read_zone(mut object: Object<'_, '_>) -> Option<Zone> {
    let aws = object
        .need(
            "aws",
            "set it to a hosted zone such as {zoneId: Z0123456789ABCDEFGHIJ}",
        )
        .object();
    let aws = aws.and_then(hosted_zone);
    object.finish();
    Some(Zone { aws: aws? })
}

fn hosted_zone(mut object: Object<'_, '_>) -> Option<HostedZone> {
    let zone_id = object
        .need(
            "zoneId",
            "set it to the id that Route 53 shows for the zone",
        )
        .string_that(&HOSTED_ZONE);
    let provider_config_ref = provider_config_ref(object.object("providerConfigRef"));
    object.finish();
    Some(HostedZone {
        zone_id: zone_id?,
        provider_config_ref,
    })
}

fn health_check(mut object: Object<'_, '_>) -> HealthCheck {
    let path = object.string_that("path", &REQUEST_PATH);
    let fast = object.boolean("fast", defaults::HEALTH_CHECK_FAST);
    let failures = object.integer("failures", &(1..=10));
    object.finish();
    HealthCheck {
        path: path.unwrap_or_else(|| defaults::HEALTH_CHECK_PATH.to_owned()),
        fast,
        failures: failures.unwrap_or(defaults::HEALTH_CHECK_FAILURES),
    }
}
