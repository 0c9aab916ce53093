//! `accounts`, `allowedRegions` and `allowedMachineTypes`: what there is on each cloud.

use crate::{
    api::{
        draft::{Entries, Field, Items, Unsound},
        provider::{Clouds, PerCloud, Provider},
        reader::Object,
        rules::{PROVIDER_CONFIG, TEXT},
    },
    wire::structpb::Value,
};

/// The account or project on each cloud that one provider configuration reaches.
pub type Account = PerCloud<String>;

type AccountDraft = Entries<Provider, Field<String>>;

pub(super) fn accounts(
    object: &mut Object<'_, '_>,
    clouds: Clouds<'_>,
) -> Entries<String, AccountDraft> {
    Entries(object.entries("accounts", 500).map(|entries| {
        let read = entries.into_iter().map(|(path, name, value)| {
            let is_name = (PROVIDER_CONFIG.holds)(&name);
            if !is_name {
                object.violation(PROVIDER_CONFIG.broken(&path, Value::String(&name)));
            }
            let ids = account(object.child(path, value), clouds);
            (name, if is_name { ids } else { Entries(Err(Unsound)) })
        });
        read.collect()
    }))
}

fn account(mut object: Object<'_, '_>, clouds: Clouds<'_>) -> AccountDraft {
    let ids = clouds.iter().filter_map(|cloud| {
        let id = object.string_that(cloud.provider.name(), &TEXT);
        Some((cloud.provider, id.transpose()?))
    });
    let ids = ids.collect();
    object.finish();
    Entries(Ok(ids))
}

pub(super) fn per_cloud(
    mut object: Object<'_, '_>,
    clouds: Clouds<'_>,
) -> Entries<Provider, Items<Field<String>>> {
    let lists = clouds.iter().map(|cloud| {
        let list = object.strings_that(cloud.provider.name(), 500, &TEXT);
        (cloud.provider, list)
    });
    let lists = lists.collect();
    object.finish();
    Entries(Ok(lists))
}
