//! Links between pages, files and headings.

use std::{collections::BTreeMap, path::Path};

use super::page::{Page, pages};
use crate::support::cases::repository;

#[test]
fn every_link_leads_somewhere() {
    let pages = pages();
    let anchors: BTreeMap<_, _> = pages
        .iter()
        .map(|page| {
            (
                repository(&page.path).canonicalize().unwrap(),
                page.anchors(),
            )
        })
        .collect();
    let mut broken = Vec::new();
    let mut checked = 0;
    for page in &pages {
        for link in page.links() {
            if link.contains("://") || link.starts_with("mailto:") {
                continue;
            }
            checked += 1;
            let (file, anchor) = link.split_once('#').unwrap_or((&link, ""));
            let Ok(target) = target(page, file).canonicalize() else {
                broken.push(format!("{}: there is no {file}", page.path));
                continue;
            };
            let known = anchors.get(&target);
            if !anchor.is_empty() && !known.is_some_and(|known| known.contains(anchor)) {
                broken.push(format!("{}: {link} has no such heading", page.path));
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
    assert!(checked > 100, "only {checked} links were looked at");
}

fn target(page: &Page, file: &str) -> std::path::PathBuf {
    let from = repository(&page.path);
    if file.is_empty() {
        return from;
    }
    from.parent().unwrap_or(Path::new("")).join(file)
}

#[test]
fn the_index_names_every_page_of_the_documentation() {
    let index = Page::read("docs/README.md").links();
    for page in pages() {
        let Some(name) = page
            .path
            .strip_prefix("docs/")
            .filter(|name| *name != "README.md")
        else {
            continue;
        };
        let named = index
            .iter()
            .any(|link| link.split('#').next() == Some(name));
        assert!(named, "docs/README.md does not link {name}");
    }
}
