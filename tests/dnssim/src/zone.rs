//! Which records answer: pure, and the same for the same questions.

use std::{collections::BTreeMap, net::Ipv4Addr};

/// Where a record leads.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Data {
    /// To an address.
    Address(Ipv4Addr),
    /// To another name.
    Name(String),
}

/// A record.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Record {
    /// The name, without a dot at the end.
    pub name: String,
    /// Where it leads.
    pub data: Data,
    /// Its share, in relation to those of the same name.
    pub weight: u32,
    /// Seconds that an answer may be kept.
    pub ttl: u32,
}

/// Records, and how often each has answered.
#[derive(Clone, Debug, Default)]
pub struct Zone {
    records: Vec<Record>,
    /// What each is owed. The one that is owed most answers.
    owed: BTreeMap<Data, i64>,
}

/// More names than this in a row lead nowhere.
const LONGEST_CHAIN: usize = 8;

impl Zone {
    /// Replaces the records; what each is owed stays.
    pub fn set(&mut self, records: Vec<Record>) {
        self.records = records;
    }

    /// Whether there is such a name.
    pub fn has(&self, name: &str) -> bool {
        self.records.iter().any(|record| record.name == name)
    }

    /// The records that lead from a name to an address.
    pub fn answer(&mut self, name: &str) -> Vec<Record> {
        let mut chain = Vec::new();
        let mut name = name.to_owned();
        while chain.len() < LONGEST_CHAIN
            && let Some(record) = self.choose(&name)
        {
            let next = record.data.clone();
            chain.push(record);
            match next {
                Data::Address(_) => break,
                Data::Name(next) => name = next,
            }
        }
        chain
    }

    /// Over time each answers as its weight says; in between they take turns. As at Route 53, a weight of 0 never answers,
    /// unless all are 0: then all answer.
    fn choose(&mut self, name: &str) -> Option<Record> {
        let named: Vec<_> = self
            .records
            .iter()
            .filter(|record| record.name == name)
            .collect();
        let is_all_zero = named.iter().all(|record| record.weight == 0);
        let weight = |record: &Record| i64::from(if is_all_zero { 1 } else { record.weight });
        let sum: i64 = named.iter().map(|record| weight(record)).sum();
        for record in &named {
            *self.owed.entry(record.data.clone()).or_default() += weight(record);
        }
        let candidates = named.into_iter().filter(|record| weight(record) > 0);
        let chosen = candidates.max_by_key(|record| self.owed.get(&record.data))?;
        *self.owed.entry(chosen.data.clone()).or_default() -= sum;
        Some(chosen.clone())
    }
}
