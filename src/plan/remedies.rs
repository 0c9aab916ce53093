//! What you can do about what providers say: a row for each problem.
//!
//! The words are those of the providers' own errors (crossplane-runtime, upjet, Terraform, the AWS and Google Cloud APIs), in
//! lower case. `tests/it/failures/messages.yaml` has whole messages with where each was seen. The first row that matches is
//! taken, so the more specific ones come first: a missing ProviderConfig is also a problem of credentials. A message that no row
//! knows stays without advice: a wrong one costs more time than none. No advice costs anything that runs.

mod account;
mod advice;
mod object;
mod provider;

pub(super) use advice::{Advice, Row};

/// All rows, in the order in which they are tried.
pub(super) const REMEDIES: [&[Row]; 6] = [
    provider::MANAGEMENT_CLUSTER,
    provider::IDENTITY,
    account::CLOUD_SAYS_WAIT,
    account::ACCOUNT,
    object::PLACE_AND_CAPACITY,
    object::OBJECT,
];
