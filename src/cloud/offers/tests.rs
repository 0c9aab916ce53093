//! The table is read whole, and says only what it knows.

use super::{LISTS, Where, lists, missing, missing_in, nearest, parse, zones};
use crate::{
    api::{
        choice::{Choice as _, GpuModel, Size},
        provider::Provider,
    },
    cloud::registry::Clouds,
};

const TEXT: &str = include_str!("../../../offers/machines.tsv");

/// A day, a month or a year.
fn is_date(text: &str) -> bool {
    let mut parts = text.split('-');
    let is_year = parts.next().is_some_and(|year| year.len() == 4);
    let numbers = text.split('-').all(|part| part.parse::<u32>().is_ok());
    is_year && numbers && parts.all(|part| part.len() == 2)
}

#[test]
fn every_line_is_read_and_every_list_has_its_date() {
    let lines = TEXT.lines().filter(|line| !line.starts_with('#'));
    let read: usize = LISTS.iter().map(|list| 1 + list.regions.len()).sum();
    assert_eq!(read, lines.count());
    let mut sources = TEXT
        .lines()
        .filter_map(|line| line.strip_prefix("list\t")?.rsplit('\t').next());
    assert!(sources.all(|source| source.starts_with("https://")));
    for list in &*LISTS {
        assert!(is_date(list.date), "{}", list.date);
        assert!(!list.families.is_empty(), "{}", list.provider);
        for (region, offered) in &list.regions {
            for machine in offered.lacks.keys() {
                let family = list.family(machine).unwrap();
                assert!(offered.families.contains_key(family), "{region}: {machine}");
            }
            for place in offered.families.values().chain(offered.lacks.values()) {
                if let Where::In(zones) = place {
                    assert!(zones.is_subset(&offered.zones), "{region}: {zones:?}");
                    assert!(zones.len() < offered.zones.len(), "{region}: {zones:?}");
                }
            }
        }
    }
    assert!(parse("a line of another form").is_empty());
    assert!(TEXT.len() < 40_000, "{} bytes", TEXT.len());
}

#[test]
fn every_region_of_the_table_is_one_of_the_cloud() {
    for cloud in Clouds::ALL.iter() {
        assert!(lists(cloud.provider()).count() > 0);
        let families = lists(cloud.provider()).flat_map(|list| &list.families);
        let mut once = std::collections::BTreeSet::new();
        assert!(
            families.into_iter().all(|family| once.insert(family)),
            "two lists tell of one family"
        );
        for list in lists(cloud.provider()) {
            for region in list.regions.keys() {
                assert!(cloud.regions().contains(region), "{region}");
            }
        }
    }
}

/// A machine of the sizes and GPUs that no list knew would never be refused.
#[test]
fn every_machine_of_a_size_or_a_gpu_is_offered_somewhere_and_known_everywhere() {
    for cloud in Clouds::ALL.iter() {
        let (provider, machines) = (cloud.provider(), cloud.machines());
        let sizes = Size::ALL.iter().map(|(_, size)| machines.of_size(*size));
        let gpus = GpuModel::ALL.iter().map(|(_, gpu)| machines.with_gpu(*gpu));
        for machine in sizes.chain(gpus).flatten() {
            assert!(!nearest(provider, "", machine.name).is_empty());
            for region in lists(provider).flat_map(|list| list.regions.keys()) {
                let mut known = lists(provider).map(|list| list.offers(region, machine.name));
                assert!(known.any(|it| it.is_some()), "{} {region}", machine.name);
            }
        }
    }
}

