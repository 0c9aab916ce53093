//! Which record answers: pure, and the same for the same questions.

use std::{collections::BTreeMap, net::IpAddr};

/// A record that shares its name with others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Weighted {
    /// The name, without a dot at the end.
    pub host: String,
    /// Where it leads.
    pub address: IpAddr,
    /// Its share, in relation to the others'.
    pub weight: u32,
    /// Seconds that an answer may be kept.
    pub ttl: u32,
}

/// Records, and how often each has answered.
#[derive(Clone, Debug, Default)]
pub struct Zone {
    records: Vec<Weighted>,
    /// What each address is owed. The one that is owed most answers.
    owed: BTreeMap<IpAddr, i64>,
}

impl Zone {
    /// Replaces the records; what each is owed stays.
    pub fn set(&mut self, records: Vec<Weighted>) {
        self.records = records;
    }

    /// Whether there is such a name.
    pub fn has(&self, host: &str) -> bool {
        self.records.iter().any(|record| record.host == host)
    }

    /// The record that answers now. Over time each answers as its weight says; in between they take turns. As at Route 53,
    /// a weight of 0 never answers, unless all are 0: then all answer.
    pub fn answer(&mut self, host: &str) -> Option<Weighted> {
        let named: Vec<_> = self
            .records
            .iter()
            .filter(|record| record.host == host)
            .collect();
        let is_all_zero = named.iter().all(|record| record.weight == 0);
        let weight = |record: &Weighted| i64::from(if is_all_zero { 1 } else { record.weight });
        let sum: i64 = named.iter().map(|record| weight(record)).sum();
        for record in &named {
            *self.owed.entry(record.address).or_default() += weight(record);
        }
        let candidates = named.into_iter().filter(|record| weight(record) > 0);
        let chosen = candidates.max_by_key(|record| self.owed.get(&record.address))?;
        *self.owed.entry(chosen.address).or_default() -= sum;
        Some(chosen.clone())
    }
}
