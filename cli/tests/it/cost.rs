//! `xcluster cost`, as people run it.

use manifests::load;
use serde_json::Value;
use test_support::files::{document, repository};

use crate::support::{assert_refused, changed, file, stderr, stdout, xcluster};

const US: &str = "clusters/prod-us.yaml";
const EU: &str = "clusters/prod-eu.yaml";

#[test]
fn json_is_what_the_status_says() {
    let output = xcluster(&["cost", "--json", US, EU]);
    assert!(output.status.success(), "{}", stderr(&output));
    let bills: Value = serde_json::from_str(&stdout(&output)).unwrap();
    assert_eq!(bills[1]["name"], "prod-eu");
    for (n, case) in ["aws-standard", "gcp-autopilot"].into_iter().enumerate() {
        let status = without_null(&status_of(case)["cost"]);
        assert_eq!(without_null(&bills[n]["cost"]), status, "{case}");
    }
}

/// What the function says of an example, as far as that is about costs.
fn status_of(example: &str) -> Value {
    let examples = load(&repository("tests/it/golden/cost.yaml")).unwrap();
    let mut found = examples.into_iter().filter(|it| it["example"] == example);
    found.next().unwrap()["status"].take()
}

/// The protocol leaves out what JSON shows as null.
fn without_null(value: &Value) -> Value {
    match value {
        Value::Object(fields) => fields
            .iter()
            .filter(|(_, value)| !value.is_null())
            .map(|(name, value)| (name.clone(), without_null(value)))
            .collect(),
        Value::Array(items) => items.iter().map(without_null).collect(),
        scalar => scalar.clone(),
    }
}

#[test]
fn a_table_has_a_line_for_each_item_and_no_escapes_in_a_pipe() {
    let output = xcluster(&["cost", US]);
    let text = stdout(&output);
    assert!(text.starts_with("prod-us on aws us-east-1\n"), "{text}");
    let lines = |start: &str| {
        text.lines()
            .filter(|l| l.trim_start().starts_with(start))
            .count()
    };
    assert_eq!((lines("nodes"), lines("disks"), lines("sum")), (2, 2, 1));
    assert!(
        text.contains("the same cluster on gcp us-east4: "),
        "{text}"
    );
    assert!(!text.contains('\u{1b}'), "{text}");
    let output = xcluster(&["cost", "--markdown", US]);
    let text = stdout(&output);
    assert!(
        text.contains("\n| nodes | general | m7i.xlarge | instance-hour | 0.2016 | "),
        "{text}"
    );
}

#[test]
fn a_budget_that_does_not_hold_is_an_exit_code() {
    for (budget, code) in [("1", 1), ("1000000", 0)] {
        let budget = format!("  budget: {{monthlyUsd: {budget}}}\n  argocd:");
        let path = changed(
            &format!("budget-{code}.yaml"),
            US,
            &[("  argocd:", &budget)],
        );
        assert_eq!(xcluster(&["cost", &path]).status.code(), Some(code));
        assert_eq!(xcluster(&["plan", US, &path]).status.code(), Some(code));
    }
}

