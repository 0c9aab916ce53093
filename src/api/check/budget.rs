//! Rules of `budget`.

use crate::api::{choice::Mode, spec::Spec, violation::Violations};

pub(super) fn budget(spec: &Spec, violations: &Violations) {
    if spec.mode == Mode::Standard && spec.budget.pods.is_some() {
        violations.refuse(
            "spec.budget.pods",
            "",
            "is there in mode standard, where nodePools say what is paid for",
            "remove it; it is for mode auto",
        );
    }
}
