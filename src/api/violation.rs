//! What is wrong with a user's input, said so that it can be fixed.

use std::{cell::RefCell, fmt};

/// One broken rule. Its display form is one line: path, value, what is wrong, and the fix.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Violation {
    /// Where: `spec.nodePools[1].min`.
    pub path: String,
    /// The offending value in JSON notation, shortened; empty when the field is missing.
    pub value: String,
    /// What is wrong with it.
    pub problem: String,
    /// What to write instead.
    pub fix: String,
}

/// Longest value that is repeated to the user, in characters.
const SHOWN: usize = 64;

impl Violation {
    /// A violation at a path. The value is quoted, cut short and stripped of control characters,
    /// since it comes from a person and ends up in events and terminals.
    pub fn new(
        path: impl Into<String>,
        value: impl fmt::Display,
        problem: impl Into<String>,
        fix: impl Into<String>,
    ) -> Self {
        Self {
            path: printable(&path.into()),
            value: printable(&value.to_string()),
            problem: problem.into(),
            fix: fix.into(),
        }
    }

    /// A violation whose value is a text, shown in quotes; an empty one shows no value.
    pub fn quoting(
        path: impl Into<String>,
        text: &str,
        problem: impl Into<String>,
        fix: impl Into<String>,
    ) -> Self {
        let value = if text.is_empty() {
            String::new()
        } else {
            format!("\"{text}\"")
        };
        Self::new(path, value, problem, fix)
    }

    /// What no author can have caused.
    pub fn internal(path: &str, problem: impl Into<String>) -> Self {
        let fix = "report it at https://github.com/function-xcluster/function-xcluster/issues";
        Self::new(path, "", problem, fix)
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            path,
            value,
            problem,
            fix,
        } = self;
        if value.is_empty() {
            write!(f, "{path}: {problem}; {fix}")
        } else {
            write!(f, "{path}: {value} {problem}; {fix}")
        }
    }
}

/// The violations found so far.
#[derive(Debug, Default)]
pub struct Violations {
    found: RefCell<Vec<Violation>>,
    /// Paths of fields that are there under names that are nearly theirs.
    misspelt: RefCell<Vec<String>>,
    /// The same, found by an earlier reading.
    known: Vec<String>,
}

impl Violations {
    /// Adds one.
    pub fn add(&self, violation: Violation) {
        self.found.borrow_mut().push(violation);
    }

    /// Adds one whose value is a text, as [`Violation::quoting`] makes it.
    pub fn refuse(
        &self,
        path: impl Into<String>,
        text: &str,
        problem: impl Into<String>,
        fix: impl Into<String>,
    ) {
        self.add(Violation::quoting(path, text, problem, fix));
    }

    /// Whether a value was refused. What was refused for itself says nothing about other fields.
    pub fn refused(&self, path: &str) -> bool {
        self.found.borrow().iter().any(|it| it.path == path)
    }

    /// Reads something. Where a name was nearly right it is read again, and then the field that was meant is
    /// unsound: otherwise it would count as left out, and more would be refused for that.
    pub fn reading<D>(&self, read: impl Fn(&Self) -> D) -> D {
        let mut violations = Self::default();
        let mut draft = read(&violations);
        let known = violations.misspelt.take();
        if !known.is_empty() {
            violations = Self {
                known,
                ..Self::default()
            };
            draft = read(&violations);
        }
        self.found.borrow_mut().extend(violations.into_inner());
        draft
    }

    /// Says that a field is there under a name that is nearly its own.
    pub(super) fn misspelt(&self, path: String) {
        self.misspelt.borrow_mut().push(path);
    }

    /// Whether a field is there under another name.
    pub(super) fn is_misspelt(&self, path: impl FnOnce() -> String) -> bool {
        !self.known.is_empty() && self.known.contains(&path())
    }

    /// All of them.
    pub fn into_inner(self) -> Vec<Violation> {
        self.found.into_inner()
    }

    /// All of them as an error, if there are any.
    ///
    /// # Errors
    /// The violations.
    pub fn into_result(self) -> Result<(), Vec<Violation>> {
        let found = self.into_inner();
        if found.is_empty() { Ok(()) } else { Err(found) }
    }
}

/// All violations in one line, sorted, so that equal input gives an equal message.
pub fn summary(mut violations: Vec<Violation>) -> String {
    /// Enough to work through in one go; core stores the message in a condition and an event.
    const MOST: usize = 20;
    violations.sort();
    violations.dedup();
    let count = violations.len();
    let plural = if count == 1 { "problem" } else { "problems" };
    let shown = violations
        .iter()
        .take(MOST)
        .enumerate()
        .map(|(n, violation)| format!("({}) {violation}", n + 1))
        .collect::<Vec<_>>()
        .join(" ");
    let rest = count.saturating_sub(MOST);
    if rest == 0 {
        format!("{count} {plural}: {shown}")
    } else {
        format!("{count} {plural}: {shown} and {rest} more")
    }
}

/// Printable and short: control characters, separators of lines and direction marks become `?`.
pub fn printable(text: &str) -> String {
    printable_within(text, SHOWN)
}

/// [`printable`], with at most so many characters.
pub fn printable_within(text: &str, most: usize) -> String {
    let mut shown: String = text
        .chars()
        .map(|c| {
            let disguise = matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}');
            if c.is_control() || disguise { '?' } else { c }
        })
        .take(most + 1)
        .collect();
    if shown.chars().count() > most {
        shown = shown.chars().take(most - 1).collect();
        shown.push('…');
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_line_with_path_value_problem_and_fix() {
        let violation = Violation::new("spec.region", "\"x\"", "is not a region", "use us-east-1");
        assert_eq!(
            violation.to_string(),
            "spec.region: \"x\" is not a region; use us-east-1"
        );
    }

    #[test]
    fn a_hostile_value_stays_short_and_printable() {
        let value = format!("evil\n\u{1b}[31m\u{202e}\u{2028}{}", "x".repeat(1_000_000));
        let violation = Violation::new("spec.a", value, "is bad", "fix it");
        assert!(violation.value.chars().count() <= SHOWN);
        assert!(
            !violation
                .value
                .contains(['\n', '\u{1b}', '\u{202e}', '\u{2028}'])
        );
    }

    #[test]
    fn the_summary_is_sorted_and_without_repeats() {
        let a = Violation::new("spec.a", "", "is missing", "set it");
        let b = Violation::new("spec.b", "", "is missing", "set it");
        assert_eq!(
            summary(vec![b.clone(), a.clone(), b]),
            "2 problems: (1) spec.a: is missing; set it (2) spec.b: is missing; set it"
        );
        assert!(summary(vec![a]).starts_with("1 problem: "));
    }
}
