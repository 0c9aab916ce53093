//! The alerts that are shipped: each is about series that the function has, and its page says what it means.

use std::collections::BTreeSet;

use regex::Regex;
use serde_json::Value;
use xcluster::server::metrics::Metrics;

use super::text;

const RULES: &str = "monitoring/alerts.yaml";

fn expressions() -> Vec<String> {
    let file: Value = serde_saphyr::from_str(&text(RULES)).unwrap();
    let rules = file["groups"][0]["rules"].as_array().unwrap().clone();
    let expressions = rules
        .iter()
        .map(|rule| rule["expr"].as_str().unwrap().to_owned());
    expressions.collect()
}

#[test]
fn every_alert_is_about_series_that_the_function_has() {
    let rendered = Metrics::default().render().unwrap();
    // A counter's family has no suffix, and its series have one; a histogram's have several.
    let families = rendered
        .lines()
        .filter_map(|line| line.strip_prefix("# TYPE "));
    let mut known = BTreeSet::new();
    for family in families {
        let (name, kind) = family.split_once(' ').unwrap();
        known.insert(match kind {
            "counter" => format!("{name}_total"),
            "histogram" => format!("{name}_bucket"),
            _ => name.to_owned(),
        });
    }
    let series = Regex::new(r"\b(?:xcluster|grpc_server)_[a-z_]+\b").unwrap();
    let mut found = 0;
    for expression in expressions() {
        for name in series.find_iter(&expression) {
            assert!(
                known.contains(name.as_str()),
                "{}: {known:#?}",
                name.as_str()
            );
            found += 1;
        }
    }
    assert!(found > 7, "{found}");
}

#[test]
fn the_page_says_what_each_alert_means() {
    let page = text("docs/debugging.md");
    for expression in expressions() {
        assert!(page.contains(&format!("| `{expression}`")), "{expression}");
    }
}
