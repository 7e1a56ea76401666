//! The kinds of contact that a customer has.

use serde::{Deserialize, Serialize};

/// The two kinds of contact point that decay and that customers can be reached by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum ContactKind {
    Email,
    Phone,
}

impl ContactKind {
    /// The kind that a text can be of, by its `@`.
    pub fn of_text(text: &str) -> Self {
        if text.contains('@') { ContactKind::Email } else { ContactKind::Phone }
    }

    /// The word in rules, outputs and the workspace.
    pub const fn as_str(self) -> &'static str {
        match self {
            ContactKind::Email => "email",
            ContactKind::Phone => "phone",
        }
    }
}
