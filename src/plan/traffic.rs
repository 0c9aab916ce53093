//! What share of the service's traffic a cluster gets.

use std::borrow::Cow;

use serde::Serialize;

use super::object::Label;
use crate::api::{choice::TrafficState, names::fit};

/// The label of every record of a service's host. The clusters of one service find each other by it.
pub const HOST: &str = "xcluster.dev/host";
/// Longest value of a label in Kubernetes. A host is longer at times.
const LONGEST_VALUE: usize = 63;

/// The label of the records of a host: the host, or what of it fits and a hash of all of it.
pub fn host_label(host: &str) -> Label {
    (Cow::Borrowed(HOST), fit(host, "", LONGEST_VALUE).into())
}

/// What is in force; also `status.traffic`.
#[derive(Clone, Debug, Serialize)]
pub struct Traffic {
    /// The state.
    pub state: TrafficState,
    /// The weight in DNS: 0 unless active.
    pub weight: u32,
    /// The service's host, where records are kept for it.
    pub host: Option<String>,
    /// Where the cluster's load balancer is.
    pub address: Option<String>,
    /// What you should know about how this was decided.
    #[serde(skip)]
    pub note: Note,
}

/// How it was decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Note {
    /// As the spec says.
    AsAsked,
    /// The spec asks for less, and Crossplane has not said yet who else serves.
    Held,
    /// The cluster does not serve, and neither does another.
    NoneServes,
    /// The platform has the service served by other clusters.
    NotAdmitted,
    /// The same, and it serves until another one does.
    LastOne,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_host_has_a_label_of_its_own() {
        let (name, value) = host_label("inference.acme.example");
        assert_eq!((&*name, &*value), (HOST, "inference.acme.example"));
        let part = "a".repeat(61);
        let hosts = ["x", "y"].map(|last| format!("{part}.{part}.{part}.{last}z"));
        // A cut that ends in what no value may end in.
        let dotted = format!("{}.{part}", "b".repeat(45));
        let values: Vec<_> = hosts
            .iter()
            .chain([&dotted])
            .map(|it| host_label(it).1)
            .collect();
        for value in &values {
            let word = |b: u8| b.is_ascii_alphanumeric() || b"-_.".contains(&b);
            assert!(
                value.len() <= LONGEST_VALUE && value.bytes().all(word),
                "{value}"
            );
            assert!(
                value.ends_with(|c: char| c.is_ascii_alphanumeric()),
                "{value}"
            );
        }
        assert_ne!(values[0], values[1]);
    }
}
