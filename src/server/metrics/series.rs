//! The series, and what is counted in them.

use prometheus_client::{
    encoding::{EncodeLabelSet, text},
    metrics::{counter::Counter, family::Family, gauge::Gauge, histogram::Histogram},
    registry::Registry,
};

use super::{
    outcome::{Outcome, OutcomeLabel},
    version::VersionLabel,
};
use crate::wire::proto::v1::{RunFunctionResponse, Severity};

/// Go's default buckets, in seconds, and finer ones below: a call takes about a millisecond.
const SECONDS: [f64; 15] = [
    0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0,
    10.0,
];

/// The names of the gRPC status codes as grpc-go prints them, by number.
pub(super) const CODES: [&str; 17] = [
    "OK",
    "Canceled",
    "Unknown",
    "InvalidArgument",
    "DeadlineExceeded",
    "NotFound",
    "AlreadyExists",
    "PermissionDenied",
    "ResourceExhausted",
    "FailedPrecondition",
    "Aborted",
    "OutOfRange",
    "Unimplemented",
    "Internal",
    "Unavailable",
    "DataLoss",
    "Unauthenticated",
];

const SEVERITIES: [&str; 4] = ["unspecified", "fatal", "warning", "normal"];

const RELOADS: [&str; 2] = ["taken", "refused"];

const RUN_FUNCTION: &str = "RunFunction";

/// The unary methods that the server has. Streams (reflection, health watches) are not counted, as
/// in the Go SDK, and neither are unknown methods: a caller must not be able to create series.
const METHODS: [Method; 3] = [
    Method::unary(
        "apiextensions.fn.proto.v1.FunctionRunnerService",
        RUN_FUNCTION,
    ),
    Method::unary(
        "apiextensions.fn.proto.v1beta1.FunctionRunnerService",
        RUN_FUNCTION,
    ),
    Method::unary("grpc.health.v1.Health", "Check"),
];

/// One gRPC method, as labels.
#[derive(Clone, Copy, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
#[expect(
    clippy::struct_field_names,
    reason = "these are the names of the labels"
)]
pub(super) struct Method {
    grpc_type: &'static str,
    grpc_service: &'static str,
    grpc_method: &'static str,
}

impl Method {
    const fn unary(grpc_service: &'static str, grpc_method: &'static str) -> Self {
        Self {
            grpc_type: "unary",
            grpc_service,
            grpc_method,
        }
    }
}

/// A method and how a call of it ended.
#[derive(Clone, Copy, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
pub(super) struct Handled {
    #[prometheus(flatten)]
    method: Method,
    grpc_code: &'static str,
}

#[derive(Clone, Copy, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct SeverityLabel {
    severity: &'static str,
}

#[derive(Clone, Copy, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct ReloadLabel {
    result: &'static str,
}

#[derive(Clone, Copy, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct BuildLabel {
    version: &'static str,
}

/// The counters of one server.
#[derive(Debug)]
pub struct Metrics {
    registry: Registry,
    pub(super) started: Family<Method, Counter>,
    pub(super) handled: Family<Handled, Counter>,
    pub(super) received: Family<Method, Counter>,
    pub(super) sent: Family<Method, Counter>,
    pub(super) seconds: Family<Method, Histogram>,
    calls: Family<OutcomeLabel, Counter>,
    results: Family<SeverityLabel, Counter>,
    reloads: Family<ReloadLabel, Counter>,
    versions: Family<VersionLabel, Counter>,
    support_ends: Family<VersionLabel, Gauge>,
}

impl Default for Metrics {
    fn default() -> Self {
        let mut metrics = Self {
            registry: Registry::default(),
            started: Family::default(),
            handled: Family::default(),
            received: Family::default(),
            sent: Family::default(),
            seconds: Family::new_with_constructor(|| Histogram::new(SECONDS)),
            calls: Family::default(),
            results: Family::default(),
            reloads: Family::default(),
            versions: Family::default(),
            support_ends: Family::default(),
        };
        metrics.register();
        metrics.start_at_zero();
        metrics
    }
}

impl Metrics {
    /// All series in OpenMetrics text format, for [`Self::CONTENT_TYPE`].
    ///
    /// # Errors
    /// When a series cannot be written, which a `String` has no reason for.
    pub fn render(&self) -> Result<String, std::fmt::Error> {
        let mut text = String::new();
        text::encode(&mut text, &self.registry)?;
        Ok(text)
    }

    /// The media type of [`Self::render`].
    pub const CONTENT_TYPE: &'static str =
        "application/openmetrics-text; version=1.0.0; charset=utf-8";

    /// Counts one call of the function.
    pub(crate) fn count_call(&self, outcome: Outcome) {
        self.calls.get_or_create(&outcome.label()).inc();
    }

