//! `accounts`, `allowedRegions` and `allowedMachineTypes`: what there is on each cloud.

use std::collections::BTreeMap;

use crate::{
    api::{
        provider::{Clouds, PerCloud},
        reader::Object,
        rules::{PROVIDER_CONFIG, TEXT},
    },
    wire::structpb::Value,
};

/// The account or project on each cloud that one provider configuration reaches.
pub type Account = PerCloud<String>;

pub(super) fn accounts(
    object: &mut Object<'_, '_>,
    clouds: Clouds<'_>,
) -> BTreeMap<String, Account> {
    let mut found = BTreeMap::new();
    for (path, name, value) in object.entries("accounts", 500) {
        if !(PROVIDER_CONFIG.holds)(&name) {
            object.violation(PROVIDER_CONFIG.broken(&path, Value::String(&name)));
        }
        let mut ids = object.child(path, value);
        let account = clouds.iter().filter_map(|cloud| {
            let id = ids.string_that(cloud.provider.name(), &TEXT)?;
            Some((cloud.provider, id))
        });
        found.insert(name, account.collect());
        ids.finish();
    }
    found
}

pub(super) fn per_cloud(mut object: Object<'_, '_>, clouds: Clouds<'_>) -> PerCloud<Vec<String>> {
    let lists = clouds.iter().map(|cloud| {
        let list = object.strings_that(cloud.provider.name(), 500, &TEXT);
        (cloud.provider, list)
    });
    let lists = lists.collect();
    object.finish();
    lists
}
