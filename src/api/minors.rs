//! Which minor versions of Kubernetes a cloud supports, until when, and with which add-ons.
//!
//! The facts, with their days and sources, are in `versions/kubernetes.tsv`. Rows of the Input go before them, so that a platform
//! need not wait for a release of the function.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::LazyLock,
};

use serde::Serialize;

use super::{choice::SupportType, provider::Provider, spec::Version};

static TABLE: LazyLock<Vec<Minor>> =
    LazyLock::new(|| parse(include_str!("../../versions/kubernetes.tsv")));

/// What is known of one minor version on one cloud.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Minor {
    /// The cloud.
    pub provider: Provider,
    /// The minor version.
    pub minor: Version,
    /// The day on which standard support ends, such as `2027-08-02`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub standard_support_ends: Option<String>,
    /// The day on which extended support ends.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub extended_support_ends: Option<String>,
    /// By the field of `spec.addons`, the oldest version of an add-on that goes with it.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub addons: BTreeMap<String, String>,
}

/// Reads the table. A test reads it too, so a line of another form is left out.
fn parse(text: &str) -> Vec<Minor> {
    let mut minors: Vec<Minor> = Vec::new();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let fields: Vec<_> = line.split('\t').collect();
        let ["minor" | "addon", provider, minor, ..] = fields[..] else {
            continue;
        };
        let Some(minor) = Version::parse(minor) else {
            continue;
        };
        let is_row = |row: &&mut Minor| row.provider.name() == provider && row.minor == minor;
        match fields[..] {
            ["minor", _, _, standard, extended, ..] => {
                let known = [Provider::AWS, Provider::GCP];
                let Some(provider) = known.into_iter().find(|it| it.name() == provider) else {
                    continue;
                };
                minors.push(Minor {
                    provider,
                    minor,
                    standard_support_ends: Some(standard.to_owned()),
                    extended_support_ends: Some(extended.to_owned()),
                    addons: BTreeMap::new(),
                });
            }
            ["addon", _, _, addon, version, ..] => {
                if let Some(row) = minors.iter_mut().find(is_row) {
                    row.addons.insert(addon.to_owned(), version.to_owned());
                }
            }
            _ => {}
        }
    }
    minors
}

/// What the platform and the table know of a minor version, the platform first.
fn rows(own: &[Minor], provider: Provider, minor: Version) -> impl Iterator<Item = &Minor> {
    let all = own.iter().chain(TABLE.iter());
    all.filter(move |row| row.provider == provider && row.minor == minor)
}

/// All minor versions that are known on a cloud. None where nothing is known of the cloud.
pub fn known(own: &[Minor], provider: Provider) -> BTreeSet<Version> {
    let all = own.iter().chain(TABLE.iter());
    all.filter(|row| row.provider == provider)
        .map(|row| row.minor)
        .collect()
}

/// The day on which support of a minor version ends on a cloud, such as `2027-08-02`.
pub fn support_ends(
    own: &[Minor],
    provider: Provider,
    minor: Version,
    support: SupportType,
) -> Option<&str> {
    rows(own, provider, minor).find_map(|row| {
        let day = match support {
            SupportType::Standard => &row.standard_support_ends,
            SupportType::Extended => &row.extended_support_ends,
        };
        day.as_deref()
    })
}

/// All days of the table on which support of a minor version ends on a cloud.
pub fn days() -> impl Iterator<Item = (Provider, Version, &'static str)> {
    TABLE.iter().flat_map(|row| {
        let days = [&row.standard_support_ends, &row.extended_support_ends];
        let days = days.into_iter().filter_map(|day| day.as_deref());
        days.map(|day| (row.provider, row.minor, day))
    })
}

/// The oldest version of an add-on that goes with a minor version on a cloud; `field` is its name in `spec.addons`.
pub fn addon<'a>(
    own: &'a [Minor],
    provider: Provider,
    minor: Version,
    field: &str,
) -> Option<&'a str> {
    rows(own, provider, minor).find_map(|row| row.addons.get(field).map(String::as_str))
}

#[cfg(test)]
mod tests;
