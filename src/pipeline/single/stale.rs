//! Why the contacts of one row have their probabilities: the whole list is cleaned for it, but nothing is written.

use crate::ingest::List;
use crate::pipeline::{
    EventStats, EvidenceStage, ExplainedContact, MailStage, Memory, ResolveStage, RunError, Setup, clean,
};
use crate::record::RowNumber;

/// What is known of one row's contacts, and what was not used for it.
#[derive(Debug)]
pub struct StaleRow {
    /// Its contacts; none where it is no row.
    pub contacts: Vec<ExplainedContact>,
    /// Events that were read.
    pub stats: EventStats,
}

/// What the probabilities of a row's contacts are made of, in the only one of `lists`; none where decay was not judged.
///
/// # Errors
/// As [`clean`].
pub fn explain_stale(
    lists: &[List; 1],
    number: RowNumber,
    setup: &Setup,
    mail: MailStage<'_>,
    memory: Option<Memory>,
    evidence: &EvidenceStage<'_>,
    progress: &(dyn Fn(u64) + Sync),
) -> Result<Option<StaleRow>, RunError> {
    let cleaned = clean(lists, setup, mail, ResolveStage::On(memory.map(Box::new)), Some(evidence), progress)?;
    let Some(decay) = cleaned.decay else { return Ok(None) };
    let row = cleaned.rows.row_of(0, number);
    let contacts = row.map_or_else(Vec::new, |row| decay.explain_row(&cleaned.rows, row));
    Ok(Some(StaleRow { contacts, stats: decay.stats }))
}
