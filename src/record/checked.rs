//! `CheckedBatch`: a standardized block with the verdicts and findings of `validate`.

use serde::Serialize;

use super::{MxOutcome, PhoneKind, StandardBatch};
use crate::finding::{Code, ColumnIndex, Finding, RowNumber};

/// The verdict on an e-mail or phone cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// Nothing is written there.
    Empty,
    /// Good as it stood.
    Ok,
    /// Good after a repair that was made without asking.
    Repaired,
    /// Works, but with something to know first.
    Risky,
    /// A person should look.
    Review,
    /// Can't be used.
    Invalid,
    /// Nothing can be said yet; unknown is not bad.
    Unknown,
}

impl Verdict {
    /// Every verdict, in the order in which reports name them.
    pub const ALL: &'static [Verdict] = &[
        Verdict::Ok,
        Verdict::Repaired,
        Verdict::Risky,
        Verdict::Review,
        Verdict::Invalid,
        Verdict::Unknown,
        Verdict::Empty,
    ];

    /// The one with this word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|verdict| verdict.as_str() == word)
    }

    /// How far a contact can be used, the lower the better: of several values the best one is shown and written to.
    pub const fn usefulness(self) -> u8 {
        match self {
            Verdict::Ok | Verdict::Repaired => 0,
            Verdict::Risky => 1,
            Verdict::Unknown => 2,
            Verdict::Review => 3,
            Verdict::Invalid => 4,
            Verdict::Empty => 5,
        }
    }

    /// The word in `tiuv_email_status` and `tiuv_phone_status`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Verdict::Empty => "empty",
            Verdict::Ok => "ok",
            Verdict::Repaired => "repaired",
            Verdict::Risky => "risky",
            Verdict::Review => "review",
            Verdict::Invalid => "invalid",
            Verdict::Unknown => "unknown",
        }
    }
}

/// Rows with verdicts. Only `validate` makes one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CheckedBatch {
    standard: StandardBatch,
    verdicts: Vec<(ColumnIndex, Vec<Verdict>)>,
    findings: Vec<Finding>,
    mail: Vec<(ColumnIndex, Vec<Option<MxOutcome>>)>,
}

/// What DNS said of a column's addresses, and what follows from it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct MailJudgement {
    /// The outcome of each row's first address; none where there is no domain to ask for.
    pub(crate) outcomes: Vec<Option<MxOutcome>>,
    /// The verdicts, in place of those before.
    pub(crate) verdicts: Vec<Verdict>,
    /// What is said now, sorted by row.
    pub(crate) findings: Vec<Finding>,
    /// Doubts that no longer stand, as the domain does take mail; sorted.
    pub(crate) withdrawn: Vec<(RowNumber, Code)>,
}

impl CheckedBatch {
    /// From a standardized batch, the verdicts of its judged columns, and the findings of `validate` (sorted by row).
    pub(crate) fn new(
        standard: StandardBatch,
        verdicts: Vec<(ColumnIndex, Vec<Verdict>)>,
        findings: Vec<Finding>,
    ) -> Self {
        CheckedBatch { standard, verdicts, findings, mail: Vec::new() }
    }

    /// Adds what DNS said of a column of e-mails.
    pub(crate) fn add_mx(&mut self, column: ColumnIndex, judgement: MailJudgement) {
        let MailJudgement { outcomes, verdicts, findings, withdrawn } = judgement;
        self.mail.push((column, outcomes));
        if let Some((_, own)) = self.verdicts.iter_mut().find(|(judged, _)| *judged == column) {
            *own = verdicts;
        }
        if !findings.is_empty() {
            self.findings.extend(findings);
            self.findings.sort_by_key(|finding| (finding.row, finding.column));
            self.findings.shrink_to_fit();
        }
        if !withdrawn.is_empty() {
            self.standard.withdraw(column, &withdrawn);
        }
    }

    /// What DNS said of the domain of a cell's first address; none where it was not asked, or there is none.
    pub fn mx(&self, row: usize, column: ColumnIndex) -> Option<MxOutcome> {
        self.mail.iter().find(|(judged, _)| *judged == column).and_then(|(_, outcomes)| outcomes[row])
    }

    /// The standardized batch, unchanged.
    pub fn standard(&self) -> &StandardBatch {
        &self.standard
    }

    /// The verdict on the cell of `row` in a source column; every other column counts as `Unknown`.
    pub fn verdict(&self, row: usize, column: ColumnIndex) -> Verdict {
        self.verdicts
            .iter()
            .find(|(judged, _)| *judged == column)
            .map_or(Verdict::Unknown, |(_, verdicts)| verdicts[row])
    }

    /// The place among `columns` of the one whose value in a row is the best to use: the most useful by its verdict, of
    /// equal ones a mobile, which takes calls and messages, else the first.
    pub fn best(&self, row: usize, columns: impl Iterator<Item = ColumnIndex> + Clone) -> Option<usize> {
        let usefulness = |column: ColumnIndex| self.verdict(row, column).usefulness();
        let most = columns.clone().map(usefulness).min()?;
        let mut equal = columns.enumerate().filter(|(_, column)| usefulness(*column) == most);
        let (first, column) = equal.next()?;
        let mut mobile = || equal.find(|(_, column)| self.is_mobile(row, *column)).map(|(place, _)| place);
        Some(if self.is_mobile(row, column) { first } else { mobile().unwrap_or(first) })
    }

    fn is_mobile(&self, row: usize, column: ColumnIndex) -> bool {
        let own = self.standard.columns().iter().find(|own| own.column == column);
        own.and_then(|own| own.detail(row).phone()).is_some_and(|phone| phone.kind == PhoneKind::Mobile)
    }

    /// The verdicts on a source column's cells in row order; empty for a column that is not judged.
    pub fn verdicts(&self, column: ColumnIndex) -> &[Verdict] {
        self.verdicts.iter().find(|(judged, _)| *judged == column).map_or(&[], |(_, verdicts)| verdicts)
    }

    /// What `validate` added to the findings of the standardized batch, sorted by row.
    pub fn judgements(&self) -> &[Finding] {
        &self.findings
    }

    /// Every finding of this batch, standardizing and validating together, sorted by row and column.
    pub fn findings(&self) -> Vec<Finding> {
        let mut all = Vec::with_capacity(self.standard.findings().len() + self.findings.len());
        all.extend_from_slice(self.standard.findings());
        all.extend_from_slice(&self.findings);
        all.sort_by_key(|finding| (finding.row, finding.column));
        all
    }
}
