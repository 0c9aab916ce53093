//! The estimate as the composite shows it.

mod bills;
mod book;

use manifests::ScopeArg;
use serde_json::{Value, json};
use xcluster::wire::proto::v1::{Condition, RunFunctionResponse, Status};

use crate::fixture::{self, call};

fn cost(rsp: &RunFunctionResponse) -> Value {
    let desired = rsp.desired.as_ref().unwrap();
    let composite = desired.composite.as_ref().unwrap();
    let mut object = serde_json::to_value(&composite.resource).unwrap();
    object["status"]["cost"].take()
}

fn within_budget(rsp: &RunFunctionResponse) -> &Condition {
    let mut found = rsp.conditions.iter();
    found.find(|found| found.r#type == "WithinBudget").unwrap()
}

fn answer(budget: &Value, input: &Value) -> RunFunctionResponse {
    let mut spec = fixture::aws();
    spec["budget"] = budget.clone();
    call(ScopeArg::Claims, &spec, Some(input))
}

#[test]
fn the_condition_is_true_only_below_the_budget() {
    let region = |region: &str| {
        let mut spec = fixture::aws();
        spec["region"] = region.into();
        spec["budget"] = json!({"monthlyUsd": 1_000_000});
        call(ScopeArg::Claims, &spec, None)
    };
    let rows = [
        (
            answer(&json!({}), &json!({})),
            Status::ConditionUnknown,
            "NotSet",
        ),
        (
            answer(&json!({"monthlyUsd": 1_000_000}), &json!({})),
            Status::ConditionTrue,
            "Within",
        ),
        (
            answer(&json!({"monthlyUsd": 1}), &json!({})),
            Status::ConditionFalse,
            "Over",
        ),
        (
            region("af-south-1"),
            Status::ConditionUnknown,
            "PricesMissing",
        ),
    ];
    for (rsp, status, reason) in rows {
        let condition = within_budget(&rsp);
        assert_eq!(
            (condition.status(), condition.reason.as_str()),
            (status, reason)
        );
        let book = cost(&rsp)["priceBook"].as_str().unwrap().to_owned();
        assert!(condition.message.as_ref().unwrap().contains(&book));
        assert!(
            book.starts_with("20") && book.contains(" sha256:"),
            "{book}"
        );
    }
}

#[test]
fn a_platforms_own_prices_go_before_the_embedded_ones() {
    let own = json!({"priceBook": {"date": "2026-12-01", "rows": [
        {"provider": "aws", "region": "*", "sku": "control-plane", "unit": "cluster-hour", "usd": "1000"},
    ]}});
    let (plain, own) = (answer(&json!({}), &json!({})), answer(&json!({}), &own));
    let line = |rsp: &RunFunctionResponse| cost(rsp)["items"][0].clone();
    assert_eq!(line(&plain)["monthlyUsd"]["min"], "73.00");
    assert_eq!(line(&own)["monthlyUsd"]["min"], "730000.00");
    let book = cost(&own)["priceBook"].as_str().unwrap().to_owned();
    let embedded = cost(&plain)["priceBook"].as_str().unwrap().to_owned();
    assert!(book.starts_with("2026-12-01 sha256:"), "{book}");
    assert!(book.ends_with(&format!(" over {embedded}")), "{book}");
    // Nothing but what is told about the cost depends on a price.
    assert_eq!(
        plain.desired.unwrap().resources,
        own.desired.unwrap().resources
    );
}

#[test]
fn the_lines_add_up_to_the_sum() {
    let cost = cost(&answer(
        &json!({"traffic": {"internetEgressGiB": 12_345}}),
        &json!({}),
    ));
    let cents = |text: &Value| -> u64 {
        let text = text.as_str().unwrap().to_owned();
        text.replace('.', "").parse().unwrap()
    };
    for end in ["min", "max"] {
        let lines = cost["items"].as_array().unwrap().iter();
        let sum: u64 = lines.map(|line| cents(&line["monthlyUsd"][end])).sum();
        assert_eq!(sum, cents(&cost["monthlyUsd"][end]));
        assert!(sum > 0);
    }
}

#[test]
fn a_region_without_a_neighbor_says_so() {
    let mut spec = fixture::gcp();
    spec["region"] = "asia-east1".into();
    let cost = cost(&call(ScopeArg::Claims, &spec, None));
    let other = &cost["equivalent"];
    assert_eq!(
        other["missing"][0],
        "no region of aws is known to be near asia-east1"
    );
    assert_eq!(other["perMonth"], Value::Null);
}

#[test]
fn keeping_a_services_records_costs_its_health_check() {
    let input = |fast: bool| {
        json!({"traffic": {
            "host": "inference.acme.example", "namespaces": ["ml-platform"], "environments": ["prod"], "zone": {"aws": {"zoneId": "Z0ACMEEXAMPLE"}},
            "healthCheck": {"fast": fast},
        }})
    };
    let checks = |cost: &Value| -> Vec<(String, String)> {
        let items = cost["items"].as_array().unwrap().iter();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let lines = items.map(|line| (text(&line["sku"]), text(&line["monthlyUsd"]["max"])));
        lines.filter(|line| line.0.contains("check")).collect()
    };
    let line = |sku: &str, usd: &str| (sku.to_owned(), usd.to_owned());
    let cost = |input: &Value| cost(&answer(&json!({}), input));
    assert_eq!(checks(&cost(&json!({}))), []);
    assert_eq!(
        checks(&cost(&input(true))),
        [
            line("health-check", "0.50"),
            line("health-check-option", "2.00")
        ]
    );
    assert_eq!(
        checks(&cost(&input(false))),
        [
            line("health-check", "0.50"),
            line("health-check-option", "1.00")
        ]
    );
    // On the other cloud it is dearer: 0.75 and twice 2.00 instead of 0.50 and twice 1.00.
    let other = |cost: &Value| {
        cost["equivalent"]["monthlyUsd"]["max"]
            .as_str()
            .unwrap()
            .replace('.', "")
            .parse::<u64>()
    };
    let with = other(&cost(&input(true))).unwrap();
    let without = other(&cost(&json!({}))).unwrap();
    assert_eq!(with - without, 475);
}
