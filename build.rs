//! Compiles `proto/run_function.proto` without a system protoc.
//!
//! The file describes `apiextensions.fn.proto.v1`. Crossplane generates its v1beta1 file from v1 by
//! changing the package, and so does this script: one source, two packages, the same wire format.

use std::{env, error::Error, fs, path::PathBuf};

const V1: &str = "apiextensions.fn.proto.v1";
const SOURCE: &str = "proto/run_function.proto";

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-changed={SOURCE}");
    let out = PathBuf::from(env::var("OUT_DIR")?);
    let include = out.join("proto");
    let source = fs::read_to_string(SOURCE)?;
    let mut files = Vec::new();
    for version in ["v1", "v1beta1"] {
        let folder = include.join(version);
        fs::create_dir_all(&folder)?;
        let file = folder.join("run_function.proto");
        let package = format!("package apiextensions.fn.proto.{version};");
        fs::write(&file, source.replace(&format!("package {V1};"), &package))?;
        files.push(file);
    }
    let descriptors = protox::compile(&files, [&include])?;

    // google.protobuf.Struct stays as the bytes it arrived in (see src/wire/structpb.rs), and Resource takes
    // them as one slice (src/wire/proto/resource.rs); ordered maps
    // make equal responses equal bytes.
    tonic_prost_build::configure()
        .build_client(false)
        .btree_map(".")
        .bytes(".")
        .extern_path(".google.protobuf.Struct", "crate::wire::structpb::Struct")
        .extern_path(
            format!(".{V1}.Resource"),
            "crate::wire::proto::v1::Resource",
        )
        .compile_fds(subset(&descriptors, V1))?;
    // v1beta1 is the same messages under another service name.
    tonic_prost_build::configure()
        .build_client(false)
        .extern_path(".google.protobuf.Struct", "crate::wire::structpb::Struct")
        .extern_path(".apiextensions.fn.proto.v1beta1", "crate::wire::proto::v1")
        .compile_fds(subset(&descriptors, "apiextensions.fn.proto.v1beta1"))?;
    fs::write(
        out.join("run_function.bin"),
        prost::Message::encode_to_vec(&descriptors),
    )?;
    Ok(())
}

/// The descriptor set without the other API version's file, so that each run generates one package.
fn subset(all: &prost_types::FileDescriptorSet, package: &str) -> prost_types::FileDescriptorSet {
    prost_types::FileDescriptorSet {
        file: all
            .file
            .iter()
            .filter(|file| {
                file.package() == package || !file.package().starts_with("apiextensions.")
            })
            .cloned()
            .collect(),
    }
}
