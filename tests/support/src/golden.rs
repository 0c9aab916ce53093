//! Expected files: one, or a folder of them.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use crate::files::repository;

/// Whether the files are to be written anew.
pub fn updating() -> bool {
    std::env::var_os("UPDATE_GOLDEN").is_some_and(|value| value == "1")
}

/// What should be in a folder.
pub struct Files {
    folder: PathBuf,
    wanted: BTreeMap<String, String>,
}

impl Files {
    /// Nothing yet.
    pub fn new(folder: PathBuf) -> Self {
        Self {
            folder,
            wanted: BTreeMap::new(),
        }
    }

    /// Adds a file.
    pub fn add(&mut self, name: &str, text: String) {
        self.wanted.insert(name.to_owned(), text);
    }

    /// What differs; or writes the files, when they are to be written.
    pub fn compare(self) -> Vec<String> {
        if updating() {
            // It need not exist.
            let _ = fs::remove_dir_all(&self.folder);
            fs::create_dir_all(&self.folder).unwrap();
        }
        let entries = fs::read_dir(&self.folder).into_iter().flatten();
        let present = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let surplus = present.filter(|name| !self.wanted.contains_key(name));
        let mut problems: Vec<_> = surplus
            .map(|name| format!("{} is no longer made", self.folder.join(name).display()))
            .collect();
        let wanted = self.wanted.iter();
        problems.extend(wanted.filter_map(|(name, text)| agree(&self.folder.join(name), text)));
        problems
    }
}

/// Panics when a file of the repository differs from what it should hold, unless it is to be written.
pub fn assert_agrees(path: &str, wanted: &str) {
    let problem = agree(&repository(path), wanted);
    assert!(
        problem.is_none(),
        "it is stale; `make golden` writes it anew\n{}",
        problem.unwrap_or_default()
    );
}

/// How a file differs from what it should hold; or writes it, when it is to be written.
pub fn agree(path: &Path, wanted: &str) -> Option<String> {
    if updating() {
        fs::write(path, wanted).unwrap();
        return None;
    }
    match fs::read_to_string(path) {
        Ok(found) if found == wanted => None,
        Ok(found) => Some(format!(
            "{}\n{}",
            path.display(),
            difference(&found, wanted)
        )),
        Err(error) => Some(format!("{}: {error}", path.display())),
    }
}

/// The lines between the common beginning and the common end, a few of them. Where both have as
/// many, equal lines are left out.
fn difference(expected: &str, actual: &str) -> String {
    const SHOWN: usize = 20;
    let (old, new): (Vec<_>, Vec<_>) = (expected.lines().collect(), actual.lines().collect());
    let same = |(a, b): &(&&str, &&str)| a == b;
    let head = old.iter().zip(&new).take_while(same).count();
    let (old, new) = (&old[head..], &new[head..]);
    let tail = old
        .iter()
        .rev()
        .zip(new.iter().rev())
        .take_while(same)
        .count();
    let (old, new) = (&old[..old.len() - tail], &new[..new.len() - tail]);
    let (old, new): (Vec<_>, Vec<_>) = if old.len() == new.len() {
        let pairs = old.iter().zip(new);
        pairs.filter(|(old, new)| old != new).unzip()
    } else {
        (old.iter().collect(), new.iter().collect())
    };
    let part = |lines: &[&&str], mark: &str| {
        let shown = lines
            .iter()
            .take(SHOWN)
            .map(|line| format!("  {mark} {line}\n"));
        let more = lines.len().saturating_sub(SHOWN);
        let more = (more > 0).then(|| format!("  {mark} and {more} lines more\n"));
        shown.chain(more).collect::<String>()
    };
    format!(
        "  line {}:\n{}{}",
        head + 1,
        part(&old, "-"),
        part(&new, "+")
    )
}
