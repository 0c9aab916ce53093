//! Requests a second by who answered, as SVG.

use std::fmt::Write;

use super::Report;
use crate::tally::Second;

/// What it is seen on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Theme {
    /// A light page.
    Light,
    /// A dark page.
    Dark,
}

struct Colors {
    text: &'static str,
    line: &'static str,
    source: &'static str,
    target: &'static str,
    other: &'static str,
    failed: &'static str,
}

// Told apart by people who see no red or green, too.
const LIGHT: Colors = Colors {
    text: "#1f2328",
    line: "#8c959f",
    source: "#e08a00",
    target: "#0072b2",
    other: "#8c8c8c",
    failed: "#b00060",
};
const DARK: Colors = Colors {
    text: "#e6edf3",
    line: "#6e7681",
    source: "#f0a830",
    target: "#56b4e9",
    other: "#a0a0a0",
    failed: "#ff6eb4",
};

const WIDTH: u64 = 860;
const LEFT: u64 = 44;
const TOP: u64 = 48;
const HEIGHT: u64 = 180;
const BOTTOM: u64 = TOP + HEIGHT;
/// More bars than this become too thin to be seen.
const BARS: usize = 400;

/// Draws a report.
pub fn picture(report: &Report, theme: Theme) -> String {
    let mut svg = String::new();
    // Writing to a String cannot fail.
    let _ = draw(
        &mut svg,
        report,
        if theme == Theme::Light { &LIGHT } else { &DARK },
    );
    svg
}

fn draw(svg: &mut String, report: &Report, colors: &Colors) -> std::fmt::Result {
    let bars = bars(&report.timeline);
    let most = bars.iter().map(sum).max().unwrap_or(0).max(1);
    let each = report.timeline.len().div_ceil(BARS).max(1);
    let width = scale(1, bars.len().max(1), WIDTH - LEFT - 10);
    writeln!(
        svg,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {}\" font-family=\"sans-serif\" font-size=\"12\" fill=\"{}\">",
        BOTTOM + 40,
        colors.text
    )?;
    writeln!(svg, "<title>Requests a second, by who answered</title>")?;
    legend(svg, report, colors)?;
    for (index, bar) in bars.iter().enumerate() {
        let x = scale(index, bars.len(), WIDTH - LEFT - 10) + to_float(LEFT);
        let mut y = to_float(BOTTOM);
        for (count, color) in [
            (bar.target, colors.target),
            (bar.other, colors.other),
            (bar.source, colors.source),
            (bar.failed, colors.failed),
        ] {
            if count > 0 {
                let height = scale(count, most, HEIGHT);
                y -= height;
                writeln!(
                    svg,
                    "<rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{:.1}\" height=\"{height:.1}\" fill=\"{color}\"/>",
                    (width - 0.5).max(0.5)
                )?;
            }
        }
    }
    axes(svg, report, colors, most.div_ceil(each))?;
    for (at, name) in [(report.decision, "decision"), (report.settled, "settled")] {
        if let Some(at) = at {
            mark(svg, colors, at, report.timeline.len(), name)?;
        }
    }
    writeln!(svg, "</svg>")
}

/// One bar a second, or for a few seconds each when there are many.
fn bars(timeline: &[Second]) -> Vec<Second> {
    let each = timeline.len().div_ceil(BARS).max(1);
    let add = |mut sum: Second, next: &Second| {
        sum.source += next.source;
        sum.target += next.target;
        sum.other += next.other;
        sum.failed += next.failed;
        sum
    };
    timeline
        .chunks(each)
        .map(|chunk| chunk.iter().fold(Second::default(), add))
        .collect()
}

fn sum(bar: &Second) -> usize {
    bar.source + bar.target + bar.other + bar.failed
}

fn legend(svg: &mut String, report: &Report, colors: &Colors) -> std::fmt::Result {
    let mut x = LEFT;
    let of = |place: &super::Place| format!("{} ({})", place.name, place.provider);
    let others = report.timeline.iter().any(|second| second.other > 0);
    for (color, name) in [
        (colors.source, Some(of(&report.source))),
        (colors.target, Some(of(&report.target))),
        (colors.other, others.then(|| "others".to_owned())),
        (colors.failed, Some("failed".to_owned())),
    ] {
        let Some(name) = name else { continue };
        writeln!(
            svg,
            "<rect x=\"{x}\" y=\"8\" width=\"12\" height=\"12\" fill=\"{color}\"/>"
        )?;
        writeln!(
            svg,
            "<text x=\"{}\" y=\"18\">{}</text>",
            x + 17,
            escaped(&name)
        )?;
        x += 40 + 7 * name.chars().count() as u64;
    }
    Ok(())
}

fn axes(svg: &mut String, report: &Report, colors: &Colors, most: usize) -> std::fmt::Result {
    let Colors { line, .. } = colors;
    writeln!(
        svg,
        "<path d=\"M{LEFT} {TOP}V{BOTTOM}H{}\" fill=\"none\" stroke=\"{line}\"/>",
        WIDTH - 10
    )?;
    writeln!(
        svg,
        "<text x=\"{}\" y=\"{}\" text-anchor=\"end\">{most}/s</text>",
        LEFT - 5,
        TOP + 5
    )?;
    writeln!(
        svg,
        "<text x=\"{}\" y=\"{BOTTOM}\" text-anchor=\"end\">0</text>",
        LEFT - 5
    )?;
    let length = report.timeline.len();
    for part in 0..=4 {
        let x = to_float(LEFT) + scale(part, 4, WIDTH - LEFT - 30);
        writeln!(
            svg,
            "<text x=\"{x:.0}\" y=\"{}\">{} s</text>",
            BOTTOM + 18,
            part * length / 4
        )?;
    }
    Ok(())
}

fn mark(svg: &mut String, colors: &Colors, at: f64, length: usize, name: &str) -> std::fmt::Result {
    let x = to_float(LEFT) + at / scale(length.max(1), 1, 1) * to_float(WIDTH - LEFT - 10);
    let y = if name == "decision" {
        TOP - 14
    } else {
        TOP - 2
    };
    writeln!(
        svg,
        "<path d=\"M{x:.1} {y}V{BOTTOM}\" stroke=\"{}\" stroke-dasharray=\"4 3\"/>",
        colors.text
    )?;
    // To the left of the line where there is no room to its right.
    let (from, anchor) = if x > to_float(WIDTH) - 120.0 {
        (x - 4.0, "end")
    } else {
        (x + 4.0, "start")
    };
    writeln!(
        svg,
        "<text x=\"{from:.1}\" y=\"{y}\" text-anchor=\"{anchor}\">{name}, {at} s</text>"
    )
}

#[expect(
    clippy::cast_precision_loss,
    reason = "numbers of seconds and requests fit a float"
)]
fn scale(part: usize, whole: usize, length: u64) -> f64 {
    part as f64 / whole as f64 * to_float(length)
}

#[expect(clippy::cast_precision_loss, reason = "a few hundred points")]
fn to_float(points: u64) -> f64 {
    points as f64
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}
