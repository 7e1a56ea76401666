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
mod groups;
mod hash;
mod identity;
mod index;
mod line;
mod list;
mod mapping;
mod mask;
mod moment;
mod money;
mod mx;
mod name_fold;
mod outbox;
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
pub use groups::{CustomerRows, Groups};
pub use hash::{FixedHasher, FixedMap, bytes_hash, mix, tag_of, text_hash};
pub use identity::{Captured, CustomerId, KnownRow, RowCaptures, RowId, RowIds};
pub use index::{ContactIndex, CustomerIndex, RowIndex};
pub use line::LineEvidence;
pub(crate) use list::UntoldLine;
pub use list::{CheckedBlock, CheckedList, RowPlace, Rows};
pub use mapping::{ColumnMapping, Mapping, MappingBasis};
pub use mask::{mask, mask_into};
pub use moment::moment;
pub use money::Money;
pub use mx::{MxAnswer, MxCertainty, MxEntry, MxHost, MxMeaning, MxMemory, MxOutcome, MxStanding, NoMxMemory};
pub use name_fold::{folded, name_words, push_folded};
pub use outbox::OutboxState;
pub use people::{
    BatchValues, COMPARED, PeopleBatch, PeopleTable, VALUES_A_ROW, ValueColumn, ValueDictionary, ValueId,
};
pub use raw::{Quarantined, RawBatch, RawBatchBuilder, Span};
pub use samples::Samples;
pub use signal::{ContactClass, Signal};
pub use sms_text::{SmsCoding, SmsLength};
pub use standard::{CellOut, StandardBatch, StandardBatchBuilder, StandardColumn, values};
pub use suppression::{Suppressed, Suppression, SuppressionReason, SuppressionScope};
pub use view::RecordView;

pub use crate::finding::{ColumnIndex, RowNumber};
