//! `traffic`: the host that callers use, and who answers for it in DNS.

use serde::Serialize;

use super::members::{Members, MembersDraft, members};
use crate::api::{
    defaults,
    draft::drafted,
    reader::{Object, Optional as _},
    rules::{HOST, HOSTED_ZONE, REQUEST_PATH},
    spec::{ProviderConfigRef, ProviderConfigRefDraft, provider_config_ref},
};

const A_HOST: &str = "set it to the name that callers use, such as inference.example.com";
const A_ZONE: &str = "say where its records stand, such as {aws: {zoneId: Z0123456789ABCDEFGHIJ}}";
const A_HOSTED_ZONE: &str = "set it to a hosted zone such as {zoneId: Z0123456789ABCDEFGHIJ}";
const AN_ID: &str = "set it to the id that Route 53 shows for the zone";

drafted! {
    /// One service, and the clusters that serve it.
    #[derive(Clone, Debug, Serialize)]
    #[serde(rename_all = "camelCase")]
    pub struct Service, ServiceDraft {
        /// The host that callers use.
        pub host: String,
        /// The clusters that serve it. No author decides that.
        #[serde(flatten)]
        pub members: Members = MembersDraft,
        /// The zone that holds its records.
        pub zone: Zone = ZoneDraft,
        /// How long resolvers may keep an answer.
        pub ttl_seconds: u32,
        /// How DNS finds out that a cluster does not answer.
        pub health_check: HealthCheck = HealthCheckDraft,
    }

    /// The zone, at the one provider that keeps a record for each cluster by itself.
    #[derive(Clone, Debug, Serialize)]
    pub struct Zone, ZoneDraft {
        /// At Route 53.
        pub aws: HostedZone = HostedZoneDraft,
    }

    /// A public hosted zone of Route 53.
    #[derive(Clone, Debug, Serialize)]
    #[serde(rename_all = "camelCase")]
    pub struct HostedZone, HostedZoneDraft {
        /// Its id.
        pub zone_id: String,
        /// provider-aws' credentials for the account that it is in.
        pub provider_config_ref: ProviderConfigRef = ProviderConfigRefDraft,
    }

    /// What Route 53 asks each cluster over HTTPS.
    #[derive(Clone, Debug, Serialize)]
    pub struct HealthCheck, HealthCheckDraft {
        /// The path.
        pub path: String,
        /// Every 10 seconds instead of every 30.
        pub fast: bool,
        /// How many times in a row the answer is missing or wrong before callers are sent elsewhere.
        pub failures: u32,
    }
}

pub(super) fn read(mut object: Object<'_, '_>) -> ServiceDraft {
    let draft = ServiceDraft {
        host: object.need("host", A_HOST).string_that(&HOST),
        members: members(&mut object),
        zone: zone(object.need("zone", A_ZONE).object()),
        ttl_seconds: object
            .integer("ttlSeconds", &(10..=3600))
            .default_to(defaults::DNS_TTL_SECONDS),
        health_check: health_check(object.object("healthCheck")),
    };
    object.finish();
    draft
}

fn zone(mut object: Object<'_, '_>) -> ZoneDraft {
    let draft = ZoneDraft {
        aws: hosted_zone(object.need("aws", A_HOSTED_ZONE).object()),
    };
    object.finish();
    draft
}

fn hosted_zone(mut object: Object<'_, '_>) -> HostedZoneDraft {
    let draft = HostedZoneDraft {
        zone_id: object.need("zoneId", AN_ID).string_that(&HOSTED_ZONE),
        provider_config_ref: provider_config_ref(object.object("providerConfigRef")),
    };
    object.finish();
    draft
}

fn health_check(mut object: Object<'_, '_>) -> HealthCheckDraft {
    let draft = HealthCheckDraft {
        path: object
            .string_that("path", &REQUEST_PATH)
            .default_to(defaults::HEALTH_CHECK_PATH),
        fast: object.boolean("fast", defaults::HEALTH_CHECK_FAST),
        failures: object
            .integer("failures", &(1..=10))
            .default_to(defaults::HEALTH_CHECK_FAILURES),
    };
    object.finish();
    draft
}
