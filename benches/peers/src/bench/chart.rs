//! The chart: what a settled call costs, and how that grows with pools; light and dark.

use figures::Canvas;

use crate::{pools::Growth, report::Report, rounds::Measured};

const WIDTH: f64 = 764.0;
const LEFT: f64 = 180.0;
const RIGHT: f64 = 660.0;
const BAR: f64 = 22.0;

/// Draws it.
pub(crate) fn draw(report: &Report) -> String {
    let mut canvas = Canvas::default();
    let mut y = 16.0;
    for (case, measured) in report.cases.iter().filter(|(case, _)| case.settled) {
        y = bars(&mut canvas, y, &case.name, measured);
    }
    if !report.growth.is_empty() {
        y = lines(&mut canvas, y, &report.growth);
    }
    let title = "CPU time of a call for a settled cluster";
    canvas.finish(WIDTH, y, title, &report.machine.sentence())
}

/// A bar for each peer; the longest is as long as there is room.
fn bars(canvas: &mut Canvas, top: f64, title: &str, measured: &[Measured]) -> f64 {
    let most = measured.iter().map(|one| one.cpu.median());
    let most = most.fold(1.0, f64::max);
    let mut y = top + 24.0;
    canvas.text("title", 16.0, y, &format!("{title}: CPU per call"));
    for one in measured {
        y += BAR + 6.0;
        let cpu = one.cpu.median();
        let (width, text) = ((RIGHT - LEFT) * cpu / most, y - 6.0);
        let class = if one.peer == crate::Peer::Ours {
            "ours"
        } else {
            "other"
        };
        canvas.text("name", LEFT - 10.0, text, &one.peer.to_string());
        canvas.put(&format!(
            "<rect class=\"{class}\" x=\"{LEFT}\" y=\"{}\" width=\"{width:.1}\" height=\"{BAR}\" rx=\"3\"/>",
            y - BAR
        ));
        let label = format!("{:.2} ms", cpu / 1e3);
        canvas.text("figure", LEFT + width + 8.0, text, &label);
    }
    y + 18.0
}

/// A line for each example, from no pools to the most.
fn lines(canvas: &mut Canvas, top: f64, growth: &[Growth]) -> f64 {
    const HEIGHT: f64 = 180.0;
    let costs: Vec<_> = growth.iter().map(Growth::costs).collect();
    let largest = |value: fn(&(f64, f64)) -> f64| {
        let all = costs.iter().flatten().map(value);
        all.fold(1.0, f64::max)
    };
    let (pools, most) = (largest(|point| point.0), largest(|point| point.1));
    let (from, floor) = (top + 44.0, top + 44.0 + HEIGHT);
    let x = |count: f64| 60.0 + (RIGHT - 60.0) * count / pools;
    let y = |cost: f64| floor - HEIGHT * cost / most;
    let title = "The function alone: CPU per call by number of pools";
    canvas.text("title", 16.0, top + 24.0, title);
    canvas.line("axis", &[(60.0, from), (60.0, floor), (RIGHT, floor)]);
    canvas.text("small", 32.0, from + 5.0, &format!("{:.1} ms", most / 1e3));
    canvas.text("small", 32.0, floor + 4.0, "0");
    for (count, _) in costs.first().into_iter().flatten() {
        canvas.text("small", x(*count), floor + 18.0, &count.to_string());
    }
    for (class, (growth, costs)) in ["aws", "gcp"].into_iter().zip(growth.iter().zip(&costs)) {
        let points: Vec<_> = costs
            .iter()
            .map(|(count, cost)| (x(*count), y(*cost)))
            .collect();
        canvas.line(class, &points);
        let last = costs.last().map_or(floor, |(_, cost)| y(*cost));
        canvas.text("figure", RIGHT + 8.0, last + 5.0, growth.example);
    }
    floor + 34.0
}
