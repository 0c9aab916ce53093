//! The real binary as a process.

use std::{
    io::{BufRead, BufReader},
    net::SocketAddr,
    process::{Child, ChildStderr, Command, ExitStatus, Output, Stdio},
};

use super::eventually;

/// The binary with the environment of a test instead of its own.
pub(crate) fn command(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_function-xcluster"));
    command
        .args(args)
        .env_clear()
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped());
    command
}

/// Runs the binary to its end.
pub(crate) fn output(args: &[&str]) -> (Option<i32>, String) {
    let Output { status, stderr, .. } = command(args).output().unwrap();
    (status.code(), String::from_utf8(stderr).unwrap())
}

/// A running server, killed when the test ends early.
pub(crate) struct Process {
    child: Child,
    pub(crate) address: SocketAddr,
    pub(crate) metrics: SocketAddr,
    // Kept open: a server that cannot write logs is another test.
    _logs: BufReader<ChildStderr>,
}

impl Process {
    /// Starts a plaintext server and waits until it listens.
    pub(crate) fn start() -> Self {
        let mut child = command(&[
            "--insecure",
            "--address=127.0.0.1:0",
            "--metrics-address=127.0.0.1:0",
        ])
        .spawn()
        .unwrap();
        let mut logs = BufReader::new(child.stderr.take().unwrap());
        let mut line = String::new();
        logs.read_line(&mut line).unwrap();
        let log: serde_json::Value = serde_json::from_str(&line).unwrap();
        assert_eq!(log["message"], "serving", "{line}");
        let address = |key: &str| log[key].as_str().unwrap().parse().unwrap();
        Self {
            address: address("address"),
            metrics: address("metrics"),
            child,
            _logs: logs,
        }
    }

    /// Sends a signal by name.
    pub(crate) fn signal(&self, name: &str) {
        let kill = format!("kill -{name} {}", self.child.id());
        let status = Command::new("sh").args(["-c", &kill]).status().unwrap();
        assert!(status.success(), "{kill}: {status}");
    }

    /// The exit status, once there is one.
    pub(crate) async fn exit(&mut self) -> ExitStatus {
        let child = std::cell::RefCell::new(&mut self.child);
        eventually("the process ends", async || {
            child.borrow_mut().try_wait().unwrap()
        })
        .await
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // Fails when it has ended already, as it should have.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
