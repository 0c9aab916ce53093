//! The lab: a cloud of three kinds.

use xcluster::{
    api::{
        asked::{Asked, Checked},
        choice::AuthMode,
        draft::Field,
        input::Service,
        prices::Unit,
        provider::{Known, MachineNames, Provider},
        spec::{NodePool, NodePoolDraft, Spec},
    },
    cloud::{
        access::ArgoCdAccess,
        effects::{Loss, Replacement},
        facts::{Facts, Followers, Parity},
        interface::Cloud,
        login::{ExecProviderConfig, Login, LoginBefore, Proof},
        pools,
        pools::PoolZones,
        protection::{keep_until_gone, refuse_deletion},
        sizes::{Machine, Machines, cpu},
        unchanged::Unchanged,
    },
    cost::{
        Area, Billing,
        bill::{Bill, Span},
    },
    plan::{
        build::managed,
        composed::{Plan, Stage},
        context::Cx,
        key::{CLUSTER, Key, NETWORK},
        observed::Observed,
        ready::ReadyWhen,
    },
    wire::structpb::Struct,
};

use super::kinds::{Cluster, Network, Pool};

/// The lab's name in the API.
pub(super) const LAB: Provider = Provider::new("lab");

const BENCH: Machine = cpu("bench", 4, 16);

static MACHINES: Machines = Machines {
    small: &[BENCH],
    medium: &[BENCH],
    large: &[BENCH],
    xlarge: &[BENCH],
    l4: &[],
    a100: &[],
    a100_large: &[],
    h100: &[],
    h200: &[],
};

/// The lab.
pub(super) struct Lab;

fn pool_key(pool: &NodePool) -> Key {
    pools::key(pool, machine(pool))
}

fn machine(pool: &NodePool) -> &str {
    let named = pool.machines_on(LAB).first();
    named.map_or(BENCH.name, String::as_str)
}

fn no_gpu(asked: &Asked<'_>, path: &str, pool: &NodePoolDraft) -> Checked {
    if pool.gpu.get()?.is_some() {
        let path = format!("{path}.gpu");
        asked.refuse(path, "", "is not available in the lab", "remove it");
    }
    Ok(())
}

impl Billing for Lab {
    fn provider(&self) -> Provider {
        LAB
    }

    fn areas(&self) -> &'static [(&'static str, Area)] {
        &[("lab-basement-1", Area::Frankfurt)]
    }

    fn bill<'a>(&self, _: &'a Spec, bill: &mut Bill<'a, '_>) {
        bill.charge("rent", "rent", Unit::ClusterHour, Span::always(1));
    }

    fn bill_records(&self, _: &Service, _: &mut Bill<'_, '_>) {}
}

impl Cloud for Lab {
    fn known(&self) -> Known {
        Known {
            provider: LAB,
            machine_types: MachineNames::One,
            disk_types: &[],
            auth_modes: &[AuthMode::GcpAdc],
        }
    }

