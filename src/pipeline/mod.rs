//! The whole flow; the only place that knows the order.

mod advice_on_caller;
mod answers;
mod caller;
mod check;
mod clean;
mod confirm;
mod contact;
mod contact_list;
mod customers;
mod decay;
mod dedupe;
mod domains;
mod earlier;
#[cfg(feature = "parquet")]
mod elsewhere;
mod error;
mod examples;
mod expect;
mod expect_examples;
mod gate;
mod golden;
mod import;
#[cfg(feature = "parquet")]
mod known_rows;
mod mail;
#[cfg_attr(not(feature = "parquet"), path = "no_memory.rs")]
mod memory;
mod next_task;
#[cfg(test)]
mod pairs;
mod persons;
mod phones;
mod push;
mod reach;
mod region;
mod resolve_summary;
mod row_names;
mod same_list;
mod set_aside;
mod settled;
mod setup;
mod shown;
mod single;
mod stage;
mod steward;
mod summary;
mod tally;
mod unique_names;
mod years;

pub use crate::rule::Expectation;
pub use advice_on_caller::CallerAdvice;
pub use caller::{Caller, Callers, find_callers};
pub use check::{
    Baseline, BaselineError, BaselineUse, CheckEvent, CheckPlan, CheckReport, CheckSink, FindingGroup, Known, Light,
    Mark, MarkKey, ShortSecret, Suppressing, check,
};
pub use clean::{
    Cleaned, CleanedList, NewRefusals, RunAdvice, ToldRun, clean, conclude_run, refusals_of_lists, year_before,
};
pub use confirm::{
    CHANNELS, CodeStep, CodeToSend, Confirmer, GIVEN_FIELDS, GivenDetails, Heard, NotTaken, PageAnswer, ShownLink,
    TakenValue,
};
pub use contact::{ContactReader, NamedContact};
pub use contact_list::{ContactList, contact_columns, read_contact_list};
pub use customers::{Customers, ResolveStage};
pub use decay::{
    AnchorFigures, Decay, DecayKind, DecayStage, DecaySummary, EarlierCaptures, EventStats, EvidenceStage,
    ExplainedContact, FlagCount, FlagReason, FlagRule, FlaggedContact, FoundOut, FoundStats, LearntModel, RowDecay,
    SegmentDecay, StrangersRefusal, earlier_captures, key_headers,
};
pub use dedupe::{Deduped, DedupedRow, dedupe};
pub use domains::{DomainReader, Domains};
pub use earlier::{Decided, DecisionStats, EarlierRuns, RowCustomer, compared_values};
pub use error::RunError;
pub use examples::{ExampleFailure, run_examples, run_resolve_examples};
pub use expect::ExpectationError;
pub use expect_examples::run_expectation_examples;
pub use gate::{Gate, GateResult, Gates, Limit, Selector};
pub use golden::{GoldenStage, run_survivorship_examples};
pub use import::{
    AnswerReader, EXPORTED_COLUMNS, ImportStats, ImportedSuppressions, IncomingMessage, Listed, MessageReader, PERSON,
    ReadMessage, import_calls, import_messages, import_receipts, import_suppressions, is_exported, kind_of_answers,
};
#[cfg(feature = "parquet")]
pub use import::{ImportedDecisions, import_decisions, is_decided_pairs};
#[cfg(feature = "parquet")]
pub use known_rows::{KnownRows, NoRow};
pub use mail::{MailDomain, MailGroup, MailOutcome, MailStage, MailSummary};
pub use memory::Memory;
pub use next_task::NextTask;
pub use phones::{Home, PhoneReader, PhoneRow, PhoneText};
pub use push::{PushChoice, PushError, PushOutcome, RunResults, changes_of, push_changes, push_tables, undo};
pub use reach::{Counted, ReachFigures, Reached, ReachedPart, RoundEstimate, StaleCustomers};
pub use region::{OtherRegion, RegionSign, other_region};
pub use resolve_summary::{
    AgreedFields, BigCustomer, FieldLevels, LevelOfField, PairField, PairSummary, ResolveFigures, ResolveSummary,
};
pub use same_list::{FoundBy, ListIdentity};
pub use set_aside::SetAside;
pub use setup::Setup;
pub use single::{
    FoundRow, NoPair, PairEvidence, ReadRow, StaleRow, explain_pair, explain_stale, find_row, read_row, values_of_pair,
};
pub use stage::Stage;
pub use steward::{ask_stewards, take_in_waiting};
pub use summary::{
    ChangeExample, ChangeSummary, ContactFigures, FieldHealth, InputSummary, ListFinding, ReasonCount, RunSummary,
};
pub use years::{ComparedFigure, CountOf, YearBefore};
