//! References from one managed resource to another.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use crate::{clouds::Clouds, object::text};

/// Resolves references as crossplane-runtime does: a value that is there stays, unless the policy
/// says `Always`.
///
/// What it resolves it applies, and only what is new of it. So a field that it applied before and that is not new goes
/// (crossplane-runtime#655, seen with its own code), unless the composite's author of the object sends it, too, which
/// then stands there again after the next reconcile. `resolved` has the fields that it applied last.
pub(crate) fn resolve(
    object: &mut Value,
    resolved: &mut BTreeSet<String>,
    clouds: &Clouds<'_>,
) -> Result<(), String> {
    let mut after = object.clone();
    resolve_all(&mut after, clouds)?;
    let mut new = BTreeSet::new();
    changed(object, &after, "", &mut new);
    if !new.is_empty() {
        for path in resolved.difference(&new) {
            remove(&mut after, path);
        }
        *resolved = new;
        *object = after;
    }
    Ok(())
}

/// The paths of the fields that differ.
fn changed(before: &Value, after: &Value, at: &str, found: &mut BTreeSet<String>) {
    for (field, value) in after.as_object().into_iter().flatten() {
        let path = format!("{at}/{field}");
        match &before[field] {
            had if had == value => {}
            had if had.is_object() => changed(had, value, &path, found),
            _ => {
                found.insert(path);
            }
        }
    }
}

fn remove(object: &mut Value, path: &str) {
    let (parent, field) = path.rsplit_once('/').unwrap_or_default();
    let parent = object.pointer_mut(parent).and_then(Value::as_object_mut);
    parent.and_then(|fields| fields.remove(field));
}

fn resolve_all(object: &mut Value, clouds: &Clouds<'_>) -> Result<(), String> {
    let from = json!({
        "apiVersion": object["apiVersion"],
        "metadata": {"namespace": object["metadata"]["namespace"]},
    });
    for part in ["/spec/forProvider", "/spec/initProvider"] {
        let fields = object.pointer_mut(part).and_then(Value::as_object_mut);
        fields.map_or(Ok(()), |fields| walk(&from, fields, clouds))?;
    }
    Ok(())
}

fn walk(from: &Value, fields: &mut Map<String, Value>, clouds: &Clouds<'_>) -> Result<(), String> {
    let is_reference = |field: &str| field.ends_with("Ref") || field.ends_with("Refs");
    let references = fields.iter().filter(|(field, _)| is_reference(field));
    let references: Vec<_> = references
        .map(|(field, value)| (field.clone(), value.clone()))
        .collect();
    for (field, value) in references {
        if let Some(target) = field.strip_suffix("Refs") {
            let target = format!("{target}s");
            let mut refs = value.as_array().into_iter().flatten();
            let always = refs.any(|one| text(one, "/policy/resolve") == "Always");
            if always || fields.get(&target).is_none() {
                let refs = value.as_array().into_iter().flatten();
                let found = refs.map(|one| clouds.value_of(from, &target, one));
                let found = found.collect::<Result<Vec<_>, _>>()?;
                fields.insert(target, found.into());
            }
        } else if let Some(target) = field.strip_suffix("Ref") {
            let always = text(&value, "/policy/resolve") == "Always";
            if always || fields.get(target).is_none() {
                let found = clouds.value_of(from, target, &value)?;
                fields.insert(target.to_owned(), found.into());
            }
        }
    }
    for (field, value) in fields.iter_mut() {
        if let Value::Object(nested) = value
            && !is_reference(field)
        {
            walk(from, nested, clouds)?;
        }
    }
    Ok(())
}
