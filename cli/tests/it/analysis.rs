//! cost-analysis.md and its chart are what `xcluster cost --markdown` prints today.

use std::{fs, sync::OnceLock};

use serde_json::Value;
use test_support::{
    files::{repository, text},
    golden::assert_agrees,
};

use crate::support::{command, file, folder, xcluster};

const ANALYSIS: &str = "cost-analysis.md";
const CHART: &str = "docs/cost.svg";
const CLUSTERS: [&str; 5] = [
    "clusters/prod-us.yaml",
    "clusters/prod-eu.yaml",
    "docs/cost/small-api.yaml",
    "docs/cost/gpu-inference.yaml",
    "docs/cost/egress-heavy.yaml",
];

/// The analysis and its chart, printed once for all tests.
fn analysis() -> &'static (String, String) {
    static PRINTED: OnceLock<(String, String)> = OnceLock::new();
    PRINTED.get_or_init(print)
}

/// Prints the analysis from a folder that has nothing but what it reads.
fn print() -> (String, String) {
    let folder = folder("analysis");
    for file in CLUSTERS {
        let copy = folder.join(file);
        fs::create_dir_all(copy.parent().unwrap()).unwrap();
        fs::copy(repository(file), copy).unwrap();
    }
    let output = command()
        .args(["cost", "--markdown", "--chart", CHART])
        .args(CLUSTERS)
        .current_dir(&folder)
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    let chart = fs::read_to_string(folder.join(CHART)).unwrap();
    (String::from_utf8(output.stdout).unwrap(), chart)
}

#[test]
fn the_analysis_is_what_the_price_book_and_the_clusters_make_of_it() {
    let (markdown, chart) = analysis();
    for (path, now) in [(ANALYSIS, markdown), (CHART, chart)] {
        assert_agrees(path, now);
    }
}

#[test]
fn the_chart_has_a_bar_for_every_bill_and_fits_both_kinds_of_page() {
    let (_, chart) = analysis();
    let whole = chart.lines().filter(|line| {
        line.starts_with("<rect class=\"aws\"") || line.starts_with("<rect class=\"gcp\"")
    });
    // Two of them are the legend's.
    assert_eq!(whole.count(), 2 + 2 * CLUSTERS.len());
    assert!(chart.contains("@media(prefers-color-scheme:dark)"));
    assert_eq!(chart.matches('<').count(), chart.matches('>').count());
    assert!(!chart.contains("NaN") && !chart.contains("width=\"-"));
}

/// The bill of a profile with another amount of egress, on both clouds: AWS, Google Cloud.
fn sums(gib: u64) -> (u64, u64) {
    let changed = text("docs/cost/small-api.yaml").replace(
        "internetEgressGiB: 200",
        &format!("internetEgressGiB: {gib}"),
    );
    let path = file(&format!("egress-{gib}.yaml"), &changed);
    let output = xcluster(&["cost", "--json", &path]);
    let bills: Value = serde_json::from_slice(&output.stdout).unwrap();
    let cents = |monthly: &Value| -> u64 {
        let text = monthly["monthlyUsd"]["min"]
            .as_str()
            .unwrap()
            .replace('.', "");
        text.parse().unwrap()
    };
    let cost = &bills[0]["cost"];
    (cents(cost), cents(&cost["equivalent"]))
}

#[test]
fn a_break_even_point_is_where_the_cheaper_cloud_changes() {
    let (markdown, _) = analysis();
    let row = markdown
        .lines()
        .find(|line| line.starts_with("| small-api | min |"));
    let row = row.unwrap();
    assert!(row.contains("| Google Cloud by "), "{row}");
    let points: Vec<u64> = row
        .split(" from ")
        .skip(1)
        .map(|rest| rest.split(' ').next().unwrap().parse().unwrap())
        .collect();
    assert!(!points.is_empty(), "{row}");
    let mut aws_is_cheaper = false;
    for point in points {
        for (gib, expected) in [(point - 1, aws_is_cheaper), (point, !aws_is_cheaper)] {
            let (aws, gcp) = sums(gib);
            assert_eq!(aws <= gcp, expected, "{gib} GiB: {aws} and {gcp}");
        }
        aws_is_cheaper = !aws_is_cheaper;
    }
}
