//! From arguments to an exit code.

use std::{
    fs,
    io::{BufRead, IsTerminal, Write},
    path::Path,
    sync::Arc,
};

use tokio::{
    runtime,
    signal::unix::{SignalKind, signal},
    sync::watch,
};

use super::{CommonArgs, FailbackArgs, FailoverArgs, Plain, Terminal};
use crate::{
    cluster::{Cluster, ClusterApi},
    dns::Resolver,
    engine::{StartError, World, find, prepare},
    events::Observer,
    kubectl::Kubectl,
    plan::Plan,
    report::{self, Report},
    service::Http,
    step::Ending,
};

/// Exit code for a failed gate, or a run that was rolled back.
const NOT_MOVED: u8 = 1;
/// Exit code for what is not there, or cannot be read.
const BAD_INPUT: u8 = 2;
/// Exit code for a command line that makes no sense: `EX_USAGE` of sysexits.h.
const USAGE: u8 = 64;

/// What is sent when no other request is named: the model server's example.
const REQUEST: &str = include_str!("../../../model-server/examples/request.json");

/// Runs `xcluster failover`; the answer is the exit code.
pub fn failover(args: &FailoverArgs) -> u8 {
    start(&args.common, args.plan())
}

/// Runs `xcluster failback`; the answer is the exit code.
pub fn failback(args: &FailbackArgs) -> u8 {
    start(&args.common, args.common.plan(crate::plan::Mode::Failback))
}

fn complain(message: &str) {
    // Nothing is left to be done where even this fails.
    let _ = writeln!(std::io::stderr(), "xcluster: {message}");
}

fn start(args: &CommonArgs, plan: Plan) -> u8 {
    if !args.yes && !args.dry_run && !std::io::stdin().is_terminal() {
        complain(
            "traffic is moved only when somebody says so, and nobody is here to ask; say --yes, or --dry-run",
        );
        return USAGE;
    }
    let runtime = match runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => {
            complain(&format!("cannot start: {error}"));
            return BAD_INPUT;
        }
    };
    let ended = runtime.block_on(run(args, plan));
    // A question that nobody answered may still wait for standard input.
    runtime.shutdown_background();
    match ended {
        Ok(report) => finish(args, &report),
        Err(StartError(why)) => {
            complain(&why);
            BAD_INPUT
        }
    }
}

/// The report's last words; the run counts even where they cannot be written.
fn finish(args: &CommonArgs, report: &Report) -> u8 {
    // Whoever does not read it has the exit code.
    let _ = std::io::stdout().write_all(report::summary(report).as_bytes());
    let mut code = if report.ok { 0 } else { NOT_MOVED };
    if let Some(folder) = &args.report {
        match report::write(report, folder) {
            Ok(()) => complain(&format!("report: {}", folder.join("report.md").display())),
            Err(why) => {
                complain(&why);
                code = code.max(BAD_INPUT);
            }
        }
    }
    code
}

async fn run(args: &CommonArgs, plan: Plan) -> Result<Report, StartError> {
    let interrupted = listen().map_err(StartError)?;
    let started = jiff::Timestamp::now();
    let api: Arc<dyn ClusterApi> = Arc::new(Kubectl {
        program: args.kubectl.clone(),
        kubeconfig: args.kubeconfig.clone(),
        context: args.context.clone(),
        argocd_namespace: args.argocd_namespace.clone(),
        ..Kubectl::default()
    });
    let http = http(args, &*api).await?;
    let world = World {
        api,
        dns: Arc::new(Resolver::new(args.resolver).map_err(StartError)?),
        host: http.host().to_owned(),
        service: Arc::new(Arc::new(http)),
        observer: observer(&plan),
        source_address: args.from_address.clone(),
        target_address: args.to_address.clone(),
        interrupted: interrupted.clone(),
    };
    let prepared = prepare(plan, world).await?;
    let mut report = if !prepared.may_go_on() {
        prepared.report(Ending::Refused)
    } else if args.dry_run {
        prepared.report(Ending::Checked)
    } else if *interrupted.borrow()
        || !(args.yes || agreed(&prepared.source, &prepared.target, interrupted.clone()).await)
    {
        prepared.report(Ending::Unchanged)
    } else {
        prepared.run().await
    };
    report.started = Some(
        started
            .round(jiff::Unit::Second)
            .unwrap_or(started)
            .to_string(),
    );
    Ok(report)
}

