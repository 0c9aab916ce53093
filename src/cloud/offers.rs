//! Which machine types a cloud offers in which region and zone, as of a date.
//!
//! The facts, with their dates and sources, are in `offers/machines.tsv`. A table tells nothing of what is newer than it. So a
//! region, a zone or a family that a list does not name is never said to be missing.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::LazyLock,
};

use crate::api::provider::Provider;

static LISTS: LazyLock<Vec<List>> =
    LazyLock::new(|| parse(include_str!("../../offers/machines.tsv")));

/// What one source says about one cloud.
#[derive(Debug, Default)]
struct List {
    provider: &'static str,
    date: &'static str,
    families: BTreeSet<&'static str>,
    regions: BTreeMap<&'static str, Offered>,
}

/// What a region offers.
#[derive(Debug, Default)]
struct Offered {
    /// The last words of its zones' names. None are not known.
    zones: BTreeSet<&'static str>,
    /// Its machine families.
    families: BTreeMap<&'static str, Where>,
    /// Machine types of these families that are missing.
    lacks: BTreeMap<&'static str, Where>,
}

/// The zones of a region that a word tells of.
#[derive(Debug)]
enum Where {
    Everywhere,
    In(BTreeSet<&'static str>),
}

impl Where {
    fn has(&self, zone: &str) -> bool {
        match self {
            Self::Everywhere => true,
            Self::In(zones) => zones.contains(zone),
        }
    }
}

/// Reads the table. A test reads it too, so a line of another form is left out.
fn parse(text: &'static str) -> Vec<List> {
    let mut lists: Vec<List> = Vec::new();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let fields: Vec<_> = line.split('\t').collect();
        match (&fields[..], lists.last_mut()) {
            (["list", provider, date, _source], _) => lists.push(List {
                provider,
                date,
                ..List::default()
            }),
            ([region, offered], Some(list)) => list.add(region, "", offered),
            ([region, zones, offered], Some(list)) => list.add(region, zones, offered),
            _ => {}
        }
    }
    lists
}

impl List {
    fn add(&mut self, region: &'static str, zones: &'static str, offered: &'static str) {
        let place = self.regions.entry(region).or_default();
        place.zones = zones.split_terminator(',').collect();
        for word in offered.split_whitespace() {
            let (name, zones) = match word.split_once('@') {
                Some((name, zones)) => (name, Where::In(zones.split(',').collect())),
                None => (word, Where::Everywhere),
            };
            if let Some(machine) = name.strip_prefix('-') {
                place.lacks.insert(machine, zones);
            } else {
                place.families.insert(name, zones);
                self.families.insert(name);
            }
        }
    }

    /// The family of a machine type, where the list knows it.
    fn family(&self, machine: &str) -> Option<&'static str> {
        let mut families = families_of(machine);
        families.find_map(|family| self.families.get(family).copied())
    }

    /// Whether a region offers a machine type; nothing where the list knows one of them not.
    fn offers(&self, region: &str, machine: &str) -> Option<bool> {
        let (offered, family) = (self.regions.get(region)?, self.family(machine)?);
        let is_missing = matches!(offered.lacks.get(machine), Some(Where::Everywhere));
        Some(offered.families.contains_key(family) && !is_missing)
    }

    /// The same of a zone, by the last word of its name.
    fn offers_in(&self, region: &str, zone: &str, machine: &str) -> Option<bool> {
        let (offered, family) = (self.regions.get(region)?, self.family(machine)?);
        offered.zones.get(zone)?;
        let family = offered.families.get(family);
        let is_missing = offered.lacks.get(machine).is_some_and(|it| it.has(zone));
        Some(family.is_some_and(|it| it.has(zone)) && !is_missing)
    }
}

/// What may be a machine type's family, the narrowest first: `m7i-flex` of `m7i-flex.large`; `a3-highgpu` and `a3` of
/// `a3-highgpu-8g`.
fn families_of(machine: &str) -> impl Iterator<Item = &str> {
    let words = match machine.split_once('.') {
        Some((family, _)) => [Some(family), None],
        None => {
            let mut ends = machine.match_indices('-').map(|(at, _)| at);
            let (first, second) = (ends.next(), ends.next());
            [second, first].map(|end| machine.get(..end?))
        }
    };
    words.into_iter().flatten()
}

fn lists(provider: Provider) -> impl Iterator<Item = &'static List> {
    LISTS
        .iter()
        .filter(move |list| list.provider == provider.name())
}

/// Since when a machine type is known to be missing in a region: the date of the list that says so. Nothing where it is
/// offered, or where nothing is known.
pub fn missing(provider: Provider, region: &str, machine: &str) -> Option<&'static str> {
    let mut lacking = lists(provider).filter(|list| list.offers(region, machine) == Some(false));
    lacking.next().map(|list| list.date)
}

/// The same of a zone, by its name or its id. A list knows no AWS zone by its letter: it is another one in each account.
pub fn missing_in(
    provider: Provider,
    region: &str,
    zone: &str,
    machine: &str,
) -> Option<&'static str> {
    let (_, zone) = zone.rsplit_once('-')?;
    let mut lacking =
        lists(provider).filter(|list| list.offers_in(region, zone, machine) == Some(false));
    lacking.next().map(|list| list.date)
}

/// The zones of a region that are known, each by the last word of its name.
pub fn zones(provider: Provider, region: &str) -> impl Iterator<Item = &'static str> {
    let known = lists(provider).filter_map(move |list| list.regions.get(region));
    let known = known.map(|offered| &offered.zones);
    known
        .max_by_key(|zones| zones.len())
        .into_iter()
        .flatten()
        .copied()
}

/// The regions that offer a machine type, those first whose names begin most like the region's.
pub fn nearest(provider: Provider, region: &str, machine: &str) -> Vec<&'static str> {
    let regions = lists(provider).flat_map(|list| {
        let regions = list.regions.keys().copied();
        regions.filter(|region| list.offers(region, machine) == Some(true))
    });
    let mut regions: Vec<_> = regions.collect();
    regions.sort_by_key(|other| std::cmp::Reverse(alike(region, other)));
    regions
}

/// How many characters two names have in common at their beginnings.
fn alike(a: &str, b: &str) -> usize {
    a.bytes().zip(b.bytes()).take_while(|(a, b)| a == b).count()
}

#[cfg(test)]
mod tests;
