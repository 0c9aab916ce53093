//! A Markdown page: its text without code, its links and its headings.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

use crate::support::cases::repository;

/// A page of the repository.
pub(super) struct Page {
    /// Its path in the repository.
    pub(super) path: String,
    lines: Vec<String>,
}

impl Page {
    pub(super) fn read(path: &str) -> Self {
        let text = std::fs::read_to_string(repository(path));
        Self::new(
            path,
            &text.unwrap_or_else(|error| panic!("{path}: {error}")),
        )
    }

    pub(super) fn new(path: &str, text: &str) -> Self {
        let mut in_fence = false;
        let is_prose = |line: &&str| {
            let is_fence = line.trim_start().starts_with("```");
            in_fence ^= is_fence;
            !is_fence && !in_fence
        };
        Self {
            path: path.to_owned(),
            lines: text.lines().filter(is_prose).map(str::to_owned).collect(),
        }
    }

    /// The lines outside fences.
    pub(super) fn lines(&self) -> impl Iterator<Item = &str> {
        self.lines.iter().map(String::as_str)
    }

    /// Where its links and images lead, code left out.
    pub(super) fn links(&self) -> Vec<String> {
        // A link may be broken over lines.
        let text = without_code(&self.lines.join("\n"));
        let inline = text.split("](").skip(1);
        let inline = inline.filter_map(|rest| rest.split_once(')'));
        let mut links: Vec<_> = inline.map(|(link, _)| link.trim().to_owned()).collect();
        for attribute in ["href=\"", "src=\"", "srcset=\""] {
            let places = text.split(attribute).skip(1);
            links.extend(places.filter_map(|rest| Some(rest.split_once('"')?.0.to_owned())));
        }
        links
    }

    /// The anchors that GitHub makes of its headings.
    pub(super) fn anchors(&self) -> BTreeSet<String> {
        let mut seen = BTreeMap::<String, usize>::new();
        let headings = self.lines().filter(|line| is_heading(line));
        headings
            .map(|heading| {
                let slug = slug(heading);
                let count = seen.entry(slug.clone()).or_default();
                *count += 1;
                match *count {
                    1 => slug,
                    more => format!("{slug}-{}", more - 1),
                }
            })
            .collect()
    }
}

fn is_heading(line: &str) -> bool {
    let text = line.trim_start_matches('#');
    text.len() < line.len() && text.starts_with(' ')
}

/// Lower case, hyphens for blanks, and only letters, digits, hyphens and underscores; of a link in a
/// heading, its text.
fn slug(heading: &str) -> String {
    let mut text = heading.trim_start_matches('#').trim().to_owned();
    while let Some((before, rest)) = text.split_once("](") {
        let after = rest.split_once(')').map_or("", |(_, after)| after);
        text = format!("{before}{after}");
    }
    text.to_lowercase()
        .chars()
        .filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'))
        .map(|c| if c == ' ' { '-' } else { c })
        .collect()
}

fn without_code(text: &str) -> String {
    text.split('`').step_by(2).collect()
}

/// Every page of the repository.
pub(super) fn pages() -> Vec<Page> {
    let mut found = Vec::new();
    below(&repository(""), &mut found);
    found.sort();
    let root = repository("");
    let relative = |path: &PathBuf| {
        path.strip_prefix(&root)
            .unwrap()
            .to_str()
            .unwrap()
            .to_owned()
    };
    found
        .iter()
        .map(relative)
        .map(|path| Page::read(&path))
        .collect()
}

fn below(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        // What is built or fetched, and hidden folders but the one that GitHub reads.
        let is_made = ["target", "dist", "node_modules", "build"].contains(&name);
        let is_hidden = name.starts_with('.') && name != ".github";
        if path.is_dir() && !is_made && !is_hidden {
            below(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "md") {
            found.push(path);
        }
    }
}

#[test]
fn anchors_are_those_of_github() {
    let text = "# A `spec.x[].y` & more\n## Why?\n```sh\n# no heading\n```\n## Why?\n## [Link](a.md) it_is\n#not";
    let expected = ["a-specxy--more", "link-it_is", "why", "why-1"];
    let found = Page::new("x.md", text).anchors();
    assert_eq!(found.into_iter().collect::<Vec<_>>(), expected);
}

#[test]
fn links_in_code_do_not_count() {
    let text = "[a](b.md) `[c](d.md)` ![e](f.svg#g)\n```\n[h](i.md)\n```\n<img src=\"j.png\">";
    assert_eq!(
        Page::new("x.md", text).links(),
        ["b.md", "f.svg#g", "j.png"]
    );
}
