//! Another release of the function, as a process of this machine: it is asked what Crossplane would ask it.
//!
//! The protocol between Crossplane and functions is the one thing that all releases share. So the other release is started as
//! its image starts it, on an address of this machine that no other program knows, and ends with this command.

mod error;
mod process;

use std::{
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
    time::Duration,
};

use tokio::{runtime::Runtime, time::timeout};
use tonic::{
    Code, Request, Status, client::Grpc, codegen::http::uri::PathAndQuery, transport::Channel,
};
use tonic_prost::ProstCodec;
use xcluster::{
    api::violation::printable_within,
    wire::proto::v1::{
        Result as FunctionResult, RunFunctionRequest, RunFunctionResponse, Severity,
    },
};

pub(crate) use self::error::OtherError;
use self::{error::MOST_SAID, process::Process};

/// What Crossplane calls.
const RUN: &str = "/apiextensions.fn.proto.v1.FunctionRunnerService/RunFunction";
/// The largest answer. Crossplane's own limit is 4 MiB; a release that exceeds that shall say so in its own words.
const MOST_BYTES: usize = 64 * 1024 * 1024;

/// Another release of the function, while it runs.
pub(super) struct Other {
    name: String,
    path: PathBuf,
    patience: Duration,
    channel: Channel,
    failure: Mutex<Option<OtherError>>,
    process: Mutex<Process>,
    // Dropped last: the process and the channel live on it.
    runtime: Runtime,
}

impl Other {
    /// Starts the program, and waits until it serves. It has as long for that, and for each answer, as patience lasts.
    ///
    /// # Errors
    /// [`OtherError`] where it does not.
    pub(super) fn start(path: &Path, patience: Duration) -> Result<Self, OtherError> {
        let run = |error: std::io::Error| OtherError::Run {
            path: path.to_owned(),
            problem: error.to_string(),
        };
        let runtime = Runtime::new().map_err(run)?;
        let (process, channel) = runtime.block_on(Process::serve(path, patience))?;
        Ok(Self {
            name: process.name.clone(),
            path: path.to_owned(),
            patience,
            channel,
            failure: Mutex::new(None),
            process: Mutex::new(process),
            runtime,
        })
    }

    /// What it calls itself: program and version.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// What went wrong first, if anything did. Answers from then on are worth nothing.
    pub(super) fn failure(&self) -> Option<OtherError> {
        let failure = self.failure.lock().unwrap_or_else(PoisonError::into_inner);
        failure.clone()
    }

    /// Its answer for a cluster; a Fatal result where it has none.
    pub(super) fn compose(
        &self,
        cluster: &str,
        request: RunFunctionRequest,
    ) -> RunFunctionResponse {
        if self.failure().is_some() {
            return fatal("an earlier call failed");
        }
        let call = async { timeout(self.patience, self.call(request)).await };
        let called = self.runtime.block_on(call);
        let problem = match called {
            Ok(Ok(response)) => return response,
            Ok(Err(status)) => self.problem(&status),
            Err(_) => format!("it did not answer within {} s", self.patience.as_secs()),
        };
        let failure = OtherError::NoAnswer {
            path: self.path.clone(),
            name: self.name.clone(),
            cluster: cluster.to_owned(),
            problem,
        };
        let mut first = self.failure.lock().unwrap_or_else(PoisonError::into_inner);
        first.get_or_insert(failure);
        fatal("the call failed")
    }

    async fn call(&self, request: RunFunctionRequest) -> Result<RunFunctionResponse, Status> {
        let mut client = Grpc::new(self.channel.clone()).max_decoding_message_size(MOST_BYTES);
        let ready = client.ready().await;
        ready.map_err(|error| Status::unavailable(error.to_string()))?;
        let codec = ProstCodec::<RunFunctionRequest, RunFunctionResponse>::default();
        let path = PathAndQuery::from_static(RUN);
        let response = client.unary(Request::new(request), path, codec).await?;
        Ok(response.into_inner())
    }

    /// What a call says that did not come back with an answer. A process that has ended says it better.
    fn problem(&self, status: &Status) -> String {
        let mut process = self.process.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(end) = self.runtime.block_on(process.end()) {
            return end;
        }
        match status.code() {
            Code::Unimplemented => {
                "it serves no RunFunction of Crossplane's v1 protocol".to_owned()
            }
            code => format!(
                "{code:?}: {}",
                printable_within(status.message(), MOST_SAID)
            ),
        }
    }
}

fn fatal(message: &str) -> RunFunctionResponse {
    let result = FunctionResult {
        severity: Severity::Fatal.into(),
        message: message.to_owned(),
        ..FunctionResult::default()
    };
    RunFunctionResponse {
        results: vec![result],
        ..RunFunctionResponse::default()
    }
}
