//! What EKS reports about the cluster.

use super::{keys::node_group, machines};
use crate::{
    cloud::{
        facts::{Facts, PoolFacts},
        pools,
    },
    plan::{
        context::Cx,
        key::{CLUSTER, NETWORK},
    },
};

/// Where EKS reports the version it runs.
pub(super) const RUNNING: &str = "status.atProvider.version";
/// What `status.network` has.
pub(super) const NETWORK_FACTS: &[&str] = &["vpcId", "securityGroupId"];

/// Reads the facts.
pub(super) fn facts(cx: &Cx<'_>) -> Facts {
    let reported = cx.observed.reported(&CLUSTER);
    let cluster = |path: &str| reported?.str_at(path).map(str::to_owned);
    let network = [
        ("vpcId", &NETWORK, "status.atProvider.id"),
        (
            "securityGroupId",
            &CLUSTER,
            "status.atProvider.vpcConfig.clusterSecurityGroupId",
        ),
    ];
    let vpc = cx.observed.str_at(&NETWORK, "status.atProvider.id");
    Facts {
        endpoint: cluster("endpoint"),
        certificate_authority: cluster("certificateAuthority.0.data"),
        publicly_trusted: false,
        id: cluster("arn"),
        version: cluster("version"),
        oidc_issuer: cluster("identity.0.oidc.0.issuer"),
        workload_pool: None,
        network_name: vpc.map(str::to_owned),
        network: network
            .into_iter()
            .filter_map(|(name, key, path)| Some((name, cx.observed.str_at(key, path)?.to_owned())))
            .collect(),
        pools: pools(cx),
    }
}

/// Reads the node pools' facts.
pub(super) fn pools(cx: &Cx<'_>) -> Vec<PoolFacts> {
    pools::facts(cx, |pool| {
        let first = machines::of_pool(pool).next();
        (node_group(cx.observed, pool), first.map(str::to_owned))
    })
}
