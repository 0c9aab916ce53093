//! References from one managed resource to another.

use serde_json::{Map, Value, json};

use crate::{clouds::Clouds, object::text};

/// Resolves references as crossplane-runtime does: a value that is there stays, unless the policy
/// says `Always`.
pub(crate) fn resolve(object: &mut Value, clouds: &Clouds<'_>) -> Result<(), String> {
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
