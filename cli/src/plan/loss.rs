//! Deletions that nobody can take back.

use xcluster::cloud::interface::Cloud;

/// Keys, or how they begin, with what goes along.
const LOSSES: [(&str, &str); 4] = [
    ("cluster", "everything that runs on it goes along"),
    (
        "identity-key",
        "what it encrypts cannot be read any more, backups included",
    ),
    ("network-vpc", "everything in it goes along"),
    (
        "registration-",
        "Argo CD forgets the cluster, and ApplicationSets delete what they made on it",
    ),
];

/// What is lost with the object of a key.
pub(super) fn of(cloud: &dyn Cloud, key: &str) -> Option<&'static str> {
    let is_it = |name: &str| {
        if name.ends_with('-') {
            key.starts_with(name)
        } else {
            key == name
        }
    };
    let found = LOSSES
        .iter()
        .chain(cloud.losses())
        .find(|(name, _)| is_it(name));
    found.map(|(_, lost)| *lost)
}
