//! What is told of a cluster's cost: `status.cost`, the column and the condition.

use serde::Serialize;

use super::{
    Estimate, Sizes,
    bill::{Item, Span},
    book::{Book, Books},
    budget::Verdict,
    money::Usd,
};
use crate::{
    input::Service,
    reader::Choice,
    xcluster::{Provider, Spec},
};

/// A cluster's bill, and that of the same cluster on the other cloud.
#[derive(Debug)]
pub struct Report<'a> {
    spec: &'a Spec,
    /// The bill.
    pub estimate: Estimate<'a>,
    /// The other cloud's, if one of its regions is near.
    pub equivalent: Option<Estimate<'a>>,
    /// The price books.
    pub books: String,
}

impl<'a> Report<'a> {
    /// Adds up both bills: of the cluster, and of the service's records if the platform keeps them. The
    /// platform's own prices go before the embedded ones.
    pub fn new(spec: &'a Spec, service: Option<&Service>, platform: Option<&'a Book>) -> Self {
        Self::adding_up(spec, service, platform, &Sizes::new())
    }

    /// Both bills of a cluster by itself, with books on top of each other and pools of known sizes.
    pub fn with(spec: &'a Spec, books: impl IntoIterator<Item = &'a Book>, sizes: &Sizes) -> Self {
        Self::adding_up(spec, None, books, sizes)
    }

    fn adding_up(
        spec: &'a Spec,
        service: Option<&Service>,
        books: impl IntoIterator<Item = &'a Book>,
        sizes: &Sizes,
    ) -> Self {
        let books = Books::over_embedded(books);
        let watching = |estimate: Estimate<'a>| estimate.watching(service, &books);
        Self {
            spec,
            estimate: watching(Estimate::sized(spec, &books, sizes)),
            equivalent: Estimate::equivalent(spec, &books, sizes).map(watching),
            books: books.label(),
        }
    }

    /// Whether it stays within the budget, and what to tell about it.
    pub fn verdict(&self) -> (Verdict, String) {
        let budget = self.spec.budget.monthly_usd;
        let verdict = Verdict::new(budget, &self.estimate);
        let message = verdict.message(budget, &self.estimate, &self.books);
        (verdict, message)
    }

    /// `status.cost`.
    pub fn status(&self) -> Status<'_> {
        let estimate = &self.estimate;
        Status {
            per_month: estimate.per_month(),
            monthly_usd: estimate.monthly(),
            items: &estimate.items,
            unverified: estimate.unverified(),
            missing: &estimate.missing,
            price_book: &self.books,
            equivalent: self.other(),
        }
    }

    fn other(&self) -> Other<'_> {
        if let Some(estimate) = &self.equivalent {
            return Other {
                provider: estimate.provider.name(),
                region: Some(estimate.region),
                per_month: Some(estimate.per_month()),
                monthly_usd: Some(estimate.monthly()),
                unverified: estimate.unverified(),
                missing: estimate.missing.clone(),
            };
        }
        let provider = match self.spec.provider {
            Provider::Aws => Provider::Gcp.name(),
            Provider::Gcp => Provider::Aws.name(),
        };
        let missing = format!(
            "no region of {provider} is known to be near {}",
            self.spec.region
        );
        Other {
            provider,
            region: None,
            per_month: None,
            monthly_usd: None,
            unverified: Vec::new(),
            missing: vec![missing],
        }
    }
}

/// `status.cost`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Status<'a> {
    per_month: String,
    monthly_usd: Span<Usd>,
    items: &'a [Item<'a>],
    unverified: Vec<&'a str>,
    missing: &'a [String],
    price_book: &'a str,
    equivalent: Other<'a>,
}

/// `status.cost.equivalent`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Other<'a> {
    provider: &'static str,
    region: Option<&'a str>,
    per_month: Option<String>,
    monthly_usd: Option<Span<Usd>>,
    unverified: Vec<&'a str>,
    missing: Vec<String>,
}
