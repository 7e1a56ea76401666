//! `PublicView`: a checked batch as outputs may tell it. Within a run everything is known; only where something is written or
//! counted for an output is it looked at through this.

use super::{CheckedBatch, Detail, PhoneDetail, PhoneKind, Reach, StandardColumn};
use crate::finding::{Code, Finding};

/// What may not leave, and what is told in its place. The default withholds nothing.
#[derive(Debug, Clone)]
pub struct Redaction {
    private: Vec<Code>,
    /// How a kind of line can be reached, whatever its ranges say: SMS, call.
    lines: [[Reach; 2]; PhoneKind::ALL.len()],
}

impl Default for Redaction {
    fn default() -> Self {
        Redaction { private: Vec::new(), lines: [[Reach::Unknown; 2]; PhoneKind::ALL.len()] }
    }
}

impl Redaction {
    /// Withholds these codes and what gives them away: of a phone they are said of, what `line` says of its kind alone is told.
    pub fn of(private: Vec<Code>, line: impl Fn(PhoneKind) -> [Reach; 2]) -> Self {
        Redaction { private, lines: PhoneKind::ALL.map(line) }
    }

    /// Whether what a code says may not leave.
    pub fn hides(&self, code: Code) -> bool {
        self.private.contains(&code)
    }

    /// What may leave of what was learnt of a value.
    pub fn redacted(&self, detail: Detail) -> Detail {
        match detail {
            Detail::Phone(phone) if phone.by.is_some_and(|code| self.hides(code)) => {
                let [sms, call] = self.lines[phone.kind as usize];
                Detail::Phone(PhoneDetail { sms, call, by: None, ..phone })
            }
            detail => detail,
        }
    }
}

/// A batch with a redaction laid over it.
#[derive(Debug, Clone, Copy)]
pub struct PublicView<'a> {
    checked: &'a CheckedBatch,
    redaction: &'a Redaction,
}

impl<'a> PublicView<'a> {
    /// What may leave of a batch.
    pub fn new(checked: &'a CheckedBatch, redaction: &'a Redaction) -> Self {
        PublicView { checked, redaction }
    }

    /// What was noted when the batch was standardized, sorted by row.
    pub fn notes(self) -> impl Iterator<Item = &'a Finding> {
        self.shown(self.checked.standard().findings())
    }

    /// What was said when it was validated, sorted by row.
    pub fn judgements(self) -> impl Iterator<Item = &'a Finding> {
        self.shown(self.checked.judgements())
    }

    /// All findings: those of standardizing, then those of validating.
    pub fn findings(self) -> impl Iterator<Item = &'a Finding> {
        self.notes().chain(self.judgements())
    }

    /// Those of some findings of this batch that may leave.
    pub fn shown<'f>(self, findings: &'f [Finding]) -> impl Iterator<Item = &'f Finding> + use<'a, 'f> {
        findings.iter().filter(move |finding| !self.redaction.hides(finding.code))
    }

    /// What was learnt of the first number of a cell.
    pub fn phone(self, column: &StandardColumn, row: usize) -> Option<PhoneDetail> {
        self.redaction.redacted(column.detail(row)).phone()
    }
}
