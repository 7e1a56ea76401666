//! `PublicView`: a checked batch as outputs may tell it. Within a run everything is known; only where something is written or
//! counted for an output is it looked at through this.

use super::{CheckedBatch, PhoneDetail, PhoneKind, Reach, StandardColumn};
use crate::finding::{Code, ColumnIndex, Finding};

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
        let phone = column.detail(row).phone()?;
        let [sms, call] = self.redaction.lines[phone.kind as usize];
        // What the kind alone says gives nothing away; that is so of nearly every line.
        let is_hidden = [phone.sms, phone.call] != [sms, call] && self.hides_of(row, column.column);
        Some(if is_hidden { PhoneDetail { sms, call, ..phone } } else { phone })
    }

    /// Whether something private was noted of a cell.
    fn hides_of(self, row: usize, column: ColumnIndex) -> bool {
        if self.redaction.private.is_empty() {
            return false;
        }
        let batch = self.checked.standard();
        let cell = (Some(batch.number(row)), Some(column));
        let start = batch.findings().partition_point(|finding| (finding.row, finding.column) < cell);
        let mut of_cell = batch.findings()[start..].iter().take_while(|finding| (finding.row, finding.column) == cell);
        of_cell.any(|finding| self.redaction.hides(finding.code))
    }
}
