//! Rules of `budget`.

use crate::api::{
    asked::{Asked, Checked},
    choice::Mode,
};

pub(super) fn pods(asked: &Asked<'_>) -> Checked {
    if asked.mode()? == Mode::Standard && asked.spec.budget.pods.get()?.is_some() {
        asked.refuse(
            "spec.budget.pods",
            "",
            "is there in mode standard, where nodePools say what is paid for",
            "remove it; it is for mode auto",
        );
    }
    Ok(())
}
