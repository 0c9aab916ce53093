//! What the stages of a call for a settled cluster take, apart: decode, plan, encode.
//!
//! `make bench-stages` compares with its last run. It says where the time of a call goes; how that
//! compares with other functions is what `make bench` says.

use std::path::Path;

use bytes::Bytes;
use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use peers::world::{Error, World};
use prost::Message;
use xcluster::{compose::compose, wire::proto::v1::RunFunctionRequest};

fn settled(example: &str) -> Result<RunFunctionRequest, Error> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut world = World::new(&root.join("examples").join(example), None)?;
    world.settle()?;
    world.request()
}

fn stages(criterion: &mut Criterion) {
    for example in ["aws-standard", "gcp-standard"] {
        let request = match settled(example) {
            Ok(request) => request,
            Err(error) => panic!("{example}: {error}"),
        };
        let received = Bytes::from(request.encode_to_vec());
        let response = compose(request.clone());
        let mut group = criterion.benchmark_group(example);
        group.throughput(Throughput::Elements(1));
        group.bench_function("decode", |bencher| {
            bencher.iter(|| RunFunctionRequest::decode(received.clone()));
        });
        group.bench_function("plan", |bencher| {
            bencher.iter_batched(|| request.clone(), compose, BatchSize::SmallInput);
        });
        group.bench_function("encode", |bencher| {
            bencher.iter(|| response.encode_to_vec());
        });
        group.finish();
    }
}

criterion_group!(benches, stages);
criterion_main!(benches);
