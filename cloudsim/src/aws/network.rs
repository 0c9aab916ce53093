//! How the parts of a VPC belong together.

use crate::{
    clouds::Clouds,
    object::{field, name_of, reported, text, works},
    rules::Subject,
};
use serde_json::Value;

/// The VPC of a subnet.
pub(super) fn network_of<'a>(subnet: &str, clouds: &Clouds<'a>) -> Option<&'a str> {
    let mut subnets = clouds.all("Subnet");
    let found = subnets.find(|found| name_of(found) == subnet)?;
    Some(field(found, "vpcId"))
}

/// The NAT gateways in a VPC.
pub(super) fn gateways_in<'a>(
    network: &str,
    clouds: &Clouds<'a>,
) -> impl Iterator<Item = &'a Value> {
    let gateways = clouds.all("NATGateway");
    gateways.filter(move |gateway| network_of(field(gateway, "subnetId"), clouds) == Some(network))
}

/// What a NAT gateway needs: an address that no other one has, and an internet gateway.
pub(super) fn gateway_lacks(object: &Value, clouds: &Clouds<'_>) -> Option<String> {
    if has_gateway(object, clouds) {
        let address = field(object, "allocationId");
        return Some(format!(
            "operation error EC2: CreateNatGateway, api error Resource.AlreadyAssociated: Elastic IP \
             address [{address}] is already associated"
        ));
    }
    let network = network_of(field(object, "subnetId"), clouds);
    let mut gateways = clouds.all("InternetGateway").filter(|found| works(found));
    let none = !gateways.any(|gateway| Some(field(gateway, "vpcId")) == network);
    none.then(|| "Gateway.NotAttached: the VPC has no internet gateway".to_owned())
}

/// Whether another NAT gateway has the address: one that no object knows any more, for instance.
fn has_gateway(object: &Value, clouds: &Clouds<'_>) -> bool {
    let address = field(object, "allocationId");
    let mut gateways = clouds.all("NATGateway");
    gateways
        .any(|other| !reported(other, "id").is_empty() && field(other, "allocationId") == address)
}

/// Whether a private subnet reaches the internet. Nobody has added VPC endpoints.
pub(super) fn has_way_out(subnet: &str, clouds: &Clouds<'_>) -> bool {
    let associations = clouds.all("RouteTableAssociation").filter(|one| works(one));
    let mut tables = associations
        .filter(|one| field(one, "subnetId") == subnet)
        .map(|one| field(one, "routeTableId"));
    tables.any(|table| {
        let mut routes = clouds.all("Route").filter(|route| works(route));
        routes.any(|route| {
            field(route, "routeTableId") == table
                && clouds
                    .working("NATGateway", field(route, "natGatewayId"))
                    .is_some()
        })
    })
}

/// A route leads nowhere once its gateway is gone: EC2 lets go of a gateway that routes go through.
pub(super) fn report_route(subject: &Subject<'_>, at: &mut Value) {
    let gateway = text(at, "/natGatewayId");
    let mut gateways = subject.clouds.all("NATGateway");
    let is_there = gateway.is_empty() || gateways.any(|found| name_of(found) == gateway);
    let is_active = subject.ready && is_there;
    at["state"] = if is_active { "active" } else { "blackhole" }.into();
}
