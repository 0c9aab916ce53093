//! The management cluster, through `kubectl`: however a person logs in, it works here, too.

use std::{path::PathBuf, process::Stdio, time::Duration};

use async_trait::async_trait;
use serde_json::{Value, json};
use tokio::{process::Command, sync::OnceCell};
use xcluster::api::choice::{Choice as _, TrafficState};

use crate::cluster::{ApiError, Application, Cluster, ClusterApi};

/// How long one call may take. The process is ended a little later if it does not keep to it.
const CALL: Duration = Duration::from_secs(15);

/// Calls `kubectl`.
#[derive(Debug, Default)]
pub struct Kubectl {
    /// The program; `kubectl` of the PATH unless set.
    pub program: Option<PathBuf>,
    /// `--kubeconfig`.
    pub kubeconfig: Option<PathBuf>,
    /// `--context`.
    pub context: Option<String>,
    /// Where Argo CD runs.
    pub argocd_namespace: String,
    /// `clusters.xcluster.dev`, or `xclusters.xcluster.dev` where clusters have no namespace.
    pub kind: OnceCell<String>,
}

impl Kubectl {
    async fn call(&self, arguments: &[&str]) -> Result<Vec<u8>, ApiError> {
        let program = self.program.clone().unwrap_or_else(|| "kubectl".into());
        let mut command = Command::new(&program);
        command.arg(format!("--request-timeout={}s", CALL.as_secs()));
        if let Some(file) = &self.kubeconfig {
            command.arg("--kubeconfig").arg(file);
        }
        if let Some(context) = &self.context {
            command.arg("--context").arg(context);
        }
        command.args(arguments).stdin(Stdio::null());
        // Ctrl-C in the terminal reaches the whole group; what is under way must end, or nothing could be put back.
        command.process_group(0).kill_on_drop(true);
        let output = tokio::time::timeout(CALL + Duration::from_secs(5), command.output())
            .await
            .map_err(|_| ApiError(format!("kubectl {} does not answer", arguments.join(" "))))?
            .map_err(|error| {
                ApiError(format!(
                    "cannot run {}: {error}; install kubectl, or put it into the PATH",
                    program.display()
                ))
            })?;
        if output.status.success() {
            return Ok(output.stdout);
        }
        let said = String::from_utf8_lossy(&output.stderr);
        Err(ApiError(format!(
            "kubectl {}: {}",
            arguments.join(" "),
            said.trim().replace('\n', "; ")
        )))
    }

    async fn items(&self, arguments: &[&str]) -> Result<Vec<Value>, ApiError> {
        let bytes = self.call(arguments).await?;
        let list: Value = serde_json::from_slice(&bytes).map_err(|error| {
            ApiError(format!(
                "kubectl {} prints no JSON: {error}",
                arguments.join(" ")
            ))
        })?;
        Ok(list["items"].as_array().cloned().unwrap_or_default())
    }

    /// Which of the three XRDs is installed decides what a person writes.
    async fn kind(&self) -> Result<&str, ApiError> {
        let find = || async {
            let names = self
                .call(&["api-resources", "--api-group=xcluster.dev", "--output=name"])
                .await?;
            let names = String::from_utf8_lossy(&names).into_owned();
            let has = |kind: &str| names.lines().any(|line| line == kind);
            for kind in ["clusters.xcluster.dev", "xclusters.xcluster.dev"] {
                if has(kind) {
                    return Ok(kind.to_owned());
                }
            }
            Err(ApiError(
                "the cluster of this context knows no Cluster of xcluster.dev; name the management cluster with \
                 --context or --kubeconfig"
                    .to_owned(),
            ))
        };
        Ok(self.kind.get_or_try_init(find).await?)
    }
}

#[async_trait]
impl ClusterApi for Kubectl {
    async fn clusters(&self) -> Result<Vec<Cluster>, ApiError> {
        let kind = self.kind().await?;
        let items = self
            .items(&["get", kind, "--all-namespaces", "--output=json"])
            .await?;
        let clusters: Result<Vec<_>, _> = items.iter().map(Cluster::read).collect();
        clusters.map_err(ApiError)
    }

    async fn applications(&self) -> Result<Vec<Application>, ApiError> {
        let namespace = format!("--namespace={}", self.argocd_namespace);
        let items = self
            .items(&[
                "get",
                "applications.argoproj.io",
                &namespace,
                "--output=json",
            ])
            .await?;
        Ok(items.iter().map(Application::read).collect())
    }

    async fn set_state(
        &self,
        cluster: &Cluster,
        state: Option<TrafficState>,
    ) -> Result<(), ApiError> {
        let kind = self.kind().await?;
        let patch =
            json!({"spec": {"traffic": {"state": state.map(TrafficState::name)}}}).to_string();
        let patch = format!("--patch={patch}");
        let namespace = cluster
            .namespace
            .as_ref()
            .map(|namespace| format!("--namespace={namespace}"));
        let mut arguments = vec!["patch", kind, &cluster.name];
        arguments.extend(namespace.as_deref());
        arguments.extend([
            "--type=merge",
            "--field-manager=xcluster-failover",
            "--output=name",
            &patch,
        ]);
        self.call(&arguments).await.map(drop)
    }

    async fn record_ttl(&self, host: &str) -> Result<Option<Duration>, ApiError> {
        let names = self
            .call(&["api-resources", "--categories=managed", "--output=name"])
            .await?;
        let names = String::from_utf8_lossy(&names).into_owned();
        let mut longest = None;
        for kind in names
            .lines()
            .filter(|kind| kind.starts_with("records.route53.aws"))
        {
            let items = self
                .items(&["get", kind, "--all-namespaces", "--output=json"])
                .await?;
            longest = longest.max(items.iter().filter_map(|item| ttl_of(item, host)).max());
        }
        Ok(longest.map(Duration::from_secs))
    }
}

/// The TTL of a record, when it is one of the host.
fn ttl_of(record: &Value, host: &str) -> Option<u64> {
    let parameters = record.pointer("/spec/forProvider")?;
    let name = parameters.get("name")?.as_str()?;
    if name.trim_end_matches('.') != host.trim_end_matches('.') {
        return None;
    }
    parameters.get("ttl")?.as_u64()
}
