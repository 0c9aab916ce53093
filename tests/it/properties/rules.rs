//! Fields that rules of the XRD compare with each other, in every combination.

use manifests::ScopeArg;
use proptest::{prelude::*, sample::subsequence};
use serde_json::{Value, json};

use super::config;
use crate::{
    api::cel::why_refused,
    fixture::{self, call, fatal, merge, yaml},
};

/// Changes of a sound spec, some of which are sound too.
const SPECS: &str = "
- {mode: auto}
- {mode: auto, nodePools: null}
- {nodePools: []}
- {budget: {pods: {vcpu: 1, memoryGiB: 4}}}
- {network: {zones: 2}}
- {network: {zoneNames: []}}
- {network: {zoneNames: [us-east-1a]}}
- {network: {zoneNames: [us-east-1a, us-east-1b]}}
- {network: {zoneNames: [us-east-1a, us-east-1b, us-east-1c]}}
- {network: {zoneNames: [europe-west1-b, europe-west1-c]}}
- {argocd: {auth: {}}}
- {argocd: {auth: {mode: gcpAdc}}}
- {argocd: {auth: {mode: awsProfile}}}
- {network: {cidr: 10.20.0.0/21}}
- {network: {cidr: 10.20.0.128/20}}
- {network: {cidr: 11.0.0.0/16}}
";

/// The same of its only pool.
const POOLS: &str = "
- {min: 0}
- {min: 3, max: 2}
- {gpu: {type: nvidia-l4, count: 1}}
- {taints: [{key: k, effect: NoSchedule}]}
- {taints: [{key: k, effect: PreferNoSchedule}]}
- {maxSurge: 0}
- {maxUnavailable: 6}
- {maxSurge: 15}
- {size: small}
- {machineTypes: {}}
- {machineTypes: {aws: [m7i.large, m7i.large]}}
- {machineTypes: {aws: [m7i.large], gcp: n2-standard-4}}
";

fn some(patches: &str) -> impl Strategy<Value = Vec<Value>> + use<> {
    subsequence(yaml(patches).as_array().unwrap().clone(), 0..=3)
}

fn spec() -> impl Strategy<Value = Value> {
    let clouds = prop_oneof![Just(fixture::aws()), Just(fixture::gcp())];
    (clouds, some(SPECS), some(POOLS)).prop_map(|(mut spec, changes, of_pool)| {
        for change in of_pool {
            merge(&mut spec["nodePools"][0], &change);
        }
        for change in changes {
            merge(&mut spec, &change);
        }
        spec
    })
}

proptest! {
    #![proptest_config(config(512))]

    #[test]
    fn what_an_api_server_refuses_the_function_refuses(spec in spec()) {
        let refused = why_refused("prod", &spec);
        if !refused.is_empty() {
            let rsp = call(ScopeArg::Claims, &spec, Some(&json!({})));
            prop_assert!(fatal(&rsp).is_some(), "the function takes it: {refused:#?}");
        }
    }
}
