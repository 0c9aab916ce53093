//! `xcluster plan OLD NEW`: what a changed Cluster would create, change and delete, and what that costs.

use std::path::Path;

use xcluster::{
    api::{prices::Book, spec::Spec},
    cloud::{change::Change, registry::Clouds},
    cost::{Report, bill::Sizes},
};

use super::{
    args::{Format, PlanArgs, PlanError},
    difference::{self, Cause, Costs, Difference},
    marks::Mark,
    settle::{self, Settled},
    show,
};
use crate::{
    cluster::{self, Cluster},
    cost::price_book,
    output::Output,
    support,
    table::Style,
};

/// Compares a cluster before and after a change.
pub(super) fn plan(args: &PlanArgs, new_file: &Path) -> Result<Output, PlanError> {
    let composition = args.prices.composition.as_deref();
    let raw = cluster::input(composition)?;
    let input = cluster::platform(raw.as_ref(), composition)?;
    let own = price_book(&args.prices)?;
    let books: Vec<&Book> = own.iter().chain(input.prices()).collect();
    let old = cluster::read(&args.old, args.scope, &input)?;
    let new = cluster::read(new_file, args.scope, &input)?;
    let identity = |cluster: &Cluster| {
        let text = |path| {
            cluster
                .composite
                .str_at(path)
                .unwrap_or_default()
                .to_owned()
        };
        (text("metadata.namespace"), text("metadata.name"))
    };
    if identity(&old) != identity(&new) {
        let (old, new) = (old.name, new.name);
        return Err(PlanError::TwoClusters { old, new });
    }
    let refused = |path: &Path| {
        let path = path.display().to_string();
        move |problem| PlanError::Refused { path, problem }
    };
    let service = input.traffic.get().ok().flatten();
    let host = service.and_then(|service| service.host.as_deref().ok());
    let before = settle::make(&old.composite, raw.as_ref(), host).map_err(refused(&args.old))?;
    let after = before.change(&new.composite).map_err(refused(new_file))?;
    let clouds = Clouds::ALL.billing();
    let report = |spec| {
        Report::with(
            spec,
            new.cloud,
            &clouds,
            books.iter().copied(),
            &Sizes::new(),
        )
    };
    let change = Change {
        cloud: new.cloud,
        old: &old.spec,
        new: &new.spec,
    };
    let difference = Difference {
        name: &new.name,
        change,
        steps: difference::steps(&before.objects(), &after.objects()),
        before: &before,
        after: &after,
        cause: Cause::Edit(Box::new(Costs {
            old: report(&old.spec),
            new: report(&new.spec),
        })),
        notes: notes(host, &change, &after),
    };
    let text = match args.output {
        Format::Text => show::text(&difference, Style::of_stdout()),
        Format::Json => show::pretty(&show::json(&difference)),
    };
    let loses = difference.marks().iter().any(Mark::is_loss);
    let over = |costs: &Costs<'_>| costs.new.verdict().0.holds() == Some(false);
    let holds = !loses && !difference.costs().is_some_and(over);
    let warning = support::warning(&new.name, &new.spec, &input, support::today());
    Ok(Output {
        text,
        warnings: warning.into_iter().collect(),
        holds,
        unanswered: Vec::new(),
    })
}

/// What was assumed, and what the files do not say.
fn notes(host: Option<&str>, change: &Change<'_>, after: &Settled) -> Vec<String> {
    let assumed = host
        .filter(|_| after.asked)
        .map(|host| format!("assumed: another cluster of {host} is active and Serving"));
    let weight = |spec: &Spec| spec.traffic.share().effective_weight();
    let unkept = host.is_none() && weight(change.old) != weight(change.new);
    let unkept = unkept.then(|| {
        "no record gets the new weight: the Input has no traffic.host; name the Composition that has it with \
         --composition"
            .to_owned()
    });
    let held_back = after.held_back.iter().cloned();
    assumed.into_iter().chain(unkept).chain(held_back).collect()
}
