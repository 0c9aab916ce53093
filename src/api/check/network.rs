//! Rules of `network`.

use crate::api::{
    asked::{Asked, Checked},
    defaults,
};

pub(super) fn zone_names(asked: &Asked<'_>) -> Checked {
    if asked.spec.network.zone_names.get()?.len() == 1 {
        let fix = "name two or three: EKS and a node pool that survives a zone need them";
        asked.refuse("spec.network.zoneNames", "", "names a single zone", fix);
    }
    Ok(())
}

pub(super) fn zones(asked: &Asked<'_>) -> Checked {
    let network = &asked.spec.network;
    let (named, zones) = (network.zone_names.get()?.len(), network.zones?);
    if named > 1 && named != zones as usize && zones != defaults::ZONES {
        let fix = format!("leave zones out or set it to {named}");
        asked.refuse("spec.network.zones", "", "does not match zoneNames", fix);
    }
    Ok(())
}
