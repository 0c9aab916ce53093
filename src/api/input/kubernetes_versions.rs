//! `kubernetesVersions`: minor versions that a platform adds to the table of the release, or corrects.

use std::collections::BTreeMap;

use crate::api::{
    draft::{Field, Items, Unsound},
    minors::Minor,
    prices::rules::DAY,
    provider::{Clouds, Provider, names},
    reader::Object,
    rules::{ADDON_VERSION, VERSION},
    spec::Version,
    violation::Violation,
};

/// The fields of `spec.addons` that have versions. GKE brings its add-ons with its version, whatever stands here.
const ADDONS: [&str; 6] = [
    "networking",
    "kubeProxy",
    "podIdentity",
    "dns",
    "blockStorage",
    "metricsServer",
];
/// Most rows: every minor version that a cloud supports at once, on each cloud, and room.
const MOST_ROWS: usize = 50;

pub(super) fn kubernetes_versions(
    object: &mut Object<'_, '_>,
    clouds: Clouds<'_>,
) -> Items<Field<Minor>> {
    let key = "kubernetesVersions";
    let rows = object.items(key, MOST_ROWS, |input, path, item| {
        row(input.child(path, item), clouds)
    });
    let mut seen: Vec<(Provider, Version)> = Vec::new();
    for (n, row) in rows.sound().into_iter().flatten() {
        if seen.contains(&(row.provider, row.minor)) {
            let path = object.path(&format!("{key}[{n}].minor"));
            let (problem, fix) = (
                "stands here twice for its cloud",
                "put all of it into one row",
            );
            object.violation(Violation::quoting(
                path,
                &row.minor.to_string(),
                problem,
                fix,
            ));
        }
        seen.push((row.provider, row.minor));
    }
    rows
}

fn row(mut object: Object<'_, '_>, clouds: Clouds<'_>) -> Field<Minor> {
    let provider = object
        .need("provider", format!("set it to {}", names(clouds)))
        .provider(clouds);
    let minor = object
        .need("minor", "set it to a quoted minor version such as \"1.37\"")
        .string_that(&VERSION);
    let standard = object.string_that("standardSupportEnds", &DAY);
    let extended = object.string_that("extendedSupportEnds", &DAY);
    let addons = addons(object.object("addons"));
    object.finish();
    Ok(Minor {
        provider: provider?,
        minor: Version::parse(&minor?).ok_or(Unsound)?,
        standard_support_ends: standard?,
        extended_support_ends: extended?,
        addons: addons?,
    })
}

fn addons(mut object: Object<'_, '_>) -> Field<BTreeMap<String, String>> {
    let versions = ADDONS.into_iter().filter_map(|field| {
        let version = object.string_that(field, &ADDON_VERSION).transpose()?;
        Some(version.map(|version| (field.to_owned(), version)))
    });
    let versions: Vec<_> = versions.collect();
    object.finish();
    versions.into_iter().collect()
}
