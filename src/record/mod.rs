//! The nouns that flow through the stages: fields, columns, and one batch type a stage.

mod answer;
mod card;
mod channel;
mod checked;
mod column;
mod decision;
mod detail;
mod event;
mod field;
mod identity;
mod line;
mod mapping;
mod mask;
mod money;
mod mx;
mod name_fold;
mod people;
mod raw;
mod samples;
mod signal;
mod sms_text;
mod standard;
mod suppression;
mod view;

pub use answer::{Answer, NewValue, Outcome, ReportMeaning};
pub use card::{ContactKind, ContactPoint, CustomerCard, CustomerStatus, Holds};
pub use channel::ReachReason;
pub(crate) use checked::MailJudgement;
pub use checked::{CheckedBatch, Verdict};
pub use column::TextColumn;
pub use decision::{DecidedRow, Decision, Relation};
pub use detail::{Channel, Consent, Detail, EmailDetail, PhoneDetail, PhoneKind, PhoneValidity, Reach};
pub use event::{ContactEvent, EventChannel, EventKind};
pub use field::Field;
pub use identity::{Captured, CustomerId, KnownRow, RowCaptures, RowId, RowIds};
pub use line::LineEvidence;
pub use mapping::{ColumnMapping, Mapping, MappingBasis};
pub use mask::{mask, mask_into};
pub use money::Money;
pub use mx::{MxAnswer, MxCertainty, MxEntry, MxHost, MxMeaning, MxMemory, MxOutcome, MxStanding, NoMxMemory};
pub use name_fold::{folded, name_words, push_folded};
pub use people::{
    BatchValues, COMPARED, PeopleBatch, PeopleTable, VALUES_A_ROW, ValueColumn, ValueDictionary, ValueId, mix,
};
pub use raw::{Quarantined, RawBatch, RawBatchBuilder, Span};
pub use samples::Samples;
pub use signal::{ContactClass, Signal};
pub use sms_text::{SmsCoding, SmsLength};
pub use standard::{CellOut, StandardBatch, StandardBatchBuilder, StandardColumn, values};
pub use suppression::{Suppressed, Suppression, SuppressionReason, SuppressionScope};
pub use view::RecordView;

use std::num::NonZeroU32;

use serde::{Deserialize, Serialize};

/// 1-based number of a record in its source, the header not counted; quarantined records have one too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RowNumber(NonZeroU32);

impl RowNumber {
    /// From a 0-based index.
    pub const fn from_index(index: u32) -> Self {
        RowNumber(NonZeroU32::MIN.saturating_add(index))
    }

    /// The 1-based number.
    pub const fn number(self) -> u32 {
        self.0.get()
    }
}

impl std::fmt::Display for RowNumber {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// 0-based position of a column in the source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ColumnIndex(pub u16);

impl ColumnIndex {
    /// As an index into a header or a row.
    pub const fn as_usize(self) -> usize {
        self.0 as usize
    }
}
