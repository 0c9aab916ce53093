//! The clouds behind one trait. A third one is a folder, a variant of [`Provider`] and an arm here.

use crate::{
    access::ArgoCdAccess,
    aws::Aws,
    cost::bill::Bill,
    gcp::Gcp,
    observed::Observed,
    plan::{Cx, Plan},
    reader::{Choice, Violations},
    xcluster::{Gpu, GpuModel, NodePool, Provider, Size, Spec},
};

/// What a cloud reports about its cluster.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// The control plane's URL, with its scheme.
    pub endpoint: Option<String>,
    /// The certificate authority behind it, base64 of PEM; none where a public one signs.
    pub certificate_authority: Option<String>,
    /// Whether the endpoint's certificate is signed by a public authority.
    pub publicly_trusted: bool,
    /// The cluster's id: its ARN on AWS, its resource name on GCP.
    pub id: Option<String>,
    /// The control plane's version as the cloud writes it.
    pub version: Option<String>,
    /// The OIDC issuer, on AWS.
    pub oidc_issuer: Option<String>,
    /// The workload identity pool, on GCP.
    pub workload_pool: Option<String>,
    /// What the cloud's controllers call the network: its id on AWS, its name on GCP.
    pub network_name: Option<String>,
    /// Names and ids of the network, for the status.
    pub network: Vec<(&'static str, String)>,
    /// The node pools.
    pub pools: Vec<PoolFacts>,
}

/// What a cloud reports about a node pool.
#[derive(Clone, Debug)]
pub struct PoolFacts {
    /// The pool's name in the spec.
    pub name: String,
    /// The machine type that the nodes have, the first where there are several.
    pub machine_type: String,
    /// The key of the resource that is the pool.
    pub key: String,
    /// The nodes' version as the cloud writes it.
    pub version: Option<String>,
}

/// A machine type.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Machine {
    /// Its name in the cloud.
    pub name: &'static str,
    /// Virtual CPUs.
    pub vcpu: u32,
    /// Memory, in GiB.
    pub gib: u32,
    /// GPUs.
    pub gpus: u32,
}

/// Where a cloud has no equivalent of a field that is set.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Parity {
    /// The field.
    pub field: String,
    /// What this cloud does instead, and why.
    pub note: String,
}

