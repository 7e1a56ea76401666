//! By what customers of a run are found: a hash in place of each name, number and address.

use crate::record::{ContactKind, CustomerId, text_hash};

/// By what a customer can be found; its hash stands in the file.
#[derive(Debug, Clone, Copy)]
pub(super) enum FoundBy<'a> {
    Id(CustomerId),
    Household(CustomerId),
    Contact(ContactKind, &'a str),
    Name(&'a str),
    /// A row's own key, as programs agree to write it.
    Key(&'a str),
}

impl FoundBy<'_> {
    pub(super) fn hash(self) -> i64 {
        let text = match self {
            FoundBy::Id(id) => format!("id {}", id.0),
            FoundBy::Household(id) => format!("household {}", id.0),
            FoundBy::Contact(kind, key) => format!("{} {key}", kind.as_str()),
            FoundBy::Name(token) => format!("name {token}"),
            FoundBy::Key(key) => format!("key {key}"),
        };
        text_hash(&text) as i64
    }
}
