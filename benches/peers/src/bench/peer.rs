//! The servers that are measured: how each is started, asked and stopped.

use std::{
    fmt,
    fs::File,
    net::TcpListener,
    path::{Path, PathBuf},
    process::Stdio,
    time::{Duration, Instant},
};

use bytes::Bytes;
use tokio::{
    process::{Child, Command},
    time::sleep,
};
use tonic::transport::{Channel, Endpoint};

use crate::{
    Error,
    case::{Answer, Case},
    load::Caller,
    process,
};

/// Where the first server listens; the others follow, and their metrics ten ports on.
const FIRST_PORT: u16 = 26_580;
/// How long a server may take to answer its first call.
const START_LIMIT: Duration = Duration::from_secs(30);

/// Something to measure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, clap::ValueEnum)]
pub(crate) enum Peer {
    /// This function, as it ships.
    Ours,
    /// A server that neither decodes nor builds.
    Floor,
    /// A function on function-sdk-rust.
    RustSdk,
    /// A function on the Python SDK.
    Python,
}

/// Where the programs are.
pub(crate) struct Programs {
    /// The folder of the optimized binaries.
    pub(crate) binaries: PathBuf,
    /// The peer in Python.
    pub(crate) python: PathBuf,
    /// Where files for the peers and their logs go.
    pub(crate) scratch: PathBuf,
}

/// A process that serves, ended when this is dropped.
pub(crate) struct Running {
    /// What it is.
    pub(crate) peer: Peer,
    /// Its one client.
    pub(crate) caller: Caller,
    /// Where it is.
    endpoint: Endpoint,
    /// From the start of the process to the answer of its first call.
    pub(crate) started_in: Duration,
    child: Child,
}

impl fmt::Display for Peer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Ours => "function-xcluster",
            Self::Floor => "floor",
            Self::RustSdk => "function-sdk-rust",
            Self::Python => "Python SDK",
        })
    }
}

impl Peer {
    fn answer(self) -> Answer {
        match self {
            Self::Ours | Self::Floor => Answer::Whole,
            Self::RustSdk | Self::Python => Answer::Patched,
        }
    }

    /// The file that is run, when it is one of ours.
    pub(crate) fn binary(self, programs: &Programs) -> Option<PathBuf> {
        let name = match self {
            Self::Ours => "function-xcluster",
            Self::Floor => "peer-floor",
            Self::RustSdk => "peer-rust-sdk",
            Self::Python => return None,
        };
        Some(programs.binaries.join(name))
    }

    fn command(self, programs: &Programs, case: &Case) -> Result<(Command, String), Error> {
        let folder = programs.scratch.join(format!("{self:?}"));
        let (answer, objects) = case.write(&folder)?;
        let port = FIRST_PORT + self as u16;
        let address = format!("127.0.0.1:{port}");
        let metrics = format!("--metrics-address=127.0.0.1:{}", port + 10);
        let listen = format!("--address={address}");
        let python = programs.python.join(".venv/bin/python");
        let mut command = Command::new(self.binary(programs).unwrap_or(python));
        match self {
            Self::Ours => command.args(["--insecure", &listen, &metrics]),
            Self::Floor => command.arg(&address).arg(answer),
            Self::RustSdk => command.args(["--insecure", &listen, &metrics]).arg(objects),
            Self::Python => command
                .arg(programs.python.join("peer.py"))
                .arg(listen)
                .arg(objects),
        };
        let log = File::create(folder.join("log"))?;
        command
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .env_remove("RUST_LOG")
            .kill_on_drop(true);
        Ok((command, address))
    }

    /// Starts it and checks its answer.
    pub(crate) async fn start(self, programs: &Programs, case: &Case) -> Result<Running, Error> {
        let (mut command, address) = self.command(programs, case)?;
        // Another server there would be measured in its place.
        drop(TcpListener::bind(&address).map_err(|source| Error::Port {
            address: address.clone(),
            source,
        })?);
        let start = Instant::now();
        let mut child = command.spawn().map_err(|source| {
            let program = Path::new(command.as_std().get_program()).to_owned();
            Error::Spawn { program, source }
        })?;
        let failed = |why: String| Error::Peer {
            peer: self,
            why,
            log: programs.scratch.join(format!("{self:?}/log")),
        };
        let endpoint = Endpoint::from_shared(format!("http://{address}"))?;
        let (caller, answer) = loop {
            if let Some(status) = child.try_wait()? {
                return Err(failed(format!("ended: {status}")));
            }
            if start.elapsed() > START_LIMIT {
                return Err(failed("does not answer".to_owned()));
            }
            match endpoint.connect().await {
                Ok(channel) => {
                    let caller = Caller::new(channel, case.request.clone());
                    let answer: Bytes = caller.call().await?;
                    break (caller, answer);
                }
                Err(_) => sleep(Duration::from_millis(1)).await,
            }
        };
        let started_in = start.elapsed();
        if let Some(flaw) = case.flaw(self.answer(), answer) {
            return Err(failed(format!("its answer to {} {flaw}", case.name)));
        }
        Ok(Running {
            peer: self,
            caller,
            endpoint,
            started_in,
            child,
        })
    }
}

impl Running {
    /// Another connection.
    pub(crate) async fn connect(&self) -> Result<Channel, Error> {
        Ok(self.endpoint.connect().await?)
    }

    /// The process, while there is one.
    pub(crate) fn pid(&mut self) -> Result<u32, Error> {
        match (self.child.try_wait()?, self.child.id()) {
            (None, Some(pid)) => Ok(pid),
            _ => Err(Error::Ended(self.peer)),
        }
    }

    /// The most memory it had.
    pub(crate) fn peak_memory(&mut self) -> Result<u64, Error> {
        Ok(process::peak_memory(self.pid()?)?)
    }

    /// Ends it.
    pub(crate) async fn stop(mut self) -> Result<(), Error> {
        Ok(self.child.kill().await?)
    }
}