    fn regions(&self) -> &'static [&'static str] {
        &["lab-basement-1"]
    }

    fn check(&self, asked: &Asked<'_>) {
        let Ok(pools) = asked.spec.node_pools.get() else {
            return;
        };
        asked.check_pools(pools, &[no_gpu]);
    }

    fn unchanged(&self, unchanged: &Unchanged<'_>) {
        let Ok(region) = &unchanged.asked.spec.region else {
            return;
        };
        unchanged.check("spec.region", region, &NETWORK, "spec.forProvider.region");
    }

    fn network(&self, cx: &Cx<'_>, plan: &mut Plan) {
        let network = Network {
            region: cx.spec.region.clone(),
            range: cx.spec.network.cidr.to_string(),
        };
        plan.add(managed(cx, Stage::Network, NETWORK, None, network));
    }

    fn identity(&self, _: &Cx<'_>, _: &mut Plan) {}

    fn cluster(&self, cx: &Cx<'_>, plan: &mut Plan) {
        let cluster = Cluster {
            region: cx.spec.region.clone(),
            version: cx.spec.kubernetes_version.to_string(),
            lab_network_ref: cx.reference(&NETWORK),
        };
        let name = Some(cx.names.cloud.clone());
        let cluster = managed(cx, Stage::Cluster, CLUSTER, name, cluster);
        plan.add(cluster.ready_when(ReadyWhen::Status("UP")).after([NETWORK]));
    }

    fn access(&self, _: &Cx<'_>, _: &mut Plan, _: ArgoCdAccess<'_>) {}

    fn addons(&self, _: &Cx<'_>, _: &mut Plan) {}

    fn nodes(&self, cx: &Cx<'_>, plan: &mut Plan) {
        for pool in &cx.spec.node_pools {
            let key = pool_key(pool);
            let name = pools::suffix(&key).to_owned();
            let object = Pool {
                region: cx.spec.region.clone(),
                lab_cluster_ref: cx.reference(&CLUSTER),
                machine: machine(pool).to_owned(),
                size: pool.min,
            };
            let object = managed(cx, Stage::Nodes, key, Some(name), object);
            plan.add(object.after([CLUSTER]).required_if(pool.required));
        }
    }

    fn ingress(&self, _: &Cx<'_>, _: &mut Plan) {}

    fn ingress_address(&self, _: &Cx<'_>) -> Option<String> {
        None
    }

    fn protection(&self, cx: &Cx<'_>, plan: &mut Plan) {
        keep_until_gone::<Network, Cluster>(cx, plan, &NETWORK, &CLUSTER);
        refuse_deletion(cx, plan);
    }

    fn facts(&self, cx: &Cx<'_>) -> Facts {
        let reported = cx.observed.reported(&CLUSTER);
        let cluster = |path: &str| reported?.str_at(path).map(str::to_owned);
        let network = cx.observed.str_at(&NETWORK, "status.atProvider.id");
        let network = network.map(str::to_owned);
        Facts {
            endpoint: cluster("endpoint"),
            publicly_trusted: true,
            id: cluster("id"),
            version: cluster("version"),
            network_name: network.clone(),
            network: network.map(|id| ("labNetworkId", id)).into_iter().collect(),
            ..Facts::default()
        }
    }

    fn followers(&self, cx: &Cx<'_>) -> Followers {
        Followers {
            pools: pools::facts(cx, ReadyWhen::Condition, |pool| {
                (pool_key(pool), Some(machine(pool).to_owned()))
            }),
            addons: Vec::new(),
        }
    }

    fn network_facts(&self) -> &'static [&'static str] {
        &["labNetworkId"]
    }

    fn parity(&self, _: &Spec) -> Vec<Parity> {
        vec![Parity {
            field: "spec.network.nat".to_owned(),
            note: "the lab has no NAT".to_owned(),
        }]
    }

    fn brings_metrics_server(&self, _: &Spec) -> bool {
        false
    }

    fn login(&self, _: &Cx<'_>, _: &LoginBefore<'_>) -> Result<Login, &'static str> {
        Ok(Login {
            principal: "argocd".to_owned(),
            proof: Some(Proof::Exec(ExecProviderConfig::argocd_k8s_auth(
                &["lab"],
                [],
            ))),
        })
    }

    fn login_mode(&self, _: &serde_json::Value) -> Option<AuthMode> {
        None
    }

    fn access_key(&self, _: &str) -> Key {
        CLUSTER
    }

    fn machines(&self) -> &'static Machines {
        &MACHINES
    }

    fn machines_asked<'p>(&self, _: &'p NodePoolDraft) -> Field<Vec<&'p str>> {
        Ok(Vec::new())
    }

    fn machines_made<'o>(&self, _: &'o Struct) -> Vec<&'o str> {
        Vec::new()
    }

    fn zones_asked(&self, _: &Asked<'_>, _: Observed<'_>, _: &NodePoolDraft) -> Field<PoolZones> {
        Ok(PoolZones {
            nodes: Vec::new(),
            choice: Vec::new(),
        })
    }

    fn zones_made(&self, _: Observed<'_>, _: &Struct) -> Vec<String> {
        Vec::new()
    }

    fn machines_like(&self, _: &str) -> Vec<String> {
        Vec::new()
    }

    fn disk(&self) -> &'static str {
        "tape"
    }

    fn adds_nodes(&self, _: &Spec) -> bool {
        false
    }

    fn pool_size(&self, observed: Observed<'_>, _: &Spec, pool: &NodePool) -> Option<u64> {
        let pool = observed.get(&pool_key(pool))?;
        pool.at("spec.forProvider.size")?.as_u32().map(u64::from)
    }

    fn losses(&self) -> &'static [Loss] {
        &[]
    }

    fn replacements(&self) -> &'static [Replacement] {
        &[]
    }

    fn records(&self, _: &Cx<'_>, _: &mut Plan) {}

    fn records_unchanged(&self, _: &Unchanged<'_>) -> Checked {
        Ok(())
    }
}
