//! Just enough of Terraform's language to ask bootstrap/ what it sets. CI validates the files with the real
//! program.

use super::text;

/// What stands between the braces of a block, or in a whole file.
pub(super) struct Block(String);

/// A file of bootstrap/.
pub(super) fn file(path: &str) -> Block {
    Block(text(&format!("bootstrap/{path}")))
}

impl Block {
    /// The block with this head, such as `resource "aws_vpc" "this"`.
    pub(super) fn block(&self, head: &str) -> Self {
        let mut found = self.statements().into_iter().filter_map(|statement| {
            let body = statement.strip_prefix(head)?.trim_start();
            let body = body.strip_prefix('{')?.trim_end().strip_suffix('}')?;
            Some(Self(body.to_owned()))
        });
        let first = found
            .next()
            .unwrap_or_else(|| panic!("there is no block '{head}'"));
        assert!(found.next().is_none(), "two blocks '{head}'");
        first
    }

    /// The value of an argument, as it is written but on one line.
    pub(super) fn value(&self, name: &str) -> String {
        let mut found = self.statements().into_iter().filter_map(|statement| {
            let value = statement.strip_prefix(name)?.trim_start();
            Some(value.strip_prefix('=')?.trim().to_owned())
        });
        let value = found
            .next()
            .unwrap_or_else(|| panic!("there is no '{name}' in {}", self.0));
        value.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// The words in quotes of an argument's value.
    pub(super) fn words(&self, name: &str) -> Vec<String> {
        let value = self.value(name);
        let words = value.split('"').skip(1).step_by(2);
        words.map(str::to_owned).collect()
    }

    /// Arguments and blocks of this level, each as its text without comments.
    fn statements(&self) -> Vec<String> {
        let (mut found, mut depth, mut statement) = (Vec::new(), 0_i32, String::new());
        for line in self.0.lines() {
            if line.trim_start().starts_with('#') || (depth == 0 && line.trim().is_empty()) {
                continue;
            }
            statement += line.trim();
            statement.push('\n');
            depth += opened(line);
            assert!(depth >= 0, "too many closing braces: {line}");
            if depth == 0 {
                found.push(std::mem::take(&mut statement));
            }
        }
        assert_eq!(depth, 0, "a brace is not closed: {statement}");
        found
    }
}

/// How many brackets a line opens more than it closes. Those in strings are balanced: they are templates.
fn opened(line: &str) -> i32 {
    line.chars()
        .map(|it| match it {
            '{' | '[' | '(' => 1,
            '}' | ']' | ')' => -1,
            _ => 0,
        })
        .sum()
}

#[test]
fn every_file_consists_of_whole_blocks() {
    let mut checked = 0;
    for path in super::files("bootstrap", "tf") {
        let path = super::relative(&path);
        let statements = Block(text(&path)).statements();
        for statement in &statements {
            assert!(statement.trim_end().ends_with('}'), "{path}: {statement}");
            checked += 1;
        }
    }
    assert!(checked > 60, "{checked}");
}
