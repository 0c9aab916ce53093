//! The real binary as a process.

use std::{
    fs,
    io::{self, BufRead, BufReader},
    net::SocketAddr,
    process::{Child, ChildStderr, Command, ExitStatus, Output, Stdio},
    sync::mpsc::{Receiver, channel},
    thread,
};

use serde_json::Value;

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
}

impl Process {
    /// Starts a plaintext server and waits until it listens.
    pub(crate) fn start() -> Self {
        Self::start_with(&["--insecure"])
    }

    /// Starts a server with these flags and waits until it listens.
    pub(crate) fn start_with(flags: &[&str]) -> Self {
        let (process, mut logs) = Self::listening(command(flags));
        // Read to its end: a server that cannot write logs is another test.
        thread::spawn(move || drop(io::copy(&mut logs, &mut io::sink())));
        process
    }

    /// Starts a plaintext server with this RUST_LOG, and passes on each line that it logs.
    pub(crate) fn start_logging(levels: &str) -> (Self, Receiver<String>) {
        let mut command = command(&["--insecure"]);
        command.env("RUST_LOG", levels);
        let (process, logs) = Self::listening(command);
        let (send, lines) = channel();
        thread::spawn(move || {
            for line in logs.lines().map_while(Result::ok) {
                drop(send.send(line));
            }
        });
        (process, lines)
    }

    fn listening(mut command: Command) -> (Self, BufReader<ChildStderr>) {
        command.args(["--address=127.0.0.1:0", "--metrics-address=127.0.0.1:0"]);
        let mut child = command.spawn().unwrap();
        let mut logs = BufReader::new(child.stderr.take().unwrap());
        let mut line = String::new();
        logs.read_line(&mut line).unwrap();
        let log: Value = serde_json::from_str(&line).unwrap();
        assert_eq!(log["message"], "serving", "{line}");
        let address = |key: &str| log[key].as_str().unwrap().parse().unwrap();
        let process = Self {
            address: address("address"),
            metrics: address("metrics"),
            child,
        };
        (process, logs)
    }

    /// The most memory that it ever had, in bytes: `VmHWM` of /proc/PID/status.
    pub(crate) fn peak_memory(&self) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let mut lines = status.lines();
        let line = lines.find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
        line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() * 1024
    }

    /// How many files and sockets it has open.
    pub(crate) fn descriptors(&self) -> usize {
        let folder = format!("/proc/{}/fd", self.child.id());
        fs::read_dir(folder).unwrap().count()
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
