//! Rules of `network`.

use crate::api::{defaults, spec::Spec, violation::Violations};

pub(super) fn network(spec: &Spec, violations: &Violations) {
    let named = spec.network.zone_names.len();
    if named == 1 {
        let fix = "name two or three: EKS and a node pool that survives a zone need them";
        violations.refuse("spec.network.zoneNames", "", "names a single zone", fix);
    }
    if named > 1 && named != spec.network.zones as usize && spec.network.zones != defaults::ZONES {
        let fix = format!("leave zones out or set it to {named}");
        violations.refuse("spec.network.zones", "", "does not match zoneNames", fix);
    }
}
