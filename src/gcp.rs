//! Google Cloud: an XCluster as GKE.

mod access;
mod addons;
mod api;
mod check;
mod cluster;
mod cost;
mod facts;
mod identity;
mod ingress;
mod machines;
mod network;
mod nodes;
mod parity;
mod protection;
mod regions;
mod unchanged;

use crate::{
    access::ArgoCdAccess,
    cost::bill::Bill,
    observed::Observed,
    plan::{Cx, Plan},
    provider::{Cloud, Facts, Machine, Parity},
    reader::Violations,
    xcluster::{Gpu, GpuModel, NodePool, Size, Spec},
};

/// Google Cloud.
pub struct Gcp;

impl Cloud for Gcp {
    fn regions() -> &'static [&'static str] {
        regions::REGIONS
    }

    fn check(spec: &Spec, account: Option<&str>, violations: &Violations) {
        check::check(spec, account, violations);
    }

    fn unchanged(cx: &Cx<'_>, violations: &Violations) {
        unchanged::unchanged(cx, violations);
    }

    fn network(cx: &Cx<'_>, plan: &mut Plan) {
        network::network(cx, plan);
    }

    fn identity(cx: &Cx<'_>, plan: &mut Plan) {
        identity::identity(cx, plan);
    }

    fn cluster(cx: &Cx<'_>, plan: &mut Plan) {
        cluster::cluster(cx, plan);
    }

    fn access(cx: &Cx<'_>, plan: &mut Plan, argocd: ArgoCdAccess<'_>) {
        access::access(cx, plan, argocd);
    }

    fn addons(cx: &Cx<'_>, plan: &mut Plan) {
        addons::addons(cx, plan);
    }

    fn nodes(cx: &Cx<'_>, plan: &mut Plan) {
        nodes::nodes(cx, plan);
    }

    fn ingress(cx: &Cx<'_>, plan: &mut Plan) {
        ingress::ingress(cx, plan);
    }

    fn ingress_address(cx: &Cx<'_>) -> Option<String> {
        ingress::ingress_address(cx)
    }

    fn protection(cx: &Cx<'_>, plan: &mut Plan) {
        protection::protection(cx, plan);
    }

    fn facts(cx: &Cx<'_>) -> Facts {
        facts::facts(cx)
    }

    fn parity(spec: &Spec) -> Vec<Parity> {
        parity::parity(spec)
    }

    fn brings_metrics_server(spec: &Spec) -> bool {
        addons::brings_metrics_server(spec)
    }

    fn access_key(principal: &str) -> String {
        access::admin_key(principal)
    }

    fn machines(size: Size) -> &'static [Machine] {
        machines::machines(size)
    }

    fn gpu_machine(gpu: &Gpu, size: Option<Size>) -> Option<&'static Machine> {
        machines::gpu_machine(gpu, size)
    }

    fn bill<'a>(spec: &'a Spec, bill: &mut Bill<'a, '_>) {
        cost::bill(spec, bill);
    }

    fn pool_size(observed: Observed<'_>, spec: &Spec, pool: &NodePool) -> Option<u64> {
        cost::pool_size(observed, spec, pool)
    }

    fn gpu_machines(model: GpuModel) -> &'static [Machine] {
        machines::with_gpu(model)
    }
}

/// The project. [`Cloud::check`] refuses a cluster without one.
fn project(cx: &Cx<'_>) -> String {
    cx.account.unwrap_or_default().to_owned()
}
