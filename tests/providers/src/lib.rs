//! The providers' own code under the function.
//!
//! `tools/providers` links what a Crossplane provider is made of: crossplane-runtime's reconciler, upjet's
//! clients and Terraform's resources. [`Driven`] runs it in the place of the simulated providers, so
//! Crossplane's part, [`cloudsim::world::World`], and the function stay as they are in every other test.
//! What the providers talk to is on this machine: [`amazon`] and [`google`].

pub mod amazon;
pub mod compare;
pub mod discovery;
pub mod driven;
pub mod google;
mod http;
pub mod platform;
pub mod process;
pub mod spoil;
mod years;

pub use driven::Driven;
