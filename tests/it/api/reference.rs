//! `docs/api.md`: every field of the XRD and of the Input, written from their schemas.
//!
//! `make golden` (`UPDATE_GOLDEN=1 cargo test --test it api`) rewrites it.

mod page;
mod parity;
mod schema;

use super::schema::{INPUT, SOURCE};
use test_support::golden::assert_agrees;

use crate::support::cases::text;

const PAGE: &str = "docs/api.md";

#[test]
fn the_reference_says_what_the_schemas_say() {
    let wanted = page::page(
        &schema::read(SOURCE),
        &schema::read(INPUT),
        &parity::notes(),
    );
    assert_agrees(PAGE, &wanted);
}

/// The notes of the code that no example brings out would be missing from the page.
#[test]
fn the_reference_has_every_note_on_parity() {
    let notes = parity::notes();
    for cloud in ["aws", "gcp"] {
        let source = text(&format!("src/cloud/{cloud}/parity.rs"));
        let said: Vec<_> = source.lines().filter_map(sentence).collect();
        assert!(said.len() > 3, "{cloud}: {said:?}");
        for note in said {
            let known = notes.iter().any(|known| known.note == note);
            assert!(known, "{cloud}: no example brings out {note:?}");
        }
    }
}

/// A line of code that is one text, or ends in one as the second argument of a call.
fn sentence(line: &str) -> Option<&str> {
    let line = line.trim().trim_end_matches([',', ';', ')']);
    let text = line.strip_suffix('"')?;
    let (_, text) = text.rsplit_once('"')?;
    (!line.starts_with("//") && text.split(' ').count() > 2).then_some(text)
}

#[test]
fn a_field_without_description_does_not_get_into_the_reference() {
    let mute = schema::Schema {
        kind: "string".to_owned(),
        ..schema::Schema::default()
    };
    let result = std::panic::catch_unwind(|| page::entry("spec.mute", &mute, false, &[]));
    assert!(result.is_err());
}
