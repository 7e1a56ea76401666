//! What is told of a setting that can't be.

/// A setting that can't be: its key and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub struct WrongSetting {
    pub key: String,
    pub message: String,
    pub help: String,
}

impl WrongSetting {
    /// From borrowed words.
    pub fn new(key: &str, message: &str, help: &str) -> Self {
        WrongSetting { key: key.to_owned(), message: message.to_owned(), help: help.to_owned() }
    }
}
