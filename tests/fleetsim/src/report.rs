//! The figures, as tables and as a chart.

use std::time::Duration;

use figures::{Canvas, Table};

use crate::record::{Lives, Phase, Record, WINDOW, quantile};

/// All tables of some simulations.
pub fn tables(records: &[Record]) -> Vec<Table> {
    let mut tables = vec![to_ready(records)];
    tables.extend(records.iter().map(phases));
    tables.push(breakers(records));
    tables.push(promises(records));
    tables
}

/// Median, 99th percentile and maximum.
fn spread(sorted: &[f64]) -> String {
    let [p50, p99, most] = [0.5, 0.99, 1.0].map(|share| quantile(sorted, share));
    format!("{p50:.0} / {p99:.0} / {most:.0}")
}

fn to_ready(records: &[Record]) -> Table {
    let header = [
        "clusters",
        "can be made",
        "Ready",
        "minutes",
        "reconciles",
        "calls",
        "tokens",
        "burst needed",
    ];
    let title = "From the creation until Ready: p50 / p99 / most of the clusters";
    let mut table = Table::new(title, &header);
    for record in records {
        for (cloud, lives) in &record.lives {
            let minutes: Vec<_> = lives.seconds.iter().map(|seconds| seconds / 60.0).collect();
            table.row([
                format!("{} of {} on {cloud}", lives.count, record.clusters),
                (lives.count - lives.broken).to_string(),
                lives.ready.to_string(),
                spread(&minutes),
                spread(&lives.reconciles),
                spread(&lives.calls),
                spread(&lives.tokens),
                spread(&lives.needed),
            ]);
        }
    }
    table
}

fn phases(record: &Record) -> Table {
    let header = [
        "phase",
        "minutes",
        "calls/s",
        "busiest 10 s",
        "wait p50, ms",
        "p99",
        "most",
        "cores",
        "busiest 10 s",
        "core's queue p99, s",
    ];
    let title = format!("{} clusters, by phase", record.clusters);
    let mut table = Table::new(title, &header);
    for phase in &record.phases {
        let (calls, cores) = phase.busiest();
        let wait = |share| milliseconds(phase.waits.value_at_quantile(share));
        table.row([
            phase.name.to_owned(),
            format!("{}", phase.takes().as_secs() / 60),
            format!("{:.1}", phase.rate()),
            format!("{calls:.0}"),
            wait(0.5),
            wait(0.99),
            milliseconds(phase.waits.max()),
            format!("{:.3}", phase.cores()),
            format!("{cores:.2}"),
            milliseconds(phase.queued.value_at_quantile(0.99)),
        ]);
    }
    table
}

/// Thousandths, from thousandths of them.
fn milliseconds(thousandths: u64) -> String {
    format!("{}.{:02}", thousandths / 1000, thousandths % 1000 / 10)
}

fn breakers(records: &[Record]) -> Table {
    let header = [
        "clusters",
        "opened",
        "the first, minute",
        "burst ever needed, p50 / p99 / most",
    ];
    let mut table = Table::new("Circuit breakers", &header);
    for record in records {
        for (
            cloud,
            Lives {
                count,
                opened,
                needed_ever,
                ..
            },
        ) in &record.lives
        {
            let first = opened
                .first()
                .map(|seconds| format!("{:.0}", seconds / 60.0));
            table.row([
                format!("{count} of {} on {cloud}", record.clusters),
                opened.len().to_string(),
                first.unwrap_or_else(|| "-".to_owned()),
                spread(needed_ever),
            ]);
        }
    }
    table
}

fn promises(records: &[Record]) -> Table {
    let header = [
        "clusters",
        "calls",
        "of them computed",
        "objects or fields lost",
    ];
    let mut table = Table::new("Calls, and what was checked after each", &header);
    for record in records {
        let (calls, made) = record.calls;
        table.row([
            record.clusters.to_string(),
            calls.to_string(),
            made.to_string(),
            // A simulation ends at the first.
            "0".to_owned(),
        ]);
    }
    table
}

const WIDTH: f64 = 764.0;
const LEFT: f64 = 60.0;
const RIGHT: f64 = 740.0;
const TOP: f64 = 60.0;
const FLOOR: f64 = 260.0;

/// Calls a second, minute by minute.
pub fn chart(record: &Record) -> String {
    let minutes: Vec<_> = record.phases.iter().flat_map(per_minute).collect();
    let most = minutes.iter().copied().fold(1.0, f64::max);
    let end = record.end().as_secs_f64() / 60.0;
    let x = |minute: f64| LEFT + (RIGHT - LEFT) * minute / end;
    let y = |rate: f64| FLOOR - (FLOOR - TOP) * rate / most;
    let mut canvas = Canvas::default();
    let title = format!(
        "Calls of the function a second, {} clusters",
        record.clusters
    );
    canvas.text("title", 16.0, 32.0, &title);
    canvas.line("axis", &[(LEFT, TOP), (LEFT, FLOOR), (RIGHT, FLOOR)]);
    canvas.text("small", 32.0, TOP + 5.0, &format!("{most:.0}"));
    canvas.text("small", 32.0, FLOOR + 4.0, "0");
    for phase in &record.phases {
        let from = x(phase.from.as_secs_f64() / 60.0);
        let to = x(phase.to.as_secs_f64() / 60.0);
        canvas.line("axis", &[(from, TOP), (from, FLOOR)]);
        canvas.text("small", f64::midpoint(from, to), FLOOR + 20.0, phase.name);
    }
    let mut points = Vec::new();
    let mut minute = 0.0;
    for rate in &minutes {
        points.push((x(minute), y(*rate)));
        minute += 1.0;
        points.push((x(minute), y(*rate)));
    }
    canvas.line("aws", &points);
    let description = "Calls a second in each simulated minute, by phase";
    canvas.finish(WIDTH, FLOOR + 40.0, &title, description)
}

fn per_minute(phase: &Phase) -> Vec<f64> {
    let minute = Duration::from_mins(1);
    let windows = usize::try_from(minute.as_secs() / WINDOW.as_secs()).unwrap_or(1);
    let minutes = usize::try_from(phase.takes().as_secs() / 60).unwrap_or(0);
    let rate = |at: usize| {
        let own = phase.windows.iter().skip(at * windows).take(windows);
        f64::from(own.map(|(calls, _)| calls).sum::<u32>()) / minute.as_secs_f64()
    };
    (0..minutes).map(rate).collect()
}
