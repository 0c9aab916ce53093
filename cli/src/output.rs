//! What a command has to say.

/// What a command has to say.
pub(super) struct Output {
    /// The text.
    pub(super) text: String,
    /// What a person should know beside it, for standard error.
    pub(super) warnings: Vec<String>,
    /// Whether what was asked for holds.
    pub(super) holds: bool,
    /// What was asked for and has no answer, a line each.
    pub(super) unanswered: Vec<String>,
}
