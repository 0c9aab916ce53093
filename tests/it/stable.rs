//! Equal input gives equal bytes, and a settled cluster is left alone.

use prost::Message as _;
use serde_json::Value;
use xcluster::{
    compose::compose,
    wire::proto::v1::{RunFunctionRequest, RunFunctionResponse},
};

use crate::support::cases::{run, runs};

fn bytes(request: RunFunctionRequest) -> Vec<u8> {
    compose(request).encode_to_vec()
}

#[test]
fn a_repeated_call_gives_the_same_bytes() {
    for run in runs() {
        for step in &run.steps {
            let first = step.response.encode_to_vec();
            assert_eq!(bytes(step.request.clone()), first, "{}", run.title());
        }
    }
}

#[test]
fn calls_beside_each_other_give_the_same_bytes() {
    for name in ["aws-standard", "gcp-autopilot"] {
        let step = run(name).last();
        let expected = step.response.encode_to_vec();
        std::thread::scope(|threads| {
            let calls: Vec<_> = (0..8)
                .map(|_| threads.spawn(|| (0..5).map(|_| bytes(step.request.clone())).collect()))
                .collect();
            for call in calls {
                let answers: Vec<Vec<u8>> = call.join().unwrap();
                assert!(answers.iter().all(|answer| *answer == expected), "{name}");
            }
        });
    }
}

#[test]
fn the_order_of_entries_on_the_wire_does_not_matter() {
    for run in runs() {
        for step in run.steps.iter().step_by(3) {
            let expected = compose(step.request.clone());
            for order in [Order::Reversed, Order::Rotated] {
                let encoded = order.of(&step.request.encode_to_vec(), Kind::Request);
                let request = RunFunctionRequest::decode(encoded.as_slice()).unwrap();
                let answer = compose(request);
                assert_eq!(sorted(&answer), sorted(&expected), "{}", run.title());
            }
        }
    }
}

#[test]
fn bytes_do_not_depend_on_the_order_once_everything_is_composed() {
    for run in runs() {
        let request = &run.last().request;
        let expected = bytes(request.clone());
        for order in [Order::Reversed, Order::Rotated] {
            let encoded = order.of(&request.encode_to_vec(), Kind::Request);
            assert_ne!(encoded, request.encode_to_vec(), "nothing was shuffled");
            let request = RunFunctionRequest::decode(encoded.as_slice()).unwrap();
            assert_eq!(bytes(request), expected, "{}", run.title());
        }
    }
}

#[test]
fn a_settled_cluster_is_left_alone() {
    for run in runs() {
        let mut world = run.world.clone();
        let before = (world.observed(), world.composite.clone());
        let answers: Vec<_> = (0..3)
            .map(|_| world.reconcile().response.encode_to_vec())
            .collect();
        assert!(
            answers.iter().all(|answer| *answer == answers[0]),
            "{}",
            run.title()
        );
        assert!(
            !world.tick(),
            "{}: a provider finds something to do",
            run.title()
        );
        assert_eq!(
            (world.observed(), world.composite.clone()),
            before,
            "{}",
            run.title()
        );
    }
}

#[test]
fn what_is_answered_stays_far_below_what_crossplane_takes() {
    for run in runs() {
        let largest = run
            .steps
            .iter()
            .map(|step| step.response.encoded_len())
            .max();
        assert!(largest < Some(256 * 1024), "{}: {largest:?}", run.title());
    }
}

fn sorted(response: &RunFunctionResponse) -> Value {
    let desired = response.desired.as_ref().unwrap();
    let objects = desired.resources.iter().map(|(key, resource)| {
        let object = serde_json::to_value(&resource.resource).unwrap();
        (key.clone(), serde_json::json!([object, resource.ready]))
    });
    let composite = desired
        .composite
        .as_ref()
        .map(|composite| &composite.resource);
    serde_json::json!([
        objects.collect::<serde_json::Map<_, _>>(),
        composite,
        format!("{:?}", response.conditions),
        format!("{:?}", response.results),
    ])
}

/// Another order of map entries.
#[derive(Clone, Copy)]
enum Order {
    Reversed,
    Rotated,
}

/// The messages that hold maps, or lead to them.
#[derive(Clone, Copy)]
enum Kind {
    Request,
    State,
    Entry,
    Resource,
    Struct,
    StructEntry,
    Value,
    List,
}

impl Kind {
    /// What a field of this message holds, if it leads to a map.
    fn field(self, tag: u32) -> Option<Self> {
        Some(match (self, tag) {
            (Self::Request, 2 | 3) => Self::State,
            (Self::State, 1) | (Self::Entry, 2) => Self::Resource,
            (Self::State, 2) => Self::Entry,
            (Self::Request, 4 | 5) | (Self::Resource, 1) | (Self::Value, 5) => Self::Struct,
            (Self::Struct, 1) => Self::StructEntry,
            (Self::StructEntry, 2) | (Self::List, 1) => Self::Value,
            (Self::Value, 6) => Self::List,
            _ => return None,
        })
    }

    /// Whether the fields of this tag are entries of a map.
    fn is_map(self, tag: u32) -> bool {
        matches!((self, tag), (Self::State, 2) | (Self::Struct, 1))
    }
}

impl Order {
    /// Encodes a message again, with the entries of its maps in this order.
    fn of(self, message: &[u8], kind: Kind) -> Vec<u8> {
        let mut rest = message;
        let (mut entries, mut others) = (Vec::new(), Vec::new());
        while !rest.is_empty() {
            let start = rest;
            let (tag, wire) = prost::encoding::decode_key(&mut rest).unwrap();
            let mut field = Vec::new();
            if let (Some(inner), prost::encoding::WireType::LengthDelimited) =
                (kind.field(tag), wire)
            {
                let length = prost::encoding::decode_varint(&mut rest).unwrap();
                let (body, tail) = rest.split_at(usize::try_from(length).unwrap());
                rest = tail;
                let body = self.of(body, inner);
                prost::encoding::encode_key(tag, wire, &mut field);
                prost::encoding::encode_varint(body.len() as u64, &mut field);
                field.extend(body);
            } else {
                let context = prost::encoding::DecodeContext::default();
                prost::encoding::skip_field(wire, tag, &mut rest, context).unwrap();
                field.extend(&start[..start.len() - rest.len()]);
            }
            if kind.is_map(tag) {
                entries.push(field);
            } else {
                others.push(field);
            }
        }
        match self {
            Self::Reversed => entries.reverse(),
            Self::Rotated if entries.len() > 1 => entries.rotate_left(1),
            Self::Rotated => {}
        }
        entries.into_iter().chain(others).flatten().collect()
    }
}
