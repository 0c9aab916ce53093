//! The process of another release: which program it is, that it serves, and how it ended.

use std::{
    collections::VecDeque,
    env,
    ffi::OsStr,
    io,
    net::{Ipv4Addr, SocketAddr},
    path::Path,
    process::{ExitStatus, Stdio},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, BufReader},
    net::TcpListener,
    process::{Child, ChildStderr, Command},
    time::{sleep, timeout},
};
use tonic::transport::{Channel, Endpoint};
use xcluster::api::violation::printable_within;

use super::error::{MOST_SAID, OtherError};

/// The function's server.
const SERVER: &str = "function-xcluster";
/// The command, which can serve the function, too.
const COMMAND: &str = "xcluster";
/// How the command is told to.
const SERVE: &str = "function";

/// How long to wait before the next look at it.
const PAUSE: Duration = Duration::from_millis(20);
/// How long a process whose connection broke may take to end.
const GRACE: Duration = Duration::from_secs(2);
/// How many bytes are read of what it says of its version, and how many lines are kept of what it logs.
const SAID: u64 = 4096;
const LINES: usize = 2;

/// A running server. It is killed when this is dropped.
pub(super) struct Process {
    /// What it calls itself.
    pub(super) name: String,
    child: Child,
    /// The last lines that it logged.
    said: Arc<Mutex<VecDeque<String>>>,
}

impl Process {
    /// Starts a server, and connects to it.
    pub(super) async fn serve(
        path: &Path,
        patience: Duration,
    ) -> Result<(Self, Channel), OtherError> {
        let name = version(path, patience).await?;
        let is_server = name.split(' ').next() == Some(SERVER);
        let not_serving = |problem: String| OtherError::NotServing {
            path: path.to_owned(),
            name: name.clone(),
            problem,
        };
        let address = free()
            .await
            .map_err(|error| not_serving(error.to_string()))?;
        let mut command = command(path)?;
        command
            .args((!is_server).then_some(SERVE))
            .args(["--insecure", "--address", &address.to_string()])
            .arg("--metrics-address=")
            .env("RUST_LOG", "warn")
            .stdout(Stdio::null())
            .stderr(Stdio::piped());
        let mut child = spawn(&mut command, path, patience).await?;
        let said = Arc::default();
        if let Some(stderr) = child.stderr.take() {
            tokio::spawn(keep(stderr, Arc::clone(&said)));
        }
        let mut process = Self {
            name: name.clone(),
            child,
            said,
        };
        let connected = timeout(patience, process.connect(address)).await;
        match connected {
            Ok(Ok(channel)) => Ok((process, channel)),
            Ok(Err(problem)) => Err(not_serving(problem)),
            Err(_) => Err(not_serving(format!(
                "it did not listen within {} s",
                patience.as_secs()
            ))),
        }
    }

    /// Connects as soon as it listens; how it ended, if it does before.
    async fn connect(&mut self, address: SocketAddr) -> Result<Channel, String> {
        let endpoint = Endpoint::from_shared(format!("http://{address}"));
        let endpoint = endpoint.map_err(|error| error.to_string())?;
        loop {
            if let Ok(channel) = endpoint.connect().await {
                return Ok(channel);
            }
            if let Ok(Some(status)) = self.child.try_wait() {
                return Err(self.ended(status));
            }
            sleep(PAUSE).await;
        }
    }

    /// How it ended, if it did.
    pub(super) async fn end(&mut self) -> Option<String> {
        let ended = timeout(GRACE, self.child.wait()).await;
        let status = ended.ok()?.ok()?;
        // What it said last may still be on its way.
        sleep(PAUSE).await;
        Some(self.ended(status))
    }

    fn ended(&self, status: ExitStatus) -> String {
        let said = self.said.lock().unwrap_or_else(PoisonError::into_inner);
        let said: Vec<_> = said
            .iter()
            .map(|line| printable_within(line, MOST_SAID))
            .collect();
        if said.is_empty() {
            format!("it ended ({status}) and said nothing")
        } else {
            format!("it ended ({status}) and said: {}", said.join("; "))
        }
    }
}

