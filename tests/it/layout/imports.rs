//! What the files of a crate import from each other, read off their text.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

/// A file of the crate.
pub(super) struct Module {
    /// Its path in the crate: `api::spec`.
    pub(super) path: String,
    /// The files that it imports from.
    pub(super) imports: BTreeSet<String>,
}

/// All files below a folder, by their paths in the crate.
pub(super) fn modules(root: &Path) -> BTreeMap<String, Module> {
    let files = super::files(root);
    let path = |file: &Path| {
        let relative = file.strip_prefix(root).unwrap().with_extension("");
        let parts = relative.iter().map(|part| part.to_str().unwrap());
        parts.collect::<Vec<_>>().join("::")
    };
    let paths: BTreeSet<_> = files.iter().map(|file| path(file)).collect();
    let module = |file: &std::path::PathBuf| {
        let path = path(file);
        let source = fs::read_to_string(file).unwrap();
        let imports = of(&path, &source, |path| paths.contains(path));
        (path.clone(), Module { path, imports })
    };
    files.iter().map(module).collect()
}

/// The files that a file's source names: `is_file` knows the paths of files.
pub(super) fn of(path: &str, source: &str, is_file: impl Fn(&str) -> bool) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for named in paths(source) {
        let mut parts: Vec<&str> = named.split("::").collect();
        let mut base: Vec<&str> = path.split("::").collect();
        match parts[0] {
            "crate" => base.clear(),
            "super" => {
                while parts.first() == Some(&"super") {
                    base.pop();
                    parts.remove(0);
                }
                parts.insert(0, "");
            }
            "self" => {}
            // A child of this file; another crate is no file.
            _ => parts.insert(0, ""),
        }
        let whole: Vec<_> = base.iter().chain(&parts[1..]).copied().collect();
        let longest = (1..=whole.len())
            .rev()
            .map(|length| whole[..length].join("::"))
            .find(|path| is_file(path));
        found.extend(longest.filter(|it| it != path));
    }
    found
}

/// Every path in `use` lines, and every other one that begins with `crate` or `super`. Inside of an inline module
/// `super` is the file itself.
fn paths(source: &str) -> Vec<String> {
    let mut found = Vec::new();
    let code: Vec<_> = source
        .lines()
        .map(|line| line.split("//").next().unwrap())
        .collect();
    let code = code.join("\n");
    let mut rest = code.as_str();
    let mut others = String::new();
    while let Some(at) = rest.find("use ") {
        let line = rest[..at].rsplit('\n').next().unwrap();
        let is_use = line.is_empty() || line.starts_with("pub");
        let end = rest[at..].find(';').map_or(rest.len(), |end| at + end);
        if is_use {
            others.push_str(&rest[..at]);
            expand("", &rest[at + 4..end], &mut found);
            rest = &rest[end..];
        } else {
            others.push_str(&rest[..at + 4]);
            rest = &rest[at + 4..];
        }
    }
    others.push_str(rest);
    let is_part = |c: char| c.is_alphanumeric() || c == '_' || c == ':';
    for word in others.split(|c: char| !is_part(c)) {
        if word.starts_with("crate::") {
            found.push(word.trim_end_matches(':').to_owned());
        }
    }
    for line in others
        .lines()
        .filter(|line| !line.starts_with("    use super"))
    {
        for word in line.split(|c: char| !is_part(c)) {
            if word.starts_with("super::") {
                found.push(word.trim_end_matches(':').to_owned());
            }
        }
    }
    found
}

/// The paths of a tree such as `a::{b, c::{self, d}}`.
fn expand(prefix: &str, tree: &str, found: &mut Vec<String>) {
    let tree = tree.trim();
    let Some(open) = tree.find('{') else {
        let name = tree.split(" as ").next().unwrap().trim();
        let whole = format!("{prefix}{name}");
        found.push(whole.trim_end_matches("::self").to_owned());
        return;
    };
    let prefix = format!("{prefix}{}", tree[..open].trim());
    let inside = &tree[open + 1..tree.rfind('}').unwrap()];
    let (mut depth, mut start) = (0, 0);
    for (at, c) in inside.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                expand(&prefix, &inside[start..at], found);
                start = at + 1;
            }
            _ => {}
        }
    }
    if !inside[start..].trim().is_empty() {
        expand(&prefix, &inside[start..], found);
    }
}
