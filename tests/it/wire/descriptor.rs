//! Our descriptors against the official SDK's, field by field.

use std::{collections::BTreeSet, fs, path::Path};

use prost::Message;
use prost_types::{
    DescriptorProto, FieldDescriptorProto, FieldOptions, FileDescriptorProto, FileDescriptorSet,
    MessageOptions,
    field_descriptor_proto::{Label, Type},
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

/// A row of the table of fields taken from Crossplane's own files: package, message, field, number,
/// type, label.
fn rows(file: &FileDescriptorProto) -> BTreeSet<String> {
    let package = file.package();
    let mut rows = BTreeSet::new();
    for message in &file.message_type {
        for field in &message.field {
            let (kind, label) = kind_and_label(package, message, field);
            let (name, field, number) = (message.name(), field.name(), field.number());
            rows.insert(format!(
                "{package}\t{name}\t{field}\t{number}\t{kind}\t{label}"
            ));
        }
    }
    for kind in &file.enum_type {
        for value in &kind.value {
            let (name, value, number) = (kind.name(), value.name(), value.number());
            rows.insert(format!(
                "{package}\tenum {name}\t{value}\t{number}\tenum value\t-"
            ));
        }
    }
    for service in &file.service {
        for method in &service.method {
            let (input, output) = (method.input_type(), method.output_type());
            let types = format!("{} -> {}", short(package, input), short(package, output));
            let (name, method) = (service.name(), method.name());
            rows.insert(format!(
                "{package}\tservice {name}\t{method}\t-\t{types}\tunary rpc"
            ));
        }
    }
    rows
}

fn short<'a>(package: &str, name: &'a str) -> &'a str {
    let name = name.trim_start_matches('.');
    let local = name.strip_prefix(package);
    local.map_or(name, |name| name.trim_start_matches('.'))
}

fn type_name(package: &str, field: &FieldDescriptorProto) -> String {
    match field.r#type() {
        Type::Message | Type::Enum => short(package, field.type_name()).to_owned(),
        scalar => format!("{scalar:?}").to_lowercase(),
    }
}

fn kind_and_label(
    package: &str,
    message: &DescriptorProto,
    field: &FieldDescriptorProto,
) -> (String, String) {
    let entry = message.nested_type.iter().find(|nested| {
        nested
            .options
            .as_ref()
            .is_some_and(MessageOptions::map_entry)
            && field
                .type_name()
                .ends_with(&format!(".{}.{}", message.name(), nested.name()))
    });
    let (kind, label) = match entry {
        Some(entry) => {
            let [key, value] = [0, 1].map(|at| type_name(package, &entry.field[at]));
            (format!("map<{key}, {value}>"), "map".to_owned())
        }
        None => (
            type_name(package, field),
            match (
                field.label(),
                field.proto3_optional(),
                oneof(message, field),
            ) {
                (Label::Repeated, ..) => "repeated".to_owned(),
                (_, true, _) => "optional".to_owned(),
                (_, false, Some(oneof)) => format!("oneof({oneof})"),
                (_, false, None) => "singular".to_owned(),
            },
        ),
    };
    let suffix = if deprecated(field) { ";deprecated" } else { "" };
    (kind, format!("{label}{suffix}"))
}

#[test]
fn both_versions_have_the_known_fields() {
    let set = xcluster::wire::proto::FILE_DESCRIPTOR_SET;
    let ours: BTreeSet<String> = [V1, V1BETA1]
        .into_iter()
        .flat_map(|package| rows(&file(set, package)))
        .collect();
    // 70 rows a package as of Crossplane v2.2; the test above has them from the SDK.
    assert_eq!(ours.len(), 140);
    let table =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/reference/run_function_fields.tsv");
    if let Ok(text) = fs::read_to_string(&table) {
        let known: BTreeSet<String> = text.lines().skip(1).map(str::to_owned).collect();
        let differing: Vec<_> = ours.symmetric_difference(&known).collect();
        assert!(differing.is_empty(), "{differing:#?}");
    }
}
