//! Where figures stand in a page.

/// The lines of a page between which a program writes its figures.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    /// The line above them; it says what writes them.
    pub from: &'static str,
    /// The line below them.
    pub to: &'static str,
}

impl Place {
    /// The page with other figures; `None` where it has no such place.
    pub fn fill(self, page: &str, figures: &str) -> Option<String> {
        let Self { from, to } = self;
        let (before, rest) = page.split_once(from)?;
        let (_, after) = rest.split_once(to)?;
        Some(format!("{before}{from}\n\n{figures}\n{to}{after}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_between_the_marks_changes() {
        let (from, to) = ("<!-- from -->", "<!-- to -->");
        let place = Place { from, to };
        let page = format!("# Title\n\n{from}\nold\n{to}\nmore\n");
        let once = place.fill(&page, "new\n");
        let expected = format!("# Title\n\n{from}\n\nnew\n\n{to}\nmore\n");
        assert_eq!(once.as_deref(), Some(expected.as_str()));
        assert_eq!(place.fill(&expected, "new\n"), once);
        assert_eq!(place.fill("# Title\n", "new\n"), None);
    }
}
