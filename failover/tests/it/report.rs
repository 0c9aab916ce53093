//! The report: complete, stable, and without a secret.

use std::time::Duration;

use failover::{
    plan::{Mode, Plan},
    report::{SCHEMA, Theme, markdown, picture, summary, write},
};
use serde_json::Value;

use crate::world::{Health, SOURCE, Sim, TARGET, plan};

/// The fields that programs may rely on. Adding one is fine; none may go.
const FIELDS: [&str; 23] = [
    "schema",
    "started",
    "mode",
    "ending",
    "ok",
    "source",
    "target",
    "host",
    "ttlSeconds",
    "ratePerSecond",
    "took",
    "decision",
    "settled",
    "recovery",
    "longestOutage",
    "outages",
    "ignoringTtl",
    "phases",
    "failures",
    "gates",
    "steps",
    "timeline",
    "phases",
];

async fn unplanned() -> failover::report::Report {
    let sim = Sim::new();
    sim.change(SOURCE, |site| site.health = Health::Silent);
    sim.run(Plan {
        hold: Duration::from_secs(30),
        ..plan(Mode::Unplanned)
    })
    .await
}

#[tokio::test(start_paused = true)]
async fn programs_find_what_they_know() {
    let report = unplanned().await;
    let json = serde_json::to_value(&report).unwrap();
    for field in FIELDS {
        assert!(json.get(field).is_some(), "{field} is gone");
    }
    assert_eq!(json["schema"], SCHEMA);
    assert_eq!(
        (
            json["mode"].as_str(),
            json["ending"].as_str(),
            json["ok"].as_bool()
        ),
        (Some("unplanned"), Some("moved"), Some(true))
    );
    for phase in ["before", "during", "after"] {
        for caller in ["fresh", "cached", "keepAlive"] {
            for field in [
                "total", "failed", "source", "target", "other", "p50Ms", "p95Ms", "p99Ms",
            ] {
                assert!(
                    json["phases"][phase]["callers"][caller]
                        .get(field)
                        .is_some(),
                    "{phase} {caller} {field}"
                );
            }
        }
    }
    let sum: u64 = json["timeline"]
        .as_array()
        .unwrap()
        .iter()
        .map(|second| {
            ["source", "target", "other", "failed"]
                .iter()
                .map(|key| second[key].as_u64().unwrap())
                .sum::<u64>()
        })
        .sum();
    let phases = json["phases"].as_object().unwrap();
    let total: u64 = phases
        .values()
        .map(|phase| phase["all"]["total"].as_u64().unwrap())
        .sum();
    assert_eq!(
        sum, total,
        "every request is in one phase and in one second"
    );
    assert!(json["failures"]["no answer in time"].as_u64().unwrap() > 0);
}

#[tokio::test(start_paused = true)]
async fn people_see_how_it_went() {
    let report = unplanned().await;
    let text = markdown(&report);
    for part in [
        "# Unplanned failover of inference.acme.example: prod-us to prod-eu",
        "prod-eu serves; prod-us does not.",
        "| longest outage | ",
        "| target-answers | passed | 10 of 10 at 192.0.2.2 |",
        "| observe | ",
        "srcset=\"requests-dark.svg\"",
    ] {
        assert!(text.contains(part), "{part}:\n{text}");
    }
    assert!(summary(&report).contains("recovery"));
}

#[tokio::test(start_paused = true)]
async fn a_refusal_has_no_picture_and_names_the_gate() {
    let sim = Sim::new();
    sim.change(TARGET, |site| site.health = Health::Status(503));
    let report = sim.run(plan(Mode::Planned)).await;
    let text = markdown(&report);
    assert!(text.contains("A gate failed. Nothing was changed."));
    assert!(
        text.contains("| target-answers | failed | 0 of 10 at 192.0.2.2: status 503"),
        "{text}"
    );
    assert!(!text.contains("<picture>"));
}

#[tokio::test(start_paused = true)]
async fn the_picture_is_well_formed_in_both_themes() {
    let report = unplanned().await;
    let (light, dark) = (
        picture(&report, Theme::Light),
        picture(&report, Theme::Dark),
    );
    assert_ne!(light, dark);
    for svg in [light, dark] {
        assert!(svg.starts_with("<svg ") && svg.trim_end().ends_with("</svg>"));
        // Two clusters and failures in the legend, and a bar for each of them.
        assert!(svg.matches("<rect").count() > report.timeline.len());
        assert!(svg.contains("decision, 0 s") && svg.contains("settled, "));
        assert!(!svg.contains("NaN") && !svg.contains("inf\""));
    }
}

#[tokio::test(start_paused = true)]
async fn what_others_wrote_stays_text() {
    let sim = Sim::new();
    sim.change(TARGET, |site| {
        site.cluster.ready.holds = false;
        site.cluster.ready.why = "a | b\n<script>".to_owned();
        site.cluster.provider = "<gcp&".to_owned();
    });
    let report = sim.run(plan(Mode::Unplanned)).await;
    let text = markdown(&report);
    assert!(text.contains("a \\| b &lt;script>"), "{text}");
    assert!(picture(&report, Theme::Light).contains("&lt;gcp&amp;"));
}

#[tokio::test(start_paused = true)]
async fn four_files_make_a_report() {
    let folder = std::env::temp_dir().join(format!("failover-report-{}", std::process::id()));
    let report = unplanned().await;
    write(&report, &folder).unwrap();
    let mut names: Vec<_> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    names.sort();
    assert_eq!(
        names,
        [
            "report.json",
            "report.md",
            "requests-dark.svg",
            "requests-light.svg"
        ]
    );
    let json: Value =
        serde_json::from_slice(&std::fs::read(folder.join("report.json")).unwrap()).unwrap();
    assert_eq!(json["ok"], true);
    // A file where the folder should be.
    let error = write(&report, &folder.join("report.json")).unwrap_err();
    assert!(
        error.contains("name another folder with --report"),
        "{error}"
    );
    std::fs::remove_dir_all(folder).unwrap();
}
