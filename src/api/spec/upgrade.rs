//! How a cluster gets to another version.

use serde::Serialize;

use crate::api::{
    choice::SupportType,
    defaults,
    draft::drafted,
    reader::{Object, Optional as _},
};

drafted! {
    /// How the cluster gets to another version.
    #[derive(Clone, Debug, Serialize)]
    #[serde(rename_all = "camelCase")]
    pub struct Upgrade, UpgradeDraft {
        /// Whether nothing begins that changes a version.
        pub paused: bool,
        /// How long the cloud supports the version that runs.
        pub support_type: SupportType,
        /// Whether nodes are replaced although a budget of Pods forbids it.
        pub force: bool,
    }
}

pub(super) fn upgrade(mut object: Object<'_, '_>) -> UpgradeDraft {
    let draft = UpgradeDraft {
        paused: object.boolean("paused", defaults::UPGRADE_PAUSED),
        support_type: object
            .choice("supportType")
            .default_to(defaults::SUPPORT_TYPE),
        force: object.boolean("force", defaults::UPGRADE_FORCE),
    };
    object.finish();
    draft
}
