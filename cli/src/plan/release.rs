//! `xcluster plan --with`: what another release of the function would do to clusters.
//!
//! This release composes each cluster until it asks for nothing new, in a world where everything succeeds at once. Then the
//! other one composes it. What differs afterwards is what that release would do.

use std::{
    path::Path,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::Duration,
};

use xcluster::{
    api::{input::InputDraft, violation::summary},
    cloud::{change::Change, registry::Clouds},
    compose::read_spec,
    wire::structpb::Struct,
};

use super::{
    args::{Format, PlanArgs, PlanError},
    difference::{self, Cause, Difference},
    fleet::{self, Member},
    marks::Mark,
    other::Other,
    outcome::{Fleet, Outcome, Page},
    settle, show,
};
use crate::{cluster, output::Output, table::Style};

/// What both releases are given.
struct Platform<'a> {
    raw: Option<&'a Struct>,
    input: &'a InputDraft,
    host: Option<&'a str>,
}

/// Compares all clusters of a dump.
pub(super) fn plan(args: &PlanArgs, program: &Path) -> Result<Output, PlanError> {
    let composition = args.prices.composition.as_deref();
    let raw = cluster::input(composition)?;
    let input = cluster::platform(raw.as_ref(), composition)?;
    let service = input.traffic.get().ok().flatten();
    let platform = Platform {
        raw: raw.as_ref(),
        input: &input,
        host: service.and_then(|service| service.host.as_deref().ok()),
    };
    let members = fleet::read(&args.old, args.scope)?;
    let other = Arc::new(Other::start(
        program,
        Duration::from_secs(args.answer_within),
    )?);
    let (going, members): (Vec<_>, Vec<_>) = members.into_iter().partition(|it| it.is_going);
    let outcomes = all(&members, &platform, &other);
    if let Some(failure) = other.failure() {
        return Err(failure.into());
    }
    let fleet = Fleet {
        other: other.name(),
        clusters: members.iter().zip(outcomes).collect(),
        going: going.iter().map(|it| it.name.as_str()).collect(),
    };
    let text = match args.output {
        Format::Text => fleet.text(Style::of_stdout()),
        Format::Json => show::pretty(&fleet.json()),
    };
    Ok(Output {
        text,
        warnings: Vec::new(),
        holds: fleet.holds(),
        unanswered: fleet.unknown(),
    })
}

/// What becomes of each cluster, with as many at once as there are processors.
fn all(members: &[Member], platform: &Platform<'_>, other: &Arc<Other>) -> Vec<Outcome> {
    let next = AtomicUsize::new(0);
    let done = Mutex::new(Vec::new());
    let work = || {
        while let Some((at, member)) = {
            let at = next.fetch_add(1, Ordering::Relaxed);
            members.get(at).map(|member| (at, member))
        } {
            let outcome = one(member, platform, other);
            let mut done = done.lock().unwrap_or_else(PoisonError::into_inner);
            done.push((at, outcome));
        }
    };
    let threads = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        for _ in 0..threads.min(members.len()) {
            scope.spawn(work);
        }
    });
    let mut done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    done.sort_by_key(|(at, _)| *at);
    done.into_iter().map(|(_, outcome)| outcome).collect()
}

fn one(member: &Member, platform: &Platform<'_>, other: &Arc<Other>) -> Outcome {
    let read = read_spec(Clouds::ALL, &member.composite, platform.input);
    let (spec, cloud) = match read {
        Ok(read) => read,
        Err(found) => return Outcome::Unknown(summary(found)),
    };
    let before = match settle::make(&member.composite, platform.raw, platform.host) {
        Ok(before) => before,
        Err(problem) => return Outcome::Unknown(problem),
    };
    let (function, name) = (Arc::clone(other), member.name.clone());
    let after = match before.by(move |request| function.compose(&name, request)) {
        Ok(after) => after,
        Err(problem) => return Outcome::Failed(problem),
    };
    let steps = difference::steps(&before.objects(), &after.objects());
    let difference = Difference {
        name: &member.name,
        change: Change {
            cloud,
            old: &spec,
            new: &spec,
        },
        steps,
        before: &before,
        after: &after,
        cause: Cause::Release,
        notes: Vec::new(),
    };
    let marks = difference.marks();
    if difference.steps.is_empty() && marks.is_empty() {
        return Outcome::Same;
    }
    Outcome::Differs(Page {
        text: show::text(&difference, Style::of_stdout()),
        json: show::json(&difference),
        counts: difference.counts(),
        stops: marks.iter().any(Mark::stops_a_release),
    })
}
