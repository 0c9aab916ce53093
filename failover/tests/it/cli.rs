//! The command itself: arguments, exit codes and files, with a script as `kubectl`, and DNS and services on sockets.

use std::{
    fs,
    net::SocketAddr,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};

use clap::Parser;
use dnssim::{Zones, serve};
use failover::cli::{FailbackArgs, FailoverArgs, failback, failover};
use serde_json::json;
use tokio::sync::watch;

use crate::{
    sockets::{End, listen_on_both, records, server},
    world::{HOST, spec},
};

#[derive(Parser)]
struct Failover {
    #[command(flatten)]
    args: FailoverArgs,
}

#[derive(Parser)]
struct Failback {
    #[command(flatten)]
    args: FailbackArgs,
}

fn parse(more: &[&str]) -> Result<FailoverArgs, clap::Error> {
    let line = [&["xcluster", "--from", "prod-us", "--to", "prod-eu"], more].concat();
    Failover::try_parse_from(line).map(|parsed| parsed.args)
}

#[test]
fn a_command_line_that_makes_no_sense_is_refused_by_name() {
    for (more, says) in [
        (&["--hold", "5"][..], "write 30s, 5m or 1h30m"),
        (&["--rate", "0"], "3..=1000"),
        (&["--budget", "101"], "not from 0 to 100"),
        (&["--resolver", "localhost"], "--resolver"),
        (&["--unplanned", "--failback"], "cannot be used with"),
    ] {
        let error = parse(more).unwrap_err().to_string();
        assert!(error.contains(says), "{more:?}: {error}");
    }
    let missing = Failover::try_parse_from(["xcluster", "--from", "prod-us"])
        .err()
        .unwrap();
    assert!(missing.to_string().contains("--to"));
}

/// Two clusters on this machine, and a management cluster that knows them.
struct Here {
    folder: PathBuf,
    dns: SocketAddr,
    port: u16,
    zones: Zones,
    _end: watch::Sender<End>,
    _dns: Box<dyn Send>,
}

impl Here {
    async fn new(name: &str) -> Here {
        let folder =
            std::env::temp_dir().join(format!("failover-cli-{name}-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let (end, ending) = watch::channel(End::Stay);
        let [one, other] = listen_on_both().await;
        let port = server(one, "ml-platform.prod-us", ending.clone());
        server(other, "ml-platform.prod-eu", ending);
        let zones = Zones::default();
        zones.set(records(&[([127, 0, 0, 2], 100), ([127, 0, 0, 3], 100)]));
        let (dns, serving) = serve(zones.clone(), "127.0.0.1:0".parse().unwrap())
            .await
            .unwrap();
        fs::write(folder.join("token"), "secret\n").unwrap();
        for name in ["prod-us", "prod-eu"] {
            fs::write(folder.join(name), "active").unwrap();
        }
        let here = Here {
            folder,
            dns,
            port,
            zones,
            _end: end,
            _dns: Box::new(serving),
        };
        here.write_kubectl();
        here
    }

    /// Remembers states in files, one for each cluster, and calls them in force at once.
    fn write_kubectl(&self) {
        let cluster = |name: &str, address: &str| {
            json!({
                "metadata": {"name": name, "namespace": "ml-platform"},
                "spec": spec(json!({"mode": "auto", "nodePools": [], "traffic": {"state": "STATE"}})),
                "status": {
                    "argocd": {"name": format!("ml-platform.{name}")},
                    "traffic": {"state": "STATE", "weight": 100, "host": HOST, "address": address},
                    "conditions": [{"type": "Ready", "status": "True"}, {"type": "Registered", "status": "True"}, {"type": "Synced", "status": "True"}],
                },
            })
        };
        let folder = self.folder.display();
        let (us, eu) = (
            cluster("prod-us", "127.0.0.2"),
            cluster("prod-eu", "127.0.0.3"),
        );
        let script = format!(
            r#"#!/bin/sh
us=$(cat '{folder}/prod-us') eu=$(cat '{folder}/prod-eu')
case "$*" in
  *api-resources*) echo clusters.xcluster.dev ;;
  *applications*) echo '{{"items": []}}' ;;
  *" get clusters"*)
    printf '{{"items": [%s, %s]}}' "$(sed "s/STATE/$us/g" '{folder}/us.json')" "$(sed "s/STATE/$eu/g" '{folder}/eu.json')" ;;
  *" patch clusters.xcluster.dev prod-us "*) printf '%s' "$*" | sed 's/.*"state":"\([a-z]*\)".*/\1/' >'{folder}/prod-us' ;;
  *) echo "what is $*?" >&2; exit 1 ;;
