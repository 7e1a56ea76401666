//! Steps of a cell's reading, for people: what `explain` shows between a cell as written and what it was read as.

/// One step: what it came to, in one or several parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Key of its title in `rules/words`.
    pub title: &'static str,
    /// What it came to.
    pub parts: Vec<StepPart>,
}

/// A part of a step: some text with what is known of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StepPart {
    /// Text out of the cell or made from it: a customer's value.
    pub value: String,
    /// What is known of it.
    pub notes: Vec<Note>,
}

/// Something known of a part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Note {
    /// Key of its words in `rules/words`.
    Word(&'static str),
    /// A word or number that stands for itself.
    Text(String),
}

impl Step {
    /// A step of several parts.
    pub(super) fn of(title: &'static str, parts: Vec<StepPart>) -> Self {
        Step { title, parts }
    }

    /// A step of one part.
    pub(super) fn one(title: &'static str, value: &str, notes: Vec<Note>) -> Self {
        Step { title, parts: vec![StepPart { value: value.to_owned(), notes }] }
    }
}
