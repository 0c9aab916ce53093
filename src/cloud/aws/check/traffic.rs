//! Where the service's callers are sent.

use crate::{
    api::asked::{Asked, Checked},
    cloud::aws::identifiers::partition,
};

pub(super) fn address(asked: &Asked<'_>) -> Checked {
    let region = asked.region()?;
    let address = asked.spec.traffic.address.as_ref()?.as_ref();
    if let Some(address) = address.filter(|it| !is_load_balancer(it, region)) {
        let fix = format!(
            "use the host name that the Ingress reports, which ends in .{}",
            load_balancer_domains(region).join(" or .")
        );
        let problem = "is not a load balancer of the cluster's region";
        asked.refuse("spec.traffic.address", address, problem, fix);
    }
    Ok(())
}

/// The domains of load balancers: of application and classic ones, then of network ones (AWS General
/// Reference, Elastic Load Balancing endpoints).
fn load_balancer_domains(region: &str) -> [String; 2] {
    let domain = match partition(region) {
        "aws-cn" => "amazonaws.com.cn",
        "aws-eusc" => "amazonaws.eu",
        _ => "amazonaws.com",
    };
    [
        format!("{region}.elb.{domain}"),
        format!("elb.{region}.{domain}"),
    ]
}

/// Whether a host name is one that AWS gives to load balancers. Any other one would send the service's
/// traffic to whoever an author names.
fn is_load_balancer(host: &str, region: &str) -> bool {
    let domains = load_balancer_domains(region);
    let mut names = domains
        .iter()
        .filter_map(|domain| host.strip_suffix(domain.as_str()));
    names.any(|name| name.len() > 1 && name.ends_with('.'))
}