fn observer(plan: &Plan) -> Arc<dyn Observer> {
    if std::io::stderr().is_terminal() {
        Arc::new(Terminal {
            names: [plan.from.clone(), plan.to.clone()],
        })
    } else {
        Arc::new(Plain::default())
    }
}

async fn http(args: &CommonArgs, api: &dyn ClusterApi) -> Result<Http, StartError> {
    let url = match &args.url {
        Some(url) => url.clone(),
        None => {
            let clusters = api
                .clusters()
                .await
                .map_err(|error| StartError(error.to_string()))?;
            let named = |name| find(&clusters, name, args.namespace.as_deref());
            let (source, target): (Cluster, Cluster) = (named(&args.from)?, named(&args.to)?);
            let host = target.host().or(source.host()).ok_or_else(|| {
                StartError(format!(
                    "neither {} nor {} has a host in status.traffic; name the service with --url",
                    source.name, target.name
                ))
            })?;
            format!("https://{}/v1/predict", host.trim_end_matches('.'))
        }
    };
    let body = match &args.request {
        None => REQUEST.to_owned(),
        Some(file) => read(file, "--request")?,
    };
    let token = match &args.token_file {
        None => None,
        Some(file) => Some(token(file)?),
    };
    Http::new(
        &url,
        body.into(),
        token.as_deref(),
        args.ca_file.as_deref(),
        args.timeout,
    )
    .map_err(StartError)
}

/// The first token of a file, as the model server reads it.
fn token(file: &Path) -> Result<String, StartError> {
    let text = read(file, "--token-file")?;
    let line = text.lines().map(str::trim).find(|line| !line.is_empty());
    line.map(str::to_owned).ok_or_else(|| {
        StartError(format!(
            "--token-file {}: holds no token; write it on one line",
            file.display()
        ))
    })
}

fn read(file: &Path, flag: &str) -> Result<String, StartError> {
    fs::read_to_string(file)
        .map_err(|error| StartError(format!("{flag} {}: {error}", file.display())))
}

/// Whether a person says yes. Ctrl-C is a no.
async fn agreed(source: &Cluster, target: &Cluster, mut stop: watch::Receiver<bool>) -> bool {
    let place = |cluster: &Cluster| {
        format!(
            "{} ({}, {})",
            cluster.name, cluster.provider, cluster.region
        )
    };
    let _ = write!(
        std::io::stderr(),
        "Move the traffic from {} to {}? [y/N] ",
        place(source),
        place(target)
    );
    let answer = tokio::task::spawn_blocking(|| {
        let mut answer = String::new();
        let read = std::io::stdin().lock().read_line(&mut answer);
        read.is_ok() && answer.trim().to_lowercase().starts_with('y')
    });
    tokio::select! {
        answer = answer => answer.unwrap_or(false),
        _ = stop.wait_for(|stop| *stop) => false,
    }
}

/// Becomes true with Ctrl-C, SIGTERM or a terminal that goes away.
fn listen() -> Result<watch::Receiver<bool>, String> {
    let (sender, receiver) = watch::channel(false);
    let cannot = |error| format!("cannot listen for signals: {error}");
    let mut interrupt = signal(SignalKind::interrupt()).map_err(cannot)?;
    let mut terminate = signal(SignalKind::terminate()).map_err(cannot)?;
    let mut hang_up = signal(SignalKind::hangup()).map_err(cannot)?;
    tokio::spawn(async move {
        loop {
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
                _ = hang_up.recv() => {}
            }
            complain("stopping; the end of the run says what was put back");
            sender.send_replace(true);
        }
    });
    Ok(receiver)
}
