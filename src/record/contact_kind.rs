//! The kinds of contact that a customer has.

use super::text_hash;
use super::words::words;

words! {
    /// The two kinds of contact point that decay and that customers can be reached by.
    ContactKind {
        /// An address.
        Email = "email",
        /// A number.
        Phone = "phone",
    }
}

impl ContactKind {
    /// The kind that a text can be of, by its `@`.
    pub fn of_text(text: &str) -> Self {
        if text.contains('@') { ContactKind::Email } else { ContactKind::Phone }
    }

    /// A fixed hash of a contact's key, of addresses and numbers apart.
    pub fn key_hash(self, key: &str) -> u64 {
        text_hash(key) ^ self as u64
    }
}
