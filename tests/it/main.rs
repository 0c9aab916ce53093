#![allow(missing_docs, reason = "tests")]

mod conformance;
mod fixture;
mod properties;
mod validation;
