//! The whole flow; the only place that knows the order.

mod caller;
mod check;
mod clean;
mod contact_list;
mod contacts;
mod customers;
mod decay;
mod dedupe;
mod domains;
mod examples;
mod expect;
mod gate;
mod golden;
mod import;
mod known;
mod mail;
#[cfg_attr(not(feature = "parquet"), path = "no_memory.rs")]
mod memory;
mod phones;
mod resolve_summary;
mod set_aside;
mod setup;
mod single;
mod summary;
mod tally;

pub use crate::rule::Expectation;
pub use caller::{Caller, Callers, find_callers};
pub use check::{CheckEvent, CheckPlan, CheckReport, CheckSink, FindingGroup, check};
pub use clean::{Cleaned, CleanedList, ToldRun, clean, conclude_run, is_formula};
pub use contact_list::{ContactList, contact_columns, read_contact_list};
pub use contacts::{ContactReader, NamedContact};
pub use customers::{Customers, ResolveStage};
pub use decay::{
    AnchorFigures, Decay, DecayKind, DecayStage, DecaySummary, EarlierCaptures, EventAccount, EvidenceStage,
    ExplainedContact, FlagCount, FlagReason, FlagRule, FlaggedContact, FoundAccount, FoundOut, LearntModel, NextStep,
    RowDecay, SegmentDecay, earlier_captures, key_headers,
};
pub use dedupe::{Deduped, DedupedRow, dedupe};
pub use domains::{DomainReader, Domains};
pub use examples::{ExampleFailure, run_examples, run_resolve_examples};
pub use expect::ExpectationError;
pub use gate::{Gate, GateResult, Gates, Limit, Selector};
pub use golden::{GoldenStage, run_survivorship_examples};
pub use import::{
    AnswerReader, ImportAccount, IncomingMessage, Listed, MessageReader, ReadMessage, import_calls, import_receipts,
    kind_of_answers,
};
pub use known::{Decided, DecisionAccount, Known, RowCustomer, compared_values};
pub use mail::{MailDomain, MailGroup, MailOutcome, MailStage, MailSummary};
pub use memory::Memory;
pub use phones::{Home, PhoneReader, PhoneRow, PhoneText};
pub use resolve_summary::{
    AgreedFields, BigCustomer, FieldLevels, LevelOfField, PairField, PairSummary, ResolveAccount, ResolveSummary,
};
pub use set_aside::SetAside;
pub use setup::Setup;
pub use single::{
    FoundRow, NoPair, PairEvidence, ReadRow, StaleRow, explain_pair, explain_stale, find_row, read_row, values_of_pair,
};
pub use summary::{ChangeExample, ChangeSummary, FieldHealth, InputSummary, ListFinding, ReasonCount, RunSummary};

/// What can stop a run.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// A source can't be read.
    #[error(transparent)]
    Ingest(#[from] crate::ingest::IngestError),
    /// A rule file is not of its form.
    #[error(transparent)]
    Rule(#[from] crate::rule::RuleError),
    /// What the workspace remembers can't be read or written.
    #[error(transparent)]
    Store(#[from] crate::store::StoreError),
    /// What is expected of the list can't be.
    #[error(transparent)]
    Expectation(#[from] ExpectationError),
    /// Output or temporary files can't be written.
    #[error("can't write {what}: {reason}")]
    Write {
        /// Which file.
        what: String,
        /// What the system says.
        reason: String,
    },
    /// Whoever read the output went away, as `head` does.
    #[error("the reader of the output went away")]
    ClosedPipe,
    /// The user stopped the run.
    #[error("stopped before the end")]
    Interrupted,
}

impl RunError {
    /// A failed write.
    pub fn write(what: &str, error: &std::io::Error) -> Self {
        if error.kind() == std::io::ErrorKind::BrokenPipe {
            return RunError::ClosedPipe;
        }
        // The kind alone: the full text may name a temporary file that nobody knows.
        let reason = match error.raw_os_error() {
            Some(code) => std::io::Error::from_raw_os_error(code).to_string(),
            None if error.kind() != std::io::ErrorKind::Other => error.kind().to_string(),
            None => error.to_string(),
        };
        RunError::Write { what: what.to_owned(), reason }
    }
}

impl crate::error::Explain for RunError {
    fn exit(&self) -> crate::error::Exit {
        use crate::error::Exit;
        match self {
            RunError::Ingest(error) => error.exit(),
            RunError::Rule(error) => error.exit(),
            RunError::Store(error) => error.exit(),
            RunError::Expectation(error) => error.exit(),
            RunError::Write { .. } => Exit::Input,
            RunError::ClosedPipe => Exit::Success,
            RunError::Interrupted => Exit::Interrupted,
        }
    }

    fn help(&self) -> String {
        match self {
            RunError::Ingest(error) => error.help(),
            RunError::Rule(error) => error.help(),
            RunError::Store(error) => error.help(),
            RunError::Expectation(error) => error.help(),
            RunError::Write { .. } => {
                "check the free space and the permissions there; nothing was left half-written".to_owned()
            }
            RunError::ClosedPipe => String::new(),
            RunError::Interrupted => "nothing was written; run the same command again".to_owned(),
        }
    }

    fn excerpt(&self) -> Option<crate::error::Excerpt<'_>> {
        match self {
            RunError::Rule(error) => error.excerpt(),
            _ => None,
        }
    }
}