#[test]
fn what_is_missing_is_told_by_family_and_by_type() {
    let (aws, gcp) = (Provider::AWS, Provider::GCP);
    for (provider, region, machine, date, reason) in [
        (aws, "us-east-1", "m7i.xlarge", None, "offered"),
        (
            aws,
            "ca-west-1",
            "m7i.xlarge",
            Some("2026-10-27"),
            "a family",
        ),
        (
            aws,
            "ca-west-1",
            "m8i-flex.large",
            None,
            "a family of two words",
        ),
        (
            aws,
            "ap-northeast-2",
            "p5.48xlarge",
            None,
            "a type of a family",
        ),
        (
            aws,
            "ap-northeast-2",
            "p5.4xlarge",
            Some("2026-10-27"),
            "another type",
        ),
        (aws, "ca-west-1", "m99z.large", None, "an unknown family"),
        (
            aws,
            "ca-west-1",
            "m99z-flex.large",
            None,
            "an unknown family",
        ),
        (aws, "mx-central-1", "m7i.large", None, "an unknown region"),
        (aws, "xx-newest-1", "m7i.large", None, "an unknown region"),
        (
            gcp,
            "europe-north2",
            "n2-standard-4",
            Some("2026"),
            "a family",
        ),
        (
            gcp,
            "europe-north2",
            "n4-standard-4",
            None,
            "by another list",
        ),
        (
            gcp,
            "europe-west10",
            "n4-standard-4",
            Some("2026-07-30"),
            "so",
        ),
        (gcp, "us-west2", "a3-highgpu-8g", Some("2026"), "GPUs"),
        (gcp, "us-west2", "a3-newgpu-8g", None, "unknown GPUs"),
        (gcp, "us-west2", "z9", None, "no family at all"),
    ] {
        assert_eq!(
            missing(provider, region, machine),
            date,
            "{machine}: {reason}"
        );
    }
}

/// A cloud, a region, a zone, a machine type, since when it is missing, and why.
const ZONES: &str = "
gcp europe-west1 europe-west1-b g2-standard-4 -    offered
gcp europe-west1 europe-west1-d g2-standard-4 2026 in b and c alone
gcp europe-west1 europe-west1-d n2-standard-4 -    in all zones
gcp europe-west1 europe-west1-z g2-standard-4 -    an unknown zone
gcp europe-west8 europe-west8-a a3-highgpu-8g -    sources do not agree
gcp europe-west1 europe-west1-b n4-standard-4 -    a list without zones
aws us-east-1    use1-az3       m7i.large     2026-10-27 a family
aws us-east-1    use1-az4       m7i.large     -    offered
aws us-east-1    us-east-1e     m7i.large     -    a letter
aws us-east-1    use1-az1       m5n.metal     2026-10-27 a type
aws us-east-1    use1-az1       m5n.large     -    another type
aws ca-west-1    caw1-az1       m7i.large     2026-10-27 the whole region
aws xx-newest-1  xxn1-az1       m7i.large     -    an unknown region
";

#[test]
fn what_a_zone_lacks_is_told_by_the_end_of_its_name() {
    for line in ZONES.trim().lines() {
        let words: Vec<_> = line.split_whitespace().collect();
        let mut clouds = Clouds::ALL.iter().map(|cloud| cloud.provider());
        let provider = clouds.find(|it| it.name() == words[0]).unwrap();
        let found = missing_in(provider, words[1], words[2], words[3]);
        assert_eq!(found, (words[4] != "-").then_some(words[4]), "{line}");
    }
    assert!(zones(Provider::GCP, "europe-west1").eq(["b", "c", "d"]));
    assert!(zones(Provider::GCP, "us-central1").eq(["a", "b", "c", "f"]));
    assert_eq!(zones(Provider::GCP, "xx-newest1").count(), 0);
}

#[test]
fn the_nearest_regions_come_first() {
    let found = nearest(Provider::AWS, "eu-west-1", "g6.xlarge");
    assert_eq!(found[..2], ["eu-west-2", "eu-west-3"]);
    assert!(found[2].starts_with("eu-"), "{found:?}");
}

proptest::proptest! {
    #[test]
    fn what_the_table_does_not_name_is_let_through(
        region in "[a-z]{2}-[a-z]{8}-[0-9]",
        machine in "[a-z0-9]{1,4}[.-][a-z0-9]{1,9}",
        family in "y[a-z0-9-]{1,9}",
    ) {
        for provider in [Provider::AWS, Provider::GCP] {
            let known = lists(provider).any(|list| list.regions.contains_key(&*region));
            proptest::prop_assert!(known || missing(provider, &region, &machine).is_none());
            for region in lists(provider).flat_map(|list| list.regions.keys()) {
                let machine = format!("{family}.large");
                proptest::prop_assert_eq!(missing(provider, region, &machine), None);
            }
        }
    }
}
