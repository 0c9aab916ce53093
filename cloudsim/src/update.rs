//! What a provider does with a difference between a managed resource and the cloud's object.

use serde_json::{Map, Value};

use crate::{
    Thing, apply,
    clouds::Clouds,
    rules::{Kind, Upgrade},
};

/// Brings the cloud's object to what `forProvider` says. Whether it differed.
pub(crate) fn update(
    kind: &Kind,
    object: &Value,
    thing: &mut Thing,
    clouds: &Clouds<'_>,
) -> Result<bool, String> {
    let wanted = mirror(&object["spec"]["forProvider"]);
    let had = thing.at.clone();
    if had.get("id").is_some() {
        for path in kind.fixed {
            if had.pointer(path) != wanted.pointer(path) {
                return Err(needs_replacement(path));
            }
        }
        for path in kind.fixed_if_sent {
            let wanted = wanted.pointer(path);
            if wanted.is_some_and(|wanted| had.pointer(path) != Some(wanted)) {
                return Err(needs_replacement(path));
            }
        }
        if let Some(problem) = (kind.refuses_change)(&had, &wanted) {
            return Err(format!("update failed: {problem}"));
        }
    }
    let mut now = had.clone();
    for field in ["tags", "labels", "resourceLabels", "taint"] {
        if let Some(now) = now.as_object_mut() {
            now.remove(field);
        }
    }
    apply::set(&mut now, &wanted);
    // A version does not jump.
    if let Some(version) = had.get("version") {
        now["version"] = version.clone();
    }
    // Neither do bounds: the cloud takes a tick.
    let bounds = "scalingConfig";
    thing.scaling = !thing.scaling
        && had.get("id").is_some()
        && wanted
            .get(bounds)
            .is_some_and(|wanted| had.get(bounds) != Some(wanted));
    if thing.scaling {
        now[bounds] = had[bounds].clone();
    }
    let unasked = |path: &&&str| had.pointer(path).is_some() && wanted.pointer(path).is_none();
    let changed = had.get("id").is_none()
        || wanted != mirrored(&had, &wanted)
        || kind.strict.iter().any(|path| unasked(&path));
    (kind.answers)(object, clouds, &had, &mut now);
    thing.at = now;
    match (kind.upgrade)(object, &thing.at, clouds) {
        Upgrade::None => thing.busy = 0,
        Upgrade::Refused(problem) => return Err(format!("update failed: {problem}")),
        Upgrade::To(ticks) if thing.busy == 0 => thing.busy = ticks + 1,
        Upgrade::To(_) => {}
    }
    if thing.busy > 0 {
        thing.busy -= 1;
        if thing.busy == 0 {
            thing.at["version"] = object["spec"]["forProvider"]["version"].clone();
        }
    }
    Ok(changed)
}

fn needs_replacement(path: &str) -> String {
    format!(
        "refuse to update the external resource because the following update requires replacing it: \
         {path}"
    )
}

/// The part of `had` that `wanted` speaks of.
fn mirrored(had: &Value, wanted: &Value) -> Value {
    match (had, wanted) {
        (Value::Object(had), Value::Object(wanted)) => wanted
            .iter()
            .map(|(field, value)| {
                let had = had.get(field).unwrap_or(&Value::Null);
                (field.clone(), mirrored(had, value))
            })
            .collect::<Map<_, _>>()
            .into(),
        _ => had.clone(),
    }
}

/// `forProvider` as `atProvider` has it: without references.
pub(crate) fn mirror(for_provider: &Value) -> Value {
    let Value::Object(fields) = for_provider else {
        return for_provider.clone();
    };
    let kept = fields.iter().filter(|(field, value)| {
        let refers = field.ends_with("Ref") || field.ends_with("Refs");
        !refers || !(value.get("name").is_some() || value.is_array())
    });
    kept.map(|(field, value)| (field.clone(), mirror(value)))
        .collect::<Map<_, _>>()
        .into()
}