#[test]
fn own_prices_come_from_a_book_or_from_the_composition() {
    let sum = |args: &[&str]| {
        let output = xcluster(&[&["cost", "--json", US], args].concat());
        assert!(output.status.success(), "{}", stderr(&output));
        let bills: Value = serde_json::from_str(&stdout(&output)).unwrap();
        let cost = &bills[0]["cost"];
        (
            cost["perMonth"].clone(),
            cost["priceBook"].as_str().unwrap().to_owned(),
        )
    };
    let book = file(
        "book.tsv",
        "book\t2026-12-02\nprovider\tregion\tsku\tunit\tusd\tsource\tdate\tverified\naws\t*\tcontrol-plane\tcluster-hour\t100\ta contract\t2026-12\tyes\n",
    );
    let (plain, embedded) = sum(&[]);
    let (own, label) = sum(&["--price-book", &book]);
    assert_ne!(plain, own);
    assert!(
        label.starts_with("2026-12-02 sha256:") && label.ends_with(&embedded),
        "{label}"
    );

    let mut composition = document(&repository("clusters/composition.yaml"));
    let input = &mut composition["spec"]["pipeline"][0]["input"];
    input["priceBook"] = serde_json::json!({"date": "2026-12-03", "rows": [{
        "provider": "aws", "region": "*", "sku": "control-plane", "unit": "cluster-hour", "usd": "7",
    }]});
    let composition = file(
        "priced.yaml",
        &serde_saphyr::to_string(&composition).unwrap(),
    );
    let (platform, label) = sum(&["--composition", &composition]);
    assert_ne!(plain, platform);
    assert!(label.starts_with("2026-12-03"), "{label}");
    // The command's own book lies on top.
    let (both, label) = sum(&["--composition", &composition, "--price-book", &book]);
    assert_eq!(both, own);
    assert_eq!(label.matches(" over ").count(), 2, "{label}");
}

#[test]
fn what_exists_decides_how_many_nodes_are_billed() {
    let output = xcluster(&[
        "cost",
        "--json",
        US,
        "--observed",
        "examples/aws-standard/observed",
    ]);
    let bills: Value = serde_json::from_str(&stdout(&output)).unwrap();
    let nodes = &bills[0]["cost"]["items"][1];
    assert_eq!(nodes["quantity"]["min"], "1460");
    assert_eq!(nodes["quantity"]["max"], "1460", "two nodes exist");
}

#[test]
fn nodes_that_gke_counts_per_zone_are_billed_in_all_of_them() {
    let example = repository("examples/gcp-standard");
    let mut objects = load(&example.join("observed")).unwrap();
    let pools = objects
        .iter_mut()
        .filter(|object| object["kind"] == "NodePool");
    for pool in pools {
        let is_gpu = pool["spec"]["forProvider"]["nodeConfig"]
            .to_string()
            .contains("g2-");
        pool["status"]["atProvider"]["nodeCount"] = if is_gpu { 1 } else { 2 }.into();
    }
    let objects = objects
        .iter()
        .map(|object| serde_saphyr::to_string(object).unwrap());
    let observed = file("nodes.yaml", &objects.collect::<Vec<_>>().join("---\n"));
    let path = |name: &str| example.join(name).display().to_string();
    let (xr, composition) = (path("xr.yaml"), path("composition.yaml"));
    let args = [
        "cost",
        "--json",
        &xr,
        "--composition",
        &composition,
        "--observed",
        &observed,
    ];
    let output = xcluster(&args);
    assert!(output.status.success(), "{}", stderr(&output));
    let bills: Value = serde_json::from_str(&stdout(&output)).unwrap();
    let lines = bills[0]["cost"]["items"].as_array().unwrap();
    let nodes: Vec<_> = lines
        .iter()
        .filter(|line| line["item"] == "nodes")
        .collect();
    // Two in each of the cluster's three zones; GCP-7: one in each of the other pool's own two zones.
    let quantities: Vec<_> = nodes.iter().map(|line| &line["quantity"]).collect();
    let hours = |hours: &str| serde_json::json!({"min": hours, "max": hours});
    assert_eq!(quantities, [&hours("4380"), &hours("1460")]);
}

#[test]
fn bad_input_is_one_clear_message() {
    let bad = changed("bad.yaml", US, &[("us-east-1", "nowhere")]);
    let rows = [
        (
            vec!["cost", &bad],
            "spec.region: \"nowhere\" is not a region",
        ),
        (vec!["cost", "none.yaml"], "cannot read none.yaml"),
        (
            vec!["cost", US, "--price-book", "README.md"],
            "README.md is no price book",
        ),
        (
            vec!["cost", US, EU, "--observed", "examples"],
            "name one file",
        ),
    ];
    for (args, expected) in rows {
        assert_refused(&args, expected);
    }
    let output = xcluster(&["cost"]);
    assert_eq!(output.status.code(), Some(64));
}
