//! What a run of `clean` comes to: the lists after all stages, before anything is written.

use std::sync::Arc;

use super::advise::RunAdvice;
use crate::evidence::Evidence;
use crate::ingest::List;
use crate::pipeline::{Customers, Decay, RunSummary};
use crate::record::{CheckedList, ListStanding, Redaction, Rows};
use crate::store::PersonsSeen;
use crate::validate::ListFindings;

/// All lists after all stages.
#[derive(Debug)]
pub struct Cleaned<'a> {
    /// The lists as they were opened, in the order given.
    pub sources: &'a [List],
    /// Their rows.
    pub rows: Rows,
    /// What was found across the rows of each list.
    pub findings: Vec<ListFindings>,
    /// What each list says of contacting its people as a whole, in the order given.
    pub standings: Vec<ListStanding>,
    /// The customers that rows are of; none where they were not looked for.
    pub customers: Option<Customers>,
    /// What is known of contacts beside their values; none where that was not asked.
    pub evidence: Option<Arc<Evidence>>,
    /// How stale contacts are; none where that was not asked.
    pub decay: Option<Decay>,
    /// What is decided of customers; none where nothing is known of contacts.
    pub advice: Option<RunAdvice>,
    /// What later runs will know of those who refused.
    pub seen: PersonsSeen,
    /// The figures.
    pub summary: RunSummary,
    /// What outputs don't tell of it.
    pub redaction: Redaction,
}

/// One list after all stages, with what it was read from.
#[derive(Debug, Clone, Copy)]
pub struct CleanedList<'c> {
    /// The list as it was opened.
    pub source: &'c List,
    /// Its rows.
    pub checked: &'c CheckedList,
    /// What was found across rows.
    pub findings: &'c ListFindings,
}

impl Cleaned<'_> {
    /// Every list, in the order given.
    pub fn lists(&self) -> impl ExactSizeIterator<Item = CleanedList<'_>> {
        let lists = self.sources.iter().zip(self.rows.lists()).zip(&self.findings);
        lists.map(|((source, checked), findings)| CleanedList { source, checked, findings })
    }

    /// The customers, where they were looked for and could be told apart.
    pub fn known_customers(&self) -> Option<&Customers> {
        self.customers.as_ref().filter(|customers| !customers.is_refused())
    }
}
