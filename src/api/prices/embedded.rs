//! The book that comes with the program.

use std::sync::LazyLock;

use super::book::{Book, Prices};
use crate::api::provider::Provider;

/// The book that comes with the program.
static EMBEDDED: LazyLock<Book> = LazyLock::new(|| {
    // A test reads the file, so there is no other case.
    let text = include_str!("../../../prices/book.tsv");
    Book::parse(text, &[Provider::AWS, Provider::GCP]).unwrap_or_default()
});

impl Book {
    /// The book that comes with the program.
    pub fn embedded() -> &'static Self {
        &EMBEDDED
    }
}

/// Books on top of each other: a price of an upper one hides those of the lower ones.
#[derive(Clone, Debug)]
pub struct Books<'a>(Vec<&'a Book>);

impl<'a> Books<'a> {
    /// The embedded book below these, the first on top.
    pub fn over_embedded(upper: impl IntoIterator<Item = &'a Book>) -> Self {
        Self::of(upper.into_iter().chain([Book::embedded()]))
    }

    /// These books, the first on top.
    pub fn of(books: impl IntoIterator<Item = &'a Book>) -> Self {
        Self(books.into_iter().collect())
    }

    /// The prices in a region.
    pub fn prices(&self, provider: Provider, region: &str) -> Prices<'a> {
        let books = self.0.iter();
        Prices(books.flat_map(|book| book.of(provider, region)).collect())
    }

    /// Which books these are.
    pub fn label(&self) -> String {
        let labels: Vec<_> = self.0.iter().map(|book| book.label()).collect();
        labels.join(" over ")
    }
}