esac
"#
        );
        fs::write(self.folder.join("us.json"), us.to_string()).unwrap();
        fs::write(self.folder.join("eu.json"), eu.to_string()).unwrap();
        let program = self.folder.join("kubectl");
        fs::write(&program, script).unwrap();
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    }

    fn line(&self, more: &[&str]) -> Vec<String> {
        let url = format!("http://{HOST}:{}/v1/predict", self.port);
        let file = |name: &str| self.folder.join(name).display().to_string();
        let line = [
            "xcluster",
            "--from",
            "prod-us",
            "--to",
            "prod-eu",
            "--resolver",
            &self.dns.to_string(),
            "--url",
            &url,
        ];
        let files = [
            "--kubectl",
            &file("kubectl"),
            "--token-file",
            &file("token"),
            "--report",
            &file("report"),
        ];
        [&line[..], &files, more]
            .concat()
            .iter()
            .map(ToString::to_string)
            .collect()
    }

    /// Runs on a thread of its own, since the command makes its own runtime.
    async fn failover(&self, more: &[&str]) -> u8 {
        let args = Failover::try_parse_from(self.line(more)).unwrap().args;
        tokio::task::spawn_blocking(move || failover(&args))
            .await
            .unwrap()
    }

    async fn failback(&self, more: &[&str]) -> u8 {
        let mut line = self.line(more);
        line.swap(2, 4);
        let args = Failback::try_parse_from(line).unwrap().args;
        tokio::task::spawn_blocking(move || failback(&args))
            .await
            .unwrap()
    }

    fn state(&self, name: &str) -> String {
        fs::read_to_string(self.folder.join(name))
            .unwrap()
            .trim()
            .to_owned()
    }

    /// DNS follows the state, as the function's records do.
    fn follow(&self) {
        let (folder, zones) = (self.folder.clone(), self.zones.clone());
        tokio::spawn(async move {
            loop {
                let state = fs::read_to_string(folder.join("prod-us")).unwrap_or_default();
                let weight = if state.trim() == "active" { 100 } else { 0 };
                zones.set(records(&[([127, 0, 0, 2], weight), ([127, 0, 0, 3], 100)]));
                tokio::time::sleep(std::time::Duration::from_millis(100)).await;
            }
        });
    }
}

impl Drop for Here {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

fn holds(file: &Path, text: &str) -> bool {
    fs::read_to_string(file).unwrap().contains(text)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dry_run_looks_at_the_gates_and_changes_nothing() {
    let here = Here::new("dry").await;
    assert_eq!(here.failover(&["--dry-run"]).await, 0);
    assert_eq!(here.state("prod-us"), "active");
    let report = here.folder.join("report");
    assert!(holds(
        &report.join("report.json"),
        "\"ending\": \"checked\""
    ));
    for file in fs::read_dir(&report).unwrap() {
        assert!(
            !holds(&file.unwrap().path(), "secret\""),
            "the token is in a report"
        );
    }
    // A gate that fails is no bad input.
    assert_eq!(
        here.failover(&["--dry-run", "--to-address", "127.0.0.2"])
            .await,
        1
    );
    assert!(holds(
        &report.join("report.md"),
        "127.0.0.2 is answered by ml-platform.prod-us"
    ));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_read_is_bad_input() {
    let here = Here::new("bad").await;
    for more in [
        &["--dry-run", "--token-file", "/nonexistent"][..],
        &["--dry-run", "--request", "/nonexistent"],
        &["--dry-run", "--namespace", "elsewhere"],
        &["--dry-run", "--url", "ftp://a/"],
        &["--dry-run", "--kubectl", "/nonexistent"],
    ] {
        // The last one of an argument that is given twice would be an error of its own.
        let line: Vec<_> = here.line(&[]);
        let known = line.iter().position(|word| word == more[1]);
        let mut line = line;
        if let Some(at) = known {
            line.drain(at..at + 2);
        }
        line.extend(more.iter().map(ToString::to_string));
        let args = Failover::try_parse_from(line).unwrap().args;
        let code = tokio::task::spawn_blocking(move || failover(&args))
            .await
            .unwrap();
        assert_eq!(code, 2, "{more:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn traffic_goes_and_comes_back() {
    let here = Here::new("moves").await;
    here.follow();
    let quick = ["--yes", "--timeout", "1s", "--rate", "30"];
    let code = here
        .failover(&[&quick[..], &["--baseline", "500ms", "--hold", "1s"]].concat())
        .await;
    assert_eq!(code, 0);
    assert_eq!(here.state("prod-us"), "evacuated");
    assert_eq!(here.failback(&quick).await, 0);
    assert_eq!(here.state("prod-us"), "active");
    assert!(holds(
        &here.folder.join("report/report.json"),
        "\"ending\": \"returned\""
    ));
}
