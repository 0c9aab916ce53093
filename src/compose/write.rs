//! Plans the cluster, passes it through the gate, and writes what comes out.

use super::{conditions, phase::Phase, response, status, versions::Versions};
use crate::{
    api::violation::printable,
    cloud::{
        interface::{Cloud, stages},
        registry::Clouds,
    },
    cost::Report,
    plan::{context::Cx, gate},
    registration, traffic,
    wire::{proto::v1::RunFunctionResponse, structpb::EncodeError},
};

/// Writes the answer for a sound cluster.
pub(super) fn write(
    clouds: Clouds,
    cloud: &dyn Cloud,
    cx: &Cx<'_>,
    rsp: &mut RunFunctionResponse,
) -> Result<(), EncodeError> {
    let registration = registration::registration(cloud, cx);
    let facts = cloud.facts(cx);
    let followers = cloud.followers(cx);
    let mut plan = stages(cloud, cx, registration.access());
    registration::register(cloud, cx, &mut plan, &registration, (&facts, &followers));
    for cloud in clouds.iter() {
        cloud.records(cx, &mut plan);
    }
    let outcomes = gate::decide(plan, cx.observed)?;

    let versions = Versions::new(cx, &facts, &followers);
    let ready = outcomes
        .iter()
        .all(|outcome| outcome.ready || !outcome.required);
    let last = cx.observed_composite.str_at("status.phase");
    let phase = Phase::next(last, ready, versions.are_changing());

    let cost = Report::new(
        cx.spec,
        cloud,
        &clouds.billing(),
        cx.input
            .traffic
            .as_ref()
            .filter(|_| cx.traffic.host.is_some()),
        cx.input.price_book.as_ref().map(|book| &book.prices),
    );
    let composite = status::composite(cloud, cx, &facts, &outcomes, phase, &versions, &cost)?;
    // After this nothing can fail: a Fatal answer must not carry half of another one.
    let all_ready = ready && response::earlier_are_ready(rsp, &outcomes, cx.observed);
    response::set_composite(rsp, composite, all_ready)?;
    rsp.conditions = conditions::conditions(&outcomes, cx.spec.mode, &registration, &versions);
    rsp.conditions
        .push(traffic::condition(cx.traffic, &outcomes, cx.observed));
    rsp.conditions.push(conditions::within_budget(&cost));
    if let Some(last) = last.filter(|last| *last != phase.name()) {
        let message = format!(
            "{} cluster {} is {} now, after {}",
            cx.spec.provider.name(),
            cx.names.argocd,
            phase.name(),
            printable(last)
        );
        response::normal(rsp, phase.name(), message);
    }
    let ttl = &cx.input.ttl;
    // Not `ready` alone: an upgrade or a new pool on a ready cluster goes on even when the circuit
    // breaker drops the events that would bring the next call. What waits for you can wait longer.
    let settled = phase == Phase::Ready
        && outcomes
            .iter()
            .all(|outcome| outcome.object.is_none() || outcome.waiting.is_none());
    let seconds = if settled {
        ttl.settled_seconds
    } else {
        ttl.waiting_seconds
    };
    response::set_ttl(rsp, seconds);
    response::set_resources(rsp, outcomes);
    Ok(())
}
