//! The composite resource as its author means it: typed, defaulted and valid.

mod access;
mod addons;
mod argocd;
mod budget;
mod cluster;
mod maintenance;
mod network;
mod node_pool;
mod provider_config;
mod traffic;
mod upgrade;
mod version;

pub use access::{Access, AccessDraft, Encryption, EncryptionDraft};
pub use addons::{Addons, AddonsDraft, Pinned, PinnedDraft, Switch, SwitchDraft};
pub use argocd::{ArgoCd, ArgoCdDraft, Auth, AuthDraft, WORKLOAD};
pub use budget::{Budget, BudgetDraft, Pods, PodsDraft, Usage, UsageDraft};
pub use cluster::{Spec, SpecDraft, parse};
pub use maintenance::{
    Excluded, ExcludedDraft, Maintenance, MaintenanceDraft, TimeOfDay, Window, WindowDraft,
};
pub(super) use network::cidrs;
pub use network::{Endpoint, EndpointDraft, Network, NetworkDraft, part};
pub use node_pool::{Gpu, MachineTypes, MachineTypesDraft, NodePool, NodePoolDraft, Taint};
pub(super) use provider_config::provider_config_ref;
pub use provider_config::{ProviderConfigRef, ProviderConfigRefDraft};
pub use traffic::{Share, Steering, SteeringDraft};
pub use upgrade::{Upgrade, UpgradeDraft};
pub use version::Version;
