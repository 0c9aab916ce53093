//! EKS add-ons, before the nodes and after them.
//!
//! vpc-cni, kube-proxy and the pod identity agent are DaemonSets: they become active without nodes,
//! and nodes stay NotReady without them. coredns and the rest are Deployments and need a node.

use super::{
    api::{Addon, AddonIdentity},
    facts::RUNNING,
    identifiers::tags,
    keys::{
        BEFORE_NODES, BLOCK_STORAGE, BLOCK_STORAGE_ROLE, DNS, METRICS_SERVER, NETWORKING_ROLE,
        for_system_pods,
    },
};
use crate::{
    api::{
        choice::Mode,
        spec::{Spec, Version},
    },
    cloud::{
        addons::{self, Asked},
        facts::AddonFacts,
        versions::{self, PROXY},
    },
    plan::{
        build::{lacking, managed},
        composed::{Composed, Plan, Stage},
        context::Cx,
        key::{CLUSTER, Key},
    },
};

/// Where EKS reports an add-on's version.
const REPORTED: &str = "status.atProvider.addonVersion";
/// The version that it was asked for.
const SENT: &str = "spec.forProvider.addonVersion";

/// One add-on: our key, AWS's name, and what is particular about it.
struct Particulars<'a> {
    key: Key,
    /// Its field in `spec.addons`.
    field: &'static str,
    name: &'static str,
    version: Option<&'a str>,
    /// Keep its workload in the cluster when the add-on is deleted.
    preserve: bool,
    configuration: Option<&'static str>,
    /// The service account and the key of its role.
    identity: Option<(&'static str, Key)>,
}

/// Plans the stage. In Auto Mode all of this is part of the service.
pub(super) fn addons(cx: &Cx<'_>, plan: &mut Plan) {
    if cx.spec.mode == Mode::Auto {
        return;
    }
    for particulars in before_nodes(cx) {
        plan.add(addon(cx, particulars).after([CLUSTER]));
    }
    for particulars in after_nodes(cx) {
        plan.add(
            addon(cx, particulars)
                .after([CLUSTER])
                .after_any(for_system_pods(cx)),
        );
    }
}

fn before_nodes<'a>(cx: &Cx<'a>) -> [Particulars<'a>; 3] {
    let versions = &cx.spec.addons;
    let [networking, kube_proxy, pod_identity] = BEFORE_NODES;
    [
        Particulars {
            key: networking,
            field: "networking",
            name: "vpc-cni",
            version: versions.networking.version.as_deref(),
            // Nodes need it until the last one is drained, in whatever order things are deleted.
            preserve: true,
            configuration: Some(
                r#"{"enableNetworkPolicy":"true","env":{"ENABLE_PREFIX_DELEGATION":"true","WARM_PREFIX_TARGET":"1"}}"#,
            ),
            identity: Some(("aws-node", NETWORKING_ROLE)),
        },
        Particulars {
            key: kube_proxy,
            field: PROXY,
            name: "kube-proxy",
            version: versions.kube_proxy.version.as_deref(),
            preserve: true,
            configuration: None,
            identity: None,
        },
        Particulars {
            key: pod_identity,
            field: "podIdentity",
            name: "eks-pod-identity-agent",
            version: versions.pod_identity.version.as_deref(),
            preserve: true,
            configuration: None,
            identity: None,
        },
    ]
}

fn after_nodes<'a>(cx: &Cx<'a>) -> Vec<Particulars<'a>> {
    let versions = &cx.spec.addons;
    let mut found = vec![Particulars {
        key: DNS,
        field: "dns",
        name: "coredns",
        version: versions.dns.version.as_deref(),
        preserve: true,
        configuration: None,
        identity: None,
    }];
    if versions.block_storage.enabled {
        found.push(Particulars {
            key: BLOCK_STORAGE,
            field: "blockStorage",
            name: "aws-ebs-csi-driver",
            version: versions.block_storage.version.as_deref(),
            preserve: false,
            configuration: Some(r#"{"defaultStorageClass":{"enabled":true}}"#),
            identity: Some(("ebs-csi-controller-sa", BLOCK_STORAGE_ROLE)),
        });
    }
    if brings_metrics_server(cx.spec) {
        found.push(Particulars {
            key: METRICS_SERVER,
            field: "metricsServer",
            name: "metrics-server",
            version: versions.metrics_server.version.as_deref(),
            preserve: false,
            configuration: None,
            identity: None,
        });
    }
    found
}

/// What EKS reports of the add-ons, in the order in which they are made. In Auto Mode there are none.
pub(super) fn facts(cx: &Cx<'_>, running: Option<Version>) -> Vec<AddonFacts> {
    if cx.spec.mode == Mode::Auto {
        return Vec::new();
    }
    let all = before_nodes(cx).into_iter().chain(after_nodes(cx));
    all.map(|it| it.facts(cx, running)).collect()
}

/// Whether the add-ons that nodes need have followed the control plane to its version of Kubernetes.
pub(super) fn follow(cx: &Cx<'_>, running: Option<Version>) -> bool {
    let mut needed = before_nodes(cx).into_iter();
    needed.all(|it| !it.facts(cx, running).may_lag())
}

impl Particulars<'_> {
    fn facts(&self, cx: &Cx<'_>, running: Option<Version>) -> AddonFacts {
        let asked = Asked {
            field: self.field,
            key: self.key.clone(),
            pinned: self.version,
        };
        addons::facts(cx, asked, running, REPORTED)
    }
}

fn addon(cx: &Cx<'_>, particulars: Particulars<'_>) -> Composed {
    let facts = particulars.facts(cx, versions::running(cx, RUNNING));
    let Particulars {
        key,
        name,
        preserve,
        configuration,
        identity,
        ..
    } = particulars;
    let mut identities = None;
    if let Some((service_account, role)) = &identity {
        let Some(role_arn) = cx.following(
            &key,
            "spec.forProvider.podIdentityAssociation.0.roleArn",
            role,
            "status.atProvider.arn",
        ) else {
            let what = "the ARN of the add-on's role";
            return lacking(Stage::Addons, key, what, role.clone());
        };
        identities = Some(vec![AddonIdentity {
            role_arn,
            service_account,
        }]);
    }
    let addon = Addon {
        region: cx.spec.region.clone(),
        cluster_name: cx.names.cloud.clone(),
        addon_name: name,
        addon_version: addons::version(cx, &facts, SENT),
        configuration_values: configuration,
        // The add-on's owner is this API: what somebody edited in the cluster is set back.
        resolve_conflicts_on_create: "OVERWRITE",
        resolve_conflicts_on_update: "OVERWRITE",
        preserve,
        pod_identity_association: identities,
        tags: tags(cx, &cx.names.cloud),
    };
    let role = identity.map(|(_, role)| role);
    // EKS has a status of add-ons, and provider-aws v2.6.0 reports none (`atProvider` in its CRD).
    managed(cx, Stage::Addons, key, None, addon).after(role)
}

/// Where the add-on is asked for. Auto Mode does not have it among what it brings.
pub(super) fn brings_metrics_server(spec: &Spec) -> bool {
    spec.mode == Mode::Standard && spec.addons.metrics_server.enabled
}
