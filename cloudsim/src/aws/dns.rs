//! Route 53: one zone that was there before, and what may stand in it beside each other.

use crate::{
    clouds::Clouds,
    object::{field, name_of, text},
};
use serde_json::Value;

/// The id and the domain of the zone.
const ZONE: (&str, &str) = ("Z0ACMEEXAMPLE", "acme.example");

/// Why Route 53 would not create a record now.
pub(super) fn refuses(object: &Value, clouds: &Clouds<'_>) -> Option<String> {
    let (zone, name) = (field(object, "zoneId"), field(object, "name"));
    let (id, domain) = ZONE;
    if zone != id {
        return Some(format!(
            "NoSuchHostedZone: no hosted zone found with ID: {zone}"
        ));
    }
    let below = name
        .strip_suffix(domain)
        .is_some_and(|rest| rest.ends_with('.'));
    if !below && name != domain {
        return Some(format!(
            "InvalidChangeBatch: RRSet with DNS name {name}. is not permitted in zone {domain}."
        ));
    }
    if name == domain && field(object, "type") == "CNAME" {
        return Some(format!(
            "InvalidChangeBatch: RRSet of type CNAME with DNS name {name}. is not permitted at apex in zone {domain}."
        ));
    }
    let own = text(object, "/metadata/name");
    let mut others = clouds.all("Record").filter(|other| {
        text(other, "/metadata/name") != own
            && !name_of(other).is_empty()
            && field(other, "zoneId") == zone
            && field(other, "name") == name
    });
    others
        .find_map(|other| conflict(object, other))
        .map(|why| format!("InvalidChangeBatch: the record {name} {why}"))
}

/// Records of one name are of one type, each with a set identifier of its own.
fn conflict(object: &Value, other: &Value) -> Option<&'static str> {
    let [set, others] = [object, other].map(|it| field(it, "setIdentifier"));
    if field(object, "type") != field(other, "type") {
        Some("conflicts with one of another type")
    } else if set.is_empty() || others.is_empty() {
        Some("exists without a set identifier")
    } else {
        (set == others).then_some("exists with this set identifier")
    }
}

/// Why Route 53 refuses a change. Terraform takes the TTL from the plan, upjet makes the plan from the
/// difference, and provider-aws v2.6.0 adds the TTL to it only when records differ.
pub(super) fn refuses_change(had: &Value, wanted: &Value) -> Option<String> {
    let differs = |field: &str| had[field] != wanted[field];
    let fields = wanted.as_object().into_iter().flatten();
    let changed = fields.into_iter().any(|(field, _)| differs(field));
    // There are records of other clusters.
    if differs("ttl") && had["setIdentifier"].is_string() {
        let set = had["setIdentifier"].as_str().unwrap_or_default();
        return Some(format!(
            "InvalidChangeBatch: [RRSet with SetIdentifier {set} cannot be created as weighted sets must contain the same \
             TTL.]"
        ));
    }
    (changed && !differs("records") && !differs("ttl")).then(|| {
        let part = |field: &str| wanted[field].as_str().unwrap_or_default();
        format!(
            "operation error Route 53: ChangeResourceRecordSets, api error InvalidInput: Invalid request: \
             Expected exactly one of [AliasTarget, all of [TTL, and ResourceRecords], or \
             TrafficPolicyInstanceId], but found none in Change with [Action=UPSERT, Name={}, Type={}, \
             SetIdentifier={}]",
            part("name"),
            part("type"),
            part("setIdentifier")
        )
    })
}

/// Route 53 ignores a change that only adds or takes away the dot at a value's end
/// (octodns-route53#96).
pub(super) fn answers(had: &Value, now: &mut Value) {
    let plain = |record: &Value| {
        let mut plain = record.clone();
        let value = record["records"][0].as_str().unwrap_or_default();
        plain["records"] = value.trim_end_matches('.').into();
        plain
    };
    if had["records"].is_array() && plain(had) == plain(now) {
        now["records"] = had["records"].clone();
    }
}

/// The zone, the name and the type; and which of several.
pub(super) fn identity(object: &Value) -> String {
    let parts = ["zoneId", "name", "type", "setIdentifier"].map(|name| field(object, name));
    let parts: Vec<_> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    parts.join("_")
}
