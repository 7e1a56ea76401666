//! What a model is learnt from.

use crate::evidence::History;
use crate::record::Day;

/// What was found out about a contact that was asked.
///
/// A label belongs to the field that was asked: "confirmed" on a text message proves the number; it proves the address only
/// if that was shown or typed again. Whoever is silent has no label.
#[derive(Debug, Clone, Copy)]
pub struct Label<'a> {
    /// What was known of the contact.
    pub history: History<'a>,
    /// The day of the contact; only what is dated before it is looked at.
    pub asked: Day,
    /// Whether it no longer reached its owner.
    pub stale: bool,
    /// A stable hash of the customer, so that labels of one are never on both sides of a test.
    pub customer: u64,
}
