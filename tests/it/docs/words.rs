//! The words of the product, as `docs/troubleshooting.md` has them and as the code has them.

use std::{collections::BTreeSet, fs};

use super::page::Page;
use crate::support::cases::{repository, run, text};

const PAGE: &str = "docs/troubleshooting.md";

/// The types and reasons that the function can give, from the code: texts of one capitalized word.
fn conditions() -> BTreeSet<String> {
    let sources = [
        "src/compose/conditions.rs",
        "src/compose/versions.rs",
        "src/compose/answer.rs",
        "src/cost/budget.rs",
        "src/traffic/serving.rs",
    ]
    .map(text);
    let code = sources.iter().flat_map(|source| {
        let code = source.split("#[cfg(test)]").next().unwrap();
        code.lines()
            .filter(|line| !line.trim_start().starts_with("//"))
    });
    let texts = code.flat_map(|line| line.split('"').skip(1).step_by(2));
    let is_word = |text: &&str| {
        text.starts_with(|c: char| c.is_ascii_uppercase())
            && text.chars().all(|c| c.is_ascii_alphabetic())
    };
    texts.filter(is_word).map(str::to_owned).collect()
}

#[test]
fn every_condition_and_reason_is_in_the_page() {
    let page = text(PAGE);
    let known = conditions();
    let missing: Vec<_> = known
        .iter()
        .filter(|word| !page.contains(&format!("`{word}`")))
        .collect();
    assert!(missing.is_empty(), "{PAGE} does not explain {missing:?}");
}

/// That the code is read as it should be: nothing that a cluster shows in its life is missed.
#[test]
fn the_conditions_of_clusters_are_among_those_of_the_code() {
    let known = conditions();
    for name in ["aws-standard", "gcp-autopilot"] {
        for condition in run(name).steps.iter().flat_map(|step| step.conditions()) {
            for field in ["type", "reason"] {
                let word = condition[field].as_str().unwrap();
                assert!(known.contains(word), "{word}");
            }
        }
    }
    assert!(known.contains("InvalidCluster"));
}

/// The tables of what the product itself says. Its words stand in code marks in the first column,
/// with … for what differs.
#[test]
fn what_the_page_quotes_is_what_the_product_says() {
    let page = Page::read(PAGE);
    let sources = sources();
    let mut quoted = 0;
    for (section, source) in [
        ("## What the function says", &sources.function),
        ("## What the bootstrap says", &sources.bootstrap),
        ("## What the platform's commands say", &sources.fleet),
    ] {
        let rows = page
            .lines()
            .skip_while(|line| *line != section)
            .skip(1)
            .take_while(|line| !line.starts_with("## "))
            .filter_map(|line| line.strip_prefix("| `")?.split(" | ").next());
        for cell in rows {
            let words = cell.split('`').step_by(2);
            for part in words.flat_map(|words| words.split('…').map(str::trim)) {
                quoted += usize::from(part.len() > 2);
                assert!(source.contains(part), "nothing says {part:?}: {cell}");
            }
        }
    }
    assert!(quoted > 40, "only {quoted} words were looked at");
}

/// `kubectl describe cluster NAME` finds a kind of a provider; the plural is a category of ours.
#[test]
fn commands_name_clusters_in_the_plural() {
    for page in super::page::pages() {
        let text = text(&page.path);
        let commands = text.lines().filter(|line| line.contains("kubectl "));
        for command in commands {
            let verbs = [
                "get", "describe", "patch", "wait", "delete", "annotate", "edit",
            ];
            let wrong = verbs
                .iter()
                .any(|verb| command.contains(&format!("kubectl {verb} cluster ")));
            assert!(!wrong, "{}: {command}", page.path);
        }
    }
}

struct Sources {
    function: String,
    bootstrap: String,
    fleet: String,
}

fn sources() -> Sources {
    let read = |folders: &[&str], extension: &str| {
        let mut all = String::new();
        for folder in folders {
            collect(&repository(folder), extension, &mut all);
        }
        all
    };
    // A text that is broken over lines in the code is one line for people; braces stand for values.
    let function = read(&["src"], "rs");
    let function = function
        .split("\\\n")
        .map(str::trim_start)
        .collect::<String>();
    Sources {
        function,
        bootstrap: read(&["bootstrap"], "sh"),
        fleet: read(&["fleet"], "sh"),
    }
}

fn collect(folder: &std::path::Path, extension: &str, all: &mut String) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, extension, all);
        } else if path.extension().is_some_and(|found| found == extension) {
            all.push_str(&fs::read_to_string(&path).unwrap());
        }
    }
}
