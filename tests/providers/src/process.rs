//! A provider as a process: one request a line, one answer a line (`tools/providers/drive/serve.go`).

use std::{
    ffi::OsStr,
    io::{self, BufRead, BufReader, Write},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
};

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// How many seconds an operation of Terraform's may take.
const WAIT: u32 = 60;

/// Why a provider does not answer.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The process cannot be started or talked to.
    #[error("cannot talk to the provider: {0}")]
    Io(#[from] io::Error),
    /// The answer is no JSON.
    #[error("cannot read the provider's answer: {0}")]
    Json(#[from] serde_json::Error),
    /// The process ended.
    #[error("the provider has ended")]
    Ended,
    /// The provider says why it cannot.
    #[error("{0}")]
    Refused(String),
}

/// A running provider. It is killed when it is dropped, as a Pod without a grace period is.
pub struct Process {
    child: Child,
    requests: ChildStdin,
    answers: BufReader<ChildStdout>,
}

/// What a round left.
pub struct Round {
    /// All objects.
    pub objects: Vec<Value>,
    /// What the provider panicked with: the kind and name of each object, and the message.
    pub panics: Vec<String>,
    /// The operations of Terraform's that have not ended yet.
    pub running: Vec<String>,
}

#[derive(Serialize)]
struct Request<'a> {
    put: &'a [&'a Value],
    reconcile: bool,
    wait: u32,
}

#[derive(Deserialize)]
struct Response {
    #[serde(default)]
    objects: Option<Vec<Value>>,
    #[serde(default)]
    panics: Vec<String>,
    #[serde(default)]
    running: Vec<String>,
    #[serde(default)]
    error: String,
}

impl Process {
    /// Starts a provider.
    ///
    /// # Errors
    /// [`Error::Io`].
    pub fn start(
        program: &OsStr,
        arguments: impl IntoIterator<Item = impl AsRef<OsStr>>,
        environment: &[(&str, &str)],
    ) -> Result<Self, Error> {
        let mut child = Command::new(program)
            .args(arguments)
            .envs(environment.iter().copied())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let (Some(requests), Some(answers)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(Error::Ended);
        };
        Ok(Self {
            child,
            requests,
            answers: BufReader::new(answers),
        })
    }

    /// Hands over what has changed, lets the provider reconcile each object once, and has all objects.
    ///
    /// With `wait` it answers when no operation of Terraform's runs any more, else at once.
    ///
    /// # Errors
    /// [`Error`].
    pub fn round(&mut self, put: &[&Value], wait: bool) -> Result<Round, Error> {
        self.ask(&Request {
            put,
            reconcile: true,
            wait: if wait { WAIT } else { 0 },
        })
    }

    /// Has all objects as they stand, and reconciles none.
    ///
    /// # Errors
    /// [`Error`].
    pub fn look(&mut self) -> Result<Round, Error> {
        self.ask(&Request {
            put: &[],
            reconcile: false,
            wait: 0,
        })
    }

    fn ask(&mut self, request: &Request<'_>) -> Result<Round, Error> {
        let mut line = serde_json::to_vec(request)?;
        line.push(b'\n');
        self.requests.write_all(&line)?;
        self.requests.flush()?;
        let mut answer = String::new();
        if self.answers.read_line(&mut answer)? == 0 {
            return Err(Error::Ended);
        }
        let response: Response = serde_json::from_str(&answer)?;
        if !response.error.is_empty() {
            return Err(Error::Refused(response.error));
        }
        Ok(Round {
            objects: response.objects.unwrap_or_default(),
            panics: response.panics,
            running: response.running,
        })
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended already; then there is nothing to do.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
