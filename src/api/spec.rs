//! The composite resource as its author means it: typed, defaulted and valid.

mod access;
mod addons;
mod argocd;
mod budget;
mod cluster;
mod network;
mod node_pool;
mod provider_config;
mod traffic;
mod version;

pub use access::{Access, Encryption};
pub use addons::{Addons, Pinned, Switch};
pub use argocd::{ArgoCd, Auth};
pub use budget::{Budget, Pods, Usage};
pub use cluster::{Spec, parse};
pub(super) use network::cidrs;
pub use network::{Endpoint, Network};
pub use node_pool::{Gpu, MachineTypes, NodePool, Taint};
pub use provider_config::ProviderConfigRef;
pub(super) use provider_config::provider_config_ref;
pub use traffic::Steering;
pub use version::Version;
