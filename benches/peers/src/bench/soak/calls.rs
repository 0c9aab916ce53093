//! Calls that differ, many at once, with an end that the caller chooses.

use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use bytes::Bytes;
use prost::Message;
use tokio::task::JoinSet;
use tonic::{Code, Request, Status, transport::Channel};
use xcluster::wire::proto::v1::{RequestMeta, RunFunctionRequest};

use crate::{
    Error,
    case::Case,
    load::{Caller, Phase},
};

/// Requests to take in turns.
#[derive(Clone)]
pub(super) struct Requests(Arc<Vec<Bytes>>);

/// What came of the calls of a crowd: how long each took, by the answer's code.
pub(super) struct Tally(BTreeMap<i32, Phase>);

impl Requests {
    /// Those of the cases.
    pub(super) fn new(cases: &[Case]) -> Self {
        Self(Arc::new(
            cases.iter().map(|case| case.request.clone()).collect(),
        ))
    }

    /// The request with a number: one of the cases with a tag of its own. A message that comes again
    /// at the end of another is merged with it, as protobuf has it.
    fn numbered(&self, number: u64) -> Bytes {
        let cases = self.0.len() as u64;
        let case = usize::try_from(number % cases).unwrap_or_default();
        let mut request = self
            .0
            .get(case)
            .map_or_else(Vec::new, |bytes| bytes.to_vec());
        let tag = format!("call-{number}");
        let meta = RequestMeta {
            tag,
            ..RequestMeta::default()
        };
        let meta = Some(meta);
        request.extend(
            RunFunctionRequest {
                meta,
                ..RunFunctionRequest::default()
            }
            .encode_to_vec(),
        );
        request.into()
    }

    /// So many calls by so many callers; each must be answered. `first` is the number of the first.
    pub(super) async fn steady(
        &self,
        caller: &Caller,
        first: u64,
        calls: u64,
        callers: u16,
    ) -> Result<Vec<Duration>, Error> {
        let next = Arc::new(AtomicU64::new(first));
        let mut calling = JoinSet::new();
        for _ in 0..callers {
            let (requests, caller, next) = (self.clone(), caller.clone(), Arc::clone(&next));
            calling.spawn(async move {
                let mut took = Vec::new();
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= first + calls {
                        return Ok::<_, Status>(took);
                    }
                    let request = Request::new(requests.numbered(number));
                    let start = Instant::now();
                    caller.send(request).await?;
                    took.push(start.elapsed());
                }
            });
        }
        let mut took = Vec::new();
        while let Some(calls) = calling.join_next().await {
            took.extend(calls??);
        }
        took.sort_unstable();
        Ok(took)
    }

    /// So many callers at once, for so long; whatever answer they get, they try again.
    pub(super) async fn crowd(
        &self,
        connections: &[Channel],
        callers: u16,
        length: Duration,
        deadline: Duration,
    ) -> Result<Tally, Error> {
        let end = Instant::now() + length;
        let mut calling = JoinSet::new();
        for number in 0..callers {
            let channel = connections[usize::from(number) % connections.len()].clone();
            let (caller, requests) = (Caller::new(channel, Bytes::new()), self.clone());
            calling.spawn(async move {
                let mut took = Vec::new();
                while Instant::now() < end {
                    let mut request = Request::new(requests.numbered(number.into()));
                    request.set_timeout(deadline);
                    let start = Instant::now();
                    let answer = caller.send(request).await;
                    let code = answer.map_or_else(|status| status.code(), |_| Code::Ok);
                    took.push((code, start.elapsed()));
                }
                took
            });
        }
        let mut codes = BTreeMap::<i32, Vec<Duration>>::new();
        while let Some(calls) = calling.join_next().await {
            for (code, took) in calls? {
                codes.entry(code.into()).or_default().push(took);
            }
        }
        let phase = |(code, mut took): (i32, Vec<Duration>)| {
            took.sort_unstable();
            (
                code,
                Phase {
                    took,
                    lasted: length,
                    busy: Duration::ZERO,
                },
            )
        };
        Ok(Tally(codes.into_iter().map(phase).collect()))
    }

    /// Callers that each give up ten calls before they are answered. How many calls were given up.
    pub(super) async fn give_up(&self, connection: &Channel, callers: u16) -> Result<usize, Error> {
        let mut calling = JoinSet::new();
        for number in 0..callers {
            let caller = Caller::new(connection.clone(), Bytes::new());
            let requests = self.clone();
            calling.spawn(async move {
                let mut given_up = 0;
                for _ in 0..10_u64 {
                    let request = Request::new(requests.numbered(number.into()));
                    let patience = Duration::from_micros(u64::from(number) * 20);
                    let answer = tokio::time::timeout(patience, caller.send(request)).await;
                    given_up += usize::from(answer.is_err());
                }
                given_up
            });
        }
        let mut given_up = 0;
        while let Some(count) = calling.join_next().await {
            given_up += count?;
        }
        Ok(given_up)
    }
}

impl Tally {
    /// Each code with its calls.
    pub(super) fn codes(&self) -> impl Iterator<Item = (Code, &Phase)> {
        self.0
            .iter()
            .map(|(code, phase)| (Code::from(*code), phase))
    }

    /// What no caller should get.
    pub(super) fn problems(&self) -> Vec<String> {
        let mut found = Vec::new();
        // A caller whose deadline passes gets the one or the other, by who notices first.
        let clear = [
            Code::Ok,
            Code::Unavailable,
            Code::DeadlineExceeded,
            Code::Cancelled,
        ];
        for (code, phase) in self.codes().filter(|(code, _)| !clear.contains(code)) {
            found.push(format!(
                "{} calls of the crowd ended with {code:?}",
                phase.took.len()
            ));
        }
        if !self.codes().any(|(code, _)| code == Code::Ok) {
            found.push("nobody in the crowd was answered".to_owned());
        }
        found
    }
}
