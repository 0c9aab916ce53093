//! The chart: what each cluster costs on both clouds, as SVG for light and dark pages.

use std::fmt::Write;

use xcluster::{
    api::prices::Usd,
    cost::{Estimate, bill::Span},
};

use super::{
    bill,
    compared::{Analyzed, CLOUDS},
};

const WIDTH: u64 = 860;
/// Where bars begin, and how long the longest one is.
const LEFT: u64 = 130;
const LONGEST: u64 = 520;
const BAR: u64 = 18;
const GROUP: u64 = 56;
const TOP: u64 = 56;

/// Colors follow the page. Both pairs are told apart without seeing red or green.
const STYLE: &str = "text{font:13px system-ui,sans-serif;fill:#1f2328}.small{font-size:12px;fill:#59636e}\
.axis{stroke:#d1d9e0}.aws{fill:#bc6c00}.gcp{fill:#0969da}.more{opacity:.45}\
@media(prefers-color-scheme:dark){text{fill:#e6edf3}.small{fill:#9198a1}.axis{stroke:#3d444d}.aws{fill:#f0a13a}.gcp{fill:#58a6ff}}";

/// The picture.
pub(super) fn svg(clusters: &[Analyzed<'_>]) -> String {
    let estimates = clusters
        .iter()
        .flat_map(|analyzed| CLOUDS.map(|cloud| analyzed.on(cloud)));
    let most = estimates
        .flatten()
        .map(|estimate| estimate.monthly().max)
        .max();
    let most = most.unwrap_or_default().cents().max(1);
    let height = TOP + GROUP * clusters.len() as u64 + 12;
    let mut text = String::new();
    // Writing to a String cannot fail.
    let _ = write!(
        text,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" role=\"img\" aria-labelledby=\"title\">\n\
         <title id=\"title\">US dollars a month of each cluster on AWS and on Google Cloud</title>\n<style>{STYLE}</style>\n"
    );
    legend(&mut text);
    for (n, analyzed) in clusters.iter().enumerate() {
        let y = TOP + GROUP * n as u64;
        let name = escaped(analyzed.name);
        let _ = writeln!(
            text,
            "<text x=\"{}\" y=\"{}\" text-anchor=\"end\">{name}</text>",
            LEFT - 12,
            y + 23
        );
        for (row, cloud) in CLOUDS.into_iter().enumerate() {
            if let Some(estimate) = analyzed.on(cloud) {
                bar(&mut text, estimate, y + (BAR + 2) * row as u64, most);
            }
        }
    }
    let _ = writeln!(
        text,
        "<path class=\"axis\" d=\"M{LEFT} {}V{}\"/>\n</svg>",
        TOP - 6,
        height - 12
    );
    text
}

fn legend(text: &mut String) {
    for (x, class, name) in [(LEFT, "aws", "AWS"), (LEFT + 70, "gcp", "Google Cloud")] {
        let _ = writeln!(
            text,
            "<rect class=\"{class}\" x=\"{x}\" y=\"12\" width=\"14\" height=\"14\"/><text x=\"{}\" y=\"24\">{name}</text>",
            x + 20
        );
    }
    let _ = writeln!(
        text,
        "<text class=\"small\" x=\"{}\" y=\"24\">USD a month: full with node pools at their min, pale up to their max</text>",
        LEFT + 190
    );
}

fn bar(text: &mut String, estimate: &Estimate<'_>, y: u64, most: u64) {
    let class = estimate.provider.name();
    let Span { min, max } = estimate.monthly();
    let length = |usd: Usd| (usd.cents() * LONGEST + most / 2) / most;
    let (full, whole) = (length(min), length(max));
    let _ = writeln!(
        text,
        "<rect class=\"{class}\" x=\"{LEFT}\" y=\"{y}\" width=\"{full}\" height=\"{BAR}\"/>"
    );
    if whole > full {
        let _ = writeln!(
            text,
            "<rect class=\"{class} more\" x=\"{}\" y=\"{y}\" width=\"{}\" height=\"{BAR}\"/>",
            LEFT + full,
            whole - full
        );
    }
    let _ = writeln!(
        text,
        "<text class=\"small\" x=\"{}\" y=\"{}\">{}</text>",
        LEFT + whole + 8,
        y + 14,
        escaped(&bill::total(estimate))
    );
}

/// A name in XML.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}
