//! Names and labels, for which GCP has rules of its own.

use crate::api::{
    asked::{Asked, Checked},
    rules::is_label,
};

pub(super) fn cluster(asked: &Asked<'_>) -> Checked {
    let name = asked.spec.cloud_name.as_ref()?.as_ref();
    if let Some(name) = name.filter(|name| !is_label(name, 40)) {
        let fix = "use at most 40 lower-case letters, digits and hyphens, starting with a letter";
        asked.refuse("spec.cloudName", name, "is not a GKE cluster name", fix);
    }
    Ok(())
}

pub(super) fn environment(asked: &Asked<'_>) -> Checked {
    let environment = asked.spec.environment.as_ref()?;
    if !is_label_value(environment) {
        let problem = "is not a GCP label value";
        asked.refuse("spec.environment", environment, problem, "shorten it");
    }
    Ok(())
}

pub(super) fn tags(asked: &Asked<'_>) -> Checked {
    for (key, value) in asked.spec.tags.get()? {
        let Ok(value) = value else { continue };
        let (text, problem, fix) = if !is_label_key(key) || key == "pool" {
            let fix = "use at most 63 lower-case letters, digits, '-' and '_', starting with a letter, and not \"pool\"";
            (key, "is not a GCP label key", fix)
        } else if !is_label_value(value) {
            let fix = "use at most 63 lower-case letters, digits, '-' and '_'";
            (value, "is not a GCP label value", fix)
        } else {
            continue;
        };
        asked.refuse(format!("spec.tags[{key}]"), text, problem, fix);
    }
    Ok(())
}

fn is_label_value(text: &str) -> bool {
    text.len() <= 63
        && text
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'-' | b'_'))
}

fn is_label_key(text: &str) -> bool {
    is_label_value(text) && text.starts_with(|c: char| c.is_ascii_lowercase())
}
