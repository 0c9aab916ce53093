//! Every default of the API, once. A test compares them with the XRD.

use super::choice::{
    Capacity, Exclusion, Mode, Nat, ProviderConfigKind, SupportType, TrafficState,
};

/// `spec.mode`.
pub const MODE: Mode = Mode::Standard;
/// `spec.upgrade.paused`.
pub const UPGRADE_PAUSED: bool = false;
/// `spec.upgrade.supportType`: extended support of EKS costs six times as much an hour.
pub const SUPPORT_TYPE: SupportType = SupportType::Standard;
/// `spec.upgrade.force`: budgets of Pods are respected.
pub const UPGRADE_FORCE: bool = false;
/// `spec.maintenance.window.hours`: time for a control plane and some nodes.
pub const MAINTENANCE_HOURS: u32 = 6;
/// `spec.maintenance.exclusions[].scope`.
pub const EXCLUSION_SCOPE: Exclusion = Exclusion::Upgrades;
/// `spec.network.zones`: the fewest that survive the loss of a zone with a quorum left.
pub const ZONES: u32 = 3;
/// `spec.network.nat`.
pub const NAT: Nat = Nat::PerZone;
/// `spec.endpoint.public`.
pub const ENDPOINT_PUBLIC: bool = true;
/// `spec.nodePools[].capacity`.
pub const CAPACITY: Capacity = Capacity::OnDemand;
/// `spec.nodePools[].diskGiB`: room for the system images and a few large application images.
pub const DISK_GIB: u32 = 100;
/// `spec.nodePools[].taints[].value`: a taint without a value.
pub const TAINT_VALUE: &str = "";
/// `spec.addons.blockStorage.enabled`.
pub const BLOCK_STORAGE: bool = true;
/// `spec.addons.metricsServer.enabled`.
pub const METRICS_SERVER: bool = false;
/// `spec.argocd.register`.
pub const REGISTER: bool = true;
/// `spec.argocd.namespace`, unless the Input names one.
pub const ARGOCD_NAMESPACE: &str = "argocd";
/// `spec.argocd.skipReconcile`.
pub const SKIP_RECONCILE: bool = false;
/// `spec.traffic.state`.
pub const TRAFFIC_STATE: TrafficState = TrafficState::Active;
/// `spec.traffic.weight`: clusters share alike, and there is room below and above.
pub const TRAFFIC_WEIGHT: u32 = 100;
/// `spec.traffic.force`.
pub const TRAFFIC_FORCE: bool = false;
/// `spec.budget.traffic`, every amount: what is not declared is not counted.
pub const TRAFFIC_GIB: u32 = 0;
/// `spec.budget.traffic.loadBalancers`: a cluster that serves has one.
pub const LOAD_BALANCERS: u32 = 1;
/// `spec.deletionProtection`.
pub const DELETION_PROTECTION: bool = true;
/// `spec.providerConfigRef.name`.
pub const PROVIDER_CONFIG: &str = "default";
/// `spec.providerConfigRef.kind`.
pub const PROVIDER_CONFIG_KIND: ProviderConfigKind = ProviderConfigKind::ClusterProviderConfig;

/// `spec.nodePools[].maxSurge`. GPUs beyond the quota that a pool uses are rarely available for an upgrade: GKE waits for a
/// surge node until it gives up (GKE documentation, "Node upgrade strategies": surge 0 and unavailable 1 where resources are
/// scarce).
pub fn max_surge(has_gpu: bool) -> u32 {
    u32::from(!has_gpu)
}

/// `spec.nodePools[].maxUnavailable`: the one that has to go where none is added first.
pub fn max_unavailable(has_gpu: bool) -> u32 {
    u32::from(has_gpu)
}

/// `spec.nodePools[].required`. Spot and GPU capacity comes and goes, and a cluster whose GPU pool
/// waits for capacity still serves, so only on-demand pools without GPUs hold back readiness. The
/// XRD has no default here, since this one depends on other fields.
pub fn required(capacity: Capacity, has_gpu: bool) -> bool {
    capacity == Capacity::OnDemand && !has_gpu
}

/// `input.allowNameOverrides`.
pub const ALLOW_NAME_OVERRIDES: bool = false;
/// `input.resourceNamespace`: where Crossplane itself lives, so it exists.
pub const RESOURCE_NAMESPACE: &str = "crossplane-system";
/// `input.ttl.waitingSeconds`.
pub const WAITING_SECONDS: u32 = 60;
/// `input.ttl.settledSeconds`.
pub const SETTLED_SECONDS: u32 = 600;
/// `input.argocd.aws.tokenFile`: where the EKS and IRSA webhooks mount it.
pub const TOKEN_FILE: &str = "/var/run/secrets/eks.amazonaws.com/serviceaccount/token";
/// `input.argocd.gcp.credentialsFile`.
pub const CREDENTIALS_FILE: &str = "/var/run/gcp/credentials.json";
/// `input.traffic.ttlSeconds`: a failover takes at least as long.
pub const DNS_TTL_SECONDS: u32 = 30;
/// `input.traffic.healthCheck.path`.
pub const HEALTH_CHECK_PATH: &str = "/readyz";
/// `input.traffic.healthCheck.fast`.
pub const HEALTH_CHECK_FAST: bool = true;
/// `input.traffic.healthCheck.failures`.
pub const HEALTH_CHECK_FAILURES: u32 = 3;
/// `input.priceBook.rows[].source`.
pub const PRICE_SOURCE: &str = "the platform's Input";
/// `input.priceBook.rows[].date`.
pub const PRICE_DATE: &str = "-";
/// `input.priceBook.rows[].verified`: who writes a price here has read it somewhere.
pub const PRICE_VERIFIED: bool = true;
