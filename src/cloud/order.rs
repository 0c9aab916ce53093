//! Which of two versions of an add-on or a node image is older.

/// Whether a version such as `v1.35.3-eksbuild.2` or `1.36.2-20261115` is older than another one: their numbers are compared.
pub fn is_older(version: &str, than: &str) -> bool {
    numbers(version).lt(numbers(than))
}

fn numbers(version: &str) -> impl Iterator<Item = u64> {
    let words = version.split(|c: char| !c.is_ascii_digit());
    words.filter_map(|word| word.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::is_older;

    #[test]
    fn versions_are_compared_by_their_numbers() {
        for (older, newer) in [
            ("v1.35.3-eksbuild.2", "v1.36.0-eksbuild.1"),
            ("v1.9.3-eksbuild.7", "v1.10.1-eksbuild.1"),
            ("v1.35.3-eksbuild.2", "v1.35.3-eksbuild.13"),
            ("1.36.2-20261115", "1.36.2-20261201"),
            ("1.36.2-20261115", "1.36.11-20261001"),
            ("v1.35.3-minimal-eksbuild.2", "v1.35.3-eksbuild.3"),
        ] {
            assert!(is_older(older, newer), "{older} {newer}");
            assert!(!is_older(newer, older), "{newer} {older}");
            assert!(!is_older(newer, newer), "{newer}");
        }
    }
}
