//! Text that people read.

/// The first character that a terminal cannot show, or that makes a text look like another one: separators of
/// lines, marks of direction, and what has no width.
pub fn hidden(text: &str) -> Option<char> {
    let is_disguise = |c: char| matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}');
    text.chars().find(|c| c.is_control() || is_disguise(*c))
}
