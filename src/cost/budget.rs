//! Whether a cluster stays within its budget.

use super::estimate::Estimate;
use crate::api::prices::Usd;

/// Whether it does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// There is no budget.
    NotSet,
    /// Not even with every pool at its max does it cost more.
    Within,
    /// With pools at their max it costs more.
    MayExceed,
    /// With every pool at its min it costs more.
    Over,
    /// What is counted is within it, but not everything is.
    PricesMissing,
}

impl Verdict {
    /// Compares an estimate with a budget in dollars a month.
    pub fn new(budget: Option<u32>, estimate: &Estimate<'_>) -> Self {
        let Some(budget) = budget.map(Usd::dollars) else {
            return Self::NotSet;
        };
        let monthly = estimate.monthly();
        // What is missing can only add to it.
        if monthly.min > budget {
            Self::Over
        } else if monthly.max > budget {
            Self::MayExceed
        } else if !estimate.missing.is_empty() {
            Self::PricesMissing
        } else {
            Self::Within
        }
    }

    /// Whether the budget holds; `None` if that is unknown.
    pub fn holds(self) -> Option<bool> {
        match self {
            Self::Within => Some(true),
            Self::MayExceed | Self::Over => Some(false),
            Self::NotSet | Self::PricesMissing => None,
        }
    }

    /// The reason of the condition.
    pub fn reason(self) -> &'static str {
        match self {
            Self::NotSet => "NotSet",
            Self::Within => "Within",
            Self::MayExceed => "MayExceed",
            Self::Over => "Over",
            Self::PricesMissing => "PricesMissing",
        }
    }

    /// What to tell a person.
    pub fn message(self, budget: Option<u32>, estimate: &Estimate<'_>, book: &str) -> String {
        let monthly = estimate.monthly();
        let (min, max) = (monthly.min, monthly.max);
        let span = if min == max {
            format!("{min} USD a month")
        } else {
            format!("{min} to {max} USD a month")
        };
        let budget = Usd::dollars(budget.unwrap_or_default());
        let text = match self {
            Self::NotSet => format!("the estimate is {span}; spec.budget.monthlyUsd is not set"),
            Self::Within | Self::PricesMissing => {
                format!("the estimate is {span}, the budget {budget}")
            }
            Self::MayExceed => format!(
                "with every pool at its max the estimate is {max} USD a month, {} more than the \
                 budget of {budget}; with every pool at its min it is {min}",
                max.minus(budget)
            ),
            Self::Over => format!(
                "even with every pool at its min the estimate is {min} USD a month, {} more than \
                 the budget of {budget}",
                min.minus(budget)
            ),
        };
        let missing = match &estimate.missing[..] {
            [] => String::new(),
            [only] => format!("; not counted: {only}"),
            [first, rest @ ..] => format!(
                "; not counted: {first} (and {} more in status.cost.missing)",
                rest.len()
            ),
        };
        let unverified = match estimate.items.iter().filter(|item| !item.verified).count() {
            0 => String::new(),
            1 => "; 1 of its lines has a price that is not verified".to_owned(),
            n => format!("; {n} of its lines have prices that are not verified"),
        };
        format!("{text}{missing}{unverified} (price book {book})")
    }
}
