//! The function's Input: what the platform knows and a cluster's author need not.
//!
//! It stands in the Composition's pipeline step. All of it is optional. Its schema is in
//! `package/input/`, and a test compares the two.

mod accounts;
mod argocd;
mod kubernetes_versions;
mod members;
mod node_images;
mod platform;
mod price_book;
mod traffic;
mod ttl;

pub use accounts::Account;
pub use argocd::{ArgoCd, ArgoCdAws, ArgoCdAwsDraft, ArgoCdDraft, ArgoCdGcp, ArgoCdGcpDraft};
pub use members::{Members, MembersDraft};
pub use node_images::{NodeImage, release};
pub use platform::{API_VERSION, Input, InputDraft, KIND, parse};
pub use price_book::PriceBook;
pub use traffic::{
    HealthCheck, HealthCheckDraft, HostedZone, HostedZoneDraft, Service, ServiceDraft, Zone,
    ZoneDraft,
};
pub use ttl::{Ttl, TtlDraft};
