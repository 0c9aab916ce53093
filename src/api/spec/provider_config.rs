//! The credentials of a provider.

use serde::Serialize;

use crate::api::{
    choice::ProviderConfigKind,
    defaults,
    draft::drafted,
    reader::{Object, Optional as _},
    rules,
};

drafted! {
    /// The provider's credentials for the account or project.
    #[derive(Clone, Debug, Serialize)]
    pub struct ProviderConfigRef, ProviderConfigRefDraft {
        /// `ClusterProviderConfig` or `ProviderConfig`; the claims scope has only the latter and
        /// ignores this.
        pub kind: ProviderConfigKind,
        /// Its name.
        pub name: String,
    }
}

pub(crate) fn provider_config_ref(mut object: Object<'_, '_>) -> ProviderConfigRefDraft {
    let draft = ProviderConfigRefDraft {
        kind: object
            .choice("kind")
            .default_to(defaults::PROVIDER_CONFIG_KIND),
        name: object
            .string_that("name", &rules::PROVIDER_CONFIG)
            .default_to(defaults::PROVIDER_CONFIG),
    };
    object.finish();
    draft
}
