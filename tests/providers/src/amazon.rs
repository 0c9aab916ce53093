//! AWS on this machine: the server in `tests/providers/aws`, which is written in Python for the sake of moto and of
//! botocore's models of the APIs. Its files say what it makes of a request, and where each rule is from.

use std::{
    io::{self, BufRead, BufReader, Read, Write},
    net::TcpStream,
    path::Path,
    process::{Child, Command, Stdio},
};

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;

use crate::driven::Cloud;

/// The number of the account.
pub const ACCOUNT: &str = "111122223333";

/// A running AWS. It ends when it is dropped.
pub struct Amazon {
    child: Child,
    port: u16,
}

/// A call that was answered.
#[derive(Clone, Debug, Deserialize)]
pub struct Record {
    /// The service, as requests name it when they are signed.
    pub service: String,
    /// The action; the method and the path where a service has none.
    pub action: String,
    /// Whether it was to change something.
    #[serde(rename = "write")]
    pub is_write: bool,
    /// What was sent.
    pub request: String,
    /// The HTTP status of the answer.
    pub status: u16,
    /// Why it was refused.
    pub message: String,
}

/// What the cloud does wrong: regular expressions on names.
#[derive(Default, Serialize)]
pub struct Switches {
    /// Clusters whose creation ends in FAILED.
    pub fail_cluster: &'static str,
    /// Node groups whose creation ends in CREATE_FAILED.
    pub fail_nodegroup: &'static str,
    /// Add-ons whose creation ends in CREATE_FAILED.
    pub fail_addon: &'static str,
    /// Add-ons that come up DEGRADED.
    pub degraded_addon: &'static str,
    /// Actions that are throttled once each, as `service.Action`.
    pub throttle: &'static str,
    /// Calls that change something, as `service.Action`: each is carried out, and not answered the first time.
    pub hold: &'static str,
}

impl Amazon {
    /// Starts one with a Python that has what `requirements.txt` names.
    ///
    /// # Errors
    /// The server cannot be started, or does not say where it is.
    pub fn start(python: &Path, server: &Path) -> io::Result<Self> {
        let mut child = Command::new(python)
            .args(["-m", "cloud"])
            .current_dir(server)
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()?;
        let mut line = String::new();
        if let Some(output) = child.stdout.take() {
            BufReader::new(output).read_line(&mut line)?;
        }
        match line.trim().parse() {
            Ok(port) => Ok(Self { child, port }),
            Err(error) => {
                child.kill()?;
                child.wait()?;
                Err(io::Error::other(error))
            }
        }
    }

    /// Where all services are.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// The calls from one on.
    ///
    /// # Errors
    /// The server does not answer.
    pub fn calls(&self, from: usize) -> io::Result<Vec<Record>> {
        self.ask("GET", &format!("calls?since={from}"), "")
    }

    /// What there is of what a cluster needs.
    ///
    /// # Errors
    /// The server does not answer.
    pub fn left(&self) -> io::Result<Vec<String>> {
        self.ask("GET", "left", "")
    }

    /// Makes it do something wrong from now on.
    ///
    /// # Errors
    /// The server does not answer.
    pub fn set(&self, switches: &Switches) -> io::Result<()> {
        let body = serde_json::to_string(switches)?;
        self.ask::<Value>("POST", "switches", &body).map(drop)
    }

    /// The calls that it has carried out and does not answer.
    ///
    /// # Errors
    /// The server does not answer.
    pub fn held(&self) -> io::Result<Vec<String>> {
        self.ask("GET", "held", "")
    }

    /// Gives up the calls that it holds: their sender has died.
    ///
    /// # Errors
    /// The server does not answer.
    pub fn release(&self) -> io::Result<()> {
        self.ask::<Value>("POST", "release", "").map(drop)
    }

    /// The ids of what EC2 has for a managed resource, by its `name`; for a `subnet`, its association with a route table.
    ///
    /// # Errors
    /// The server does not answer.
    pub fn find(&self, wanted: &Value) -> io::Result<Vec<String>> {
        self.ask("POST", "find", &wanted.to_string())
    }

    /// Deletes a gateway as a person does: the one of NAT that is named, or the internet gateway of a VPC.
    ///
    /// # Errors
    /// The server does not answer.
    pub fn remove(&self, wanted: &Value) -> io::Result<()> {
        self.ask::<Value>("POST", "remove", &wanted.to_string())
            .map(drop)
    }

    /// All node groups, as EKS describes them.
    ///
    /// # Errors
    /// The server does not answer.
    pub fn groups(&self) -> io::Result<Vec<Value>> {
        self.ask("GET", "groups", "")
    }

    /// The autoscaler gives a node group so many nodes.
    ///
    /// # Errors
    /// The server does not answer.
    pub fn resize(&self, group: &str, nodes: u64) -> io::Result<()> {
        let body = serde_json::json!({"group": group, "nodes": nodes}).to_string();
        self.ask::<Value>("POST", "resize", &body).map(drop)
    }

    /// Adds a key that somebody has made in a region. Its ARN.
    ///
    /// # Errors
    /// The server does not answer.
    pub fn add_key(&self, region: &str) -> io::Result<String> {
        let body = serde_json::to_string(region)?;
        self.ask("POST", "keys", &body)
    }

    /// Adds a hosted zone that the platform has already.
    ///
    /// # Errors
    /// The server does not answer.
    pub fn add_zone(&self, id: &str, name: &str) -> io::Result<()> {
        let body = serde_json::json!({ id: name }).to_string();
        self.ask::<Value>("POST", "zones", &body).map(drop)
    }

    /// A request of HTTP/1.0: the answer ends where the connection does.
    fn ask<T: DeserializeOwned>(&self, verb: &str, path: &str, body: &str) -> io::Result<T> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port))?;
        write!(
            stream,
            "{verb} /_cloud/{path} HTTP/1.0\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        )?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        let (head, body) = answer.split_once("\r\n\r\n").unwrap_or_default();
        if !head
            .lines()
            .next()
            .is_some_and(|line| line.contains(" 200 "))
        {
            return Err(io::Error::other(answer));
        }
        Ok(serde_json::from_str(body)?)
    }
}

impl Cloud for Amazon {
    /// # Panics
    /// When the server has ended: nothing can be driven then.
    #[expect(clippy::panic, reason = "the test that runs it fails")]
    fn writes(&self) -> usize {
        self.ask("GET", "writes", "")
            .unwrap_or_else(|error| panic!("the simulated AWS does not answer: {error}"))
    }

    fn recent(&self) -> String {
        let calls = self.calls(0).unwrap_or_default();
        let told = calls
            .iter()
            .filter(|call| call.is_write || call.status >= 400);
        let last: Vec<_> = told.rev().take(8).collect();
        let lines = last.into_iter().rev().map(|call| {
            let Record {
                service,
                action,
                request,
                status,
                message,
                ..
            } = call;
            format!("{status} {service} {action} {request} {message}\n")
        });
        lines.collect()
    }
}

impl Drop for Amazon {
    fn drop(&mut self) {
        // It may have ended already; then there is nothing to do.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
