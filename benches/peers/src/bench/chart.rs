//! The chart: what a settled call costs, and how that grows with pools; light and dark.

use std::fmt::Write;

use crate::{pools::Growth, report::Report, rounds::Measured};

const WIDTH: f64 = 764.0;
const LEFT: f64 = 180.0;
const RIGHT: f64 = 660.0;
const BAR: f64 = 22.0;

const STYLE: &str = "\
  <style>
    .page { fill: #ffffff; }
    .title { fill: #14181d; font-size: 17px; font-weight: 600; }
    .name { fill: #14181d; font-size: 15px; text-anchor: end; }
    .figure { fill: #4b545e; font-size: 14px; }
    .small { fill: #4b545e; font-size: 13px; text-anchor: middle; }
    .axis { stroke: #b6bec9; fill: none; }
    .other { fill: #b6bec9; }
    .ours { fill: #1f5fbf; }
    .aws, .gcp { fill: none; stroke-width: 2.5; }
    .aws { stroke: #1f5fbf; }
    .gcp { stroke: #a34e00; stroke-dasharray: 7 4; }
    @media (prefers-color-scheme: dark) {
      .page { fill: #0d1117; }
      .title, .name { fill: #f0f3f6; }
      .figure, .small { fill: #b1bac4; }
      .axis { stroke: #444c56; }
      .other { fill: #6e7681; }
      .ours { fill: #79b0ff; }
      .aws { stroke: #79b0ff; }
      .gcp { stroke: #f0a35e; }
    }
  </style>
";

/// Draws it.
pub(crate) fn draw(report: &Report) -> String {
    let mut parts = String::new();
    let mut y = 16.0;
    for (case, measured) in report.cases.iter().filter(|(case, _)| case.settled) {
        y = bars(&mut parts, y, &case.name, measured);
    }
    if !report.growth.is_empty() {
        y = lines(&mut parts, y, &report.growth);
    }
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {y}\" role=\"img\" aria-labelledby=\"title desc\"\n  \
         font-family=\"system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', Arial, sans-serif\">\n  \
         <title id=\"title\">CPU time of a call for a settled cluster</title>\n  \
         <desc id=\"desc\">{}</desc>\n{STYLE}  <rect class=\"page\" width=\"{WIDTH}\" height=\"{y}\"/>\n{parts}</svg>\n",
        report.machine.sentence()
    )
}

/// A bar for each peer; the longest is as long as there is room.
fn bars(parts: &mut String, top: f64, title: &str, measured: &[Measured]) -> f64 {
    let most = measured.iter().map(|one| one.cpu.median());
    let most = most.fold(1.0, f64::max);
    let mut y = top + 24.0;
    put(
        parts,
        &format!("<text class=\"title\" x=\"16\" y=\"{y}\">{title}: CPU per call</text>"),
    );
    for one in measured {
        y += BAR + 6.0;
        let cpu = one.cpu.median();
        let (width, text) = ((RIGHT - LEFT) * cpu / most, y - 6.0);
        let class = if one.peer == crate::Peer::Ours {
            "ours"
        } else {
            "other"
        };
        put(
            parts,
            &format!(
                "<text class=\"name\" x=\"{}\" y=\"{text}\">{}</text>",
                LEFT - 10.0,
                one.peer
            ),
        );
        put(
            parts,
            &format!(
                "<rect class=\"{class}\" x=\"{LEFT}\" y=\"{}\" width=\"{width:.1}\" height=\"{BAR}\" rx=\"3\"/>",
                y - BAR
            ),
        );
        put(
            parts,
            &format!(
                "<text class=\"figure\" x=\"{:.1}\" y=\"{text}\">{:.2} ms</text>",
                LEFT + width + 8.0,
                cpu / 1e3
            ),
        );
    }
    y + 18.0
}

/// A line for each example, from no pools to the most.
fn lines(parts: &mut String, top: f64, growth: &[Growth]) -> f64 {
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
    let title = top + 24.0;
    put(
        parts,
        &format!(
            "<text class=\"title\" x=\"16\" y=\"{title}\">The function alone: CPU per call by number of pools</text>"
        ),
    );
    put(
        parts,
        &format!("<path class=\"axis\" d=\"M60 {from} L60 {floor} L{RIGHT} {floor}\"/>"),
    );
    put(
        parts,
        &format!(
            "<text class=\"small\" x=\"32\" y=\"{:.1}\">{:.1} ms</text>",
            from + 5.0,
            most / 1e3
        ),
    );
    put(
        parts,
        &format!(
            "<text class=\"small\" x=\"32\" y=\"{:.1}\">0</text>",
            floor + 4.0
        ),
    );
    for (count, _) in costs.first().into_iter().flatten() {
        put(
            parts,
            &format!(
                "<text class=\"small\" x=\"{:.1}\" y=\"{:.1}\">{count}</text>",
                x(*count),
                floor + 18.0
            ),
        );
    }
    for (class, (growth, costs)) in ["aws", "gcp"].into_iter().zip(growth.iter().zip(&costs)) {
        let points: Vec<_> = costs
            .iter()
            .map(|(count, cost)| format!("{:.1} {:.1}", x(*count), y(*cost)))
            .collect();
        put(
            parts,
            &format!("<path class=\"{class}\" d=\"M{}\"/>", points.join(" L")),
        );
        let last = costs.last().map_or(floor, |(_, cost)| y(*cost));
        put(
            parts,
            &format!(
                "<text class=\"figure\" x=\"{}\" y=\"{:.1}\">{}</text>",
                RIGHT + 8.0,
                last + 5.0,
                growth.example
            ),
        );
    }
    floor + 34.0
}

fn put(parts: &mut String, element: &str) {
    // Writing to a String cannot fail.
    let _ = writeln!(parts, "  {element}");
}
