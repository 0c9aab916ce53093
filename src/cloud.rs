//! The clouds: what each makes of a spec, and what they have in common.

pub mod access;
pub mod addons;
pub mod aws;
pub mod change;
pub mod effects;
pub mod facts;
pub mod gcp;
pub mod interface;
pub mod login;
pub mod offers;
pub mod order;
pub mod sizes;
pub mod pools;
pub mod protection;
pub mod ranges;
pub mod registry;
mod renamed;
pub mod succession;
pub mod unchanged;
pub mod versions;
