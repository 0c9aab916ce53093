//! Deletions that nobody can take back.

/// Keys, or how they begin, with what goes along.
const LOSSES: [(&str, &str); 6] = [
    ("cluster", "everything that runs on it goes along"),
    (
        "identity-key",
        "what it encrypts cannot be read any more, backups included",
    ),
    ("identity-log-group", "the control plane's logs go along"),
    (
        "network-nat-address-",
        "others may have allowed the cluster in by this address",
    ),
    ("network-vpc", "everything in it goes along"),
    (
        "registration-",
        "Argo CD forgets the cluster, and ApplicationSets delete what they made on it",
    ),
];

/// What is lost with the object of a key.
pub(super) fn of(key: &str) -> Option<&'static str> {
    let is_it = |name: &str| {
        if name.ends_with('-') {
            key.starts_with(name)
        } else {
            key == name
        }
    };
    let found = LOSSES.iter().find(|(name, _)| is_it(name));
    found.map(|(_, lost)| *lost)
}
