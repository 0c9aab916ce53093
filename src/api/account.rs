//! The account or project that a cluster is in.

use super::{input::Input, spec::Spec};

/// The account or project: the spec's, else the platform's for the provider configuration.
pub fn account<'a>(spec: &'a Spec, input: &'a Input) -> Option<&'a str> {
    spec.account
        .as_deref()
        .or_else(|| known_account(spec, input))
}

/// The account or project that the platform names for the provider configuration.
pub fn known_account<'a>(spec: &Spec, input: &'a Input) -> Option<&'a str> {
    let known = input.accounts.get(&spec.provider_config_ref.name)?;
    known.get(&spec.provider).map(String::as_str)
}
