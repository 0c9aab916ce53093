//! The page itself: a table of the fields at the top, then an entry for each field.

use std::{collections::BTreeSet, fmt::Write as _};

use super::{parity::Note, schema::Schema};

const INTRODUCTION: &str = "\
# API reference

<!-- Written from clusters/xrd and package/input by `make golden`; change the descriptions there. -->

Every field of a `Cluster` (an `XCluster` in the cluster scope) and of the function's Input. The three
[XRDs](../clusters/xrd) have the same fields. `[]` stands for each item of a list, `{}` for each value of a map. A field
that *cannot change* is refused by the API server when it does, and by the function where the API server did not see it.
";

const SPEC: &str = "\
`apiVersion: xcluster.dev/v1alpha1`. What a person writes.
";

const STATUS: &str = "\
What the function writes. Values that nobody reports any more stay as they were last reported. The conditions are in
[troubleshooting.md](troubleshooting.md#conditions).
";

const INPUT: &str = "\
`apiVersion: xcluster.fn.crossplane.io/v1beta1`, `kind: Input`. What the platform knows and an author need not: it stands
in the Composition, as the `input` of the function's step. All of it is optional.
[clusters/composition.yaml](../clusters/composition.yaml) has one. Messages write its fields as here, after `input.`
";

/// The whole page.
pub(super) fn page(cluster: &Schema, input: &Schema, notes: &[Note]) -> String {
    let mut text = format!("{INTRODUCTION}{}", rules(cluster));
    let mut part = |title: &str, about: &str, root: &str, schema: &Schema| {
        write!(text, "\n## {title}\n\n{about}\n").unwrap();
        text.push_str(&table(root, schema));
        text.push_str(&rules(schema));
        text.push_str(&entries(root, schema, notes, 3));
    };
    part("Spec", SPEC, "spec", cluster.field("spec"));
    part("Status", STATUS, "status", cluster.field("status"));
    part("Input", INPUT, "input", input);
    assert_anchors(&text);
    text
}

/// What every Kubernetes object has.
fn own(schema: &Schema) -> impl Iterator<Item = &(String, Schema)> {
    let of_kubernetes = ["apiVersion", "kind", "metadata"];
    let fields = schema.properties.0.iter();
    fields.filter(move |(name, _)| !of_kubernetes.contains(&name.as_str()))
}

/// The fields at the top, with the first sentence of each.
fn table(root: &str, schema: &Schema) -> String {
    let mut text = "| field | type | |\n|---|---|---|\n".to_owned();
    for (name, field) in own(schema) {
        let path = format!("{root}.{name}");
        let first = field.description.split(". ").next().unwrap();
        let kind = kind(field);
        let anchor = slug(&path);
        let first = first.trim_end_matches('.');
        writeln!(text, "| [`{name}`](#{anchor}) | {kind} | {first} |").unwrap();
    }
    text
}

/// An entry for each field below a place, parents first.
fn entries(root: &str, schema: &Schema, notes: &[Note], level: usize) -> String {
    let mut text = String::new();
    for (name, field) in own(schema) {
        let path = format!("{root}.{name}");
        let marks = "#".repeat(level);
        write!(text, "\n{marks} `{path}`\n\n").unwrap();
        let required = schema.required.contains(name);
        text.push_str(&entry(&path, field, required, notes));
        text.push_str(&entries(&path, field, notes, 4));
        let inside = [(&field.items, "[]"), (&field.additional_properties, "{}")];
        for (inner, mark) in inside {
            if let Some(inner) = inner {
                text.push_str(&entries(&format!("{path}{mark}"), inner, notes, 4));
            }
        }
    }
    text
}

/// What there is to say about one field.
pub(super) fn entry(path: &str, field: &Schema, required: bool, notes: &[Note]) -> String {
    assert!(!field.description.is_empty(), "{path} has no description");
    let description = field.description.trim_end_matches(" Cannot change.");
    let mut facts = vec![kind(field)];
    facts.extend(required.then(|| "required".to_owned()));
    if description != field.description {
        facts.push("cannot change".to_owned());
    }
    if let Some(default) = field
        .default
        .as_ref()
        .filter(|default| !default.is_object())
    {
        facts.push(format!("default `{default}`"));
    }
    let mut text = format!("*{}*\n\n{description}\n", facts.join(", "));
    let mut points = limits(field);
    for inner in [&field.items, &field.additional_properties]
        .into_iter()
        .flatten()
    {
        if inner.kind != "object" {
            let of_each = limits(inner);
            points.push(format!("Each: {}", inner.description));
            points.extend(of_each.into_iter().map(|limit| format!("Each: {limit}")));
        }
    }
    // An object in a list has no entry of its own.
    let inner = field.items.iter().chain(&field.additional_properties);
    let inner = inner.flat_map(|inner| &inner.rules);
    for rule in field.rules.iter().chain(inner) {
        points.push(format!("Rule: {}.", rule.message));
    }
    for note in notes.iter().filter(|note| note.field == path) {
        points.push(format!("On {}: {}.", note.cloud, note.note));
    }
    if !points.is_empty() {
        text.push('\n');
    }
    for point in points {
        writeln!(text, "- {point}").unwrap();
    }
    text
}

fn rules(schema: &Schema) -> String {
    let mut text = String::new();
    if !schema.rules.is_empty() {
        text.push_str("\nRules that span fields:\n\n");
    }
    for rule in &schema.rules {
        writeln!(text, "- {}.", rule.message).unwrap();
    }
    text
}

fn kind(schema: &Schema) -> String {
    if let Some(items) = &schema.items {
        return format!("list of {}s", items.kind);
    }
    if let Some(values) = &schema.additional_properties {
        return format!("map of {}s", values.kind);
    }
    schema.kind.clone()
}

/// What a value must be like, one sentence each.
fn limits(schema: &Schema) -> Vec<String> {
    let mut said = Vec::new();
    if !schema.choices.is_empty() {
        let choices: Vec<_> = schema
            .choices
            .iter()
            .map(|choice| format!("`{choice}`"))
            .collect();
        said.push(format!("One of {}.", choices.join(", ")));
    }
    said.extend(range(schema.minimum, schema.maximum, ""));
    said.extend(range(schema.min_length, schema.max_length, " characters"));
    said.extend(range(None, schema.max_items, " items"));
    said.extend(range(None, schema.max_properties, " entries"));
    if let Some(pattern) = &schema.pattern {
        said.push(format!("Matches `{pattern}`."));
    }
    match schema.list_type.as_deref() {
        Some("set") => said.push("None twice.".to_owned()),
        Some("map") => said.push(format!(
            "None with the same {} twice.",
            schema.keys.join(" and ")
        )),
        _ => {}
    }
    said
}

fn range(least: Option<i64>, most: Option<i64>, of: &str) -> Option<String> {
    match (least, most) {
        (Some(least), Some(most)) => Some(format!("{least} to {most}{of}.")),
        (Some(least), None) => Some(format!("At least {least}{of}.")),
        (None, Some(most)) => Some(format!("At most {most}{of}.")),
        (None, None) => None,
    }
}

/// What GitHub makes of a heading that is only a path.
fn slug(path: &str) -> String {
    let kept = path.chars().filter(char::is_ascii_alphanumeric);
    kept.collect::<String>().to_lowercase()
}

/// Each field has an anchor of its own.
fn assert_anchors(text: &str) {
    let mut seen = BTreeSet::new();
    for heading in text.lines().filter(|line| line.starts_with('#')) {
        assert!(
            seen.insert(slug(heading)),
            "{heading} has the anchor of another"
        );
    }
}
