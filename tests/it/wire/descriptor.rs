//! Our descriptors against the official SDK's, field by field.

use std::collections::BTreeSet;

use prost::Message;
use prost_types::{
    DescriptorProto, FieldDescriptorProto, FieldOptions, FileDescriptorProto, FileDescriptorSet,
    MessageOptions,
};

const V1: &str = "apiextensions.fn.proto.v1";
const V1BETA1: &str = "apiextensions.fn.proto.v1beta1";

fn file(encoded: &[u8], package: &str) -> FileDescriptorProto {
    let set = FileDescriptorSet::decode(encoded).unwrap();
    let mut files = set
        .file
        .into_iter()
        .filter(|file| file.package() == package);
    let file = files.next().expect("the package is there");
    assert!(files.next().is_none(), "{package} is in two files");
    file
}

/// Everything that the wire and JSON formats depend on, one fact a line.
fn facts(file: &FileDescriptorProto) -> BTreeSet<String> {
    let mut facts = BTreeSet::new();
    for message in &file.message_type {
        message_facts("", message, &mut facts);
    }
    for kind in &file.enum_type {
        for value in &kind.value {
            facts.insert(format!(
                "enum {} {} {}",
                kind.name(),
                value.name(),
                value.number()
            ));
        }
    }
    for service in &file.service {
        for method in &service.method {
            facts.insert(format!(
                "service {}.{} {} -> {} streams={}/{}",
                service.name(),
                method.name(),
                method.input_type(),
                method.output_type(),
                method.client_streaming(),
                method.server_streaming(),
            ));
        }
    }
    let package = format!(".{}.", file.package());
    facts
        .into_iter()
        .map(|fact| fact.replace(&package, "."))
        .collect()
}

fn message_facts(scope: &str, message: &DescriptorProto, facts: &mut BTreeSet<String>) {
    let name = format!("{scope}{}", message.name());
    assert!(
        message.extension.is_empty() && message.enum_type.is_empty(),
        "{name}"
    );
    let map = message
        .options
        .as_ref()
        .is_some_and(MessageOptions::map_entry);
    facts.insert(format!("message {name} map={map}"));
    for field in &message.field {
        facts.insert(format!(
            "field {name}.{} = {} {:?} {} {:?} oneof={:?} optional={} json={} deprecated={}",
            field.name(),
            field.number(),
            field.r#type(),
            field.type_name(),
            field.label(),
            oneof(message, field),
            field.proto3_optional(),
            field.json_name(),
            deprecated(field),
        ));
    }
    for nested in &message.nested_type {
        message_facts(&format!("{name}."), nested, facts);
    }
}

fn oneof<'a>(message: &'a DescriptorProto, field: &FieldDescriptorProto) -> Option<&'a str> {
    let index = usize::try_from(field.oneof_index?).unwrap();
    Some(message.oneof_decl[index].name())
}

fn deprecated(field: &FieldDescriptorProto) -> bool {
    field.options.as_ref().is_some_and(FieldOptions::deprecated)
}

#[test]
fn v1_is_the_official_sdks() {
    let ours = facts(&file(xcluster::wire::proto::FILE_DESCRIPTOR_SET, V1));
    let theirs = facts(&file(function_sdk_rust::proto::FILE_DESCRIPTOR_SET, V1));
    assert!(theirs.len() > 100, "{theirs:?}");
    let only = |a: &BTreeSet<String>, b: &BTreeSet<String>| -> Vec<String> {
        a.difference(b).cloned().collect()
    };
    let (mine, sdk) = (only(&ours, &theirs), only(&theirs, &ours));
    assert!(
        mine.is_empty() && sdk.is_empty(),
        "only ours: {mine:#?}\nonly theirs: {sdk:#?}"
    );
}

#[test]
fn v1beta1_is_v1_in_another_package() {
    let set = xcluster::wire::proto::FILE_DESCRIPTOR_SET;
    assert_eq!(facts(&file(set, V1BETA1)), facts(&file(set, V1)));
}
