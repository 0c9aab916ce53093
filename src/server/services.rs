//! The gRPC services and what surrounds every call.

use std::{sync::Arc, time::Duration};

use tonic::{
    server::NamedService,
    transport::{Server, server::Router},
};
use tonic_health::{
    ServingStatus,
    pb::health_server::HealthServer,
    server::{HealthReporter, HealthService},
};
use tonic_reflection::server::Builder;
use tower::layer::util::{Identity, Stack};

use super::{
    admission::Admission, config::Config, count::Count, function::Function, metrics::Metrics,
};
use crate::wire::proto::{
    FILE_DESCRIPTOR_SET, v1::function_runner_service_server::FunctionRunnerServiceServer,
    v1beta1::function_runner_service_server::FunctionRunnerServiceServer as BetaServer,
};

/// Crossplane keeps its connections open and sends no pings of its own; ours find the dead ones.
const PING_EVERY: Duration = Duration::from_mins(1);
const PING_TIMEOUT: Duration = Duration::from_secs(20);

/// Streams of one connection at the same time, which is also what a client can make the server hold
/// of answers that it does not read.
const MAX_STREAMS: u32 = 256;

/// All headers of a call, in bytes, as HTTP/2 counts them. Crossplane sends a few hundred.
const MAX_HEADERS: u32 = 16 * 1024;

/// What surrounds every call, from the inside out: a refusal is counted like any other answer.
type Layers = Stack<Admission, Stack<Count, Identity>>;

/// Reports one status for the server as a whole and for both services.
pub(super) async fn report(health: &HealthReporter, status: ServingStatus) {
    for service in [
        "",
        FunctionRunnerServiceServer::<Function>::NAME,
        BetaServer::<Function>::NAME,
    ] {
        health.set_service_status(service, status).await;
    }
}

/// Both versions of the function, both versions of reflection, and health.
///
/// Requests are limited in size, responses are not: [`response_size`](crate::server::response_size) has a better answer
/// than a gRPC error.
pub(super) fn router(
    function: Function,
    health: HealthReporter,
    metrics: &Arc<Metrics>,
    config: &Config,
) -> Result<Router<Layers>, tonic_reflection::server::Error> {
    let max_request_bytes = config.max_request_bytes;
    let (calls, timeout) = (config.limits.calls, config.timeouts.call);
    let admission = Admission::new(calls, max_request_bytes, timeout);
    let v1 = FunctionRunnerServiceServer::new(function.clone())
        .max_decoding_message_size(max_request_bytes);
    let v1beta1 = BetaServer::new(function).max_decoding_message_size(max_request_bytes);
    let health = HealthServer::new(HealthService::from_health_reporter(health));
    Ok(Server::builder()
        .http2_keepalive_interval(Some(PING_EVERY))
        .http2_keepalive_timeout(Some(PING_TIMEOUT))
        .http2_max_header_list_size(MAX_HEADERS)
        .max_concurrent_streams(MAX_STREAMS)
        // Without its grace, with which clients are not asked first (tonic 0.14.9).
        .max_connection_age(config.timeouts.connection)
        .layer(Count::new(Arc::clone(metrics)))
        .layer(admission)
        .add_service(v1)
        .add_service(v1beta1)
        .add_service(health)
        .add_service(reflection().build_v1()?)
        .add_service(reflection().build_v1alpha()?))
}

fn reflection() -> Builder<'static> {
    Builder::configure()
        .register_encoded_file_descriptor_set(FILE_DESCRIPTOR_SET)
        .register_encoded_file_descriptor_set(tonic_health::pb::FILE_DESCRIPTOR_SET)
}
