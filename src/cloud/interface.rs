//! The clouds behind one trait. A third one is a folder, and a line in [`super::registry`].

use super::{
    access::ArgoCdAccess,
    effects::{Loss, Replacement},
    facts::{Facts, Followers, Parity},
    login::{Login, LoginBefore},
    pools::PoolZones,
    sizes::Machines,
    unchanged::Unchanged,
};
use crate::{
    api::{
        asked::{Asked, Checked},
        choice::AuthMode,
        draft::Field,
        provider::Known,
        spec::{NodePool, NodePoolDraft, Spec},
    },
    cost::Billing,
    plan::{composed::Plan, context::Cx, key::Key, observed::Observed},
    wire::structpb::Struct,
};

/// One cloud. Its functions correspond to the stages; all are pure.
pub trait Cloud: Billing {
    /// What the API has to know of it.
    fn known(&self) -> Known;
    /// The regions that there are. The first is the one that messages give as an example.
    fn regions(&self) -> &'static [&'static str];
    /// Checks what depends on the cloud.
    fn check(&self, asked: &Asked<'_>);
    /// Checks that what cannot change has not: what exists says what it was made with. The XRD
    /// refuses such a change first, but not every way into the API server asks it.
    fn unchanged(&self, unchanged: &Unchanged<'_>);
    /// The network.
    fn network(&self, cx: &Cx<'_>, plan: &mut Plan);
    /// Roles, service accounts and keys.
    fn identity(&self, cx: &Cx<'_>, plan: &mut Plan);
    /// The control plane.
    fn cluster(&self, cx: &Cx<'_>, plan: &mut Plan);
    /// Who may use it, Argo CD among them.
    fn access(&self, cx: &Cx<'_>, plan: &mut Plan, argocd: ArgoCdAccess<'_>);
    /// Add-ons.
    fn addons(&self, cx: &Cx<'_>, plan: &mut Plan);
    /// Node pools.
    fn nodes(&self, cx: &Cx<'_>, plan: &mut Plan);
    /// The address of the load balancer that the service gets, where one can be reserved.
    fn ingress(&self, cx: &Cx<'_>, plan: &mut Plan);
    /// What that address is called.
    fn ingress_address(&self, cx: &Cx<'_>) -> Option<String>;
    /// Pairs whose order of deletion the cloud does not enforce by itself.
    fn protection(&self, cx: &Cx<'_>, plan: &mut Plan);
    /// What the cloud reports.
    fn facts(&self, cx: &Cx<'_>) -> Facts;
    /// What `status.network` has.
    fn network_facts(&self) -> &'static [&'static str];
    /// What follows the control plane to another version of Kubernetes.
    fn followers(&self, cx: &Cx<'_>) -> Followers;
    /// Fields that are set and have no equivalent here.
    fn parity(&self, spec: &Spec) -> Vec<Parity>;
    /// Whether something adds nodes when Pods need them: the cloud itself, or an autoscaler of its pools.
    fn adds_nodes(&self, spec: &Spec) -> bool;
    /// Whether the cloud brings a metrics server to such a cluster.
    fn brings_metrics_server(&self, spec: &Spec) -> bool;
    /// How Argo CD logs in.
    ///
    /// # Errors
    /// The field of the Input that the platform has to set first.
    fn login(&self, cx: &Cx<'_>, before: &LoginBefore<'_>) -> Result<Login, &'static str>;
    /// The way that Argo CD logs in with the `config` of a registration, which is null where that has none.
    fn login_mode(&self, config: &serde_json::Value) -> Option<AuthMode>;
    /// The key of the access resource that lets `principal` in.
    fn access_key(&self, principal: &str) -> Key;
    /// Its machine types.
    fn machines(&self) -> &'static Machines;
    /// The machine types that a pool asks for, best first.
    ///
    /// # Errors
    /// [`Unsound`](crate::api::draft::Unsound) when a field that decides it is.
    fn machines_asked<'p>(&self, pool: &'p NodePoolDraft) -> Field<Vec<&'p str>>;
    /// Where the nodes of a pool would be.
    ///
    /// # Errors
    /// [`Unsound`](crate::api::draft::Unsound) when a field that decides it is.
    fn zones_asked(
        &self,
        asked: &Asked<'_>,
        observed: Observed<'_>,
        pool: &NodePoolDraft,
    ) -> Field<PoolZones>;
    /// The zones of an existing pool, as far as they are known.
    fn zones_made(&self, observed: Observed<'_>, pool: &Struct) -> Vec<String>;
    /// The machine types that an existing pool was made with.
    fn machines_made<'o>(&self, pool: &'o Struct) -> Vec<&'o str>;
    /// Machine types that can stand in for one: as large, and for the same purposes.
    fn machines_like(&self, machine: &str) -> Vec<String>;
    /// The price of its nodes' disks in the book.
    fn disk(&self) -> &'static str;
    /// How many nodes a pool has now, as far as the cloud reports it.
    fn pool_size(&self, observed: Observed<'_>, spec: &Spec, pool: &NodePool) -> Option<u64>;
    /// What is lost for good with resources, beside what every cluster loses.
    fn losses(&self) -> &'static [Loss];
    /// The fields whose change makes the cloud replace nodes.
    fn replacements(&self) -> &'static [Replacement];
    /// The records of a service whose zone it keeps, of a cluster on any cloud.
    fn records(&self, cx: &Cx<'_>, plan: &mut Plan);
    /// Checks that existing records stay what they are.
    ///
    /// # Errors
    /// [`Unsound`](crate::api::draft::Unsound) when the check is left out.
    fn records_unchanged(&self, unchanged: &Unchanged<'_>) -> Checked;
}

/// Plans all stages of a cluster, in order.
pub fn stages(cloud: &dyn Cloud, cx: &Cx<'_>, argocd: ArgoCdAccess<'_>) -> Plan {
    let mut plan = Plan::default();
    cloud.network(cx, &mut plan);
    cloud.identity(cx, &mut plan);
    cloud.cluster(cx, &mut plan);
    cloud.access(cx, &mut plan, argocd);
    cloud.addons(cx, &mut plan);
    cloud.nodes(cx, &mut plan);
    cloud.ingress(cx, &mut plan);
    cloud.protection(cx, &mut plan);
    plan
}

/// Implements [`Cloud`] with the functions of a cloud's folder: the files have the same names for each cloud, and
/// their functions too. What follows the type is added as it is.
macro_rules! cloud_of_folder {
    ($cloud:ident { $($own:item)* }) => {
        impl Cloud for $cloud {
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

            fn followers(&self, cx: &Cx<'_>) -> Followers {
                followers::followers(cx)
            }

            fn parity(&self, spec: &Spec) -> Vec<Parity> {
                parity::parity(spec)
            }

            fn adds_nodes(&self, spec: &Spec) -> bool {
                nodes::adds_nodes(spec)
            }

            fn brings_metrics_server(&self, spec: &Spec) -> bool {
                addons::brings_metrics_server(spec)
            }

            fn login(&self, cx: &Cx<'_>, before: &LoginBefore<'_>) -> Result<Login, &'static str> {
                login::login(cx, before)
            }

            fn login_mode(&self, config: &serde_json::Value) -> Option<AuthMode> {
                login::login_mode(config)
            }

            fn access_key(&self, principal: &str) -> Key {
                access::admin_key(principal)
            }

            fn machines(&self) -> &'static Machines {
                &machines::MACHINES
            }

            fn machines_asked<'p>(&self, pool: &'p NodePoolDraft) -> Field<Vec<&'p str>> {
                Ok(machines::of_draft(pool)?.into_iter().collect())
            }

            fn machines_made<'o>(&self, pool: &'o Struct) -> Vec<&'o str> {
                machines::of_object(pool).into_iter().collect()
            }

            fn machines_like(&self, machine: &str) -> Vec<String> {
                machines::like(machine)
            }

            fn zones_asked(
                &self,
                asked: &Asked<'_>,
                observed: Observed<'_>,
                pool: &NodePoolDraft,
            ) -> Field<PoolZones> {
                zones::of_draft(asked, observed, pool)
            }

            fn zones_made(&self, observed: Observed<'_>, pool: &Struct) -> Vec<String> {
                zones::of_object(observed, pool)
            }

            fn disk(&self) -> &'static str {
                cost::DISK
            }

            fn pool_size(
                &self,
                observed: Observed<'_>,
                spec: &Spec,
                pool: &NodePool,
            ) -> Option<u64> {
                cost::pool_size(observed, spec, pool)
            }

            fn losses(&self) -> &'static [Loss] {
                keys::LOSSES
            }

            fn replacements(&self) -> &'static [Replacement] {
                keys::REPLACEMENTS
            }

            $($own)*
        }
    };
}

pub(super) use cloud_of_folder;
