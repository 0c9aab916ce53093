//! What is told of a cluster's cost: `status.cost`, the column and the condition.

use serde::Serialize;

use super::{
    bill::{Item, Sizes, Span},
    billing::{Billing, Clouds, counterpart},
    budget::Verdict,
    estimate::Estimate,
};
use crate::api::{
    input::Service,
    prices::{Book, Books, Usd},
    provider::Provider,
    spec::Spec,
};

/// A cluster's bill, and that of the same cluster on the other cloud.
#[derive(Debug)]
pub struct Report<'a> {
    spec: &'a Spec,
    /// The bill.
    pub estimate: Estimate<'a>,
    /// The cloud that it is compared with.
    other: Option<Provider>,
    /// The other cloud's, if one of its regions is near.
    pub equivalent: Option<Estimate<'a>>,
    /// The price books.
    pub books: String,
}

impl<'a> Report<'a> {
    /// Adds up both bills: of the cluster, and of the service's records if the platform keeps them. The
    /// platform's own prices go before the embedded ones.
    pub fn new(
        spec: &'a Spec,
        cloud: &dyn Billing,
        clouds: Clouds<'_>,
        service: Option<&Service>,
        platform: Option<&'a Book>,
    ) -> Self {
        Self::adding_up(spec, cloud, clouds, service, platform, &Sizes::new())
    }

    /// Both bills of a cluster by itself, with books on top of each other and pools of known sizes.
    pub fn with(
        spec: &'a Spec,
        cloud: &dyn Billing,
        clouds: Clouds<'_>,
        books: impl IntoIterator<Item = &'a Book>,
        sizes: &Sizes,
    ) -> Self {
        Self::adding_up(spec, cloud, clouds, None, books, sizes)
    }

    fn adding_up(
        spec: &'a Spec,
        cloud: &dyn Billing,
        clouds: Clouds<'_>,
        service: Option<&Service>,
        books: impl IntoIterator<Item = &'a Book>,
        sizes: &Sizes,
    ) -> Self {
        let books = Books::over_embedded(books);
        let estimate = |cloud: &dyn Billing, region| {
            let estimate = Estimate::of(spec, cloud, region, &books, sizes);
            estimate.watching(service, clouds, &books)
        };
        let other = counterpart(clouds, spec.provider, &spec.region);
        Self {
            spec,
            estimate: estimate(cloud, &spec.region),
            other: other.map(|(other, _)| other.provider()),
            equivalent: other.and_then(|(other, region)| Some(estimate(other, region?))),
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
        let provider = self.other.map_or("", Provider::name);
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
