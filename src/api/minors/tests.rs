//! The table itself, and what a platform adds to it.

use super::*;
use crate::api::prices::rules::DAY;

fn version(minor: u16) -> Version {
    Version { minor }
}

#[test]
fn every_line_of_the_table_is_read_and_names_its_source() {
    let text = include_str!("../../../versions/kubernetes.tsv");
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    let mut minors = 0;
    let mut addons = 0;
    for line in lines {
        let fields: Vec<_> = line.split('\t').collect();
        let [kind, _, minor, a, b, read_on, source] = fields[..] else {
            panic!("{line}: not seven fields");
        };
        assert!(Version::parse(minor).is_some(), "{line}");
        assert!((DAY.holds)(read_on), "{line}");
        assert!(source.len() > 10, "{line}");
        match kind {
            "minor" => {
                assert!((DAY.holds)(a) && (DAY.holds)(b) && a < b, "{line}");
                minors += 1;
            }
            "addon" => {
                assert!(b.starts_with('v') && b.contains("-eksbuild."), "{line}");
                addons += 1;
            }
            _ => panic!("{line}: of no kind"),
        }
    }
    assert_eq!(TABLE.len(), minors);
    let read: usize = TABLE.iter().map(|row| row.addons.len()).sum();
    assert_eq!(read, addons);
}

#[test]
fn both_clouds_have_minors_without_a_gap() {
    for provider in [Provider::AWS, Provider::GCP] {
        let known: Vec<_> = known(&[], provider).into_iter().collect();
        assert!(known.len() >= 3, "{provider:?}: {known:?}");
        for pair in known.windows(2) {
            assert_eq!(pair[0].minor + 1, pair[1].minor, "{provider:?}");
        }
    }
}

/// kube-proxy must not be newer than the API server, nor more than three minors older
/// (Kubernetes, "Version Skew Policy").
#[test]
fn the_proxy_of_a_minor_is_of_that_minor() {
    for row in TABLE.iter().filter(|row| row.provider == Provider::AWS) {
        let proxy = row.addons["kubeProxy"].as_str();
        assert_eq!(Version::parse(proxy), Some(row.minor));
    }
}

#[test]
fn a_platform_adds_minors_and_corrects_the_table() {
    let row = |minor, standard: Option<&str>, addon: Option<&str>| Minor {
        provider: Provider::AWS,
        minor: version(minor),
        standard_support_ends: standard.map(str::to_owned),
        extended_support_ends: None,
        addons: addon
            .map(|version| ("dns".to_owned(), version.to_owned()))
            .into_iter()
            .collect(),
    };
    let own = [
        row(90, Some("2040-01-01"), None),
        row(36, None, Some("v9.9.9-eksbuild.1")),
    ];
    let aws = Provider::AWS;
    assert!(known(&own, aws).contains(&version(90)));
    assert!(!known(&own, Provider::GCP).contains(&version(90)));
    let ends = |minor| support_ends(&own, aws, version(minor), SupportType::Standard);
    assert_eq!(ends(90), Some("2040-01-01"));
    assert_eq!(ends(36), Some("2027-08-02"), "the table's, as before");
    assert_eq!(ends(91), None);
    assert_eq!(
        addon(&own, aws, version(36), "dns"),
        Some("v9.9.9-eksbuild.1")
    );
    let proxy = addon(&own, aws, version(36), "kubeProxy");
    assert_eq!(proxy, addon(&[], aws, version(36), "kubeProxy"));
}
