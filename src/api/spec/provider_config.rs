//! The credentials of a provider.

use serde::Serialize;

use crate::api::{choice::ProviderConfigKind, defaults, reader::Object, rules};

/// The provider's credentials for the account or project.
#[derive(Clone, Debug, Serialize)]
pub struct ProviderConfigRef {
    /// `ClusterProviderConfig` or `ProviderConfig`; the claims scope has only the latter and
    /// ignores this.
    pub kind: ProviderConfigKind,
    /// Its name.
    pub name: String,
}

pub(crate) fn provider_config_ref(mut object: Object<'_, '_>) -> ProviderConfigRef {
    let name = object.string_that("name", &rules::PROVIDER_CONFIG);
    let kind = object.choice("kind");
    object.finish();
    ProviderConfigRef {
        kind: kind.unwrap_or(defaults::PROVIDER_CONFIG_KIND),
        name: name.unwrap_or_else(|| defaults::PROVIDER_CONFIG.to_owned()),
    }
}
