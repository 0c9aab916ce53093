//! Amazon Web Services: an XCluster as EKS.

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
mod route53;
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

/// Amazon Web Services.
pub struct Aws;

impl Billing for Aws {
    fn provider(&self) -> Provider {
        Provider::AWS
    }

    fn areas(&self) -> &'static [(&'static str, Area)] {
        regions::AREAS
    }

    fn bill<'a>(&self, spec: &'a Spec, bill: &mut Bill<'a, '_>) {
        cost::bill(spec, bill);
    }

    fn bill_records(&self, service: &Service, bill: &mut Bill<'_, '_>) {
        route53::bill(service, bill);
    }
}

cloud_of_folder!(Aws {
    fn known(&self) -> Known {
        Known {
            provider: Provider::AWS,
            machine_types: MachineNames::Several(10),
            disk_types: disks::TYPES,
            auth_modes: login::MODES,
        }
    }

    fn records(&self, cx: &Cx<'_>, plan: &mut Plan) {
        route53::records(cx, plan);
    }

    fn records_unchanged(&self, unchanged: &Unchanged<'_>) -> Checked {
        route53::unchanged(unchanged)
    }
});