/// One cloud. Its functions correspond to the stages; all are pure.
pub trait Cloud {
    /// The regions that there are.
    fn regions() -> &'static [&'static str];
    /// Checks what depends on the cloud.
    fn check(spec: &Spec, account: Option<&str>, violations: &Violations);
    /// Checks that what cannot change has not: what exists says what it was made with. The XRD
    /// refuses such a change first, but not every way into the API server asks it.
    fn unchanged(cx: &Cx<'_>, violations: &Violations);
    /// The network.
    fn network(cx: &Cx<'_>, plan: &mut Plan);
    /// Roles, service accounts and keys.
    fn identity(cx: &Cx<'_>, plan: &mut Plan);
    /// The control plane.
    fn cluster(cx: &Cx<'_>, plan: &mut Plan);
    /// Who may use it, Argo CD among them.
    fn access(cx: &Cx<'_>, plan: &mut Plan, argocd: ArgoCdAccess<'_>);
    /// Add-ons.
    fn addons(cx: &Cx<'_>, plan: &mut Plan);
    /// Node pools.
    fn nodes(cx: &Cx<'_>, plan: &mut Plan);
    /// The address of the load balancer that the service gets, where one can be reserved.
    fn ingress(cx: &Cx<'_>, plan: &mut Plan);
    /// What that address is called.
    fn ingress_address(cx: &Cx<'_>) -> Option<String>;
    /// Pairs whose order of deletion the cloud does not enforce by itself.
    fn protection(cx: &Cx<'_>, plan: &mut Plan);
    /// What the cloud reports.
    fn facts(cx: &Cx<'_>) -> Facts;
    /// Fields that are set and have no equivalent here.
    fn parity(spec: &Spec) -> Vec<Parity>;
    /// Whether the cloud brings a metrics server to such a cluster.
    fn brings_metrics_server(spec: &Spec) -> bool;
    /// The key of the access resource that lets `principal` in.
    fn access_key(principal: &str) -> String;
    /// Machines of a size, best first.
    fn machines(size: Size) -> &'static [Machine];
    /// The machine that carries GPUs.
    fn gpu_machine(gpu: &Gpu, size: Option<Size>) -> Option<&'static Machine>;
    /// Adds the lines of a cluster's bill: of this cloud, whatever the spec's is.
    fn bill<'a>(spec: &'a Spec, bill: &mut Bill<'a, '_>);
    /// How many nodes a pool has now, as far as the cloud reports it.
    fn pool_size(observed: Observed<'_>, spec: &Spec, pool: &NodePool) -> Option<u64>;
    /// Machines with GPUs of a model.
    fn gpu_machines(model: GpuModel) -> &'static [Machine];
}

/// Calls a function of the provider's [`Cloud`].
macro_rules! on {
    ($provider:expr, $function:ident($($argument:expr),*)) => {
        match $provider {
            Provider::Aws => Aws::$function($($argument),*),
            Provider::Gcp => Gcp::$function($($argument),*),
        }
    };
}

/// Plans all stages of the provider's cluster, in order.
pub fn plan(cx: &Cx<'_>, argocd: ArgoCdAccess<'_>) -> Plan {
    fn stages<C: Cloud>(cx: &Cx<'_>, argocd: ArgoCdAccess<'_>) -> Plan {
        let mut plan = Plan::default();
        C::network(cx, &mut plan);
        C::identity(cx, &mut plan);
        C::cluster(cx, &mut plan);
        C::access(cx, &mut plan, argocd);
        C::addons(cx, &mut plan);
        C::nodes(cx, &mut plan);
        C::ingress(cx, &mut plan);
        C::protection(cx, &mut plan);
        plan
    }
    match cx.spec.provider {
        Provider::Aws => stages::<Aws>(cx, argocd),
        Provider::Gcp => stages::<Gcp>(cx, argocd),
    }
}

/// [`Cloud::facts`] of the spec's provider.
pub fn facts(cx: &Cx<'_>) -> Facts {
    on!(cx.spec.provider, facts(cx))
}

/// [`Cloud::ingress_address`] of the spec's provider.
pub fn ingress_address(cx: &Cx<'_>) -> Option<String> {
    on!(cx.spec.provider, ingress_address(cx))
}

/// [`Cloud::regions`] of a provider.
pub fn regions(provider: Provider) -> &'static [&'static str] {
    on!(provider, regions())
}

/// [`Cloud::check`] of the spec's provider.
pub fn check(spec: &Spec, account: Option<&str>, violations: &Violations) {
    on!(spec.provider, check(spec, account, violations));
}

/// [`Cloud::unchanged`] of the spec's provider.
pub fn unchanged(cx: &Cx<'_>, violations: &Violations) {
    on!(cx.spec.provider, unchanged(cx, violations));
}

/// [`Cloud::parity`] of the spec's provider.
pub fn parity(spec: &Spec) -> Vec<Parity> {
    on!(spec.provider, parity(spec))
}

/// [`Cloud::brings_metrics_server`] of the spec's provider.
pub fn brings_metrics_server(spec: &Spec) -> bool {
    on!(spec.provider, brings_metrics_server(spec))
}

/// [`Cloud::access_key`] of a provider.
pub fn access_key(provider: Provider, principal: &str) -> String {
    on!(provider, access_key(principal))
}

/// [`Cloud::machines`] of a provider.
pub fn machines(provider: Provider, size: Size) -> &'static [Machine] {
    on!(provider, machines(size))
}

/// [`Cloud::gpu_machine`] of a provider.
pub fn gpu_machine(provider: Provider, gpu: &Gpu, size: Option<Size>) -> Option<&'static Machine> {
    on!(provider, gpu_machine(gpu, size))
}

/// [`Cloud::bill`] of a provider.
pub fn bill<'a>(provider: Provider, spec: &'a Spec, bill: &mut Bill<'a, '_>) {
    on!(provider, bill(spec, bill));
}

/// [`Cloud::pool_size`] of the spec's provider.
pub fn pool_size(observed: Observed<'_>, spec: &Spec, pool: &NodePool) -> Option<u64> {
    on!(spec.provider, pool_size(observed, spec, pool))
}

/// All machines with GPUs of a provider.
pub fn gpu_machines(provider: Provider) -> impl Iterator<Item = &'static Machine> {
    let models = GpuModel::ALL.iter();
    models.flat_map(move |(_, model)| on!(provider, gpu_machines(*model)))
}
