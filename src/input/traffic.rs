//! `traffic`: the host that callers use, and who answers for it in DNS.

use serde::Serialize;

use crate::{
    reader::Object,
    xcluster::{HOST, HOSTED_ZONE, PROVIDER_CONFIG, ProviderConfigRef, REQUEST_PATH, defaults},
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

/// `traffic.ttlSeconds`: a failover takes at least as long.
const TTL_SECONDS: u32 = 30;
/// `traffic.healthCheck.path`.
const PATH: &str = "/readyz";
/// `traffic.healthCheck.fast`.
const FAST: bool = true;
/// `traffic.healthCheck.failures`.
const FAILURES: u32 = 3;

pub(super) fn read(mut object: Object<'_, '_>) -> Option<Service> {
    let host = object.string_that("host", &HOST);
    let zone = object.optional_object("zone");
    for (key, fix) in [
        (
            "host",
            "set it to the name that callers use, such as inference.example.com",
        ),
        (
            "zone",
            "say where its records stand, such as {aws: {zoneId: Z0123456789ABCDEFGHIJ}}",
        ),
    ] {
        if object.value(key).is_none() {
            object.missing(key, fix);
        }
    }
    let zone = zone.and_then(read_zone);
    let ttl_seconds = object.integer("ttlSeconds", &(10..=3600));
    let health_check = health_check(object.object("healthCheck"));
    object.finish();
    Some(Service {
        host: host?,
        zone: zone?,
        ttl_seconds: ttl_seconds.unwrap_or(TTL_SECONDS),
        health_check,
    })
}

fn read_zone(mut object: Object<'_, '_>) -> Option<Zone> {
    let aws = object.optional_object("aws");
    if object.value("aws").is_none() {
        object.missing(
            "aws",
            "set it to a hosted zone such as {zoneId: Z0123456789ABCDEFGHIJ}",
        );
    }
    let aws = aws.and_then(hosted_zone);
    object.finish();
    Some(Zone { aws: aws? })
}

fn hosted_zone(mut object: Object<'_, '_>) -> Option<HostedZone> {
    let zone_id = object.string_that("zoneId", &HOSTED_ZONE);
    if object.value("zoneId").is_none() {
        object.missing(
            "zoneId",
            "set it to the id that Route 53 shows for the zone",
        );
    }
    let mut reference = object.object("providerConfigRef");
    let provider_config_ref = ProviderConfigRef {
        kind: reference
            .choice("kind")
            .unwrap_or(defaults::PROVIDER_CONFIG_KIND),
        name: reference
            .string_that("name", &PROVIDER_CONFIG)
            .unwrap_or_else(|| defaults::PROVIDER_CONFIG.to_owned()),
    };
    reference.finish();
    object.finish();
    Some(HostedZone {
        zone_id: zone_id?,
        provider_config_ref,
    })
}

fn health_check(mut object: Object<'_, '_>) -> HealthCheck {
    let path = object.string_that("path", &REQUEST_PATH);
    let fast = object.boolean("fast", FAST);
    let failures = object.integer("failures", &(1..=10));
    object.finish();
    HealthCheck {
        path: path.unwrap_or_else(|| PATH.to_owned()),
        fast,
        failures: failures.unwrap_or(FAILURES),
    }
}
