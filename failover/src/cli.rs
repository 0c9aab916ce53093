//! `xcluster failover` and `xcluster failback`.

mod progress;
mod run;

use std::{net::SocketAddr, path::PathBuf, time::Duration};

pub use progress::{Plain, Terminal};
pub use run::{failback, failover};

use crate::{
    length,
    load::Rate,
    plan::{Mode, Plan},
};

/// Arguments of `xcluster failover`.
#[derive(Debug, clap::Args)]
pub struct FailoverArgs {
    #[command(flatten)]
    common: CommonArgs,
    /// The source is gone: nothing is asked of it, and nobody waits for it
    #[arg(long, conflicts_with = "failback")]
    unplanned: bool,
    /// How long the target must serve everything before the source's Pods go
    #[arg(long, value_name = "TIME", default_value = "5m", value_parser = length::parse)]
    hold: Duration,
    /// How long callers are watched before anything is changed
    #[arg(long, value_name = "TIME", default_value = "15s", value_parser = length::parse)]
    baseline: Duration,
    /// Give the traffic back afterwards
    #[arg(long)]
    failback: bool,
}

/// Arguments of `xcluster failback`.
#[derive(Debug, clap::Args)]
pub struct FailbackArgs {
    #[command(flatten)]
    common: CommonArgs,
}

/// What both have.
#[derive(Debug, clap::Args)]
struct CommonArgs {
    /// The cluster that serves now
    #[arg(long, value_name = "CLUSTER")]
    from: String,
    /// The cluster that serves afterwards
    #[arg(long, value_name = "CLUSTER")]
    to: String,
    /// The clusters' namespace; needed where several have clusters of these names
    #[arg(long)]
    namespace: Option<String>,
    /// The service; https://HOST/v1/predict unless set, with the host of status.traffic
    #[arg(long)]
    url: Option<String>,
    /// A file with the token that the service wants, one line
    #[arg(long, value_name = "FILE")]
    token_file: Option<PathBuf>,
    /// A file with the request to send, as JSON; the model server's example unless set
    #[arg(long, value_name = "FILE")]
    request: Option<PathBuf>,
    /// Certificate authorities to trust instead of the system's, as PEM
    #[arg(long, value_name = "FILE")]
    ca_file: Option<PathBuf>,
    /// Requests a second, of all kinds of callers together
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u32).range(3..=1000))]
    rate: u32,
    /// How long a request may take
    #[arg(long, value_name = "TIME", default_value = "2s", value_parser = length::parse)]
    timeout: Duration,
    /// Requests that may fail before the run stops, in percent
    #[arg(long, value_name = "PERCENT", default_value_t = 1.0, value_parser = percent)]
    budget: f64,
    /// The longest TTL of the service's name that is accepted
    #[arg(long, value_name = "TIME", default_value = "60s", value_parser = length::parse)]
    ttl_limit: Duration,
    /// What DNS may take beyond the TTL
    #[arg(long, value_name = "TIME", default_value = "90s", value_parser = length::parse)]
    margin: Duration,
    /// How long the function may take until a state is in force
    #[arg(long, value_name = "TIME", default_value = "3m", value_parser = length::parse)]
    apply_timeout: Duration,
    /// How long a cluster's Pods may take to come back
    #[arg(long, value_name = "TIME", default_value = "15m", value_parser = length::parse)]
    warm_up: Duration,
    /// The DNS server to ask instead of the system's
    #[arg(long, value_name = "IP:PORT")]
    resolver: Option<SocketAddr>,
    /// Where the source is asked, instead of at its status.traffic.address
    #[arg(long, value_name = "ADDRESS")]
    from_address: Option<String>,
    /// Where the target is asked, instead of at its status.traffic.address
    #[arg(long, value_name = "ADDRESS")]
    to_address: Option<String>,
    /// How the names of the service's Applications in Argo CD begin
    #[arg(long, value_name = "PREFIX", default_value = "inference-")]
    application: String,
    /// Where Argo CD runs
    #[arg(long, value_name = "NAMESPACE", default_value = "argocd")]
    argocd_namespace: String,
    /// The kubectl to call, instead of the one in the PATH
    #[arg(long, value_name = "FILE")]
    kubectl: Option<PathBuf>,
    /// The kubeconfig context of the management cluster
    #[arg(long, value_name = "NAME")]
    context: Option<String>,
    /// The kubeconfig of the management cluster
    #[arg(long, value_name = "FILE")]
    kubeconfig: Option<PathBuf>,
    /// A folder for the report: JSON, Markdown and a picture
    #[arg(long, value_name = "FOLDER")]
    report: Option<PathBuf>,
    /// Look at the gates, and change nothing
    #[arg(long)]
    dry_run: bool,
    /// Do not ask before anything is changed
    #[arg(long)]
    yes: bool,
}

fn percent(text: &str) -> Result<f64, String> {
    let number: f64 = text
        .parse()
        .map_err(|_| format!("'{text}' is no number; write 1 or 0.1"))?;
    if (0.0..=100.0).contains(&number) {
        Ok(number)
    } else {
        Err(format!("{number} is not from 0 to 100"))
    }
}

impl FailoverArgs {
    fn plan(&self) -> Plan {
        let mode = if self.unplanned {
            Mode::Unplanned
        } else {
            Mode::Planned
        };
        Plan {
            failback: self.failback,
            baseline: self.baseline,
            hold: self.hold,
            ..self.common.plan(mode)
        }
    }
}

impl CommonArgs {
    fn plan(&self, mode: Mode) -> Plan {
        Plan {
            from: self.from.clone(),
            to: self.to.clone(),
            namespace: self.namespace.clone(),
            mode,
            failback: false,
            baseline: Duration::ZERO,
            hold: Duration::ZERO,
            margin: self.margin,
            apply: self.apply_timeout,
            warm_up: self.warm_up,
            ttl_limit: self.ttl_limit,
            budget_percent: self.budget,
            direct_requests: 10,
            request_limit: self.timeout,
            rate: Rate {
                per_second: self.rate,
                in_flight: in_flight(self.rate, self.timeout),
            },
            application: self.application.clone(),
        }
    }
}

/// Twice what is under way when every request takes as long as it may.
fn in_flight(rate: u32, timeout: Duration) -> usize {
    let seconds = usize::try_from(timeout.as_secs()).unwrap_or(usize::MAX);
    (rate as usize)
        .saturating_mul(seconds.saturating_add(1))
        .saturating_mul(2)
        .min(10_000)
}