    /// Counts the results of one response by severity.
    pub(crate) fn count_results(&self, rsp: &RunFunctionResponse) {
        for result in &rsp.results {
            let severity = match result.severity() {
                Severity::Unspecified => SEVERITIES[0],
                Severity::Fatal => SEVERITIES[1],
                Severity::Warning => SEVERITIES[2],
                Severity::Normal => SEVERITIES[3],
            };
            self.results
                .get_or_create(&SeverityLabel { severity })
                .inc();
        }
    }

    /// Counts the version of Kubernetes that a cluster runs. How many there can be is limited: a spec with a version that is not
    /// known is refused.
    pub(crate) fn count_version(&self, rsp: &RunFunctionResponse) {
        if let Some((label, seconds)) = VersionLabel::of(rsp) {
            self.support_ends.get_or_create(&label).set(seconds);
            self.versions.get_or_create(&label).inc();
        }
    }

    /// Counts one look at changed certificate files: taken, or refused and to be tried again.
    pub(crate) fn count_reload(&self, taken: bool) {
        let result = RELOADS[usize::from(!taken)];
        self.reloads.get_or_create(&ReloadLabel { result }).inc();
    }

    fn register(&mut self) {
        let registry = &mut self.registry;
        let started = "Total number of RPCs started on the server";
        registry.register("grpc_server_started", started, self.started.clone());
        let handled =
            "Total number of RPCs completed on the server, regardless of success or failure";
        registry.register("grpc_server_handled", handled, self.handled.clone());
        let received = "Total number of RPC stream messages received on the server";
        registry.register("grpc_server_msg_received", received, self.received.clone());
        let sent = "Total number of gRPC stream messages sent by the server";
        registry.register("grpc_server_msg_sent", sent, self.sent.clone());
        let seconds = "Histogram of response latency (seconds) of gRPC that had been \
                       application-level handled by the server";
        registry.register(
            "grpc_server_handling_seconds",
            seconds,
            self.seconds.clone(),
        );
        let calls = "Calls of the function that it answered or could not read, by how they ended";
        registry.register("xcluster_calls", calls, self.calls.clone());
        let results = "Results returned to Crossplane, by severity";
        registry.register("xcluster_results", results, self.results.clone());
        let reloads = "Looks at changed certificate files, by whether they could be used";
        registry.register(
            "xcluster_certificate_reloads",
            reloads,
            self.reloads.clone(),
        );
        let versions = "Answered calls for clusters by the version of Kubernetes that they run";
        registry.register("xcluster_kubernetes_calls", versions, self.versions.clone());
        let ends =
            "When the cloud's support of a version of Kubernetes ends, in seconds since 1970";
        registry.register(
            "xcluster_kubernetes_support_end_seconds",
            ends,
            self.support_ends.clone(),
        );
        let build = Family::<BuildLabel, Gauge>::default();
        let version = env!("CARGO_PKG_VERSION");
        build.get_or_create(&BuildLabel { version }).set(1);
        registry.register(
            "xcluster_build_info",
            "The version that runs, always 1",
            build,
        );
    }

    /// Creates every series, as Go's `InitializeMetrics` does: a rate needs a zero to start from.
    fn start_at_zero(&self) {
        for method in METHODS {
            drop(self.started.get_or_create(&method));
            drop(self.received.get_or_create(&method));
            drop(self.sent.get_or_create(&method));
            drop(self.seconds.get_or_create(&method));
            for code in CODES {
                drop(self.handled.get_or_create(&method.handled(code)));
            }
        }
        for result in RELOADS {
            drop(self.reloads.get_or_create(&ReloadLabel { result }));
        }
        for outcome in Outcome::ALL {
            drop(self.calls.get_or_create(&outcome.label()));
        }
        for (label, seconds) in VersionLabel::all() {
            self.support_ends.get_or_create(&label).set(seconds);
            drop(self.versions.get_or_create(&label));
        }
        for severity in SEVERITIES {
            drop(self.results.get_or_create(&SeverityLabel { severity }));
        }
    }
}

impl Method {
    /// The counted method at an HTTP path, `/service/method`.
    pub(super) fn at(path: &str) -> Option<Self> {
        let (service, method) = path.strip_prefix('/')?.split_once('/')?;
        METHODS
            .into_iter()
            .find(|known| known.grpc_service == service && known.grpc_method == method)
    }

    /// Whether it is the function's, in either version.
    pub(super) fn is_function(self) -> bool {
        self.grpc_method == RUN_FUNCTION
    }

    pub(super) fn handled(self, grpc_code: &'static str) -> Handled {
        Handled {
            method: self,
            grpc_code,
        }
    }
}
