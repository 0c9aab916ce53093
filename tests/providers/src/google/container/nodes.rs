//! What GKE makes of the configuration of nodes.

use serde_json::{Value, json};

use crate::google::{fill, iam::Iam, refusal::Refusal};

/// Machine series without Persistent Disk, which take Hyperdisk alone
/// (<https://cloud.google.com/compute/docs/disks/hyperdisks#supported-machine-types>).
const HYPERDISK_ONLY: [&str; 7] = ["c4-", "c4a-", "c4d-", "n4-", "n4a-", "n4d-", "a3-ultragpu-"];

/// The configuration with what GKE fills in.
pub(super) fn completed(config: &Value, iam: &Iam) -> Result<Value, Refusal> {
    let mut config = if config.is_null() {
        json!({})
    } else {
        config.clone()
    };
    let model = if config["spot"] == true {
        "spot"
    } else {
        "on-demand"
    };
    fill(
        &mut config,
        json!({
            "machineType": "e2-medium",
            "diskSizeGb": 100,
            "diskType": "pd-balanced",
            "imageType": "COS_CONTAINERD",
            "serviceAccount": "default",
            "metadata": {"disable-legacy-endpoints": "true"},
            "shieldedInstanceConfig": {"enableIntegrityMonitoring": true},
            "effectiveCgroupMode": "EFFECTIVE_CGROUP_MODE_V2",
            "windowsNodeConfig": {},
            // GKE's own label, https://cloud.google.com/kubernetes-engine/docs/how-to/creating-managing-labels.
            "resourceLabels": {"goog-gke-node-pool-provisioning-model": model},
        }),
    );
    let text = |name: &str| config[name].as_str().unwrap_or_default();
    let (machine, disk, account) = (
        text("machineType"),
        text("diskType"),
        text("serviceAccount"),
    );
    if HYPERDISK_ONLY
        .iter()
        .any(|series| machine.starts_with(series))
        && disk.starts_with("pd-")
    {
        let message = format!("{disk} disk type cannot be used by {machine} machine type.");
        return Err(Refusal::invalid(&message));
    }
    if account.contains('@') && !iam.has(account) {
        let message = format!("Service account \"{account}\" does not exist.");
        return Err(Refusal::invalid(&message));
    }
    Ok(config)
}
