//! The tree tells the architecture, and keeps to it.

mod imports;

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use crate::support::cases::repository;
use imports::{Module, modules};

/// The rooms of `src`, in the order in which a request passes them: each imports only from those before it.
const ROOMS: [&str; 9] = [
    "wire",
    "api",
    "plan",
    "cost",
    "cloud",
    "registration",
    "traffic",
    "compose",
    "server",
];

/// The room that touches files, the clock and the network; everything else is pure.
const EDGE: &str = "server";

/// What only one cloud has: records of the service are in Route 53, and only GCP has rules for names of its own.
const ONE_CLOUD: [&str; 2] = ["route53", "check/names.rs"];

pub(crate) fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found.sort();
    found
}

#[test]
fn the_rooms_are_these() {
    let entries = fs::read_dir(repository("src")).unwrap();
    let entries = entries.map(|entry| entry.unwrap().path());
    let folders: BTreeSet<_> = entries
        .filter(|path| path.is_dir() && !files(path).is_empty())
        .map(|path| path.file_name().unwrap().to_str().unwrap().to_owned())
        .collect();
    assert_eq!(folders, ROOMS.map(str::to_owned).into());
}

/// An arrow from a room to one that comes after it.
fn upward(module: &Module, imported: &str) -> bool {
    let place = |path: &str| {
        let room = path.split("::").next();
        ROOMS.iter().position(|known| Some(*known) == room)
    };
    let own = place(&module.path);
    own.is_some() && place(imported) > own
}

#[test]
fn a_room_imports_only_from_those_before_it() {
    let modules = modules(&repository("src"));
    assert!(
        modules.len() > 150,
        "only {} files were read",
        modules.len()
    );
    let arrows = modules.values().flat_map(|module| {
        let upward = module.imports.iter().filter(|it| upward(module, it));
        upward.map(move |imported| format!("{} imports {imported}", module.path))
    });
    assert_eq!(arrows.collect::<Vec<_>>(), [""; 0]);
}

#[test]
fn no_file_is_in_an_import_circle() {
    let circles = ["src", "cli/src", "cli/manifests/src"].map(circles);
    assert_eq!(circles.concat(), [""; 0]);
}

/// The files of a crate that import themselves by way of others.
fn circles(root: &str) -> Vec<String> {
    let modules = modules(&repository(root));
    let reaches = |from: &str| {
        let mut found = BTreeSet::new();
        let mut next = vec![from];
        while let Some(path) = next.pop() {
            for imported in &modules[path].imports {
                if found.insert(imported.as_str()) {
                    next.push(imported);
                }
            }
        }
        found
    };
    let paths = modules.keys();
    let own = paths.filter(|path| reaches(path).contains(path.as_str()));
    own.map(|path| format!("{root}: {path}")).collect()
}

#[test]
fn imports_are_found_in_all_their_forms() {
    let source = "use crate::{api::{spec::Spec, names}, plan::*};\nuse super::sibling::Item as Other;\n\
        pub use child::Thing;\nmod tests {\n    use super::*;\n}\nfn f() -> crate::wire::Value { super::sibling::run() }\n\
        // use crate::server::run;\n/// [`Cx`](crate::server::Cx)\n";
    let known = [
        "api",
        "api::names",
        "api::spec",
        "plan",
        "room::sibling",
        "room::it",
        "room::it::child",
        "wire",
        "server",
    ];
    let known: BTreeSet<_> = known.map(str::to_owned).into();
    let found = imports::of("room::it", source, |path| known.contains(path));
    let expected = [
        "api::names",
        "api::spec",
        "plan",
        "room::it::child",
        "room::sibling",
        "wire",
    ];
    assert_eq!(found, expected.map(str::to_owned).into());
}

#[test]
fn both_clouds_have_the_same_files() {
    let names = |cloud: &str| -> BTreeSet<_> {
        let root = repository("src/cloud").join(cloud);
        let names = files(&root);
        names
            .iter()
            .map(|file| file.strip_prefix(&root).unwrap().to_owned())
            .filter(|file| {
                let name = file.to_str().unwrap();
                !ONE_CLOUD.iter().any(|one| name.starts_with(one))
            })
            .collect()
    };
    assert_eq!(names("aws"), names("gcp"));
    assert!(names("aws").len() > 10);
}

