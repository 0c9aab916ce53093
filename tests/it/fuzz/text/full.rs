//! Clusters that say all that a person can say in words.

use serde_json::Value;

use crate::fixture::{self, merge, yaml};

/// A spec and an Input with every string that can be written on a cloud.
pub(super) fn full(cloud: &str) -> (Value, Value) {
    let mut spec = yaml(
        "{account: '111122223333', cloudName: prod-1, mode: standard, network: {nat: single},
          endpoint: {public: true, allowedCidrs: [203.0.113.0/24]},
          nodePools: [{name: general, size: medium, min: 2, max: 10, capacity: spot, labels: {team: ml},
            taints: [{key: dedicated, value: ml, effect: PreferNoSchedule}]},
            {name: gpu, gpu: {type: nvidia-l4, count: 1}, min: 0, max: 4, diskType: {aws: gp3, gcp: pd-ssd}},
            {name: own, machineTypes: {aws: [m7i.large], gcp: n2-standard-2}, min: 0, max: 4}],
          addons: {networking: {version: v1.1}, kubeProxy: {version: v1.1}, podIdentity: {version: v1.1},
            dns: {version: v1.1}, blockStorage: {version: v1.1},
            metricsServer: {enabled: true, version: v1.1}},
          upgrade: {supportType: extended}, maintenance: {window: {days: [sunday], startTime: '02:00', hours: 12}, exclusions: [{name: sale,
            startTime: '2026-11-20T00:00:00Z', endTime: '2026-12-01T00:00:00Z', scope: upgrades}]},
           traffic: {state: active, weight: 100}, tags: {owner: ml}, argocd: {name: prod, namespace: argocd, labels: {team: ml},
            annotations: {note: fine}},
          providerConfigRef: {name: default, kind: ClusterProviderConfig}}",
    );
    let mut input = fixture::input();
    let (base, more) = match cloud {
        "aws" => (
            fixture::aws(),
            yaml(
                "{network: {zoneNames: [us-east-1a, us-east-1b]},
                  traffic: {address: lb-1.us-east-1.elb.amazonaws.com},
                  encryption: {keyId: 'arn:aws:kms:us-east-1:111122223333:key/1'},
                  access: {admins: ['arn:aws:iam::111122223333:role/a'],
                    viewers: ['arn:aws:iam::111122223333:user/b']},
                  argocd: {auth: {mode: awsWebIdentity}}}",
            ),
        ),
        _ => (
            fixture::gcp(),
            yaml(
                "{account: acme-prod, network: {zoneNames: [europe-west1-b, europe-west1-c]},
                  encryption: {keyId: projects/acme-prod/locations/europe-west1/keyRings/r/cryptoKeys/k},
                  access: {admins: ['group:a@example.com'],
                    viewers: ['principal://iam.googleapis.com/projects/1/b']},
                  argocd: {auth: {mode: gcpWif}}}",
            ),
        ),
    };
    let mut whole = base;
    merge(&mut whole, &spec.take());
    merge(&mut whole, &more);
    whole["nodePools"][1]["zones"] = whole["network"]["zoneNames"].clone();
    merge(
        &mut input,
        &yaml(
            "{resourceNamespace: clusters, allowNameOverrides: true,
              allowedRegions: {aws: [us-east-1], gcp: [europe-west1]},
              allowedMachineTypes: {aws: [m7i.large, m7i.xlarge, g6.xlarge], gcp: [n2-standard-2, n2-standard-4, g2-standard-4]},
              workloads: {inference: {namespaces: [ml-platform], environments: [prod]}},
              nodeImages: [{release: 1.36.2-20261115, environments: [staging]}], kubernetesVersions: [{provider: aws, minor: '1.37', standardSupportEnds: '2028-01-31', extendedSupportEnds: '2029-01-31',
                addons: {networking: v1.23.0-eksbuild.1, kubeProxy: v1.37.0-eksbuild.1, podIdentity: v1.4.0-eksbuild.1,
                         dns: v1.14.3-eksbuild.3, blockStorage: v1.63.1-eksbuild.1, metricsServer: v0.9.0-eksbuild.5}}],
              traffic: {host: inference.acme.example, namespaces: [ml-platform], environments: [prod], zone: {aws: {zoneId: Z0ACMEEXAMPLE,
                providerConfigRef: {kind: ClusterProviderConfig, name: dns}}}, healthCheck: {path: /readyz}},
              priceBook: {date: '2026-11-25', rows: [{provider: aws, region: us-east-1, sku: m7i.xlarge,
                unit: instance-hour, usd: '0.2016', source: our contract, date: 2026-11}]},
              argocd: {
                providerConfigRef: {kind: ClusterProviderConfig, name: argo},
                aws: {mode: awsPodIdentity, profile: clusters, tokenFile: /token,
                  roleArn: 'arn:aws:iam::111122223333:role/clusters'},
                gcp: {mode: gcpAdc, credentialsFile: /credentials.json}}}",
        ),
    );
    (whole, input)
}
