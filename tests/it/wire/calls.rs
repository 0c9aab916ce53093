//! The official SDK's messages and client against our server.

use function_sdk_rust::{
    proto::v1::{
        RequestMeta, Resource, RunFunctionRequest, RunFunctionResponse, State,
        function_runner_service_client::FunctionRunnerServiceClient,
    },
    resource,
};
use prost::Message;
use prost_types::{Struct, Value, value::Kind};
use serde_json::json;
use xcluster::wire::proto::v1;

use crate::support::{
    client::{self, V1, V1BETA1},
    running::{Running, insecure},
};

fn sdk_resource(object: &serde_json::Value) -> Resource {
    let mut made = Resource::default();
    resource::update(&mut made, object).unwrap();
    made
}

/// A request in the middle of a pipeline: an XR, and what earlier steps want and know.
fn request(foreign: &Resource) -> RunFunctionRequest {
    let context = sdk_resource(&json!({"apiextensions.crossplane.io/environment": {"n": 9}}));
    RunFunctionRequest {
        meta: Some(RequestMeta {
            tag: "0f5e".to_owned(),
            capabilities: vec![],
        }),
        observed: Some(State {
            composite: Some(sdk_resource(&json!({
                "apiVersion": "example.org/v1", "kind": "Other", "metadata": {"name": "x"},
            }))),
            ..State::default()
        }),
        desired: Some(State {
            resources: [("foreign".to_owned(), foreign.clone())].into(),
            ..State::default()
        }),
        context: context.resource,
        ..RunFunctionRequest::default()
    }
}

fn foreign() -> Resource {
    let mut foreign = sdk_resource(&json!({
        "apiVersion": "v1", "kind": "ConfigMap",
        "metadata": {"name": "other", "labels": {"é": "ü"}},
        "list": [null, true, 1.5, "", {}, []],
    }));
    let details = &mut foreign.connection_details;
    details.insert("raw".to_owned(), vec![0, 159, 255]);
    foreign
}

#[tokio::test]
async fn the_tag_is_copied_and_foreign_state_passes_through() {
    let server = Running::start(insecure()).await;
    let channel = client::plaintext(server.address).await;
    let req = request(&foreign());
    let rsp = FunctionRunnerServiceClient::new(channel.clone())
        .run_function(req.clone())
        .await
        .unwrap()
        .into_inner();
    assert_eq!(rsp.meta.as_ref().unwrap().tag, "0f5e");
    assert_eq!(rsp.desired.unwrap().resources["foreign"], foreign());
    assert_eq!(rsp.context, req.context);

    let beta: RunFunctionResponse = client::unary(&channel, V1BETA1, req.clone()).await.unwrap();
    assert_eq!(beta.meta.unwrap().tag, "0f5e");
    assert_eq!(beta.desired.unwrap().resources["foreign"], foreign());
    assert_eq!(beta.context, req.context);
    drop(channel);
    server.end().await;
}

#[tokio::test]
async fn integers_up_to_2_to_the_53_survive() {
    let server = Running::start(insecure()).await;
    let channel = client::plaintext(server.address).await;
    let numbers = json!({
        "most": 9_007_199_254_740_992_i64, "less": 9_007_199_254_740_991_i64,
        "least": -9_007_199_254_740_992_i64, "zero": 0, "half": 0.5, "tiny": 5e-324,
    });
    let rsp = FunctionRunnerServiceClient::new(channel)
        .run_function(request(&sdk_resource(&numbers)))
        .await
        .unwrap()
        .into_inner();
    let returned = &rsp.desired.unwrap().resources["foreign"];
    let returned: serde_json::Value = resource::get(Some(returned)).unwrap();
    assert_eq!(returned, numbers);
    server.end().await;
}

/// An object in an object, `levels` deep. Protobuf nests it three times as deep.
fn nested(levels: usize) -> serde_json::Value {
    (0..levels).fold(json!("bottom"), |inner, _| json!({ "deeper": inner }))
}

#[tokio::test]
async fn an_observed_object_of_150_levels_is_decoded() {
    let server = Running::start(insecure()).await;
    let channel = client::plaintext(server.address).await;
    let mut req = request(&foreign());
    let observed = req.observed.as_mut().unwrap();
    let deep = sdk_resource(&json!({ "status": nested(150) }));
    observed.resources.insert("deep".to_owned(), deep);
    let rsp = FunctionRunnerServiceClient::new(channel)
        .run_function(req)
        .await
        .unwrap()
        .into_inner();
    assert_eq!(rsp.meta.unwrap().tag, "0f5e");
    server.end().await;
}

#[tokio::test]
async fn a_desired_object_of_150_levels_comes_back_byte_for_byte() {
    // The SDK encodes this depth and cannot decode it, so the answer is read with our own messages.
    let server = Running::start(insecure()).await;
    let channel = client::plaintext(server.address).await;
    let deep = sdk_resource(&json!({ "spec": nested(150) }));
    let bytes = deep.encode_to_vec();
    let rsp: v1::RunFunctionResponse = client::unary(&channel, V1, request(&deep)).await.unwrap();
    let returned = &rsp.desired.unwrap().resources["foreign"];
    assert_eq!(returned.encode_to_vec(), bytes);
    drop(channel);
    server.end().await;
}

/// A resource with a number at `spec.value`, without JSON in between, which has no such numbers.
fn with_number(number: f64) -> v1::Resource {
    let value = |kind| Value { kind: Some(kind) };
    let spec = Struct {
        fields: [("value".to_owned(), value(Kind::NumberValue(number)))].into(),
    };
    let object = Struct {
        fields: [("spec".to_owned(), value(Kind::StructValue(spec)))].into(),
    };
    let bytes = object.encode_to_vec();
    v1::Resource {
        resource: Some(xcluster::wire::structpb::Struct::decode(&bytes[..]).unwrap()),
        ..v1::Resource::default()
    }
}

#[tokio::test]
async fn numbers_that_json_lacks_do_no_harm() {
    let server = Running::start(insecure()).await;
    let channel = client::plaintext(server.address).await;
    for number in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -0.0, f64::MAX] {
        let state = v1::State {
            composite: Some(with_number(number)),
            resources: [("foreign".to_owned(), with_number(number))].into(),
        };
        let rsp = client::run(
            &channel,
            v1::RunFunctionRequest {
                observed: Some(state),
                ..client::tagged("number")
            },
        )
        .await
        .unwrap();
        assert_eq!(rsp.meta.unwrap().tag, "number");
        for result in rsp.results {
            assert!(
                !result.message.contains("this is a bug"),
                "{number}: {result:?}"
            );
        }
    }
    drop(channel);
    server.end().await;
}

#[tokio::test]
async fn an_empty_request_is_answered() {
    let server = Running::start(insecure()).await;
    let channel = client::plaintext(server.address).await;
    let rsp = client::run(&channel, v1::RunFunctionRequest::default())
        .await
        .unwrap();
    assert_eq!(rsp.meta.unwrap().tag, "");
    drop(channel);
    server.end().await;
}