/// The program and its version, of a program that is one of ours.
async fn version(path: &Path, patience: Duration) -> Result<String, OtherError> {
    let unknown = |said: &str| OtherError::Unknown {
        path: path.to_owned(),
        said: said.to_owned(),
    };
    let mut command = command(path)?;
    command.arg("--version");
    command.stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = spawn(&mut command, path, patience).await?;
    let mut bytes = Vec::new();
    if let Some(stdout) = child.stdout.take() {
        let read = timeout(patience, stdout.take(SAID).read_to_end(&mut bytes)).await;
        if read.is_err() {
            let silent = format!("did not end within {} s", patience.as_secs());
            return Err(unknown(&silent));
        }
    }
    let text = String::from_utf8_lossy(&bytes);
    let line = text.lines().next().unwrap_or_default().trim();
    match line.split(' ').collect::<Vec<_>>()[..] {
        [SERVER | COMMAND, _] => Ok(printable_within(line, MOST_SAID)),
        _ if line.is_empty() => Err(unknown("says nothing")),
        _ => Err(unknown(&format!(
            "says {:?}",
            printable_within(line, MOST_SAID)
        ))),
    }
}

/// A command without what this process was told by its environment about a server.
fn command(path: &Path) -> Result<Command, OtherError> {
    // A path, never a name to look for.
    let found = path.canonicalize();
    let found = found.map_err(|error| refused(path, &error))?;
    let mut command = Command::new(found);
    let is_for_server = |name: &OsStr| {
        let name = name.to_string_lossy();
        name.starts_with("FUNCTION_XCLUSTER_") || name == "TLS_SERVER_CERTS_DIR"
    };
    for (name, _) in env::vars_os().filter(|(name, _)| is_for_server(name)) {
        command.env_remove(name);
    }
    command.stdin(Stdio::null()).kill_on_drop(true);
    Ok(command)
}

async fn spawn(
    command: &mut Command,
    path: &Path,
    patience: Duration,
) -> Result<Child, OtherError> {
    let spawning = async {
        loop {
            match command.spawn() {
                // Who wrote it has not closed it yet.
                Err(error) if error.kind() == io::ErrorKind::ExecutableFileBusy => {
                    sleep(PAUSE).await;
                }
                spawned => return spawned,
            }
        }
    };
    let spawned = timeout(patience, spawning).await;
    let spawned = spawned.unwrap_or_else(|_| Err(io::ErrorKind::ExecutableFileBusy.into()));
    spawned.map_err(|error| refused(path, &error))
}

/// ENOEXEC of errno.h: no format that this kernel executes.
const NO_EXEC: i32 = 8;

fn refused(path: &Path, error: &io::Error) -> OtherError {
    let path = path.to_owned();
    match error.kind() {
        io::ErrorKind::NotFound => OtherError::Missing { path },
        io::ErrorKind::PermissionDenied => OtherError::NotExecutable { path },
        _ if error.raw_os_error() == Some(NO_EXEC) => OtherError::OtherMachine { path },
        _ => OtherError::Run {
            path,
            problem: error.to_string(),
        },
    }
}

/// An address of this machine that nobody listens on.
async fn free() -> io::Result<SocketAddr> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    listener.local_addr()
}

/// Keeps the last lines of a log.
async fn keep(stderr: ChildStderr, said: Arc<Mutex<VecDeque<String>>>) {
    let mut lines = BufReader::new(stderr).lines();
    while let Ok(Some(line)) = lines.next_line().await {
        if line.trim().is_empty() {
            continue;
        }
        let mut said = said.lock().unwrap_or_else(PoisonError::into_inner);
        if said.len() == LINES {
            said.pop_front();
        }
        said.push_back(line);
    }
}
