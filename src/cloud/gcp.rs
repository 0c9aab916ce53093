//! Google Cloud: an XCluster as GKE.

mod access;
mod addons;
mod api;
mod check;
mod cluster;
mod cost;
mod disks;
mod endpoint;
mod facts;
mod followers;
mod identifiers;
mod identity;
mod ingress;
mod keys;
mod login;
mod machines;
mod maintenance;
mod network;
mod nodes;
mod parity;
mod protection;
mod regions;
mod unchanged;
mod zones;

use crate::{
    api::{
        asked::{Asked, Checked},
        choice::AuthMode,
        draft::Field,
        input::Service,
        provider::{Known, MachineNames, Provider},
        spec::{NodePool, NodePoolDraft, Spec},
    },
    cloud::{
        access::ArgoCdAccess,
        effects::{Loss, Replacement},
        facts::{Facts, Followers, Parity},
        interface::{Cloud, cloud_of_folder},
        login::{Login, LoginBefore},
        pools::PoolZones,
        sizes::Machines,
        unchanged::Unchanged,
    },
    cost::{Area, Billing, bill::Bill},
    plan::{composed::Plan, context::Cx, key::Key, observed::Observed},
    wire::structpb::Struct,
};

/// Google Cloud.
pub struct Gcp;

impl Billing for Gcp {
    fn provider(&self) -> Provider {
        Provider::GCP
    }

    fn areas(&self) -> &'static [(&'static str, Area)] {
        regions::AREAS
    }

    fn bill<'a>(&self, spec: &'a Spec, bill: &mut Bill<'a, '_>) {
        cost::bill(spec, bill);
    }

    fn bill_records(&self, _: &Service, _: &mut Bill<'_, '_>) {}
}

cloud_of_folder!(Gcp {
    fn known(&self) -> Known {
        Known {
            provider: Provider::GCP,
            machine_types: MachineNames::One,
            disk_types: disks::TYPES,
            auth_modes: login::MODES,
        }
    }

    fn records(&self, _: &Cx<'_>, _: &mut Plan) {}

    fn records_unchanged(&self, _: &Unchanged<'_>) -> Checked {
        Ok(())
    }
});