/// The lines of a file's code, without comments and tests.
fn code(file: &Path) -> Vec<(usize, String)> {
    let text = fs::read_to_string(file).unwrap();
    let lines = text.lines().enumerate();
    lines
        .take_while(|(_, line)| *line != "#[cfg(test)]")
        .filter(|(_, line)| !line.trim_start().starts_with("//"))
        .map(|(n, line)| (n + 1, line.to_owned()))
        .collect()
}

/// Where code of some rooms says one of these.
fn sayings(rooms: &[&str], said: &[&str]) -> Vec<String> {
    let root = repository("src");
    let mut found = Vec::new();
    for file in rooms.iter().flat_map(|room| files(&root.join(room))) {
        let name = file.strip_prefix(&root).unwrap().display().to_string();
        for (n, line) in code(&file) {
            if said.iter().any(|it| line.contains(it)) {
                found.push(format!("{name}:{n}: {}", line.trim()));
            }
        }
    }
    found
}

#[test]
fn what_is_pure_names_no_clock_no_file_and_no_network() {
    let pure: Vec<_> = ROOMS.into_iter().filter(|room| *room != EDGE).collect();
    let forbidden = [
        "tokio",
        "std::fs",
        "std::time",
        "std::env",
        "std::process",
        "std::net::Tcp",
        "std::net::Udp",
    ];
    assert_eq!(sayings(&pure, &forbidden), [""; 0]);
}

/// A value that is made up where one is missing would be sent to a cloud: a resource without it is not sent
/// (`Body::Lacking`), or cannot be encoded (`plan::required::Required`).
#[test]
fn no_value_on_the_way_to_a_cloud_is_made_up() {
    let rooms = ["cloud", "registration"];
    let made_up = [
        "unwrap_or_default()",
        "unwrap_or(\"",
        "map_or(\"",
        "unwrap_or_else(String::new",
    ];
    let found: Vec<_> = sayings(&rooms, &made_up)
        .into_iter()
        .filter(|it| !CHECKS.iter().any(|file| it.contains(file)))
        .collect();
    assert_eq!(found, [""; 0]);
}

/// Files that compare and take names apart: nothing of that is sent. Without a machine type a pool has a key, but
/// its object cannot be encoded.
const CHECKS: [&str; 4] = [
    "/check/",
    "/unchanged.rs:",
    "/machines.rs:",
    "cloud/gcp/keys.rs:",
];

/// House rule: every default of the API is in `api/defaults.rs`, where a test compares it with the XRD.
#[test]
fn defaults_of_the_api_are_in_one_place() {
    let found: Vec<_> = sayings(
        &["api/spec", "api/input"],
        &[".unwrap_or", ".default_to(", ".boolean("],
    )
    .into_iter()
    .filter(|it| !NO_DEFAULTS.iter().any(|said| it.contains(said)))
    .collect();
    assert_eq!(found, [""; 0]);
}

/// What names a default of that place, or has nothing to do with what an author leaves out.
const NO_DEFAULTS: [&str; 6] = [
    "defaults::",
    "(\"enabled\", default)",
    "unwrap_or(required_by_default)",
    "unwrap_or(text)",
    "unwrap_or(&empty)",
    "Book::new(date",
];

#[test]
fn nothing_reads_what_stands_beside_the_repository() {
    fn look(folder: &Path, found: &mut BTreeSet<PathBuf>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap();
            let ours = !name.starts_with('.') || [".ci", ".github"].contains(&name);
            if path.is_dir() && ours && !["target", "dist"].contains(&name) {
                look(&path, found);
            } else if path.is_file() && name != "layout.rs" {
                let text = fs::read(&path).unwrap();
                if String::from_utf8_lossy(&text).contains("../shared") {
                    found.insert(path.strip_prefix(repository("")).unwrap().to_owned());
                }
            }
        }
    }
    let mut found = BTreeSet::new();
    look(&repository(""), &mut found);
    // It hands a folder of definitions to `make crds`.
    assert_eq!(found, [PathBuf::from(".ci/run")].into());
}
