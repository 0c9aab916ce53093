//! Amazon Web Services: an XCluster as EKS.

mod access;
mod addons;
mod api;
mod check;
mod cluster;
mod cost;
mod endpoint;
mod facts;
mod identifiers;
mod identity;
mod ingress;
mod keys;
mod login;
mod machines;
mod network;
mod nodes;
mod parity;
mod protection;
mod regions;
mod route53;
mod unchanged;

use crate::{
    api::{
        asked::{Asked, Checked},
        choice::{GpuModel, Size},
        input::Service,
        provider::{Known, MachineNames, Provider},
        spec::{Gpu, NodePool, Spec},
    },
    cloud::{
        access::ArgoCdAccess,
        facts::{Facts, Parity},
        interface::Cloud,
        login::Login,
        machines::Machine,
        unchanged::Unchanged,
    },
    cost::{Area, Billing, bill::Bill},
    plan::{composed::Plan, context::Cx, key::Key, observed::Observed},
};

/// Amazon Web Services.
pub struct Aws;

impl Billing for Aws {
    fn provider(&self) -> Provider {
        Provider::AWS
    }

    fn areas(&self) -> &'static [(&'static str, Area)] {
        regions::AREAS
    }

    fn bill<'a>(&self, spec: &'a Spec, bill: &mut Bill<'a, '_>) {
        cost::bill(spec, bill);
    }

    fn bill_records(&self, service: &Service, bill: &mut Bill<'_, '_>) {
        route53::bill(service, bill);
    }
}

impl Cloud for Aws {
    fn known(&self) -> Known {
        Known {
            provider: Provider::AWS,
            machine_types: MachineNames::Several(10),
            auth_modes: login::MODES,
        }
    }

    fn regions(&self) -> &'static [&'static str] {
        regions::REGIONS
    }

    fn check(&self, asked: &Asked<'_>) {
        check::check(asked);
    }

    fn unchanged(&self, unchanged: &Unchanged<'_>) {
        unchanged::unchanged(unchanged);
    }

    fn network(&self, cx: &Cx<'_>, plan: &mut Plan) {
        network::network(cx, plan);
    }

    fn identity(&self, cx: &Cx<'_>, plan: &mut Plan) {
        identity::identity(cx, plan);
    }

    fn cluster(&self, cx: &Cx<'_>, plan: &mut Plan) {
        cluster::cluster(cx, plan);
    }

    fn access(&self, cx: &Cx<'_>, plan: &mut Plan, argocd: ArgoCdAccess<'_>) {
        access::access(cx, plan, argocd);
    }

    fn addons(&self, cx: &Cx<'_>, plan: &mut Plan) {
        addons::addons(cx, plan);
    }

    fn nodes(&self, cx: &Cx<'_>, plan: &mut Plan) {
        nodes::nodes(cx, plan);
    }

    fn ingress(&self, cx: &Cx<'_>, plan: &mut Plan) {
        ingress::ingress(cx, plan);
    }

    fn ingress_address(&self, cx: &Cx<'_>) -> Option<String> {
        ingress::ingress_address(cx)
    }

    fn protection(&self, cx: &Cx<'_>, plan: &mut Plan) {
        protection::protection(cx, plan);
    }

    fn facts(&self, cx: &Cx<'_>) -> Facts {
        facts::facts(cx)
    }

    fn network_facts(&self) -> &'static [&'static str] {
        facts::NETWORK_FACTS
    }

    fn parity(&self, spec: &Spec) -> Vec<Parity> {
        parity::parity(spec)
    }

    fn brings_metrics_server(&self, spec: &Spec) -> bool {
        addons::brings_metrics_server(spec)
    }

    fn login(&self, cx: &Cx<'_>) -> Result<Login, &'static str> {
        login::login(cx)
    }

    fn access_key(&self, principal: &str) -> Key {
        access::admin_key(principal)
    }

    fn machines(&self, size: Size) -> &'static [Machine] {
        machines::machines(size)
    }

    fn gpu_machine(&self, gpu: &Gpu, size: Option<Size>) -> Option<&'static Machine> {
        machines::gpu_machine(gpu, size)
    }

    fn gpu_machines(&self, model: GpuModel) -> &'static [Machine] {
        machines::with_gpu(model)
    }

    fn disk(&self) -> &'static str {
        cost::DISK
    }

    fn pool_size(&self, observed: Observed<'_>, spec: &Spec, pool: &NodePool) -> Option<u64> {
        cost::pool_size(observed, spec, pool)
    }

    fn losses(&self) -> &'static [(&'static str, &'static str)] {
        keys::LOSSES
    }

    fn records(&self, cx: &Cx<'_>, plan: &mut Plan) {
        route53::records(cx, plan);
    }

    fn records_unchanged(&self, unchanged: &Unchanged<'_>) -> Checked {
        route53::unchanged(unchanged)
    }
}
